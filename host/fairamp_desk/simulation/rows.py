"""One row per simulated second, for a spreadsheet or a program."""

import csv
from typing import TextIO

from fairamp import words
from fairamp_desk.simulation.play import PHASES, amps
from fairamp_desk.twin.lockstep import Lockstep


class Rows:
    """Looks on and writes what holds at the end of each second: currents in A, per grid phase."""

    def __init__(self, lockstep: Lockstep, out: TextIO):
        self._world = lockstep.world
        self._lockstep = lockstep
        self._pairs = list(zip(lockstep.world.outlets, lockstep.points, strict=True))
        self._write = csv.writer(out, lineterminator="\n").writerow
        header = ["s", *(f"{name}_l{phase + 1}" for name in ("grid", "house") for phase in PHASES)]
        for outlet in lockstep.world.outlets:
            header.append(f"offer_{outlet.id}")
            header += [f"draw_{outlet.id}_l{phase + 1}" for phase in PHASES]
            header += [f"state_{outlet.id}", f"cause_{outlet.id}"]
        self._write(header)

    def look(self, step: int) -> None:
        world = self._world
        if world.ms % 1000:
            return
        row: list = [world.ms // 1000, *map(amps, world.grid_ma), *map(amps, world.house.current_ma)]
        for outlet, point in self._pairs:
            row.append(amps(point.offer_ma))
            row += map(amps, outlet.grid_ma())
            row.append(point.state)
            row.append(words.point(point))
        self._write(row)
