"""The board of the twin, on CPython and on MicroPython."""

import inspect
import subprocess

import pytest

from boards import twin
from tests import runtimes
from tests.desk.chips.board_parts import MEMBERS
from tests.runtimes import ROOT


class Wires:
    """What boards/twin.py asks for, recording."""

    cts = 3
    has_phase_relay = True
    has_wifi = True
    has_leakage = True
    address = "127.0.0.1"
    dns = "127.0.0.2"
    enable_closed = True
    shed_closed = False
    proximity_ohm = 220
    temperature_dc = 314
    leakage = False
    leakage_error = True
    output_live = False
    locked = True
    meter_port = "meter"
    ems_port = "ems"

    def __init__(self):
        self.calls = []

    def pilot_changed(self, duty):
        self.calls.append(("pilot", duty))

    def pilot_codes(self, codes):
        codes[0] = 2695
        return 1

    def ct_started(self, phases):
        self.calls.append(("ct", phases))

    def ct_window(self):
        return [2048]

    def contactor_changed(self, on):
        self.calls.append(("contactor", on))

    def phase_relay_changed(self, three):
        self.calls.append(("phase_relay", three))

    def lock_changed(self, on):
        self.calls.append(("lock", on))

    def trip_changed(self, on):
        self.calls.append(("trip", on))

    def light_changed(self, colour):
        self.calls.append(("light", colour))

    def wifi_wanted(self, name, password, host):
        self.calls.append(("wifi", name, password, host))

    def watchdog_started(self, ms):
        self.calls.append(("watchdog", ms))

    def watchdog_fed(self):
        self.calls.append(("fed",))

    def reset(self):
        self.calls.append(("reset",))


def test_the_twin_says_how_it_was_reset():
    wires = Wires()
    wires.reset_cause = "power"
    assert twin.connect(wires).reset_cause() == "power"


def test_the_twin_has_every_member_and_starts_safe():
    wires = Wires()
    board = twin.connect(wires)
    for member in MEMBERS:
        assert hasattr(board, member), member
    outputs = ("contactor", "phase_relay", "trip", "lock")
    assert wires.calls == [(role, False) for role in outputs] + [("pilot", 10000)]
    assert (twin.CHIP, twin.PINS) == ("none", ())
    assert (board.name, board.cts, board.has_phase_relay, board.has_wifi) == (twin.NAME, 3, True, True)
    assert board.has_leakage is True
    assert (board.meter_port, board.ems_port) == ("meter", "ems")


def test_the_twin_passes_everything_on():
    wires = Wires()
    board = twin.connect(wires)
    wires.calls.clear()
    board.set_pilot(5333)
    board.set_contactor(True)
    board.set_phase_relay(True)
    board.set_lock(True)
    board.set_trip(True)
    board.set_light(3)
    board.start_watchdog(5000)
    board.feed_watchdog()
    board.join_wifi("home", "secret", "box")
    board.start_ct(3, None)
    board.reset()
    assert wires.calls == [
        ("pilot", 5333),
        ("contactor", True),
        ("phase_relay", True),
        ("lock", True),
        ("trip", True),
        ("light", 3),
        ("watchdog", 5000),
        ("fed",),
        ("wifi", "home", "secret", "box"),
        ("ct", 3),
        ("reset",),
    ]
    codes = [0, 0]
    assert board.read_pilot(codes) == 1
    assert codes[0] == 2695
    board.watch_contactor(1, 2, 3)
    assert board.contactor_fell() is False
    assert board.ct_window() == [2048]
    assert board.enable_closed() is True
    assert board.shed_closed() is False
    wires.enable_closed, wires.shed_closed = False, True
    assert board.enable_closed() is False
    assert board.shed_closed() is True
    assert (board.proximity_ohm(), board.temperature_dc()) == (220, 314)
    assert (board.leakage(), board.leakage_error()) == (False, True)
    assert (board.output_live(), board.locked()) == (False, True)
    wires.leakage, wires.leakage_error, wires.output_live, wires.locked = True, False, True, False
    assert (board.leakage(), board.leakage_error()) == (True, False)
    assert (board.output_live(), board.locked()) == (True, False)
    assert (board.address(), board.dns()) == ("127.0.0.1", "127.0.0.2")


def test_a_twin_without_extras_does_nothing():
    wires = Wires()
    wires.cts, wires.has_phase_relay, wires.has_wifi, wires.has_leakage = 0, False, False, False
    wires.proximity_ohm = wires.temperature_dc = wires.output_live = wires.locked = None
    board = twin.connect(wires)
    wires.calls.clear()
    board.set_phase_relay(True)
    board.join_wifi("home", "secret", "box")
    board.start_ct(3, None)
    assert board.ct_window() is None
    assert wires.calls == []
    assert (board.proximity_ohm(), board.temperature_dc()) == (None, None)
    assert (board.output_live(), board.locked()) == (None, None)


@pytest.mark.parametrize("runtime", runtimes.RUNTIMES)
def test_the_twin_runs_on_micropython(runtime):
    tests = (
        test_the_twin_has_every_member_and_starts_safe,
        test_the_twin_passes_everything_on,
        test_a_twin_without_extras_does_nothing,
    )
    lines = [
        "import sys",
        f"sys.path.insert(0, {str(ROOT)!r})",
        "from boards import twin",
        f"MEMBERS = {MEMBERS}",
    ]
    lines += [inspect.getsource(part) for part in (Wires, *tests)]
    lines += [f"{test.__name__}()" for test in tests] + ["print('done')"]
    command = [*runtimes.command(runtime), "-c", "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout == "done\n", done.stderr
