"""Settings as people type and read them."""

import json
from difflib import get_close_matches
from typing import Any

from fairamp.settings.kinds import CHOICE, SECRET, TEXT, Setting
from fairamp.settings.table import every
from fairamp_desk import passwords
from fairamp_desk.errors import UsageError

PASSWORDS = ("web.password", "web.installer_password")


def rows() -> dict[str, Setting]:
    return {row.name: row for row in every()}


def typed(name: str, text: str) -> Any:
    """The value that somebody has typed, as a file has it. A password becomes its check value."""
    row = rows().get(name)
    if name in PASSWORDS and text:
        problem = passwords.problem(text)
        if problem:
            raise UsageError(f"{name}: {problem}")
        return passwords.check_value(text)
    if row and row.kind in (TEXT, CHOICE, SECRET):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def pairs(words: list[str]) -> dict[str, dict[str, Any]]:
    """Sections of NAME VALUE NAME VALUE ..."""
    if not words or len(words) % 2:
        raise UsageError("set: NAME VALUE, or several of them; for example: set charger.limit 13")
    sections: dict[str, dict[str, Any]] = {}
    for name, text in zip(words[::2], words[1::2], strict=True):
        section, dot, key = name.partition(".")
        if not dot or not section or not key:
            raise UsageError(f"set {name}: a setting is SECTION.KEY, for example charger.limit")
        if key in sections.setdefault(section, {}):
            raise UsageError(f"set {name}: stands there twice; keep one")
        sections[section][key] = typed(name, text)
    return sections


def lines(found: dict[str, dict[str, Any]], name: str | None) -> list[str]:
    """All settings, or that one, with units."""
    known = {f"{section}.{key}": value for section, keys in found.items() for key, value in keys.items()}
    if name is None:
        return [f"{each} {shown(each, value)}" for each, value in known.items()]
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"; did you mean {near[0]}?" if near else "; `get` alone shows all"
        raise UsageError(f"get {name}: unknown setting{hint}")
    return [f"{name} {shown(name, known[name])}"]


def shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, dict):
        return "set" if value.get("set") else "none"
    row = rows().get(name)
    unit = str(row.span[0]) if row and row.is_number() else ""
    return f"{value if isinstance(value, str) else json.dumps(value)} {unit}".strip()


def as_file(sections: dict) -> str:
    """A backup: one line for each section."""
    return "{\n" + ",\n".join(f" {json.dumps(name)}: {json.dumps(keys)}" for name, keys in sections.items()) + "\n}\n"
