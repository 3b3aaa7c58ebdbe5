"""A simulated site that is watched while it runs: what must hold at every moment, whatever house and cars do.

It knows the site itself; of the coordinator it takes only the offers.
"""

from collections import deque

from fairamp import words
from fairamp.charging import pilot
from fairamp.sharing.hearing import NETWORK_MS
from fairamp.sharing.loads import SAME_MA
from fairamp.units import PHASES
from fairamp_desk.twin.lockstep import Lockstep

FOLLOW_MS = 6000
RAISE_MS = 5000
# The longest step of quick time: so late a tick may come.
TICK_MS = 1000
# Without a meter, the house is expected to be as it was within this time.
EXPECT_MS = 900_000
# Rounding of meter and pilot.
ROUNDED_MA = 20


class Watched(Lockstep):
    """`late_meter`: the meter of the house shows what was a reading before. `old_draws`: those of the chargers do.

    `obedient`: do all cars follow?
    """

    def __init__(self, site, start=0, late_meter=False, old_draws=False, obedient=True):
        super().__init__(site, start=start, quick=True)
        settings = site.settings
        fuse, margin = settings["site.fuse"], settings["site.margin"]
        kept = [ma * (100 - margin) // 100 for ma in fuse]
        self.limit = [ma - free for ma, free in zip(kept, settings["site.headroom"], strict=True)]
        self.feeder = settings["site.feeder"]
        self.safe = settings["site.safe_current"]
        self.period = settings["meter.period"]
        self.uneven = settings["sharing.imbalance"]  # so much the phases may differ; 0 = as they like
        self.at_meter = settings["sharing.imbalance_at"] == "meter"
        self.cut_off = {}  # id -> the car that was there when it lost the network, and the most that it may be offered
        self.uneven_ms = 0  # for so long they have differed by more
        self.blind = False  # is the coordinator without a meter, at the last look?
        self.seen_house = deque()  # (since when, house) at each reading that shows another one
        self.adrift = {}  # id -> the house when it lost the network
        self.sockets = self.box.coordinator.sockets
        self.all = list(zip(self.sockets, self.points, self.world.outlets, strict=True))
        self.late_meter = late_meter
        self.old_draws = old_draws
        self.drew = {}  # of each charger, the number of its last reading: when that was, and how much
        self.obedient = obedient
        self.delay = self.period * (2 if late_meter or old_draws else 1)
        self.shown = [0.0, 0.0, 0.0]
        self.seen = 0
        self.read_at = 0
        self.overloads = 0
        self.house = [0, 0, 0]
        self.read_house = [0, 0, 0]
        self.read_total = [0, 0, 0]
        self.risen = [0, 0, 0]  # when the house rose last, or something else that is not our doing
        self.over_ms = [0, 0, 0]
        self.beyond = {}  # (station, phase) -> ms for which its cable has borne too much
        self.offers = [0] * len(self.sockets)
        self.raised = [-RAISE_MS] * len(self.sockets)
        self.told = [0] * len(self.sockets)
        self.signalled = [-RAISE_MS] * len(self.sockets)

    def _read(self):
        meter = self.world.grid_meter
        now = meter.amps
        if self.late_meter:
            meter.amps = self.shown
        if "lost" not in meter.faults:
            self.read_at = self.world.ms
            self._note_house()
        self.read_house = list(self.world.house.current_ma)
        self.read_total = list(self.world.total_ma)
        super()._read()
        meter.amps = self.shown = now

    def _note_house(self):
        """When it began to be as it is, and what it was before."""
        seen, house, ms = self.seen_house, self.world.house.current_ma, self.world.ms
        if not seen or seen[-1][1] != house:
            seen.append((ms, list(house)))
        while len(seen) > 1 and ms - seen[1][0] > EXPECT_MS:
            seen.popleft()

    def _read_chargers(self):
        super()._read_chargers()
        if self.old_draws:
            self._keep_draws()

    def _keep_draws(self):
        """What was read just now counts at the next reading, and what was read then counts now."""
        for index, own in enumerate([self.box.own] + [satellite.own for satellite in self.satellites]):
            number, before = self.drew.get(index, (0, None))
            if own.number == number:
                continue  # its meter was not read in this round
            drew = own.taken, list(own.current_ma)
            if before:
                own.taken, own.current_ma[:] = before
            self.drew[index] = own.number, drew

    # ---- after a tick of the coordinator

    def _balance(self):
        grid = self.box.coordinator.grid
        before, was_lost = [socket.commitment.offered_ma for socket in self.sockets], grid.stale
        super()._balance()
        if grid.stale and not was_lost:
            for socket, offered in zip(self.sockets, before, strict=True):
                assert socket.commitment.offered_ma <= offered, self.say("raised by a lost meter", socket.id)
        if grid.number != self.seen:
            self.seen = grid.number
            if self._all_know() and not self.late_meter and not self.old_draws:
                self._check_budget()
        elif grid.number and self.world.ms - self.read_at > grid.late_ms:
            for phase in PHASES:
                kept = self.reserved(phase)
                assert self.offered(phase) + kept <= max(self.safe, kept), self.say("meter lost", phase)
        self._check_offers()

    def offered(self, phase):
        """To all cars that can load this phase."""
        total = 0
        for socket, point, outlet in self.all:
            if socket.online and socket.commitment.offered_ma and phase in used(point, outlet):
                total += socket.commitment.offered_ma
        return total

    def reserved(self, phase):
        """For the cars at sockets that lost the network."""
        total = 0
        for socket, point, outlet in self.all:
            if not socket.online and outlet.plugged() and phase in used(point, outlet):
                total += socket.safe_ma
        return total

    def _all_know(self):
        """For some seconds after the network went, nobody knows."""
        return all(socket.online is (socket.id not in self.world.unreachable) for socket in self.sockets[1:])

    def _check_budget(self):
        """An overload in a reading is answered in this very tick, and nothing is ever given out twice."""
        for phase in PHASES:
            budget = min(self.limit[phase] - self.read_house[phase], self.feeder[phase])
            if self.read_total[phase] > self.limit[phase]:
                self.overloads += 1
            else:
                # While cars ramp, a part of the house may not be believed yet.
                budget = max(budget, self.box.coordinator.budget_ma[phase])
            kept = self.reserved(phase)
            assert self.offered(phase) + kept <= max(budget, kept), self.say("over budget", phase, budget)

    def _check_stations(self, tick):
        """No cable of a station bears more than it may, for longer than cars need to follow."""
        members = {}
        for socket, point, outlet in self.all:
            if socket.station:
                members.setdefault(socket.station, []).append((socket, point, outlet))
        for number, rows in members.items():
            most = min(socket.station_ma for socket, _, _ in rows)
            for phase in PHASES:
                flows = offered = 0
                for socket, point, outlet in rows:
                    loads = phase in used(point, outlet) and outlet.plugged()
                    offered += (socket.commitment.offered_ma if socket.online else socket.safe_ma) if loads else 0
                    flows += outlet.draw_ma()[outlet.mapping.index(phase)] if phase in outlet.mapping else 0
                if self._all_know():
                    assert offered <= most, self.say("station", number, phase, offered)
                late = 0 if flows <= most + ROUNDED_MA else self.beyond.get((number, phase), 0) + tick
                self.beyond[(number, phase)] = late
                kept = NETWORK_MS if self.world.unreachable else 0
                assert not self.obedient or late <= FOLLOW_MS + TICK_MS + kept, self.say("cable", number, phase, flows)

    def _check_offers(self):
        ms = self.world.ms
        for index, socket in enumerate(self.sockets):
            offer, before = socket.commitment.offered_ma, self.offers[index]
            assert not offer or 6000 <= offer <= socket.report.allowed_ma or not socket.online, self.say(
                "offer", socket.id
            )
            if offer > before:
                assert not before or ms - self.raised[index] >= RAISE_MS, self.say("raised", socket.id)
                self.raised[index] = ms
            self.offers[index] = offer

    # ---- after a step

    def step(self, most=TICK_MS):
        step = super().step(most)
        ms = self.world.ms
        for index, point in enumerate(self.points):
            if point.offer_ma > self.told[index]:
                assert ms - self.signalled[index] >= RAISE_MS, self.say("pilot raised", index)
                self.signalled[index] = ms
            self.told[index] = point.offer_ma
            says = pilot.current(point.duty)
            assert says >= 6000 or point.duty in (pilot.STEADY, pilot.NOT_AVAILABLE), self.say("pilot", index)
        if self.obedient:
            self._check_fuse(ms, step)
            self._check_even(step)
        self._check_stations(step)
        self._check_cut_off()
        return step

    def _check_cut_off(self):
        """Who loses the network never gets more for it, and who waited waits on; who comes then has what is kept."""
        # The first one is in the box of the coordinator: there is no network to lose.
        for socket, point, outlet in self.all[1:]:
            car = outlet.plugged()
            if socket.id not in self.world.unreachable:
                self.cut_off.pop(socket.id, None)
                continue
            if socket.id not in self.cut_off:
                granted = socket.commitment.offered_ma if socket.takes_part else socket.safe_ma
                self.cut_off[socket.id] = (car, max(point.offer_ma, granted))
            elif self.cut_off[socket.id][0] is not car:
                self.cut_off[socket.id] = (car, max(point.offer_ma, socket.safe_ma))
            most = self.cut_off[socket.id][1]
            assert point.offer_ma <= most, self.say("raised by a loss", socket.id, point.offer_ma, most)

    def _check_fuse(self, ms, step):
        """Never above it for longer than meter and cars need, and never because of an offer."""
        world = self.world
        blind = ms - self.read_at > self.period + TICK_MS
        late = NETWORK_MS if world.unreachable else 0
        for phase in PHASES:
            house = world.house.current_ma[phase]
            if house > self.house[phase] or blind or world.unreachable:
                self.risen[phase] = ms
            self.house[phase] = house
            if blind or world.total_ma[phase] <= self.limit[phase] + ROUNDED_MA or not self._draws(phase):
                self.over_ms[phase] = 0
                continue
            self.over_ms[phase] += step
            # In quick time a step has up to a second, and a pilot is driven in the one after the reading.
            assert self.over_ms[phase] <= self.delay + FOLLOW_MS + TICK_MS + late, self.say("fuse", phase)
            assert ms - self.risen[phase] <= self.delay + FOLLOW_MS + TICK_MS, self.say("own doing", phase)

    def _check_even(self, step):
        """The cars never make the phases differ by more than they may, for longer than they need to follow."""
        if not self.uneven:
            return
        if self.box.coordinator.grid.stale is not self.blind:
            # Another house to go by.
            self.blind = not self.blind
            self.uneven_ms = 0
        low, high = self._besides()
        loads = [0, 0, 0]
        for socket, _, outlet in self.all:
            for phase, ma in enumerate(outlet.grid_ma()):
                loads[phase] += ma
                if self._cannot_help(socket):
                    low[phase] += ma
                    high[phase] += ma
                    loads[phase] -= ma
        over = False
        for one in PHASES:
            for other in PHASES:
                most = max(0, self.uneven + low[other] - high[one])
                over = over or loads[one] - loads[other] > most + SAME_MA + ROUNDED_MA
        self.uneven_ms = self.uneven_ms + step if over else 0
        late = NETWORK_MS if self.world.unreachable else 0
        assert self.uneven_ms <= self.delay + FOLLOW_MS + late, self.say("uneven", loads, low, high)

    def _besides(self):
        """The least and the most that the house may make of each phase, as far as anybody can know."""
        if not self.at_meter or not self.seen_house:
            return [0, 0, 0], [0, 0, 0]
        if self.blind:
            seen = list(zip(*[house for _, house in self.seen_house], strict=True))
            return [min(each) for each in seen], [max(each) for each in seen]
        blind = self.world.ms - self.read_at > self.period + TICK_MS
        now = self.seen_house[-1][1] if blind else self.world.house.current_ma
        return list(now), list(now)

    def _cannot_help(self, socket):
        """Its car was even enough when it lost the network; the house, or what is known of it, has changed since."""
        if socket.id not in self.world.unreachable:
            self.adrift.pop(socket.id, None)
            return False
        house = self.adrift.setdefault(socket.id, list(self.world.house.current_ma))
        return self.at_meter and (self.blind or house != self.world.house.current_ma)

    def _draws(self, phase):
        """Does a car that can be told so draw on this phase?"""
        for socket, _, outlet in self.all:
            if socket.online and phase in outlet.mapping and outlet.draw_ma()[outlet.mapping.index(phase)]:
                return True
        return False

    def check_end(self):
        for outlet in self.world.outlets:
            assert not outlet.opened_under_load, self.say("opened under load", outlet.id)

    def say(self, what, *more):
        one, world = self.box.coordinator, self.world
        rows = [
            (
                s.id,
                s.phases,
                s.online,
                "offer",
                s.commitment.offered_ma,
                "of",
                s.member.offer_ma,
                "draw",
                o.draw_ma(),
                words.granted(s.grant),
            )
            for s, _, o in self.all
        ]
        site = ("house", world.house.current_ma, "believed", one.house.ma, "grid", one.grid.current_ma)
        return (what, *more, "at", world.ms / 1000, *site, "limit", self.limit, *rows)


def used(point, outlet):
    """The grid phases that the plugged car can load, or will when it is down to one."""
    car = outlet.plugged()
    three = outlet.three and (point.phases.wanted or not point.phases.holds_offer())
    return outlet.mapping[: car._row["car.phases"] if car and three else 1]
