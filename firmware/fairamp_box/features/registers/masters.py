"""Who of several connections sets something. Any number may read beside them."""

from fairamp_box.io.places import YIELDS_MS, is_after


class Masters:
    """`most`: so many at once, 0 = any number. They are Guests, from their first write that was taken.

    silence_ms()    whoever has set something and is silent for so long has let his watchdog strike: another one may
    """

    def __init__(self, most: int, silence_ms=None):
        self.there: list = []
        self.most = most
        self._silence_ms = silence_ms
        # The last one that has gone, until it comes again.
        self._gone = None

    def may(self, guest) -> bool:
        """Is there a place for it, if it is going to set something?"""
        return guest in self.there or self._is_place() or self._who_yields(guest) is not None

    def wrote(self, guest) -> None:
        """It has set something. If need be another one makes way for it."""
        if guest in self.there:
            return
        old = None if self._is_place() else self._who_yields(guest)
        if old and old.host != guest.host:
            old.leave()
        elif old:
            # The same client, come again; or another one of that host: then the old one lives, and gets it back.
            self.there.remove(old)
            old.master = False
            guest.instead_of = None if old.instead_of is guest else old
            old.instead_of = None
        guest.master = True
        self.there.append(guest)

    def _is_place(self):
        return not self.most or len(self.there) < self.most

    def _who_yields(self, guest):
        """Who has taken its place, then its dead self, then whoever has let his watchdog strike."""
        for one in self.there:
            if one.instead_of is guest:
                return one
        for one in self.there:
            if one.host == guest.host and not one.heard_beside(guest):
                return one
        limit = YIELDS_MS
        if self._silence_ms:
            # Without a watchdog nobody's silence ends what he has set.
            timeout = self._silence_ms()
            if not timeout:
                return None
            limit = max(limit, timeout)
        for one in self.there:
            if one.silent(guest) >= limit:
                return one
        return None

    def came(self, guest) -> None:
        """The first one of its host is the master that had gone: what that has set is its own."""
        gone = self._gone
        if gone and gone.host == guest.host:
            self._gone = None
            self._inherit(guest, gone)

    def left(self, guest, others) -> bool:
        """`others`: who stays. True when it was one of them, and nobody has its place now."""
        if guest not in self.there:
            return False
        self.there.remove(guest)
        if guest.instead_of in others:
            self._give_back(guest.instead_of)
            return False
        if self.most:
            # Whoever comes again has its place as soon as it sets something.
            return True
        self._gone = guest
        for other in others:
            # It may have come again before its end was noticed.
            if other.host == guest.host and not other.master and is_after(other.came, guest.heard):
                self.came(other)
                break
        return True

    def _give_back(self, guest):
        guest.master = True
        self.there.append(guest)

    def _inherit(self, guest, gone):
        guest.voice = gone.voice
        self._give_back(guest)
