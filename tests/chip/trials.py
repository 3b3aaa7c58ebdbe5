"""The box with our companion: what the parts of a tick cost, and how fast the contactor opens at any moment."""

import random
from functools import partial

from tests.chip.companion_mail import BALANCE, MAIL, SAVE
from tests.chip.heap import Heap
from tests.chip.house import House
from tests.chip.image import Image
from tests.chip.marks import Marks
from tests.chip.pico import Pico
from tests.chip.session import Play
from tests.chip.snapshot import Copy, Progress

# The moments lie in so much of a charging session, at least, and at most so close to each other.
LEAST_SPAN_MS = 12_000
CLOSEST_MS = 8.0
COST_MS = 15_000
PATIENCE_MS = 3000.0


class Charging:
    """A box in the middle of a session, with the energy manager asking."""

    def __init__(self, image: Image, flash: bytes, board: str) -> None:
        self.pico = Pico(image)
        self.pico.chip.core.flash[:] = flash
        self.house = House(self.pico, board)
        self.heap = Heap(self.pico)
        if not self.house.until_read():
            raise RuntimeError("the box with the companion does not read its meters")
        self.heap.find()
        self.house.ems.start()
        if not self.house.charge():
            raise RuntimeError("the box with the companion does not charge")
        self.pico.run(1500)

    def save(self, on: bool) -> None:
        self.pico.chip.watchdog.scratch[MAIL] = SAVE if on else 0


def costs(charging: Charging, progress: Progress) -> Play:
    """Nothing is saved meanwhile."""
    marks, found = Marks(charging.pico), Play()
    began = charging.pico.ms
    for part in range(10):
        charging.pico.run(COST_MS / 10)
        progress(part / 10)
    found.values["tick_cost"] = [took for _, took in marks.ticks]
    found.values["balance"] = marks.costs(BALANCE)
    collections = [one for one in charging.heap.collections if one.began >= began]
    inside = [one for one in collections if any(start <= one.began <= start + took for start, took in marks.ticks)]
    if marks.ticks:
        found.values["inside"] = [100 * len(inside) / len(collections) if collections else 0.0]
        found.notes.append(f"{len(inside)} of {len(collections)} collections were inside a tick")
    else:
        found.notes.append("the companion found no Board.read_pilot or Board.feed_watchdog to mark")
    return found


def trials(charging: Charging, count: int, progress: Progress) -> Play:
    """The car leaves C at so many random moments; each time in a copy that runs until the contactor is open."""
    chance, found = random.Random(11), Play()
    charging.save(True)
    charging.pico.run(1000)
    erased = charging.pico.chip.flash_chip.erases
    span = max(LEAST_SPAN_MS, CLOSEST_MS * count)
    moments = sorted(charging.pico.ms + chance.random() * span for _ in range(count))
    copy: Copy | None = None
    opened: list[float | None] = []
    for number, moment in enumerate(moments):
        charging.pico.run(moment - charging.pico.ms)
        if copy:
            opened.append(copy.result())
        if not charging.house.closed:
            raise RuntimeError("the contactor opened by itself")
        copy = Copy(partial(leave, charging, "AB"[number % 2]))
        progress(number / count)
    if copy:
        opened.append(copy.result())
    found.values["open"] = [PATIENCE_MS if ms is None else ms for ms in opened]
    worst = max(range(count), key=lambda number: found.values["open"][number])
    late = sum(ms > 100 for ms in found.values["open"])
    erases = charging.pico.chip.flash_chip.erases - erased
    found.notes.append(
        f"{count} times the car left C within {span / 1000:.0f} s, while {erases} sectors were erased: {late} times "
        f"the contactor opened after more than 100 ms, the latest after {found.values['open'][worst]:.1f} ms"
    )
    return found


def leave(charging: Charging, state: str, _progress: Progress) -> float | None:
    pico, house = charging.pico, charging.house
    began = pico.ms
    house.car.state = state
    pico.watch(house.pins["contactor"], lambda closed: pico.chip.stop())
    pico.run(PATIENCE_MS)
    return None if house.closed else pico.ms - began
