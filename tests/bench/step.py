"""What one step of the charge point costs, on every runtime; a chip is about fifty times slower than this desk."""

from tests.conftest import run_everywhere


def run() -> None:
    for name, output in run_everywhere("cost_of_step").items():
        for line in output.splitlines():
            print(f"{name:8} {line}")
