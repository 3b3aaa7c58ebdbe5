"""Registers as people read and write them: units, steps and the meaning of numbers instead of raw words."""

import math
import re
from decimal import Decimal
from typing import Any

from fairamp.modbus.client import Refused
from fairamp.modbus.table import TEXTS
from fairamp_desk.errors import UsageError

FLOATS = ("f32", "f64")
# A number of several words with all bits set says that there is none.
ABSENT = {"u32": 0xFFFFFFFF, "u64": 0xFFFFFFFFFFFFFFFF}
DIGITS = {"f32": 7, "f64": 15}
LARGEST = {"f32": 3.4028234e38, "f64": 1.7976931348623157e308}
NUMBER = re.compile(r"(?P<number>0x[0-9a-f]+|[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?)\s*(?P<unit>\D*)", re.IGNORECASE)


def shown(row: Any, value: Any) -> str:
    """The value with its unit, and what it means."""
    if value is None:
        return ""
    if isinstance(value, Refused):
        return f"({str(value).removeprefix('it answers: ')})"
    if row.kind in TEXTS:
        # A strange device must not send commands to the terminal.
        return "".join(letter if letter.isprintable() else "?" for letter in value.strip())
    if value == ABSENT.get(row.kind) or (row.kind in FLOATS and math.isnan(value)):
        return "not available"
    text = with_unit(row, value)
    meaning = (row.meanings or {}).get(value)
    return f"{text} ({meaning})" if meaning else text


def with_unit(row: Any, value: Any) -> str:
    if row.kind in FLOATS:
        return f"{value * row.scale:.{DIGITS[row.kind]}g} {row.unit}".rstrip()
    return f"{value * Decimal(str(row.scale))} {row.unit}".rstrip()


def parsed(row: Any, text: str) -> Any:
    """The raw value that a person means; UsageError says what is possible."""
    if row.set is None:
        raise UsageError(f"{row.name} can only be read")
    value = _text(row, text) if row.kind in TEXTS else _number(row, text)
    if not row.permits(value) or (row.low < row.high and not row.low <= value <= row.high):
        raise _impossible(row, text)
    return value


def possible(row: Any) -> str:
    """What may be written, in words."""
    if row.kind in TEXTS:
        return f"up to {_letters(row)} characters of ASCII"
    if row.allowed is None:
        ranges = [(row.low, row.high)] if row.low < row.high else []
    else:
        ranges = [(item, item) if isinstance(item, int) else item for item in row.allowed]
    if not ranges:
        return "any number"
    if row.meanings:
        return ", ".join(f"{key} ({text})" for key, text in row.meanings.items() if row.permits(key))
    scale = Decimal(str(row.scale))
    parts = [str(low * scale) if low == high else f"{low * scale} to {high * scale}" for low, high in ranges]
    return f"{' or '.join(parts)} {row.unit}".rstrip()


def _letters(row):
    return 2 * row.words if row.kind == "ascii" else row.words


def _impossible(row, text):
    return UsageError(f"{row.name}: {text!r} is not possible; allowed: {possible(row)}")


def _text(row, text):
    if len(text) > _letters(row) or not text.isascii():
        raise _impossible(row, text)
    return text


def _number(row, text):
    meant = [key for key, meaning in (row.meanings or {}).items() if meaning.casefold() == text.strip().casefold()]
    if meant:
        return meant[0]
    found = NUMBER.fullmatch(text.strip())
    if not found or found["unit"].strip().casefold() not in ("", row.unit.casefold()):
        raise _impossible(row, text)
    digits = found["number"]
    number = Decimal(int(digits, 16)) if digits[:2].lower() == "0x" else Decimal(digits)
    raw = number / Decimal(str(row.scale))
    if row.kind in FLOATS:
        if abs(raw) > LARGEST[row.kind]:
            raise _impossible(row, text)
        return float(raw)
    if raw != raw.to_integral_value():
        raise UsageError(f"{row.name}: {text!r} is between the steps of {row.scale} {row.unit}".rstrip())
    return int(raw)
