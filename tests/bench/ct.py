"""What a window of three clamps costs, on every runtime; there are five of them in a second."""

import subprocess
import sys

from tests.conftest import PORTABLE, run_program

PROGRAM = PORTABLE / "cost_of_ct.py"


def run() -> None:
    done = subprocess.run([sys.executable, PROGRAM], capture_output=True, text=True, check=True)
    outputs = {"cpython": done.stdout} | {runtime: run_program(runtime, PROGRAM) for runtime in ("mp64", "mp32")}
    for name, output in outputs.items():
        for line in output.splitlines():
            print(f"{name:8} {line}")
