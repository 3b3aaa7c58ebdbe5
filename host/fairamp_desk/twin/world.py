"""The simulated site: house, chargers, cars and meters, advanced in small steps of time."""

from fairamp.clock.timekeeper import CENTRAL_EUROPE_S
from fairamp.clock.zones import Zone
from fairamp.units import UTC, elapsed
from fairamp_desk.site import Site
from fairamp_desk.twin.clamps import ClampInputs
from fairamp_desk.twin.house import House
from fairamp_desk.twin.house_meter import serial_lines
from fairamp_desk.twin.meters import SimulatedMeter
from fairamp_desk.twin.outlet import Outlet
from fairamp_desk.twin.site_clock import SiteClock

STEP_MS = 20
OWN_SUN_MA = 3000
# By the house, before the chargers came: no two meters have ever counted the same.
USED_KWH = 4321.0


class World:
    """Told the time; moves everything that a box does not decide. It is also the wires of the first charger's board."""

    cts = 3
    has_wifi = False
    has_leakage = True
    reset_cause = "power"
    was_reset = False
    address: str | None = None
    dns: str | None = None
    wifi_address: str | None = None  # what it gets when it joins

    def __init__(self, site: Site, meter_port, ems_port, usual_clock: bool = False):
        """`usual_clock`: that of this computer, where the site names none."""
        settings = site.settings
        self.meter_port = meter_port
        self.ems_port = ems_port
        self.ms = 0
        self.house = House(site.loads)
        self.outlets = [
            Outlet(charger, [car for car in site.cars if car["car.charger"] == charger["charger.id"]])
            for charger in site.chargers
        ]
        self.grid_meter = SimulatedMeter(settings["site.voltage"], USED_KWH)
        self.own_meter = self.outlets[0].meter
        self.lines = serial_lines(settings, None if site.meter_port else self.grid_meter, self.own_meter)
        self.clock = SiteClock(site.start, usual_clock)
        start = self.clock.seconds(0)
        if start is not None:
            zone = settings["clock.zone"]
            self.grid_meter.since = start + (CENTRAL_EUROPE_S if zone == UTC else Zone(zone).winter_s)
        self.unreachable: set[int] = set()  # chargers that lost the network
        self.happened: list[tuple[int, str, int]] = []
        self._including = settings["meter.location"] == "including"
        self._solar = settings["ct.solar"]
        self._events = list(site.events)
        self._last: int | None = None
        self._clamps: ClampInputs | None = None
        self.grid_ma = [0, 0, 0]  # where the meter is
        self.total_ma = [0, 0, 0]  # through the main fuse

    def __getattr__(self, name):
        # The wires of the board are those of the first charger.
        if name == "outlets":
            raise AttributeError(name)
        return getattr(self.outlets[0], name)

    def advance_to(self, now: int) -> None:
        """Moves on to the wrapped moment `now`, in steps no longer than STEP_MS."""
        if self._last is None:
            self._last = now
        left = elapsed(now, self._last)
        self._last = now
        while left > 0:
            step = min(left, STEP_MS)
            left -= step
            self.step(step)

    def step(self, step: int) -> None:
        """Moves on by so many ms at once."""
        self.ms += step
        while self._events and self._events[0]["event.at"] <= self.ms:
            event = self._events.pop(0)
            self.happen(event["event.what"], event["event.charger"])
        self.house.advance(self.ms)
        total, house = self.total_ma, self.house.current_ma
        for phase in range(3):
            total[phase] = house[phase]
        for outlet in self.outlets:
            outlet.advance(self.ms, step)
            draw = outlet.draw_ma()
            for terminal, phase in enumerate(outlet.mapping):
                total[phase] += draw[terminal]
        self.grid_ma = list(total) if self._including else list(house)
        self.grid_meter.measure(self.grid_ma, step)

    def happen(self, what: str, charger: int = 0) -> None:
        """One of the events of a site, now."""
        self.happened.append((self.ms, what, charger))
        outlet = next((outlet for outlet in self.outlets if outlet.id == charger), self.outlets[0])
        if what == "meter_back":
            self.grid_meter.faults.clear()
        elif what.startswith("meter_"):
            self.grid_meter.faults.add(what[len("meter_") :])
        elif what == "network_lost":
            self.unreachable.add(charger)
        elif what == "network_back":
            self.unreachable.discard(charger)
        elif what.startswith("clock_"):
            self.clock.lost = what == "clock_lost"
        elif what in ("enable_on", "enable_off"):
            outlet.enable_closed = what == "enable_on"
        else:
            outlet.shed_closed = what == "shed_on"

    def next_change(self) -> int | None:
        """When the next load, event, arrival or departure comes, in ms since the start."""
        times = [event["event.at"] for event in self._events[:1]]
        after = self.house.next_change()
        if after is not None:
            times.append(after)
        for outlet in self.outlets:
            for car in outlet.cars:
                times += [at for at in car.comes_and_goes() if at is not None and at > self.ms]
        return min(times) if times else None

    # ---- the wires of the twin's board

    def ct_started(self, phases: int) -> None:
        self._clamps = ClampInputs(phases, 1, together=self._solar)

    def ct_window(self):
        if not self._clamps or not self._clamps.due(self.ms):
            return None
        return self._clamps.window(self._house_and_sun() if self._solar else self.grid_ma)

    def _house_and_sun(self):
        """What the two clamps see on L1: a house that feeds in draws a little of its sun itself."""
        out = -min(0, self.house.current_ma[0])
        sun = out + OWN_SUN_MA if out else 0
        return [self.grid_ma[0] + sun, sun]

    def wifi_wanted(self, name: str, password: str, host: str) -> None:
        self.address = self.wifi_address

    def watchdog_started(self, ms: int) -> None:
        pass

    def watchdog_fed(self) -> None:
        pass

    def reset(self) -> None:
        self.was_reset = True
