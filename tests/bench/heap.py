"""What the application takes of a small chip's heap, and what its steady state leaves behind."""

from tests.conftest import PORTABLE, run_program

PROGRAM = PORTABLE / "heap_of_app.py"


def run() -> None:
    for runtime in ("mp32", "mp64"):
        for line in run_program(runtime, PROGRAM).splitlines():
            print(f"{runtime}  {line}")
