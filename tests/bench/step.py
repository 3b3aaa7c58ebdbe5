"""What one step of the charge point costs, on every runtime; a chip is about fifty times slower than this desk."""

import subprocess
import sys

from tests.conftest import PORTABLE, run_program

PROGRAM = PORTABLE / "cost_of_step.py"


def run() -> None:
    done = subprocess.run([sys.executable, PROGRAM], capture_output=True, text=True, check=True)
    outputs = {"cpython": done.stdout} | {runtime: run_program(runtime, PROGRAM) for runtime in ("mp64", "mp32")}
    for name, output in outputs.items():
        for line in output.splitlines():
            print(f"{name:8} {line}")
