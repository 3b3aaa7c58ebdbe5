"""The box as it is deployed, played from power to the end of a session, with everything measured that can be seen."""

import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from tests.chip import ems, figures, modbus
from tests.chip.emulator.chip import POWER, WATCHDOG
from tests.chip.heap import Heap
from tests.chip.house import House
from tests.chip.image import Image
from tests.chip.meters import HOUSE
from tests.chip.pico import Pico
from tests.chip.snapshot import Copy, Progress

FUSE = 25.0
CALM = [5.0, 4.0, 3.0]
# L1 of the house, in steps that each go over the fuse with what the car draws then.
OVERLOADS = (11.0, 13.0, 15.0, 17.0)
ROUNDS = 3
MARGIN = 0.1
TOO_MUCH = 26.0
KB = 1000
# A session is about so long; for the progress bar only.
LENGTH_MS = 240_000


@dataclass
class Play:
    """What a play has found: measured values by the names of the budgets, and stories with what went wrong in them."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    stories: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def story(self, name: str, wrong: str) -> bool:
        """`wrong` is empty when all went well."""
        self.stories[name] = wrong
        return not wrong


class Session:
    def __init__(self, image: Image, flash: bytes, board: str, progress: Progress) -> None:
        self.pico = Pico(image)
        self.pico.chip.core.flash[:] = flash
        self.house = House(self.pico, board)
        self.heap = Heap(self.pico)
        self.play = Play()
        self.chance = random.Random(3)
        self._window = self._slept = 0.0  # since when the box charges: ms, and ns that the processor had slept by then
        self._progress = progress
        self._began = time.monotonic()

    def run(self, ms: float) -> None:
        self.pico.run(ms)
        self._progress(min(0.99, self.pico.ms / LENGTH_MS))

    def all(self) -> Play:
        if self.start():
            self.resets("A")
            self.plug_in()
            self.resets("B")
            if self.charge():
                self.steady()
                self.resets("C")
                self.fast_meter()
                self.overloads()
                self.pause()
            self.unplug()
        self.sums()
        return self.play

    def start(self) -> bool:
        read = self.house.until_read()
        self.heap.find()
        self.play.values["start"] = [self.pico.ms / 1000]
        self.house.ems.start()
        self.run(3000)
        wrong = "" if read else f"no reading of both meters in 30 s; the log: {self.log()}"
        return self.play.story("starts and reads both meters", wrong)

    def plug_in(self) -> None:
        self.house.car.state = "B"
        offered = self.house.until_offered()
        self.run(1000)
        self.play.story("offers what the fuse leaves", self.wrong_offer() if offered else "no offer in 15 s")

    def wrong_offer(self) -> str:
        """A box offers whole amperes, and the last digits of its meter are never still."""
        right = FUSE - self.house.amps[0]
        offer = self.house.car.offered()
        return "" if -MARGIN < right - offer < 1 + MARGIN else f"offers {offer:.1f} A, and {right:.1f} A are free"

    def charge(self) -> bool:
        self.house.car.state = "C"
        closed = self.house.until_closed()
        self._window = self.pico.ms
        self._slept = self.pico.chip.slept
        return self.play.story("closes the contactor in C", "" if closed else "not in 10 s")

    def steady(self) -> None:
        """Charging, while the energy manager asks for everything, then for one register."""
        self.run(15000)
        self.house.ems.usual = ems.ONE
        self.run(15000)
        self.house.ems.usual = ems.ALL
        answer = self.house.ems.asked(modbus.write(ems.UNIT, ems.AMPS_TO_USE, 10))
        self.run(500)
        offer = self.house.car.offered()
        wrong = "" if answer.good and abs(offer - 10) < 0.5 else f"10 A written, {offer:.1f} A offered"
        self.play.story("follows a set-point", wrong)
        self.house.ems.ask(modbus.write(ems.UNIT, ems.AMPS_TO_USE, 32))
        self.until_full()

    def until_full(self) -> bool:
        """Until the car is offered what it can use."""
        return self.pico.until(lambda: self.house.car.offered() >= self.house.car.most, 90000, 20)

    def overloads(self) -> None:
        wrong = []
        for _ in range(ROUNDS):
            for amps in OVERLOADS:
                self.run(2500 + 1000 * self.chance.random())
                wrong += self.overload(amps)
            self.house.amps = list(CALM)
            self.until_full()
            self._progress(min(0.99, self.pico.ms / LENGTH_MS))
        self.play.story("lowers the offer when the house takes more", "; ".join(wrong))

    def overload(self, amps: float) -> list[str]:
        shown: list[float] = []

        def reading(unit: int, currents: Sequence[float], ms: float) -> None:
            if unit == HOUSE and currents[0] > FUSE and not shown:
                shown.append(ms)

        self.house.meters.on_reading = reading
        self.house.amps[0] = amps
        before, count = self.house.car.offered(), len(self.house.duties)
        if before + amps <= FUSE:
            return []  # it was careful after the one before, and this is none
        lower = self.pico.until(lambda: len(self.house.duties) > count and self.house.car.offered() < before, 8000, 1)
        self.house.meters.on_reading = lambda unit, currents, ms: None
        if not lower:
            seen = "a reading showed it" if shown else "no reading showed it"
            return [f"{before:.1f} A stays offered while the house takes {amps:.0f} A; {seen}"]
        if not shown:
            return [f"{before:.1f} A fell to {self.house.car.offered():.1f} A with the house at {amps:.0f} A, unread"]
        self.play.values["overload"].append(self.house.duties[count][0] - shown[0])
        self.run(1500)
        return [wrong] if (wrong := self.wrong_offer()) else []

    def pause(self) -> None:
        self.house.amps[0] = TOO_MUCH
        gone = self.pico.until(lambda: not self.house.car.offered(), 10000, 5)
        self.house.car.state = "B"
        wrong = "" if gone and self.house.until_open(5000) else "the contactor stays closed although nothing is free"
        self.play.story("pauses when nothing is left", wrong)
        self.house.amps = list(CALM)
        again = self.house.until_offered(90000)
        self.house.car.state = "C"
        wrong = "" if again and self.house.until_closed(20000) else "does not charge again when there is room"
        self.play.story("goes on after a pause", wrong)

    def unplug(self) -> None:
        self.run(1000)
        self.house.car.state = "A"
        opened = self.house.until_open(3000)
        self.run(3000)
        right = opened and self.house.car.duty() == 1.0
        self.play.story("ends when the car is unplugged", "" if right else f"duty {self.house.car.duty():.3f}")

    def resets(self, state: str) -> None:
        for kind in (WATCHDOG, POWER):
            copy = Copy(partial(survive, self.pico, self.house, state, kind))
            self.play.story(f"survives a reset in {state} ({kind})", copy.result())
            self._progress(min(0.99, self.pico.ms / LENGTH_MS))

    def fast_meter(self) -> None:
        asked, lost = Copy(partial(ask_fast_meter, self.pico, self.house)).result()
        self.play.values["meter_lost"] = [100 * lost / asked]
        self.play.notes.append(f"meter that answers after 2 ms: {lost} of {asked} answers lost")

    def log(self) -> str:
        return " | ".join(line for _, line in self.pico.lines[-6:])

    def sums(self) -> None:
        values, house = self.play.values, self.house
        began = self._window
        seconds = (self.pico.ms - began) / 1000
        values["tick"] = figures.intervals([ms for ms in house.feeds if ms >= began])
        values["meter_driver"] = [late for at, late in house.meter_line.late if at >= began]
        values["ems_driver"] = [late for at, late in house.ems_line.late if at >= began]
        values["cut"] = [house.meter_line.cut + house.ems_line.cut]
        values["ems_one"] = house.ems.times.get(ems.ONE, [])
        values["ems_all"] = house.ems.times.get(ems.ALL, [])
        values["ems_lost"] = [house.ems.unanswered + house.ems.spoiled]
        if began:
            values["busy"] = [100 - (self.pico.chip.slept - self._slept) / 1e7 / seconds]
        values["memory_errors"] = [self.heap.memory_errors()]
        self.heap_sums(began, seconds)
        self.play.notes.append(f"session: {self.pico.ms / 1000:.0f} s in {time.monotonic() - self._began:.0f} s")
        self.play.notes += [f"not emulated: {line}" for line in self.pico.unknown()]
        self.play.notes += [f"log: {line}" for _, line in self.pico.lines if "failed" in line or "Error" in line]

    def heap_sums(self, began: float, seconds: float) -> None:
        values = self.play.values
        later = [collection for collection in self.heap.collections if collection.began >= began]
        values["collections"] = [len(later) / seconds]
        values["collection"] = [collection.took for collection in later]
        after = [collection.after for collection in later] or [self.heap.fill()]
        values["live"] = [min(fill.used for fill in after) / KB]
        values["free"] = [fill.free / KB for fill in after]
        values["hole"] = [fill.hole / KB for fill in after]


def survive(pico: Pico, house: House, state: str, kind: str, _progress: Progress) -> str:
    """In a copy: the chip is reset; what is wrong afterwards."""
    before = house.car.offered()
    pico.reset(kind)
    if house.closed or house.car.duty() != 1.0:
        return "while the chip resets the contactor is closed or current is offered"
    for unit in house.meters.answered:
        house.meters.answered[unit] = 0
    if not house.until_read():
        return "does not read its meters afterwards: " + " | ".join(line for _, line in pico.lines[-4:])
    if state == "A":
        pico.run(5000)
        return "" if not house.closed and not house.car.offered() else "offers current to nobody"
    if not house.until_offered(30000):
        return "offers nothing afterwards"
    if state == "C" and not house.until_closed(20000):
        return "does not close the contactor again"
    pico.until(lambda: house.car.offered() >= before - 0.5, 60000, 20)
    return "" if house.car.offered() >= before - 0.5 else f"offers {house.car.offered():.1f} A, {before:.1f} A before"


def ask_fast_meter(pico: Pico, house: House, _progress: Progress) -> tuple[int, int]:
    """In a copy: how many requests, and how many answers were lost."""
    house.meters.delay_ms = 2.0
    asked, answered = sum(house.meters.asked.values()), sum(house.meters.answered.values())
    pico.run(30000)
    house.meters.silent.update(house.meters.asked)
    asked = sum(house.meters.asked.values()) - asked
    pico.run(100)
    return asked, asked - (sum(house.meters.answered.values()) - answered)
