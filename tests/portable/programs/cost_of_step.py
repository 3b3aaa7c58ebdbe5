"""Prints what one step of the charge point costs."""

import time

from bench import Bench

STEPS = 2000


def measure(name, bench):
    point, inputs, now = bench.point, bench.inputs, bench.now
    begun = time.time()
    for _ in range(STEPS):
        now += 20
        point.step(now, inputs)
    print(name, round((time.time() - begun) * 1000000 / STEPS), "us per step")


measure("resting ", Bench())
measure("charging", Bench().charge(3000))
