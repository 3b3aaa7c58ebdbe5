"""The settings file of a box, checked on the desk with the box's own rules before it is copied."""

import codecs
import contextlib
import json
import re
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fairamp.settings import Settings
from fairamp.settings.wiring import LEAKAGE_WORDS
from fairamp_box.io.store import MOST_BYTES, PRESET_FILE, SETTINGS_FILE, fits, load_settings
from fairamp_desk.commands.boards import TRANSFORMERS
from fairamp_desk.errors import UsageError
from fairamp_desk.hints import with_hint

EXAMPLE: dict[str, dict[str, Any]] = {
    "site": {"fuse": [25, 25, 25]},
    "meter": {"model": "eastron_sdm630", "unit": 1, "charger_model": "eastron_sdm630", "charger_unit": 2},
    "charger": {"max": 16},
}
LEAKAGE = {"leakage": "contact"}
WIDTH = 118
# As the drivers in boards/chips have it, which only a chip can load.
CONVERTERS = {"rp2": (3300, (0, 4095)), "esp32": (4096, (150, 2450))}
WIFI = {"wifi": {"name": "the name of your network", "password": "its password"}}
EXPLAINED = (
    "fuse: A per phase of the house connection; max: A that wiring, contactor and cable of the charger bear;\n"
    "meter: the two meters on the meter line, that of the house and the charger's own. `fairamp meter list` shows the\n"
    "others, docs/settings.md lists all settings."
)
# The check sum of the box, however an editor has arranged it.
SUM = re.compile(rb',?\s*"sum"\s*:\s*"[0-9a-f]{8}"\s*}\s*$')
LEAKAGE_EXPLAINED = f"leakage: {LEAKAGE_WORDS}."


@dataclass
class Checked:
    """Settings that hold: their values, and the files that they stand in, by name on the chip."""

    settings: Settings
    files: dict[str, bytes]


def read(path: Path, board: Any) -> Checked:
    """Reads and checks a file; UsageError lists all that is wrong with it."""
    text = _text(path)
    if SUM.search(text) and not fits(text.rstrip()):
        print(f"settings: {path} was changed since a box wrote it, and counts as made by hand")
        text = SUM.sub(b"}", text)
    # A preset lies beside the settings that name it, here as on the chip.
    preset = path.with_name(PRESET_FILE)
    there = {PRESET_FILE: preset.read_bytes()} if preset.is_file() else {}
    settings = check({**there, path.name: text}, path.name, board)
    inline = "custom" in json.loads(text).get("meter", {})
    files = there if settings["meter.custom"] and not inline else {}
    return Checked(settings, {SETTINGS_FILE: text, **files})


def _text(path: Path) -> bytes:
    """What is in a file that people write; UsageError when it is no JSON."""
    try:
        text = path.read_bytes()
        if len(text) > MOST_BYTES:
            raise UsageError(f"{path}: {len(text)} bytes are no settings file; it has at most {MOST_BYTES}")
        if not isinstance(json.loads(text.decode(), object_pairs_hook=once_each), dict):
            raise ValueError("must hold sections such as site and meter")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not a text file in UTF-8") from None
    except json.JSONDecodeError as error:
        if text.startswith(codecs.BOM_UTF8):
            raise UsageError(f"{path}: begins with a byte order mark; save it as UTF-8 without one") from None
        raise UsageError(f"{path}, line {error.lineno}, column {error.colno}: not valid JSON: {error.msg}") from None
    except RecursionError:
        raise UsageError(f"{path}: nested too deep; there are sections, and keys in them") from None
    except ValueError as error:
        why = "a number of thousands of digits" if "digits" in str(error) else str(error)
        raise UsageError(f"{path}: {why}") from None
    return text


def check(files: dict[str, bytes], name: str, board: Any) -> Settings:
    """The settings that a board reads from files that lie beside each other; UsageError lists all that is wrong."""
    settings = Settings()
    settings.load(board.DEFAULTS, board.NAME)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for file, text in files.items():
            Path(file).write_bytes(text)
        sees = has_leakage(board), clamps(board), converter(board)
        errors = load_settings(settings, name, board.WIFI, *sees, tell=lambda what: print("settings:", what))
    if errors:
        raise UsageError("\n".join(with_hint(error) for error in errors))
    return settings


def check_on_chip(files: dict[str, bytes], board: Any) -> Settings:
    """The same for files that are on a chip already."""
    try:
        return check(files, SETTINGS_FILE, board)
    except UsageError as error:
        advice = (
            "on the board; it would not start. --settings FILE replaces its settings, --reset-settings removes them"
        )
        raise UsageError(f"{error}\n{advice}") from None


def example(board: Any) -> str:
    """A settings file to begin with."""
    sections = {**EXAMPLE, **(WIFI if board.WIFI else {})}
    if has_leakage(board):
        sections["charger"] = {**sections["charger"], **LEAKAGE}
    lines = [f'  "{name}": {json.dumps(section)}' for name, section in sections.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def explained(board: Any) -> str:
    """What the words of that file mean."""
    return "\n".join([EXPLAINED, *(textwrap.wrap(LEAKAGE_EXPLAINED, WIDTH) if has_leakage(board) else ())])


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """What stands twice counts once, and who reads the file cannot tell which."""
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)}: stands there twice; keep one")
    return dict(pairs)


def clamps(board: Any) -> int:
    """For how many clamps the board has inputs."""
    return len({role for role, _, _ in board.PINS}.intersection(TRANSFORMERS))


def converter(board: Any) -> tuple[int, tuple[int, int]] | None:
    """What its converter sees of a clamp: millivolts of 4096 codes, and the lowest and highest code."""
    return next((sees for chip, sees in CONVERTERS.items() if board.CHIP.startswith(chip)), None)


def has_leakage(board: Any) -> bool:
    """Whether the board has an input for a leakage sensor."""
    return any(role == "leakage" for role, _, _ in board.PINS)
