"""The TCP connections that a chip can hold, shared out among all servers of a box.

Energy managers go before people, who has set something before who only reads, and whoever says nothing makes way for
whoever comes.
"""

import asyncio

from fairamp.units import TICKS_MASK, elapsed

# Without bounds: on a desk.
ANY = 1000
# A client that was silent for so long makes way for another one of its kind; a page, so long after it has come.
YIELDS_MS = 10000
PAGE_YIELDS_MS = 2000
# One that has set something asks seldom, perhaps, and makes way for readers later.
MASTER_YIELDS_MS = 60000


class Guest:
    """One connection. `leave`: called when it has to go; `page`: of a person's browser.

    came, heard     when; heard of a whole request
    half            since when a request is here that is not whole yet; None = none is
    master          it has set something
    voice           who it speaks for: itself, or the master whose place it took, come again
    number          counts those that have come
    newest          the number that was the newest when it asked last; 0 = it has not asked yet
    lost            the lowest number of its host that has gone since it is here; 0 = none
    instead_of      the master of its host whose place it took; None = nobody's
    """

    def __init__(self, host, now, leave, page=False):
        self.host = host
        self.came = now
        self.heard = now
        self.half: "int | None" = None
        self.leave = leave
        self.page = page
        self.sending = False
        self.master = False
        self.voice: object = self
        self.number = 0
        self.newest = 0
        self.lost = 0
        self.instead_of: "Guest | None" = None

    def yields(self, newcomer, guests) -> bool:
        if self.page:
            return not newcomer.page or self.silent(newcomer) >= PAGE_YIELDS_MS
        if newcomer.page:
            return False
        # A manager that comes again replaces its dead self, and nobody has two places while another has none.
        if self.host == newcomer.host and not self.heard_beside(newcomer):
            return True
        if _count(guests, self.host) > _count(guests, newcomer.host) + 1:
            return True
        return self.silent(newcomer) >= (MASTER_YIELDS_MS if self.master and not newcomer.master else YIELDS_MS)

    def heard_beside(self, newcomer) -> bool:
        """Has it been heard since the other one is here, too?"""
        return is_after(self.heard, newcomer.came)

    def before(self, other, newcomer) -> bool:
        if self.page != other.page:
            return self.page
        # Whoever comes again and again takes its own places, not those of others.
        if (self.host == newcomer.host) != (other.host == newcomer.host):
            return self.host == newcomer.host
        if self.master != other.master:
            return other.master
        return self.silent(newcomer) > other.silent(newcomer)

    def silent(self, newcomer) -> int:
        return elapsed(newcomer.heard, self.heard)


def is_after(moment, other) -> bool:
    """Is it later than the other one? Of any two moments of a week."""
    return 0 < elapsed(moment, other) <= TICKS_MASK // 2


def _count(guests, host):
    """How many connections of managers a host has."""
    return len([guest for guest in guests if guest.host == host and not guest.page])


def first_to_go(guests, newcomer):
    """Who of them goes so that the newcomer can stay: a page first, then one of its own, then the one silent longest.

    None = nobody.
    """
    chosen = None
    for guest in guests:
        if guest.yields(newcomer, guests) and (chosen is None or guest.before(chosen, newcomer)):
            chosen = guest
    return chosen


class Places:
    """`most`: so many at once.

    turn    whoever answers them does it one request after another, and lets all other tasks come in between: however
            many ask without waiting, the control loop waits for one answer at most
    """

    def __init__(self, most: int = ANY):
        self.turn = asyncio.Lock()
        self.guests: list = []
        self.most = most
        self._managers = most

    def leave_to_people(self, count: int) -> None:
        """So many of them energy managers do not take."""
        self._managers = self.most - count

    def admit(self, newcomer) -> bool:
        """Room for one more? If need be somebody else has to leave."""
        managers = [guest for guest in self.guests if not guest.page]
        rivals = None
        if not newcomer.page and len(managers) >= self._managers:
            rivals = managers
        elif len(self.guests) >= self.most:
            rivals = self.guests
        if rivals is not None:
            chosen = first_to_go(rivals, newcomer)
            if chosen is None:
                return False
            chosen.leave()
            self.left(chosen)
        self.guests.append(newcomer)
        return True

    def left(self, guest) -> None:
        if guest in self.guests:
            self.guests.remove(guest)
