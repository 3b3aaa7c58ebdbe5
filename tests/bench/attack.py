"""What attackers can hold up, in the time of a chip, on CPython and on 32-bit MicroPython."""

import os
import subprocess
import sys

from tests.conftest import HELPERS, PROGRAMS, run_program

ATTACKS = ("no attack", "B1 floods", "B2 mDNS", "B3 babble", "B4 drips")
# What is measured, and the most it may be in ms.
MOST = (("between ticks", 60), ("manager answered after", 1000), ("contactor open after", 100))
# It is the time that counts here, and not the memory.
HEAP = "2m"


def run() -> None:
    print("longest ms in 40 s, as a chip would need that is 50 times slower than this desk; without collections")
    for attack in ATTACKS:
        for runtime in ("cpython", "mp32"):
            gap, answers, slowest, openings, opened = (int(word) for word in measured(runtime, attack).split())
            figures = [
                f"{what} {ms} ({'held' if ms <= most else 'MISSED'}: {most})"
                for (what, most), ms in zip(MOST, (gap, slowest, opened), strict=True)
            ]
            print(f"  {attack:9}  {runtime:7}  {'; '.join(figures)}; {answers} answers, {openings} openings")


def measured(runtime: str, attack: str) -> str:
    if runtime != "cpython":
        return run_program(runtime, "cost_of_attack", attack, heap=HEAP)
    return subprocess.run(
        [sys.executable, PROGRAMS / "cost_of_attack.py", attack],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(HELPERS)},
    ).stdout
