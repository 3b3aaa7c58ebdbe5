"""Who of several connections sets something. Any number may read beside them."""

from fairamp_box.io.places import first_to_go, is_after


class Masters:
    """`most`: so many at once, 0 = any number. They are Guests."""

    def __init__(self, most: int):
        self.there: list = []
        self.most = most
        # The last one that has gone, until it comes again.
        self._gone = None

    def admit(self, guest) -> bool:
        """May it write? If need be another one has to leave for it."""
        if guest in self.there:
            return True
        guest.master = True
        if self.most and len(self.there) >= self.most:
            chosen = first_to_go(self.there, guest)
            if chosen is None:
                guest.master = False
                return False
            chosen.leave()
        self.there.append(guest)
        return True

    def came(self, guest) -> None:
        """The first one of its host is the master that had gone: what that has set is its own."""
        gone = self._gone
        if gone and gone.host == guest.host:
            self._gone = None
            self._inherit(guest, gone)

    def left(self, guest, others) -> bool:
        """`others`: who stays. True when it was one of them."""
        if guest not in self.there:
            return False
        self.there.remove(guest)
        self._gone = guest
        for other in others:
            # It may have come again before its end was noticed.
            if other.host == guest.host and not other.master and is_after(other.came, guest.heard):
                self.came(other)
                break
        return True

    def _inherit(self, guest, gone):
        guest.voice = gone.voice
        guest.master = True
        self.there.append(guest)
