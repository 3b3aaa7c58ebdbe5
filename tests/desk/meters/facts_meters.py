"""Simulated meters built from the facts, not from the product's own table: what they tell is an independent word."""

import json
import struct
from dataclasses import dataclass, field
from pathlib import Path

FACTS = Path(__file__).resolve().parents[2] / "facts" / "meters.json"
METERS = {meter["id"]: meter for meter in json.loads(FACTS.read_text())}
MODBUS = [id for id, meter in METERS.items() if meter["regs"]]
FORMS = {
    "int16": ">h",
    "uint16": ">H",
    "int32": ">i",
    "uint32": ">I",
    "int64": ">q",
    "uint64": ">Q",
    "float32": ">f",
    "float64": ">d",
}


@dataclass
class House:
    """What the meter is to measure; amperes are signed, + = import."""

    amps: list[float] = field(default_factory=lambda: [7.25, -3.5, 0.75])
    volts: list[float] = field(default_factory=lambda: [231.5, 229.0, 230.0])
    kwh: float = 1234.5
    kwh_out: float = 56.5
    hertz: float = 50.0
    seconds: int = 1000

    def watts(self, phase: int) -> float:
        return self.amps[phase] * self.volts[phase]


def quantity(name: str, house: House, phases: int) -> float:
    """The value, in the units of the facts, of a register that goes by this name there."""
    total = sum(house.watts(phase) for phase in range(phases))
    for phase in range(3):
        suffix = f"_l{phase + 1}"
        if name.endswith(suffix):
            watts = house.watts(phase)
            return {
                "voltage": house.volts[phase],
                "current": abs(house.amps[phase]),
                "power": watts,
                "power_import": max(0.0, watts),
                "power_export": max(0.0, -watts),
                "energy_import": house.kwh / phases,
                "energy_export": house.kwh_out / phases,
            }[name[: -len(suffix)]]
    return {
        "power_total": total,
        "power_import_total": max(0.0, total),
        "power_export_total": max(0.0, -total),
        "current_total": sum(abs(amps) for amps in house.amps[:phases]),
        "frequency": house.hertz,
        "energy_import": house.kwh,
        "energy_export": house.kwh_out,
        "energy_total": house.kwh + house.kwh_out,
        "timestamp": house.seconds,
    }[name]


def text_words(text: str) -> list[int]:
    """Two characters in each word."""
    data = text.encode() + b"\0" * (len(text) % 2)
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


def number_words(form: str, value: float) -> list[int]:
    data = struct.pack(form, value)
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


def identity(facts: dict, unit: int) -> dict[int, int]:
    """What the meter says of itself: (register, word)."""
    ident = facts.get("ident") or {}
    if "addr" not in ident:
        return {}
    first = next(iter(ident.get("values", {})), None)
    words: list[int] = []
    if "range" in ident:
        words = [ident["range"][0]]
    elif ident["type"] == "words":
        words = [*map(ord, "SOCO"), 100]
    elif ident["type"] == "block":
        words = [0x1234, 0x5678, 0, unit, 0, *number_words(">f", 1.5), *number_words(">f", 2.5), 0, 0, 0, 0]
    elif ident["type"] == "I&M0 block":
        words = [42, *text_words(f"{first}-0BA00-3AA0".ljust(20)), *[0] * 16]
    elif ident["type"] == "ascii":
        words = text_words((first or "SPEM-003CEBEU").ljust(2 * ident["words"]))
    elif "word 0 = firmware revision" in ident.get("match", ""):
        words = [204, 701]
    elif first is not None:
        words = number_words(FORMS[ident["type"]], int(first))
    found = {ident["addr"] + at: word for at, word in enumerate(words)}
    if "0x0014 equals the polled unit" in ident.get("fallback", ""):
        for register, value in ((0x14, unit), (0x1C, 2)):
            found.update({register + at: word for at, word in enumerate(number_words(">f", value))})
    return found


class FactsMeter:
    """The registers of one meter as words; `exceptions` = a read that touches what is not there is refused."""

    def __init__(self, id: str, house: House | None = None, exceptions: bool = False, unit: int | None = None):
        self.facts = METERS[id]
        ways = [self.facts.get("serial") or {}, self.facts.get("tcp") or {}]
        self.unit = unit or next((way["unit"] for way in ways if "unit" in way), 1)
        self.house = house or House()
        self.exceptions = exceptions
        self.requests: list[tuple[int, int, int]] = []  # function, address, count
        # Transformer ratios as raw numbers; the values then stand for what is behind the transformers.
        self.ct = self.facts.get("coils", 1)
        self.extra: dict[int, int] = {}  # further words

    def words(self) -> dict[int, int]:
        """All registers now."""
        found: dict[int, int] = {}
        for name, register in self.facts["regs"].items():
            value = quantity(name, self.house, self.facts["phases"]) / register["scale"]
            if name.startswith(("current", "power", "energy")):
                value /= self.ct
            form = FORMS[register["type"]]
            pieces = number_words(form, value if form[1] in "fd" else round(value))
            if self.facts["word_order"] == "lsw_first":
                pieces.reverse()
            found.update({register["addr"] + at: piece for at, piece in enumerate(pieces)})
        for name, ratio in self.facts.get("ratio", {}).items():
            found[ratio["addr"]] = round((self.ct if name == "ct" else 1) / ratio.get("scale", 1))
        for setup in self.facts.get("setup_regs", {}).values():
            found[setup["addr"]] = setup["want"]
        found.update(self.extra)
        return found

    def reply(self, pdu: bytes) -> bytes:
        """The answer to one request."""
        function, address, count = struct.unpack(">BHH", pdu[:5])
        self.requests.append((function, address, count))
        assert function in (3, 4), f"function {function}: a meter must never be written to"
        values = {self.facts["fc"], *([3] if "setup_regs" in self.facts else [])}
        ident = (self.facts.get("ident") or {}).get("fc", self.facts["fc"])
        if function not in values | {ident}:
            return bytes([function | 0x80, 1])
        words = {
            **(self.words() if function in values else {}),
            **(identity(self.facts, self.unit) if function == ident else {}),
            **self.extra,
        }
        span = range(address, address + count)
        missing = [at for at in span if at not in words]
        if count > self.facts["max_words"] or len(missing) == count or (self.exceptions and missing):
            return bytes([function | 0x80, 2])
        data = b"".join(words.get(at, 0).to_bytes(2, "big") for at in span)
        return bytes([function, len(data)]) + data
