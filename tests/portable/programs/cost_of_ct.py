"""Prints what a window of three clamps costs, in machine code and in Python, beside a plain program with floats."""

import gc
import time
from array import array
from math import sqrt

from fairamp.meters import clamps as ct

ROUNDS = 7
WINDOWS = 100
FACTOR = 3000 * 3300 / 4096 / 22
meter = ct.Clamps(3, "3000:1", 22000, 3300, (0, 4095), (0, 0, 0), (170, 170, 170))
codes = array("H", [1400 + index * 7919 % 1300 for index in range(3 * ct.WINDOW)])


def integers():
    for phase in range(3):
        meter.take(phase, codes, 0, ct.WINDOW)


def floats():
    """As one writes it down: the same result, to the mA."""
    result = []
    for phase in range(3):
        total = 0.0
        squares = 0.0
        for index in range(phase * ct.WINDOW, (phase + 1) * ct.WINDOW):
            total += codes[index]
            squares += codes[index] ** 2
        mean = total / ct.WINDOW
        result.append(round(sqrt(max(0.0, squares / ct.WINDOW - mean * mean)) * FACTOR))
    return result


def garbage(work):
    if not hasattr(gc, "mem_alloc"):
        return ""
    work()
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    work()
    left = gc.mem_alloc() - before
    gc.enable()
    return ", " + str(left) + " bytes"


def measure(name, work):
    """The best of several rounds: others may use this desk, too."""
    best = 1e9
    for _ in range(ROUNDS):
        begun = time.time()
        for _ in range(WINDOWS):
            work()
        best = min(best, time.time() - begun)
    print(name, round(best * 1000000 / WINDOWS), "us per window" + garbage(work))


if ct.add_up is not ct._add_up:
    measure("machine code", integers)
ct.add_up = ct._add_up
measure("integers    ", integers)
measure("floats      ", floats)
