"""Collects every test of tests/portable three times: for CPython, and for MicroPython with 64 and 32 bits.

A test is a plain function with plain asserts. On MicroPython the functions of one file run in one process.
"""

import ast
import functools
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from fairamp_desk.chips import bundle
from tests import runtimes

PORTABLE = runtimes.ROOT / "tests" / "portable"
HELPERS = PORTABLE / "helpers"
PROGRAMS = PORTABLE / "programs"
COMPILED = runtimes.ROOT / "build" / "portable"
LIBRARIES = runtimes.ROOT / "build" / "lib"
# Only a run that hangs takes so long, however busy the machine is.
TIMEOUT_S = 180
# Short, as on a chip: every module keeps the path of its file.
SHORT = "_"


def pytest_collect_file(parent, file_path):
    if PORTABLE in file_path.parents and file_path.name.startswith("test_") and file_path.suffix == ".py":
        return PortableFile.from_parent(parent, path=file_path)
    return None


def pytest_configure(config):
    link_libraries()
    if not hasattr(config, "workerinput"):
        # Once, before several workers want the same files.
        bundle.build("twin")
        compile_tests()


def compile_tests():
    """The tests themselves, compiled: on the small heap their own text would take the place of what they test."""
    COMPILED.mkdir(parents=True, exist_ok=True)
    wanted = {f"{source.stem}.mpy": source for source in PORTABLE.glob("*/*.py")}
    bundle.remove_others(COMPILED, wanted)
    for file, source in wanted.items():
        bundle.bring_up_to_date(source, COMPILED, file)


def link_libraries():
    """The libraries that the firmware imports, alone in a folder that MicroPython may search."""
    LIBRARIES.mkdir(parents=True, exist_ok=True)
    link = LIBRARIES / "microdot"
    source = Path(find_spec("microdot").origin).parent
    if not link.exists() or link.resolve() != source:
        link.unlink(missing_ok=True)
        link.symlink_to(source)


class PortableFile(pytest.File):
    """One file of portable tests, as seen by MicroPython; pytest itself collects it for CPython."""

    def collect(self):
        functions = [node.name for node in ast.parse(self.path.read_text()).body if isinstance(node, ast.FunctionDef)]
        for runtime in runtimes.RUNTIMES:
            for name in functions:
                if name.startswith("test_"):
                    yield PortableTest.from_parent(self, name=f"{name}[{runtime}]", test=name, runtime=runtime)

    def result(self, runtime: str, function: str) -> str:
        """What went wrong, nothing for a pass; the first test asked for runs all that were selected."""
        results = self.stash.setdefault(RESULTS, {})
        if runtime not in results:
            chosen = [
                item.test
                for item in self.session.items
                if isinstance(item, PortableTest) and item.parent is self and item.runtime == runtime
            ]
            results[runtime] = run_portable(runtime, self.path, chosen)
        return results[runtime].get(function, results[runtime].get("import", "the test was not reached"))


RESULTS = pytest.StashKey[dict]()


class PortableTest(pytest.Item):
    def __init__(self, *, test, runtime, **kwargs):
        super().__init__(**kwargs)
        self.test = test
        self.runtime = runtime

    def runtest(self):
        trouble = self.parent.result(self.runtime, self.test)
        if trouble:
            raise PortableFailure(trouble)

    def repr_failure(self, excinfo):
        if isinstance(excinfo.value, PortableFailure | runtimes.Missing):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, None, f"{self.path.name}::{self.name}"


class PortableFailure(Exception):
    """Carries the traceback that MicroPython printed."""


def run_portable(runtime: str, file: Path, functions: list[str]) -> dict[str, str]:
    """Runs the functions of one file on one runtime; what each of them had to say, "" for a pass."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = start(runtime, PROGRAMS / "run_here.py", str(file), *functions, folder=folder)
        except subprocess.TimeoutExpired as late:
            so_far = (late.stdout or b"").decode(errors="replace")[-2000:]
            return dict.fromkeys(functions, f"{runtime} did not end within {TIMEOUT_S} s; it printed:\n{so_far}")
    results: dict[str, str] = {}
    name = None
    for line in done.stdout.splitlines():
        word, _, rest = line.partition(" ")
        if word in ("pass", "fail") and (rest in functions or rest == "import"):
            name = rest
            results[name] = "" if word == "pass" else line + "\n"
        elif name is not None and results[name]:
            results[name] += line + "\n"
    for function in functions:
        if function not in results and "import" not in results:
            results[function] = (
                f"{runtime} ended with code {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
            )
    return results


def start(
    runtime: str, program: Path, *args: str, folder: str, timeout_s: int = TIMEOUT_S, heap: str = runtimes.SMALL_HEAP
) -> subprocess.CompletedProcess[str]:
    """Runs a program on one runtime in an empty folder."""
    if runtime == "mp32":
        os.symlink(deployed(), Path(folder, SHORT))
    return subprocess.run(
        [*runtimes.command(runtime, heap), str(program), *args],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout_s,
        cwd=folder,
        env={**os.environ, "MICROPYPATH": micropython_path(runtime, SHORT)},
    )


def run_program(
    runtime: str, name: str, *args: str, timeout_s: int = TIMEOUT_S, heap: str = runtimes.SMALL_HEAP
) -> str:
    """What a program of tests/portable/programs prints on one runtime."""
    with tempfile.TemporaryDirectory() as folder:
        done = start(runtime, PROGRAMS / f"{name}.py", *args, folder=folder, timeout_s=timeout_s, heap=heap)
    if done.returncode:
        raise RuntimeError(f"{name} on {runtime}:\n{done.stdout}{done.stderr}")
    return done.stdout


def run_everywhere(name: str) -> dict[str, str]:
    """Runtime -> what that program prints on it."""
    done = subprocess.run(
        [sys.executable, PROGRAMS / f"{name}.py"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(HELPERS)},
    )
    return {"cpython": done.stdout} | {runtime: run_program(runtime, name) for runtime in runtimes.RUNTIMES}


@functools.cache
def deployed() -> Path:
    """Where the compiled application is."""
    return bundle.build("twin").folder


def micropython_path(runtime: str, name: str = "") -> str:
    """The small heap is too small to compile everything in: there, as on a chip, compiled files run.

    `name`: of the link to them in the folder of the run.
    """
    root = runtimes.ROOT
    application: list = [root / "shared", root / "firmware", LIBRARIES]
    if runtime == "mp32":
        application = [name or deployed()]
    tests = [COMPILED] if runtime == "mp32" else []
    return ":".join(str(path) for path in (".frozen", *application, *tests, root, HELPERS))


@pytest.fixture(autouse=True)
def _portable_folder(request, tmp_path, monkeypatch):
    """On CPython too, a portable test has an empty folder of its own."""
    if PORTABLE in request.path.parents:
        monkeypatch.chdir(tmp_path)
