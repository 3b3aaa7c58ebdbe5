"""Who of several connections sets something. Any number may read beside them."""

from fairamp_box.io.places import YIELDS_MS

# Masters that have gone are remembered: one of each host, of so many hosts.
MOST_GONE = 4


class Masters:
    """`most`: so many at once, 0 = any number. They are Guests, from their first write that was taken.

    silence_ms()    whoever has set something and is silent for so long has let his watchdog strike: another one may
    """

    def __init__(self, most: int, silence_ms=None):
        self.there: list = []
        self.most = most
        self._silence_ms = silence_ms
        # Where any number may set something, what one has set is kept alive by its own requests, and by those of
        # whoever can only be the same program, come again: see `_is_again`.
        self._all: list = []  # all that are there
        self._number = 0  # how many have come since the start
        self._gone: list = []  # masters, until they come again

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
        self._promote(guest)
        self._takes_voice(guest)

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
        if not self.most:
            self._number += 1
            guest.number = self._number
            self._all.append(guest)

    def asks(self, guest) -> None:
        """It has a request: who speaks is found out before that is carried out."""
        if self.most:
            # Whoever comes again has its place as soon as it sets something.
            return
        guest.newest = self._number
        if guest.master:
            self._takes_voice(guest)
            return
        for old in self.there:
            # Its end was not noticed, perhaps. If it lives, it takes back its voice with its next request.
            if self._is_again(guest, old):
                guest.voice = old.voice
                return
        for old in self._gone:
            if self._is_again(guest, old):
                guest.voice = old.voice
                self._gone.remove(old)
                self._promote(guest)
                return

    def left(self, guest, others) -> bool:
        """`others`: who stays. True when it was one of them, and nobody has its place now."""
        if guest in self._all:
            self._all.remove(guest)
            self._note_loss(guest, self._all)
            self._note_loss(guest, self._gone)
        if guest not in self.there:
            return False
        self.there.remove(guest)
        if guest.instead_of in others:
            self._promote(guest.instead_of)
            return False
        if not self.most and not self._is_followed(guest):
            self._keep(guest)
        return True

    def _is_again(self, guest, old):
        """Can it be nobody but the program of that old connection?

        It came after that one was last heard. And of whoever was there beside it while it lived, nobody has gone, to
        come again now, and all have been heard since.
        """
        if old.host != guest.host or guest.number <= old.newest or 0 < old.lost <= old.newest:
            return False
        for one in self._all:
            if one is not old and one.newest < guest.number and one.number <= old.newest and _beside(one, old):
                return False
        return True

    def _note_loss(self, guest, guests):
        """The first one that ended beside each of its host."""
        for one in guests:
            if _beside(guest, one) and not 0 < one.lost <= guest.number:
                one.lost = guest.number

    def _is_followed(self, guest):
        """Has somebody come already who speaks for it?"""
        for one in self._all:
            if one.voice is guest.voice:
                self._promote(one)
                return True
        return False

    def _keep(self, guest):
        guest.leave = None  # and all that hangs on it
        for old in self._gone:
            if old.host == guest.host:
                if old.newest < guest.newest:
                    self._gone.remove(old)
                    break
                return
        self._gone.append(guest)
        if len(self._gone) > MOST_GONE:
            self._gone.pop(0)

    def _takes_voice(self, guest):
        """From now on it alone speaks with it."""
        for one in self._all:
            if one is not guest and one.voice is guest.voice:
                one.voice = object()

    def _promote(self, guest):
        guest.master = True
        self.there.append(guest)


def _beside(guest, one):
    """Of one host; and not the dead former self of the other one, which was never heard while that was here."""
    return guest.host == one.host and guest.newest >= one.number
