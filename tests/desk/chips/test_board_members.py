"""Every board offers what boards/interface.py promises, also without its optional parts."""

from boards import interface
from fairamp_desk import settings_file
from fairamp_desk.commands import boards
from tests.desk.chips.board_parts import MEMBERS, PORT_MEMBERS, changed, driver


def test_every_member_is_there(wired):
    module, board, gpio = wired
    for member in MEMBERS:
        assert hasattr(board, member), member
    for port in (board.meter_port, board.ems_port):
        for member in PORT_MEMBERS:
            assert hasattr(port, member), member
    assert board.name == module.NAME
    assert board.cts == sum(role.startswith("ct_") for role in gpio)
    assert board.has_phase_relay == ("phase_relay" in gpio)
    assert (board.ct_span_mv, board.ct_ends) == settings_file.converter(module)
    assert board.has_wifi == module.WIFI
    assert board.has_leakage == settings_file.has_leakage(module) == ("leakage" in gpio)


def test_a_board_without_extras(chip):
    """All but the required roles may be missing; their methods then do nothing."""
    bare = changed("pico", dict.fromkeys(role for role, _, required in interface.ROLES if not required))
    assert {role for role, _, _ in bare.PINS} == set(boards.REQUIRED)
    assert boards.check(bare) == []
    board = driver(bare).Board("bare", bare.PINS, False)
    before = list(chip.events)
    board.set_light(1)
    board.set_phase_relay(True)
    board.set_lock(True)
    board.set_trip(True)
    board.join_wifi("name", "secret", "box")
    assert chip.events == before
    assert board.ct_window() is None
    assert (board.cts, board.has_phase_relay, board.address()) == (0, False, None)
    assert (board.has_leakage, board.leakage(), board.leakage_error()) == (False, False, False)
    assert (board.output_live(), board.locked(), board.proximity_ohm()) == (None, None, None)


def test_a_board_tells_a_loss_of_power_from_all_other_resets(wired, chip):
    _, board, _ = wired
    assert board.reset_cause() == "power"
    chip.causes.append(chip.WDT_RESET)
    assert board.reset_cause() == "reset"
