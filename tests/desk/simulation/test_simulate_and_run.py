"""`fairamp simulate` and `fairamp run` are one product: the same site and the same mishap come to the same offers."""

import asyncio
from dataclasses import dataclass, field

import pytest

from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep
from fairamp_desk.twin.twin import Twin

SPEED = 20
SAFE = 7
# So soon all cars have their offers: none is probed.
BEGINS = 25
# What is lost is late after 5.5 s, and a car has its time to follow.
LOST = 20
# What always shows the same is frozen after 10 s, and only then it is lost.
FROZEN = 25
# From the safe current up again, by 1 A in 5 s.
CLIMBED = 75


@dataclass
class Story:
    """A mishap, and all offers in A before it and so many seconds after it."""

    offers: tuple[list[int], list[int]]
    after: int = LOST
    event: str = ""
    contacts: dict = field(default_factory=dict)  # what those of each charger are for
    house: tuple = ()  # from then on, in A
    own_meter: int | None = None  # of the charger with this place, is silent
    back: list[int] | None = None  # all offers, when the meter is back for a while
    speed: int = SPEED

    def content(self):
        chargers = range(len(self.offers[0]))
        events = [{"at": BEGINS, "what": self.event, "charger": chargers[-1]}] if self.event else []
        if self.back:
            events.append({"at": BEGINS + self.after, "what": "meter_back"})
        return {
            "site": {"fuse": [25, 25, 25], "safe_current": SAFE},
            "meter": {"witness": True},
            "load": [{"amps": [4.5, 4.5, 4.5]}, *({"at": BEGINS, "amps": amps} for amps in self.house)],
            "charger": [{"id": id, "safe": 6, **self.contacts} for id in chargers],
            "car": [{"charger": id, "max": 32} for id in chargers],
            "sharing": {"probe_current": 0},
            "event": events,
        }

    @property
    def seconds(self):
        return BEGINS + self.after + (CLIMBED if self.back else 0)

    def go_on(self, world):
        if self.own_meter is not None and world.ms >= 1000 * BEGINS:
            world.outlets[self.own_meter].meter.faults.add("lost")


# Two contacts that allow; the second does so while it is open.
TWICE_ALLOWED = {"shed_function": "enable", "shed_inverted": True}

STORIES = {
    "silent": Story(([20], [SAFE]), event="meter_lost"),
    "frozen": Story(([20], [SAFE]), FROZEN, event="meter_frozen", back=[20]),
    # An answer that comes a little too late is still that on a machine that is busy.
    "too slow": Story(([20], [SAFE]), event="meter_slow", speed=4),
    "noisy": Story(([20], [SAFE]), event="meter_noisy"),
    "impossible": Story(([20], [SAFE]), house=([300, 5, 5],)),
    "possible": Story(([20], [0]), house=([30, 5, 5],)),
    # What seems to feed in leaves the whole fuse, until the car is asked to change and the meter does otherwise.
    "reversed": Story(([20], [SAFE]), 60, event="meter_reversed"),
    "own meter silent": Story(([20], [SAFE]), own_meter=0),
    "own meter of another silent": Story(([10, 10], [13, SAFE]), 60, own_meter=1),
    "contact": Story(([20], [0]), event="shed_on", contacts=TWICE_ALLOWED),
    "contact of another": Story(([10, 10], [20, 0]), 60, event="shed_on", contacts=TWICE_ALLOWED),
    "contact of another that asks for all": Story(
        ([10, 10], [20, 0]), 60, event="shed_on", contacts={"shed_function": "suspend"}
    ),
    "contact that suspends all": Story(([20], [0]), event="shed_on", contacts={"shed_function": "suspend"}),
    "network lost": Story(([10, 10], [14, 6]), 60, event="network_lost"),
}


def simulated(story, **how):
    """Offers in A of all chargers, at the end of each second."""
    run = Lockstep(check_site(story.content(), "test"), **how)
    found = []
    for _ in range(story.seconds):
        run.run(1)
        found.append([point.offer_ma // 1000 for point in run.points])
        story.go_on(run.world)
    return found


def played(story):
    """The same of the twin: the tasks of the firmware, with the meters of the first charger on real lines."""
    twin = Twin(check_site(story.content(), "test"), story.speed)
    points = [twin.app.box.point, *(satellite.point for satellite in twin.satellites)]
    found: list = []

    async def run():
        running = asyncio.create_task(twin.run())
        try:
            while len(found) < story.seconds:
                await asyncio.sleep(0.01)
                if running.done():
                    await running
                while len(found) < twin.world.ms // 1000:
                    found.append([point.offer_ma // 1000 for point in points])
                story.go_on(twin.world)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    try:
        asyncio.run(run())
    finally:
        twin.close()
    return found


@pytest.mark.parametrize("name", STORIES)
def test_the_same_mishap_comes_to_the_same_offers(name):
    story = STORIES[name]
    ways = simulated(story), simulated(story, quick=True), played(story)
    before, after = story.offers
    end = BEGINS + story.after
    for way in ways:
        assert (way[BEGINS - 2], way[end - 2]) == (before, after)
        if story.back:
            assert way[-1] == story.back
    # And not before its time, which is that of the sieve and of the task that reads.
    if after == [SAFE]:
        soonest = BEGINS + (8 if story.event == "meter_frozen" else 4)
        assert min(way.index(after, BEGINS) for way in ways) >= soonest


@pytest.mark.parametrize("period", [1, 7, 14, 49])
def test_a_steady_house_is_no_frozen_meter_however_often_it_is_read(period):
    run = Lockstep(check_site({"meter": {"period": period}, "load": [{"amps": [3, 0, 0]}]}, "test"), quick=True)
    assert not run.run(40 * period + 60, lambda: bool(run.box.coordinator.grid.problem))
    assert run.box.coordinator.grid.number >= 40
