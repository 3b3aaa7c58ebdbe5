"""The settings of a box on their way from a file to the chip."""

import builtins
import sys
from pathlib import Path

import pytest

from fairamp.settings.wiring import LEAKAGE_WORDS
from fairamp_box.io import store
from fairamp_box.safe_mode import NOT_STARTED, example
from fairamp_desk import settings_file
from fairamp_desk.chips import bundle, memory
from fairamp_desk.commands import boards, deploy
from fairamp_desk.errors import Failure, UsageError
from tests.desk.chips.chip import StandIn
from tests.desk.chips.small_application import FILES, change, files_on, on_chip, to_pico
from tests.desk.command_line import fairamp

GOOD = '{"site": {"fuse": [20, 20, 20]}, "charger": {"leakage": "contact"}}'
NO_SENSOR = '"charger": {"leakage": "none"}'


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    file = tmp_path / "mine.json"
    file.write_text(GOOD)
    return file


def content(chip: StandIn) -> str:
    return on_chip(chip, "print(open('settings.json').read())").strip()


def mistakes(file: Path, text: str, board: str = "pico") -> list[str]:
    file.write_text(text)
    with pytest.raises(UsageError) as found:
        settings_file.read(file, boards.load(board))
    return str(found.value).splitlines()


def test_all_mistakes_are_told_before_the_chip_is_touched(mine: Path) -> None:
    mine.write_text('{"site": {"fuse": 25, "voltage": 9}, "toast": {"a": 1}, "charger": {"leakage": 1}}')
    with pytest.raises(UsageError) as found:
        fairamp(deploy, "deploy", "--board", "pico", "--port", "/dev/none", "--settings", mine)
    lines = str(found.value).splitlines()
    assert [line.partition(": ")[2].partition(" ")[0] for line in lines] == [
        *("[site]", "[site]", "[toast]:"),
        *("[charger]", "[charger]"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"site": {"fuse": [1, 2, 3]},\n}', "mine.json, line 2, column 1: not valid JSON: Expecting property name"),
        ("[]", "mine.json: must hold sections such as site and meter"),
        ("{}", "mine.json: [site] fuse is missing"),
        ('{"site": 5}', "mine.json: site must be a section of keys"),
        ('{"charger": []}', "mine.json: charger must be a section of keys"),
        ("\x00", "not valid JSON"),
        ("\ufeff" + GOOD, "begins with a byte order mark; save it as UTF-8 without one"),
        ('{"site": {"fuse": [16, 16, 16]}, "site": {"fuse": [63, 63, 63]}}', "site: stands there twice; keep one"),
        ('{"site": {"fuse": [16, 16, 16], "fuse": [63, 63, 63]}}', "fuse: stands there twice; keep one"),
        ("[" * 5000, "nested too deep"),
        ('{"site": {"voltage": ' + "9" * 5000 + "}}", "mine.json: a number of thousands"),
        (GOOD + " " * 10000, "10067 bytes are no settings file; it has at most 8192"),
    ],
)
def test_files_that_are_no_settings(mine: Path, text: str, words: str) -> None:
    assert words in "\n".join(mistakes(mine, text))


def test_more_clamps_than_the_board_has_inputs(mine: Path) -> None:
    text = '{"site": {"fuse": [20, 20, 20]}, "meter": {"model": "ct"}, "charger": {"leakage": "none"}}'
    (line,) = mistakes(mine, text)
    assert "[ct] clamps: 3 are set, and this board has inputs for 2: set what is wired" in line
    mine.write_text(text)
    settings_file.read(mine, boards.load("rp2040_zero"))


def test_files_that_cannot_be_read(mine: Path) -> None:
    mine.write_bytes(b"\xff\xfe{")
    with pytest.raises(UsageError, match=r"mine\.json: not a text file in UTF-8"):
        settings_file.read(mine, boards.load("pico"))
    with pytest.raises(UsageError, match="none: cannot be read: No such file"):
        settings_file.read(mine.with_name("none"), boards.load("pico"))


def test_what_a_board_without_radio_cannot_do(mine: Path) -> None:
    meter = '"meter": {"model": "homewizard_p1", "host": "10.0.0.9"}'
    text = f'{{"site": {{"fuse": [9, 9, 9]}}, {NO_SENSOR}, "wifi": {{"name": "home"}}, {meter}}}'
    assert [line.partition(": ")[2] for line in mistakes(mine, text)] == [
        "[wifi] name: this board has no radio; leave it out",
        "[meter] model: homewizard_p1 is read over the network, and this board has no radio",
    ]
    assert settings_file.read(mine, boards.load("pico_w")).settings["wifi.name"] == "home"
    pushed = f'{{"site": {{"fuse": [9, 9, 9]}}, {NO_SENSOR}, "meter": {{"model": "push"}}}}'
    assert "this board has no radio" in mistakes(mine, pushed)[0]
    assert mistakes(mine, pushed, "pico_w") == [
        "mine.json: [meter] model: push takes values over the network; set [web] port"
    ]


def test_the_defaults_of_a_board(mine: Path) -> None:
    assert settings_file.read(mine, boards.load("pico_w")).settings["web.port"] == 0
    assert settings_file.read(mine, boards.load("esp32s3_devkitc")).settings["web.port"] == 80


@pytest.mark.parametrize("board", boards.BOARDS)
def test_who_has_the_input_of_a_leakage_sensor_says_what_is_there(mine: Path, board: str) -> None:
    module = boards.load(board)
    fuse = '"site": {"fuse": [20, 20, 20]}'
    if not settings_file.has_leakage(module):
        mine.write_text(f"{{{fuse}}}")
        assert settings_file.read(mine, module).settings["charger.leakage"] == "none"
        (error,) = mistakes(mine, GOOD, board)
        assert "[charger] leakage: this board has no input for a sensor: leave it out" in error
        return
    assert settings_file.read(mine, module).settings["charger.leakage"] == "contact"
    mine.write_text(f"{{{fuse}, {NO_SENSOR}}}")
    assert settings_file.read(mine, module).settings["charger.leakage"] == "none"
    (error,) = mistakes(mine, f"{{{fuse}}}", board)
    assert error == f"mine.json: [charger] leakage must be named: {LEAKAGE_WORDS}"
    refused, error = mistakes(mine, f'{{{fuse}, "charger": {{"leakage": "no"}}}}', board)
    assert refused == "mine.json: [charger] leakage: 'no' is not possible; allowed: one of contact, none"
    assert "must be named" in error


def test_a_preset_beside_the_settings_goes_along(mine: Path) -> None:
    mine.write_text(f'{{"site": {{"fuse": [9, 9, 9]}}, {NO_SENSOR}, "meter": {{"model": "custom"}}}}')
    assert "custom needs a table" in mistakes(mine, mine.read_text())[0]
    preset = mine.with_name("meter.json")
    preset.write_text("{")
    assert mistakes(mine, mine.read_text()) == ["meter.json: not a JSON object"]
    preset.write_text('{"registers": {"current": {"address": 12, "step": 2, "type": "int32"}}}')
    checked = settings_file.read(mine, boards.load("pico"))
    assert checked.files == {"settings.json": mine.read_bytes(), "meter.json": preset.read_bytes()}


@pytest.mark.parametrize("board", boards.BOARDS)
def test_the_example_for_a_new_board_can_be_used(mine: Path, board: str) -> None:
    mine.write_text(settings_file.example(boards.load(board)))
    settings = settings_file.read(mine, boards.load(board)).settings
    assert bool(settings["wifi.name"]) == boards.load(board).WIFI
    assert ("leakage" in settings_file.explained(boards.load(board))) == ("leakage" in mine.read_text())
    mine.write_text("{" + example(settings_file.has_leakage(boards.load(board))).partition("{")[2])
    assert settings_file.read(mine, boards.load(board))


def test_settings_onto_a_running_box(box: StandIn, mine: Path, capsys: pytest.CaptureFixture) -> None:
    assert to_pico(box.tty, "--settings", mine) == 0
    shown = capsys.readouterr().out
    assert "fairamp.pack is up to date" in shown and "copy: settings.json" in shown
    assert "box: 16 A on a Pico" in shown and "is missing on the board" not in shown
    assert content(box) == GOOD
    assert to_pico(box.tty, "--settings", mine) == 0
    assert "copy: settings.json" not in capsys.readouterr().out


def test_settings_on_the_board_that_no_longer_hold(box: StandIn, mine: Path, capsys: pytest.CaptureFixture) -> None:
    text = f'{{"site": {{"fuse": [20, 20, 20], "colour": 1}}, {NO_SENSOR}}}'
    on_chip(box, f"with open('settings.json', 'w') as file:\n    file.write({text!r})")
    before = box.resets
    with pytest.raises(UsageError) as found:
        to_pico(box.tty)
    first, last = str(found.value).splitlines()
    assert first.startswith("settings.json: [site] colour: unknown key")
    assert "--settings FILE replaces its settings" in last
    # It was interrupted, and goes on.
    assert box.resets > before
    assert "hold" not in on_chip(box, "import os; print(os.listdir())")
    assert to_pico(box.tty, "--settings", mine) == 0
    assert content(box) == GOOD


def test_settings_that_do_not_fit_into_the_memory(
    tree: Path, box: StandIn, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(memory.ROWS, "application", (10**6, 10**6))
    change(tree)
    before = box.resets
    with pytest.raises(UsageError, match="these settings ask for more memory than this Raspberry Pi Pico has"):
        to_pico(box.tty, "--settings", mine)
    assert box.resets > before
    assert "settings.json" not in files_on(box)
    assert on_chip(box, "import fairamp_pack; fairamp_pack.mount(); import fairamp.units as u; print(u.AMPS)") == "16\n"


def test_the_memory_is_that_of_the_chip_unless_wifi_takes_some(
    box: StandIn, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(memory.FREE, "pico", (1, "measured"))
    assert to_pico(box.tty, "--settings", mine) == 0
    monkeypatch.setattr(deploy, "FREE", "print(1)")
    with pytest.raises(UsageError, match="together, of 0 KiB"):
        to_pico(box.tty)


def test_a_board_without_settings_is_told_what_to_write(box: StandIn, capsys: pytest.CaptureFixture) -> None:
    to_pico(box.tty)
    shown = capsys.readouterr().out
    assert "settings.json is missing on the board" in shown
    assert settings_file.example(boards.load("pico")) in shown
    assert settings_file.explained(boards.load("pico")) in shown
    assert f'make deploy ARGS="--board pico --port {box.tty} --settings settings.json"' in shown


def test_a_box_that_waits_for_settings_does_not_run(tree: Path, box: StandIn, capsys: pytest.CaptureFixture) -> None:
    (tree / "firmware/fairamp_box/start.py").write_text(f"def main(board, defaults):\n    print({NOT_STARTED!r})\n")
    with pytest.raises(Failure, match="the box waits for its settings"):
        to_pico(box.tty)
    assert NOT_STARTED in capsys.readouterr().out


def test_settings_are_removed_when_somebody_means_it(
    box: StandIn, mine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    to_pico(box.tty, "--settings", mine)
    with pytest.raises(UsageError, match="add --yes"):
        to_pico(box.tty, "--reset-settings")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(builtins, "input", lambda _: "n")
    with pytest.raises(Failure, match="nothing was changed"):
        to_pico(box.tty, "--reset-settings")
    assert "settings.json" in files_on(box)
    monkeypatch.setattr(builtins, "input", lambda _: "y")
    to_pico(box.tty, "--reset-settings")
    assert "settings.json is missing on the board" in capsys.readouterr().out
    assert "settings.json" not in files_on(box)
    to_pico(box.tty, "--settings", mine)
    assert to_pico(box.tty, "--reset-settings", "--yes") == 0
    assert "settings.json" not in files_on(box)


def test_one_file_or_none() -> None:
    with pytest.raises(SystemExit):
        fairamp(deploy, "deploy", "--board", "pico", "--settings", "a.json", "--reset-settings")


def test_the_real_application_without_its_settings(
    blank: StandIn, mine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    assert Path(__file__).resolve().parents[3] == bundle.ROOT and FILES
    with pytest.raises(Failure, match="the box waits for its settings"):
        to_pico(blank.tty)
    shown = capsys.readouterr().out
    for line in ("settings.json: missing", "[site] fuse is missing", "[charger] leakage must be named"):
        assert line in shown
    assert example(leakage=True) in shown and NOT_STARTED in shown
    assert to_pico(blank.tty, "--settings", mine, "--log", 0.2) == 0
    assert "Fairamp" in capsys.readouterr().out


def sealed(**changes: object) -> bytes:
    return store.sealed({"site": {"fuse": [20, 20, 20]}, "charger": {"leakage": "contact", **changes}})


def test_a_file_that_a_box_wrote_is_taken_as_it_is(mine: Path, capsys: pytest.CaptureFixture) -> None:
    mine.write_bytes(sealed(max=16, colour="red"))
    checked = settings_file.read(mine, boards.load("pico"))
    assert checked.settings["charger.max"] == 16000 and checked.files["settings.json"] == mine.read_bytes()
    assert "only a newer version knows it: [charger] colour" in capsys.readouterr().out


@pytest.mark.parametrize("layout", [b", ", b",\n  "])
def test_a_file_of_a_box_that_was_edited_counts_as_made_by_hand(
    mine: Path, layout: bytes, capsys: pytest.CaptureFixture
) -> None:
    mine.write_bytes(sealed(max=16).replace(b"16", b"13").replace(b", ", layout))
    checked = settings_file.read(mine, boards.load("pico"))
    assert checked.settings["charger.max"] == 13000
    assert b"sum" not in checked.files["settings.json"] and b"13" in checked.files["settings.json"]
    assert "was changed since a box wrote it" in capsys.readouterr().out
    mine.write_bytes(sealed(colour="red").replace(b"red", b"tan"))
    with pytest.raises(UsageError, match="colour: unknown key"):
        settings_file.read(mine, boards.load("pico"))


def test_new_settings_leave_no_copy_of_the_old_ones(box: StandIn, mine: Path) -> None:
    for name in ("settings.json", "settings.bak"):
        on_chip(box, f"with open({name!r}, 'wb') as file:\n    file.write({sealed(max=32)!r})")
    assert to_pico(box.tty) == 0
    assert "settings.bak" in files_on(box)
    assert to_pico(box.tty, "--settings", mine) == 0
    assert content(box) == GOOD and "settings.bak" not in files_on(box)


def test_a_damaged_file_on_the_board_is_no_obstacle_while_its_copy_is_whole(box: StandIn, mine: Path) -> None:
    whole = sealed(max=16)
    for name, text in (("settings.json", whole.replace(b"{", b"x")), ("settings.bak", whole)):
        on_chip(box, f"with open({name!r}, 'wb') as file:\n    file.write({text!r})")
    assert to_pico(box.tty) == 0
