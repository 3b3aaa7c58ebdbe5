"""`fairamp boards`: the list, and the table of one board."""

import pytest

from fairamp_desk.commands import boards
from fairamp_desk.errors import UsageError
from tests.desk.command_line import fairamp


def test_the_list_and_every_table(capsys):
    assert fairamp(boards, "boards") == 0
    lines = capsys.readouterr().out.splitlines()
    count = len(boards.BOARDS)
    assert [line.split()[0] for line in lines[1 : count + 1]] == list(boards.BOARDS)
    assert [line.split()[0] for line in lines[count + 3 : 2 * count + 3]] == list(boards.BOARDS)
    table = {line.split()[0]: line.split()[-3:] for line in lines[1 : count + 1]}
    assert table["pico"] == ["2", "yes", "no"]
    assert table["pico_w"] == ["2", "yes", "yes"]
    assert table["rp2040_zero"] == ["3", "yes", "no"]
    assert table["esp32_devkitc"] == table["esp32s3_devkitc"] == ["3", "yes", "yes"]
    assert sum(line.startswith("ROLE ") for line in lines) == len(boards.BOARDS)
    assert max(map(len, lines)) <= boards.WIDTH


def test_one_board(capsys):
    assert fairamp(boards, "boards", "pico_w") == 0
    text = " ".join(capsys.readouterr().out.split())
    board = boards.load("pico_w")
    for role, gpio, wiring in board.PINS:
        assert f" {role} {gpio} {wiring} " in text
    assert board.NOTE in text
    assert "rp2040_zero" not in text


def test_columns_are_aligned_and_wrapped_below_themselves():
    lines = boards.columns([("A", "B"), ("long name", "word " * 40)])
    assert lines[0] == "A          B"
    assert all(line.startswith(" " * 11 + "word") for line in lines[2:]) and len(lines) > 2


def test_where_the_image_of_a_board_is():
    assert boards.image_page(boards.load("pico")) == "https://micropython.org/download/RPI_PICO"
    page = "https://micropython.org/download/ESP32_GENERIC_S3 (variant SPIRAM_OCT)"
    assert boards.image_page(boards.load("esp32s3_devkitc")) == page
    assert page in "\n".join(boards.describe("esp32s3_devkitc", boards.load("esp32s3_devkitc")))


def test_unknown_board():
    with pytest.raises(UsageError, match="boards: unknown board 'uno'; known: esp32_devkitc, esp32_wrover"):
        fairamp(boards, "boards", "uno")


def test_the_twin_is_no_board_to_flash():
    with pytest.raises(UsageError):
        boards.load("twin")
