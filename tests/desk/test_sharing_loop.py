"""Sharing among many chargers in a closed loop: houses, cars and meters at random, and what must hold throughout."""

import pytest

from fairamp import pilot
from fairamp.units import PHASES
from fairamp_desk.twin.lockstep import Lockstep
from tests.desk.site_maker import random_site

FOLLOW_MS = 6000
TICK_MS = 1000
NETWORK_MS = 3000
RAISE_MS = 5000
# Rounding of meter and pilot.
ROUNDED_MA = 20


class Watched(Lockstep):
    """Looks at everything after every tick and every step. It knows the site, not what the coordinator thinks."""

    def __init__(self, site, start=0):
        super().__init__(site, start=start, quick=True)
        self.site = site
        settings = site.settings
        self.period = settings["meter.period"]
        self.including = settings["meter.location"] == "including"
        kept = [fuse * (100 - settings["site.margin"]) // 100 for fuse in settings["site.fuse"]]
        self.limit = [
            max(kept[phase], min(settings["site.fuse"][phase], 10000)) - settings["site.headroom"] for phase in PHASES
        ]
        self.feeder = settings["site.feeder"]
        self.safe = settings["site.safe_current"]
        self.sockets = self.box.coordinator.sockets
        self.over_ms = [0, 0, 0]
        self.longest_ms = 0
        self.house = [0, 0, 0]
        self.risen = [0, 0, 0]  # when the house rose last, or something else that is not our doing
        self.offers = [0] * len(self.sockets)
        self.raised = [-RAISE_MS] * len(self.sockets)
        self.told = [0] * len(self.sockets)
        self.signalled = [-RAISE_MS] * len(self.sockets)
        self.seen = 0
        self.read_at = 0
        self.cuts = 0

    # ---- after a tick of the coordinator

    def _balance(self):
        super()._balance()
        grid = self.box.coordinator.grid
        if not grid.number:
            return
        if grid.number != self.seen:
            self.seen = grid.number
            self.read_at = self.world.ms
            if self.stable:
                self.check_budget()
        elif self.world.ms - self.read_at > grid.late_ms:
            for phase in PHASES:
                kept = self.reserved(phase)
                assert self.offered(phase) + kept <= max(self.safe, kept), self.say("meter lost", phase)
        self.check_offers()

    def offered(self, phase):
        """Of all sockets whose car can load this phase."""
        total = 0
        for socket, point, outlet in zip(self.sockets, self.points, self.world.outlets, strict=True):
            if socket.online and socket.offer_ma:
                total += socket.offer_ma * (phase in used(point, outlet))
        return total

    @property
    def stable(self):
        """Does everybody know who can be reached? For 3 s after the network went nobody does."""
        return all(socket.online is (socket.id not in self.world.unreachable) for socket in self.sockets[1:])

    def reserved(self, phase):
        """For sockets that lost the network."""
        total = 0
        for socket, point, outlet in zip(self.sockets, self.points, self.world.outlets, strict=True):
            if not socket.online and outlet.plugged():
                total += socket.safe_ma * (phase in used(point, outlet))
        return total

    def check_budget(self):
        """An overload in a reading is answered in this very tick, and nothing is ever shared out twice."""
        house = self.world.house.current_ma
        for phase in PHASES:
            budget = min(self.limit[phase] - house[phase], self.feeder[phase])
            if self.world.total_ma[phase] <= self.limit[phase]:
                # While cars ramp, a part of the house may not be believed yet.
                budget = max(budget, self.box.coordinator.budget_ma[phase])
            else:
                self.cuts += 1
            kept = self.reserved(phase)
            assert self.offered(phase) + kept <= max(budget, kept), self.say("over budget", phase, budget)

    def check_offers(self):
        ms = self.world.ms
        for index, socket in enumerate(self.sockets):
            offer = socket.offer_ma
            assert not offer or 6000 <= offer <= socket.allowed_ma or not socket.online, self.say("offer", socket.id)
            before = self.offers[index]
            if offer == before:
                continue
            self.offers[index] = offer
            if offer > before:
                assert not before or ms - self.raised[index] >= RAISE_MS, self.say("raised", socket.id)
                self.raised[index] = ms

    # ---- after a step

    def step(self, most=1000):
        step = super().step(most)
        ms = self.world.ms
        for index, point in enumerate(self.points):
            told = pilot.current(point.duty)
            if point.offer_ma > self.told[index]:
                assert ms - self.signalled[index] >= RAISE_MS, self.say("pilot raised", index)
                self.signalled[index] = ms
            self.told[index] = point.offer_ma
            assert (not told or told >= 6000) and (point.duty in (0, 10000) or told), self.say("pilot", index)
        self.check_fuse(ms, step)
        return step

    def check_fuse(self, ms, step):
        world = self.world
        blind = ms - self.read_at > self.period + TICK_MS
        for phase in PHASES:
            house = world.house.current_ma[phase]
            if house > self.house[phase] or blind or world.unreachable:
                self.risen[phase] = ms
            self.house[phase] = house
            over = world.total_ma[phase] > self.limit[phase] + ROUNDED_MA and self.draws(phase)
            if over and not blind:
                self.over_ms[phase] += step
                assert ms - self.risen[phase] <= self.period + FOLLOW_MS + TICK_MS, self.say("own doing", phase)
            else:
                self.over_ms[phase] = 0
            if self.over_ms[phase] > self.longest_ms:
                self.longest_ms = self.over_ms[phase]
                late = NETWORK_MS if world.unreachable else 0
                most = self.period + FOLLOW_MS + late
                assert self.longest_ms <= most, self.say("fuse", phase)

    def draws(self, phase):
        """Does anything that we can reach draw on this phase?"""
        for socket, outlet in zip(self.sockets, self.world.outlets, strict=True):
            if socket.online and phase in outlet.mapping and outlet.draw_ma()[outlet.mapping.index(phase)]:
                return True
        return False

    def check_end(self):
        for outlet in self.world.outlets:
            assert not outlet.opened_under_load, self.say("opened under load", outlet.id)

    def say(self, what, *more):
        one = self.box.coordinator
        rows = [
            (s.id, s.phases, s.online, "offer", s.offer_ma, "target", s.member.offer_ma, "draw", o.draw_ma(), s.why)
            for s, o in zip(self.sockets, self.world.outlets, strict=True)
        ]
        return (
            what,
            *more,
            "at",
            self.world.ms / 1000,
            "house",
            self.world.house.current_ma,
            "thought",
            one.house.ma,
            "grid",
            one.grid.current_ma,
            "limit",
            self.limit,
            *rows,
        )


def used(point, outlet):
    """The grid phases that the plugged car can load, or will when it is down to one."""
    car = outlet.plugged()
    three = outlet.three and (point.phases.wanted or not point.phases.holds_offer())
    return outlet.mapping[: car._row["car.phases"] if car and three else 1]


def play(site, seconds):
    run = Watched(site)
    run.run(seconds)
    run.check_end()
    return run


@pytest.mark.parametrize("seed", range(20))
def test_any_site(seed):
    play(random_site(seed, 3600), 3600)
