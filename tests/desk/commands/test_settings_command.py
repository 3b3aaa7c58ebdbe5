"""`fairamp settings`, over the network and over the cable."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fairamp import scram
from fairamp_box.io import store
from fairamp_desk import passwords
from fairamp_desk.errors import UsageError
from fairamp_desk.settings import over_cable
from tests.desk.chips.chip import StandIn
from tests.desk.chips.small_application import files_on, on_chip
from tests.desk.twin.twin_process import TwinProcess

COMMAND = "settings"
OWNER, INSTALLER = "of the owner", "of the installer"
GOOD = '{"site": {"fuse": [20, 20, 20]}, "charger": {"leakage": "contact"}}'


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwinProcess]:
    state = str(tmp_path_factory.mktemp("state"))
    with TwinProcess("--password", OWNER, "--installer-password", INSTALLER, "--state", state) as twin:
        yield twin


@pytest.fixture
def settings(ask: Callable, running: TwinProcess, monkeypatch: pytest.MonkeyPatch) -> Callable:
    monkeypatch.setenv("FAIRAMP_PASSWORD", OWNER)
    return lambda *words: ask(running.http, *words)


def test_get_shows_values_with_units(settings: Callable) -> None:
    assert settings("get", "site.fuse") == (0, "site.fuse [25, 25, 25] A\n", "")
    code, out, _ = settings("get")
    assert code == 0 and "meter.timeout 0.5 s\n" in out and "web.password set\n" in out
    assert "wifi.password none\n" in out and "SCRAM" not in out


def test_set_changes_at_once_or_names_what_waits(settings: Callable) -> None:
    code, out, _ = settings("set", "charger.limit", "13", "charger.wake", "false", "box.name", "17")
    assert (code, out) == (
        0,
        "charger.limit 13 A\ncharger.wake false\nbox.name 17\nholds after a restart: [charger] wake\n",
    )
    assert settings("get", "charger.limit")[1] == "charger.limit 13 A\n"
    assert settings("get", "box.name")[1] == "box.name 17\n"


def test_all_that_is_wrong_is_told_with_what_was_meant(settings: Callable) -> None:
    code, out, err = settings("set", "charger.limit", "500", "charger.limmit", "5", "toast.a", "1")
    assert (code, out) == (2, "") and len(err.splitlines()) == 3
    for part in ("allowed: a number from 6 to 80 A", "did you mean limit?", "[toast]: unknown section"):
        assert part in err


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("set",), "NAME VALUE"),
        (("set", "charger.limit"), "NAME VALUE"),
        (("set", "limit", "5"), "SECTION.KEY"),
        (("set", "a.b", "1", "a.b", "2"), "stands there twice"),
        (("set", "web.password", "short"), "8 to 128 characters"),
        (("get", "charger.limmit"), "did you mean charger.limit?"),
        (("get", "a", "b"), "too many words"),
        (("backup",), "name one FILE"),
        (("restore", "/none"), "cannot be read"),
        (("reset",), "add --yes"),
        (("melt",), "invalid choice"),
    ],
)
def test_wrong_use_is_exit_2(settings: Callable, words: tuple, part: str) -> None:
    code, out, err = settings(*words)
    assert (code, out) == (2, "") and part in err


def test_what_only_the_installer_may_is_asked_for_as_the_installer(
    settings: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = settings("set", "charger.max", "16")
    assert code == 1 and "log-in of the installer: wrong password" in err
    code, _, err = settings("set", "charger.max", "16", "--user", "owner")
    assert code == 2 and "only the installer may change this" in err
    assert settings("set", "charger.max", "16", "--password", INSTALLER)[0] == 0


def test_without_a_password_and_with_a_token(
    settings: Callable, running: TwinProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FAIRAMP_PASSWORD")
    code, _, err = settings("get")
    assert code == 2 and "--password TEXT, or FAIRAMP_PASSWORD or FAIRAMP_TOKEN" in err
    monkeypatch.setenv("FAIRAMP_TOKEN", "0" * 32)
    code, _, err = settings("get")
    assert code == 1 and "wrong password, or logged in too long ago" in err


def test_backup_and_restore(settings: Callable, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    assert settings("set", "charger.limit", "14")[0] == 0
    assert settings("backup", file)[0] == 0
    assert json.loads(file.read_text())["charger"]["limit"] == 14 and "SCRAM" not in file.read_text()
    for text, part in (("{", "not valid JSON"), ("[]", "must hold sections"), ('{"site": 5}', "must hold sections")):
        (tmp_path / "wrong").write_text(text)
        code, _, err = settings("restore", tmp_path / "wrong")
        assert code == 2 and part in err
    code, _, err = settings("restore", file)
    assert code == 1 and "log-in of the installer" in err
    (tmp_path / "wrong").write_text('{"charger": {"limit": 500}}')
    code, _, err = settings("restore", tmp_path / "wrong", "--password", INSTALLER)
    assert code == 2 and "limit: 500 is not possible" in err


def test_who_is_no_box(ask: Callable) -> None:
    for url, part in (
        ("http://127.0.0.1:9", "cannot be reached"),
        ("https://box", "no HTTPS"),
        ("/dev/none", "/dev/none"),
    ):
        code, _, err = ask(url, "get", "--password", "x")
        assert code in (1, 2) and part in err


# ---- over the cable


@pytest.fixture
def pico(box: StandIn) -> StandIn:
    on_chip(box, f"with open('settings.json', 'w') as file:\n    file.write({GOOD!r})")
    return box


def content(chip: StandIn, name: str = "settings.json") -> dict:
    return json.loads(on_chip(chip, f"print(open({name!r}).read())"))


def test_over_the_cable_the_box_stops_changes_and_runs_again(ask: Callable, pico: StandIn) -> None:
    before = pico.resets
    code, out, _ = ask(pico.tty, "set", "charger.max", "16", "web.password", "a new one")
    assert code == 0 and pico.resets > before
    assert "the box stops, and charging with it" in out and "charger.max 16 A\nweb.password set\n" in out
    assert "box: 16 A on a Pico" in out and "a new one" not in out
    found = content(pico)
    assert found == content(pico, "settings.bak") and len(found.pop("sum")) == 8
    count, salt, *_ = scram.parts(found["web"].pop("password"))
    assert count == passwords.ROUNDS and salt
    assert found == {"site": {"fuse": [20, 20, 20]}, "charger": {"leakage": "contact", "max": 16}, "web": {}}
    code, out, _ = ask(pico.tty, "get", "charger.max")
    assert code == 0 and "charger.max 16 A\n" in out


def test_over_the_cable_too_nothing_is_taken_while_anything_is_wrong(ask: Callable, pico: StandIn) -> None:
    before = pico.resets
    code, _, err = ask(pico.tty, "set", "charger.max", "500", "charger.limmit", "1")
    assert code == 2 and len(err.splitlines()) == 2 and "did you mean limit?" in err
    assert pico.resets > before and content(pico) == json.loads(GOOD)
    # A file of the box may hold what is not known here; what somebody types may not.
    sealed = store.sealed({**json.loads(GOOD), "sun": {"mode": "max"}})
    on_chip(pico, f"with open('settings.json', 'wb') as file:\n    file.write({sealed!r})")
    assert ask(pico.tty, "set", "charger.max", "16")[0] == 0
    assert content(pico)["sun"] == {"mode": "max"}


def test_backup_restore_and_reset_over_the_cable(ask: Callable, pico: StandIn, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    assert ask(pico.tty, "backup", file)[0] == 0
    assert json.loads(file.read_text()) == json.loads(GOOD)
    assert ask(pico.tty, "set", "charger.max", "16", "web.password", "a new one")[0] == 0
    assert ask(pico.tty, "restore", file)[0] == 0
    found = content(pico)
    assert "max" not in found["charger"] and found["web"]["password"]
    assert ask(pico.tty, "reset", "--yes")[0] == 0
    assert not {"settings.json", "settings.bak"} & set(files_on(pico))
    code, _, err = ask(pico.tty, "get")
    assert code == 2 and "missing" in err


def test_a_board_that_does_not_say_which_it_is(tree: Path, tmp_path: Path) -> None:
    with (
        StandIn(tmp_path, machine="Generic thing with RP2040") as chip,
        pytest.raises(UsageError, match=r"which board is this \(Generic thing\)"),
        over_cable.stopped(chip.tty, None),
    ):
        pass
