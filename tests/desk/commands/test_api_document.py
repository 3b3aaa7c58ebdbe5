"""docs/api.md tells every field that a box serves, and none that it does not."""

import re

from fairamp import session_list
from fairamp.charging.record import pack
from fairamp.charging.session import Session
from fairamp.meters import json_meters
from fairamp.status import status
from fairamp_desk import docs
from fairamp_desk.commands import sessions
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep

PAGE = (docs.FOLDER / "api.md").read_text()
METERS = ("grid", "charger.draw")


def fields(part: str) -> set[str]:
    """In the first column of the tables between this text and the next heading or table of another kind."""
    return set(re.findall(r"(?m)^\| `([\w.\[\]]+)` \|", part))


def of(value: object, name: str = "") -> set[str]:
    """The names of all values in there."""
    if name in METERS:
        return {name}
    if isinstance(value, dict):
        return {found for key, inner in value.items() for found in of(inner, f"{name}.{key}".lstrip("."))}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return {name} | of(value[0], name + "[]")
    return {name}


def test_every_field_of_the_live_values_is_told() -> None:
    shown = status(Lockstep(check_site({}, "test")).box)
    told = PAGE.split("## GET /api/status")[1].split("## GET /api/sessions")[0]
    of_box, of_meter = told.split("The fields of a meter")
    assert fields(of_box) == of(shown)
    assert fields(of_meter) == set(shown["grid"]) == set(shown["charger"]["draw"])


def test_every_field_of_a_session_is_told() -> None:
    told = PAGE.split("## GET /api/sessions")[1].split("## GET /api/log")[0]
    first = re.findall(r"(?m)^\| (`[^|]+) \|", told)
    assert {name for cell in first for name in re.findall(r"`(\w+)`", cell)} == set(sessions.COLUMNS)
    session = session_list.told(pack(Session(), 0, False, 1))
    assert tuple(session) == sessions.COLUMNS


def test_every_field_that_may_be_sent_is_told() -> None:
    assert fields(PAGE.split("## POST /api/meter")[1]) == set(json_meters._PUSHED)
