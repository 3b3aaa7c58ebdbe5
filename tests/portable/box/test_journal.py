"""What the log tells of those who ask: enough, and not without end."""

from asked import EMS, WHY_NOT, make

from checks import equal
from fairamp import commands
from fairamp.charging.limits import NO_LIMIT
from fairamp.journal import MOST, MOST_SOURCES, REFILL_MS
from fairamp.managers import load, server
from fairamp.modbus.frames import seal
from fairamp.modbus.server import RtuSession

EMS_T = "ems:teltocharge"


def writer(box):
    """Writes one register of a TeltoCharge, as a client does."""
    served = RtuSession(server(load("teltocharge"), box, box.settings, 1))

    def write(register, value):
        frame = bytearray([1, 6, register >> 8, register & 255, value >> 8, value & 255, 0, 0])
        served.feed(frame, seal(frame, 6))

    return write


def test_the_log_tells_changes_and_first_refusals_once():
    box, told = make(start="request")
    for _ in range(3):
        commands.authorise(box, EMS)
        commands.lock(box, EMS, 1)
        commands.phases(box, EMS, False)
        commands.serve(box, EMS, False)
    commands.serve(box, EMS, True)
    wanted = ("authorise", "always locked", "one phase only refused: no relay for phases", "out of service")
    equal(told, [EMS + ": " + text for text in wanted] + [EMS + ": back in service; what follows at once is not told"])


def test_a_flood_of_commands_does_not_fill_the_log():
    box, told = make()
    for now in range(0, 60000, 100):
        box.now = now
        commands.stop(box, EMS)
        commands.start(box, EMS)
        commands.phases(box, EMS, now % 200 == 0)
    equal(len(told), MOST + 60000 // REFILL_MS - 1)


def test_a_set_point_that_repeats_or_wanders_is_told_once_a_minute():
    box, told = make()
    point = commands.set_point(box, "test", 30000)
    for second in range(100):
        box.now = 1000 * second
        commands.set_current(box, EMS, point, 10500)
    equal(told, [EMS + ": sets at most 10.5 A"])
    for second in range(100, 220):
        box.now = 1000 * second
        commands.set_current(box, EMS, point, 100 * second)
    equal(told[1:], [EMS + ": sets at most 10.0 A", EMS + ": sets at most 16.0 A"])
    equal(point.written_ma, 21900)
    box.now += 60000
    commands.set_current(box, EMS, point, NO_LIMIT)
    equal(told[-1], EMS + ": no limit any more")


def test_the_last_of_many_set_points_is_told_too():
    box, told = make()
    point = commands.set_point(box, "test", 0)
    for ma in (10000, 9000, 3000):
        commands.set_current(box, EMS, point, ma)
    equal(told, [EMS + ": sets at most 10.0 A"])
    for second in range(62):
        box.balance(1000 * second)
    equal(told[1:], [EMS + ": sets at most 3.0 A"])


def test_writes_that_are_refused_are_in_the_log_once():
    box, told = make(allow=False)
    write = writer(box)
    for _ in range(3):
        write(15, 99)
    write(3, 1)
    write(16, 1)
    write(16, 1)
    write(3, 1)
    equal(
        told,
        [
            EMS_T + ": write to register 15 refused: not one of its values",
            EMS_T + ": write to register 3 refused: it does not exist, or cannot be written",
            EMS_T + ": stop refused: " + WHY_NOT,
            EMS_T + ": write to register 3 refused: it does not exist, or cannot be written",
        ],
    )


def test_why_nothing_can_be_written_is_in_the_log():
    for wrong, says in (([], "the setting [ems] read_only is on"), (["x"], "the settings are wrong: mend them first")):
        box, told = make()
        equal(box.settings.load({"ems": {"read_only": True}}, "test"), [])
        box.wrong_settings = wrong
        writer(box)(15, 10)
        equal(len(told), 1)
        assert told[0].startswith(EMS_T + ": write to register 15 refused: " + says), told


def test_one_who_floods_the_log_hides_nobody_else():
    box, told = make()
    commands.contacts(box, True, False)
    for now in range(0, 60000, 100):
        box.now = now
        box.point.session.plug(now, 0)
        commands.card(box, EMS, "")
        commands.phases(box, EMS, False)
        if now % 10000 == 0:
            commands.contacts(box, now % 20000 == 0, False)
    equal(len([text for text in told if text.startswith("contact: ")]), 5)
    # Names without end take no memory without end.
    for number in range(100):
        commands.card(box, "http:" + str(number), "")
    assert len(box.journal._sources) <= MOST_SOURCES + 1
