"""How much faster than time a day of ten chargers is simulated, as `fairamp simulate --report` does it."""

import random
import time

from fairamp_desk.simulation.play import play
from fairamp_desk.simulation.report import Report
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep

CHARGERS = 10
DAY_S = 24 * 3600
# A part of the day, in the middle of which the load is highest: what a whole one takes follows from it.
FROM_S, UNTIL_S = 6 * 3600, 12 * 3600


def day() -> dict:
    """A house that changes every few minutes, and two cars a day at each charger."""
    chance = random.Random(1)
    loads, at = [], 0
    while at < DAY_S:
        loads.append({"at": at, "amps": [round(chance.uniform(2, 20), 1) for _ in range(3)]})
        at += chance.randrange(60, 900)
    cars = []
    for charger in range(CHARGERS):
        arrives = chance.randrange(0, 10 * 3600)
        for later, stays in ((0, 8 * 3600), (10 * 3600, 4 * 3600)):
            car = {"charger": charger, "arrives": arrives + later, "leaves": arrives + later + stays}
            cars.append({**car, "phases": chance.choice((1, 2, 3)), "needs_kwh": chance.randrange(8, 40)})
    mappings = ("L1L2L3", "L2L3L1", "L3L1L2")
    chargers = [{"id": id, "mapping": mappings[id % 3]} for id in range(CHARGERS)]
    return {"site": {"fuse": [63] * 3}, "load": loads, "charger": chargers, "car": cars}


def run() -> None:
    lockstep = Lockstep(check_site(day(), "bench"), quick=True)
    report = Report(lockstep)
    began = time.process_time()
    play(lockstep, FROM_S, [report])
    morning = time.process_time()
    play(lockstep, UNTIL_S, [report])
    ended = time.process_time()
    for name, seconds, took in (("0 to 6 h", FROM_S, morning - began), ("6 to 12 h", FROM_S, ended - morning)):
        print(f"{CHARGERS} chargers, {name:9} {seconds / took:6.0f} simulated seconds per second of computing")
    print(f"a day of this takes {DAY_S * (ended - began) / UNTIL_S:.0f} s of computing; to be below 60 s")
