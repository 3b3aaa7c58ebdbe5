"""All meters in one table, for the command and for the documents: what they are called and how they are reached."""

from dataclasses import dataclass

from fairamp import meters
from fairamp.meters.json_models import MODELS as JSON_MODELS
from fairamp.meters.search import place

# id, name, phases, how it is reached
OTHERS = {
    meters.P1: ("DSMR 2.2 to 5, eMUCS (P1 port)", "1, 3", "telegrams"),
    meters.TIC: ("Linky and older meters (TIC)", "1, 3", "telegrams"),
    meters.CT: ("current transformers at the box", "1-3", "the box itself"),
    meters.PUSH: ("values that somebody sends to the box", "1, 3", "HTTP, sent to the box"),
    meters.CUSTOM: ("any meter, described by a preset", "1, 3", "Modbus RTU, TCP"),
    "entes_es": ("Entes ES (as a custom meter)", "3", "Modbus RTU"),
}
TELEGRAMS = {meters.P1: "115200 or 9600 baud", meters.TIC: "9600 or 1200 baud"}


@dataclass(frozen=True)
class Entry:
    """`factory`: address and line settings as it is sold."""

    id: str
    name: str
    phases: str
    reached: str
    factory: str


def entries() -> list[Entry]:
    """All that meter.model may be, in the order of the settings."""
    return [_entry(id) for id in meters.IDS]


def _entry(id):
    model = meters.find(id)
    if model is not None:
        transports = [name for name, settings in (("Modbus RTU", model.serial), ("Modbus TCP", model.tcp)) if settings]
        return Entry(id, model.name, str(model.phases), ", ".join(transports), _factory(model))
    if id in meters.HTTP:
        name = next(row.name for row in JSON_MODELS if row.id == id)
        return Entry(id, name, "3", "HTTP", "port 80")
    name, phases, reached = OTHERS[id]
    return Entry(id, name, phases, reached, TELEGRAMS.get(id, ""))


def _factory(model):
    found = []
    if model.serial:
        found.append(place(model.serial[0], model.serial[1:]))
    if model.tcp:
        port, unit = model.tcp
        found.append(f"{place(unit, None)}, port {port}")
    return "; ".join(found)
