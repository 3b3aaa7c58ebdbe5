"""What happened to one car, to one charger, and on the main fuse, told while it happens."""

from fairamp.charging.point import ChargePoint
from fairamp_desk.simulation.play import PHASES, amps
from fairamp_desk.twin.car import Car
from fairamp_desk.twin.outlet import Outlet

# So long without current, and charging was interrupted.
PAUSE_MS = 10_000


class Events:
    """What happened, when, and at which charger; None: at the site."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str, int | None]] = []

    def add(self, ms: int, what: str, charger: int | None = None) -> None:
        self._rows.append((ms, what, charger))

    def report(self) -> list[dict]:
        rows = sorted(self._rows, key=lambda row: row[0])
        return [{"s": amps(ms), "what": what, "charger": charger} for ms, what, charger in rows]


class CarStory:
    """From plugging in to unplugging."""

    def __init__(self, car: Car, charger: int, wanted_wh: int | None, events: Events):
        self._car = car
        self._charger = charger
        self._wanted_wh = wanted_wh
        self._events = events
        self._here = self._charging = False
        self._idle_ms = 0
        self._first: int | None = None
        self._finished: int | None = None
        self._pauses = 0

    def look(self, ms: int, step: int) -> None:
        car = self._car
        if car.plugged is not self._here:
            self._here = car.plugged
            self._charging = False
            self._events.add(ms, "arrived" if self._here else "left", self._charger)
        if not self._here or self._finished is not None:
            return
        if car.draw_ma:
            self._draws(ms)
        elif self._charging:
            self._idle_ms += step
            if self._idle_ms > PAUSE_MS:
                self._charging = False
                self._pauses += 1
                self._events.add(ms - self._idle_ms, "paused", self._charger)
        if self._wanted_wh is not None and car.is_full():
            self._finished = ms
            self._events.add(ms, "finished", self._charger)

    def _draws(self, ms):
        self._idle_ms = 0
        if self._charging:
            return
        self._charging = True
        self._events.add(ms, "charging", self._charger)
        if self._first is None:
            self._first = ms

    def report(self) -> dict:
        return {
            "charger": self._charger,
            "kwh": amps(self._car.energy_wh()),
            "wanted_kwh": None if self._wanted_wh is None else amps(self._wanted_wh),
            "first_charge_s": None if self._first is None else amps(self._first),
            "pauses": self._pauses,
            "finished_s": None if self._finished is None else amps(self._finished),
        }


class ChargerStory:
    """What one charger did."""

    def __init__(self, outlet: Outlet, point: ChargePoint, events: Events):
        self._outlet = outlet
        self._point = point
        self._events = events
        self._offer_ma = 0
        self._changes = 0
        self._overcurrents = 0
        self._three = outlet.three

    def look(self, ms: int) -> None:
        point = self._point
        if point.offer_ma != self._offer_ma:
            self._offer_ma = point.offer_ma
            self._changes += 1
        if point.guard.overcurrent.count != self._overcurrents:
            self._overcurrents = point.guard.overcurrent.count
            self._events.add(ms, "overcurrent_pause", self._outlet.id)
        if self._outlet.three is not self._three:
            self._three = self._outlet.three
            self._events.add(ms, "three_phases" if self._three else "one_phase", self._outlet.id)

    def report(self) -> dict:
        return {
            "id": self._outlet.id,
            "contactor_closures": self._outlet.closures,
            "offer_changes": self._changes,
            "overcurrent_pauses": self._overcurrents,
        }


class FuseStory:
    """A current per phase against the fuse."""

    def __init__(self, fuse_ma: list[int]):
        self._fuse_ma = fuse_ma
        self._over_ms = [0, 0, 0]
        self._most_ma = [0, 0, 0]
        self._longest_ms = [0, 0, 0]
        self._unused = [0, 0, 0]  # mA x ms
        self._ms = 0

    def look(self, current_ma: list[int], step: int) -> bool:
        """Is a phase above its fuse?"""
        self._ms += step
        any_over = False
        for phase in PHASES:
            free = self._fuse_ma[phase] - current_ma[phase]
            if free >= 0:
                self._over_ms[phase] = 0
                self._unused[phase] += free * step
                continue
            any_over = True
            self._over_ms[phase] += step
            self._most_ma[phase] = max(self._most_ma[phase], -free)
            self._longest_ms[phase] = max(self._longest_ms[phase], self._over_ms[phase])
        return any_over

    def report(self) -> dict:
        return {
            "max_over_a": [amps(ma) for ma in self._most_ma],
            "longest_over_s": [amps(ms) for ms in self._longest_ms],
            "mean_unused_a": [amps(round(unused / max(1, self._ms))) for unused in self._unused],
        }
