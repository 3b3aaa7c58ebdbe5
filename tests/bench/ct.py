"""What a window of three clamps costs, on every runtime; there are five of them in a second."""

from tests.conftest import run_everywhere


def run() -> None:
    for name, output in run_everywhere("cost_of_ct").items():
        for line in output.splitlines():
            print(f"{name:8} {line}")
