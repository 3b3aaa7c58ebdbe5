"""core.c, compiled once for this machine; it needs nothing of Python, so any C compiler will do."""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = ("core.c", "exceptions.h", "memory.h", "core.h")
FLAGS = ("-O2", "-fPIC", "-shared")
BUILD = Path("build/chip")
ADVICE = "install gcc or clang, or: .venv/bin/pip install ziglang"


class NoCompiler(Exception):
    pass


def load() -> ctypes.CDLL:
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in SOURCES)).hexdigest()[:16]
    library = BUILD / f"core-{digest}.so"
    if not library.exists():
        compile_to(library)
    return ctypes.CDLL(str(library.resolve()))


def compile_to(library: Path) -> None:
    library.parent.mkdir(parents=True, exist_ok=True)
    # A second process may be compiling, too: only whole files appear under the final name.
    part = library.with_suffix(f".{os.getpid()}")
    command = [*compiler(), *FLAGS, "-o", str(part), str(HERE / "core.c")]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise NoCompiler(f"{' '.join(command)}: {done.stderr.strip()[:1000]}")
    part.replace(library)


def compiler() -> list[str]:
    named = os.environ.get("CC")
    for name in [named] if named else ["cc", "gcc", "clang"]:
        if shutil.which(name):
            return [name]
    if importlib.util.find_spec("ziglang"):
        return [sys.executable, "-m", "ziglang", "cc"]
    raise NoCompiler(f"no C compiler here, and the emulated processor needs one once; {ADVICE}")
