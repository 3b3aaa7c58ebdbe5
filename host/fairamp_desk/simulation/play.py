"""Runs a site for a while, and lets those look on who have something to tell about it."""

from collections.abc import Callable, Iterable
from typing import Protocol

from fairamp_desk.site import Site
from fairamp_desk.twin.lockstep import Lockstep

DAY_S = 24 * 3600
TELL_MS = 60_000
PHASES = range(3)


class Onlooker(Protocol):
    """Looks at the site after every step; `step`: how many ms it lasted."""

    def look(self, step: int) -> None: ...


def natural_end(site: Site) -> float:
    """Seconds until the last car has left; a day when one stays."""
    leaves = [car["car.leaves"] for car in site.cars]
    gone = max((ms for ms in leaves if ms is not None), default=0) / 1000
    return gone if leaves and None not in leaves else max(DAY_S, gone)


def play(
    lockstep: Lockstep, seconds: float, onlookers: Iterable[Onlooker], tell: Callable[[int], None] | None = None
) -> None:
    """`tell` hears from time to time how many seconds have passed."""
    looks = [onlooker.look for onlooker in onlookers]
    world, end, told = lockstep.world, round(seconds * 1000), 0
    while world.ms < end:
        step = lockstep.step(end - world.ms)
        for look in looks:
            look(step)
        if tell and world.ms - told >= TELL_MS:
            told = world.ms
            tell(told // 1000)


def amps(ma: float) -> float:
    """As people write it: 20, not 20.0."""
    return ma / 1000 if ma % 1000 else int(ma // 1000)
