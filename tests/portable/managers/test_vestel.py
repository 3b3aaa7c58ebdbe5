from waves import fill

from checks import equal
from fairamp.box import Box
from fairamp.charging import limits
from fairamp.managers import load
from fairamp.managers.vestel import ABSENT, DIALECT, ROWS
from fairamp.modbus.server import ANY_UNIT, Server
from fairamp.settings import Settings
from registers import ems_limit, read, run, words, write

NEAR_THE_END = 0x3FFFFFFF - 3000
EMPTY_MV = 12000


def make(now=0, sections=None, relay=True):
    settings = Settings()
    equal(settings.load(sections or {}, "test"), [])
    box = Box(settings, phase_relay=relay)
    for terminal in range(3):
        box.own.voltage_mv[terminal] = 231900
    run(box, now, 0)
    return box, DIALECT.banks(box)[ANY_UNIT]


def text(bank, address, count):
    return "".join(chr(word) for word in words(bank, address, count) if word)


def test_it_is_what_the_server_loads():
    equal(load("vestel").name, "vestel")
    equal(DIALECT.masters, 1)


def test_texts_are_utf16():
    _, bank = make()
    equal(words(bank, 100, 7), [0x30, 0x30, 0x30, 0x30, 0x30, 0x31, 0])
    equal((text(bank, 130, 50), text(bank, 190, 10), text(bank, 210, 5)), ("Fairamp", "Fairamp", "3x32A"))
    release = text(bank, 230, 50).split("-")[0]
    equal(release, "v3.187.0")
    equal(text(bank, 1516, 15), "")


def test_measured_values():
    box, bank = make()
    own = box.own
    own.current_ma[0], own.current_ma[1], own.current_ma[2] = 15999, -50, 70000
    own.power_w[0], own.power_w[1] = 3700, 70000
    own.energy_wh = 123456789
    run(box, 200, 0)
    equal(words(bank, 1008, 11), [15999, 0, 50, 0, 65535, 0, 232, 0, 232, 0, 232])
    equal((read(bank, 1020, 2), read(bank, 1024, 2), read(bank, 1028, 2)), (73700, 3700, 70000))
    equal(read(bank, 1036, 2), 1234567)
    equal((read(bank, 400, 2), read(bank, 404), read(bank, 405)), (22080, 1, 1))
    equal([read(bank, address) for address in (1100, 1102, 1104, 1106, 1108)], [32, 6, 32, 32, 0])


def test_time_ticks_with_and_without_a_clock():
    box, bank = make()
    equal((read(bank, 290, 2), read(bank, 294, 2)), (0, 0))
    now = run(box, 0, 3661)
    equal(read(bank, 294, 2), 10101)
    box.utc = (2026, 3, 9, 23, 5, 59)
    equal((read(bank, 290, 2), read(bank, 294, 2)), (260309, 230559))
    box.point.session.plug(now, 0)
    now = run(box, now, 1)
    equal((read(bank, 1504, 2), read(bank, 1512, 2)), (230559, 0))
    box.utc = (2026, 3, 10, 0, 1, 2)
    box.point.session.energy.wh = 70000
    box.point.session.seconds = 70001
    box.point.session.unplug()
    run(box, now, 1)
    equal((read(bank, 1504, 2), read(bank, 1512, 2)), (230559, 102))
    equal((read(bank, 1502, 2), read(bank, 1508, 2)), (70000, 70001))


def test_states():
    """State, charging, equipment and cable, as the session goes on."""
    box, bank = make()
    point = box.point

    def shown():
        return [read(bank, address) for address in (1000, 1001, 1002, 1004)]

    equal(shown(), [0, 0, 1, 0])
    box.inputs.proximity_ohm = 220
    equal(shown(), [0, 0, 1, 1])
    point.limits.set(limits.ENABLE, 0)
    equal(shown(), [7, 0, 3, 1])
    point.limits.set(limits.ENABLE, limits.NO_LIMIT)
    point.session.plug(0, 0)
    equal(shown(), [3, 0, 1, 2])
    point.offer_ma = 16000
    equal(shown(), [1, 0, 1, 2])
    point.contactor = point.lock = point.session.charged = True
    equal(shown(), [2, 1, 1, 3])
    point.contactor = False
    equal(shown(), [4, 0, 1, 3])
    point.session.stop()
    equal(shown(), [5, 0, 1, 3])
    point.session.start()
    point.session.authorised = False
    equal(shown(), [1, 0, 1, 3])
    point.guard.faults.active = 1 << 7
    equal(shown(), [8, 0, 2, 3])
    equal(read(bank, 1006, 2), 1 << 8)


def test_it_initializes_until_both_meters_have_answered():
    box = Box(Settings())
    equal(read(DIALECT.banks(box)[ANY_UNIT], 1002), 0)


def test_blocks_that_clients_read():
    _, bank = make()
    for address, count in ((1000, 7), (1008, 11), (1020, 14), (1000, 38), (1502, 12), (100, 125)):
        equal(len(words(bank, address, count)), count)
    equal(bank.read(1003, 1, bytearray(2), 0), 2)
    for address, name, reason in ABSENT:
        assert name and reason
        equal(bank.read(address, 1, bytearray(2), 0), 2)


def test_every_unit_is_answered():
    box, _ = make()
    server = Server(DIALECT.banks(box))
    for unit in (1, 247, 255):
        reply = bytearray(16)
        equal(server.answer(unit, server.bank(unit), bytes([4, 1, 148, 0, 1]), 0, 5, reply, 0), 4)
        equal(bytes(reply[:4]), bytes([4, 2, 0, 1]))


def test_what_may_be_written():
    _, bank = make()
    cases = (
        (2000, (0, 6, 32), (1, 5, 33)),
        (2002, (0, 20, 3600), (3601, 65535)),
        (5004, (0, 1, 5, 6, 32), (33, 65535)),
    )
    for address, taken, refused in cases:
        for value in taken:
            equal((write(bank, address, value), read(bank, address)), (0, value))
        for value in refused:
            equal(write(bank, address, value), 3)
        equal(read(bank, address), taken[-1])
    equal((write(bank, 6000, 1), write(bank, 6000, 0), write(bank, 6000, 2)), (0, 0, 3))
    written = [ROWS.addresses[index] for index in sorted(ROWS.sets)]
    equal(written, [405, 2000, 2002, 5004, 6000])
    equal((write(bank, 404, 1), bank.write(5000, 2, bytes(4), 0)), (2, 2))


def test_the_set_point_lowers_and_never_lifts():
    box, bank = make()
    now = run(box, 0, 40)
    equal(box.point.limits.offer(), 25000)
    for amperes, offer in ((10, 10000), (5, 0), (1, 0), (0, 0), (6, 6000), (32, 25000)):
        equal(write(bank, 5004, amperes), 0)
        now = run(box, now, 1)
        equal((box.point.limits.offer(), read(bank, 5004), read(bank, 1100)), (offer, amperes, amperes))


def test_the_maximum_is_read_before_the_first_write():
    equal(read(make(sections={"charger": {"max": 16}})[1], 5004), 16)
    equal(read(make(sections={"charger": {"max": 63}})[1], 5004), 32)


def test_only_a_written_1_feeds_the_watchdog():
    box, bank = make(NEAR_THE_END)
    write(bank, 2002, 10)
    write(bank, 5004, 16)
    write(bank, 6000, 1)
    equal(read(bank, 6000), 0)
    now = NEAR_THE_END
    for _ in range(4):
        now = run(box, now, 9)
        equal((ems_limit(box), DIALECT.lost(box)), (16000, False))
        write(bank, 6000, 1)
    for address, value in ((6000, 0), (5004, 16), (2000, 6), (2002, 10)):
        now = run(box, now, 2)
        read(bank, address)
        write(bank, address, value)
    now = run(box, now, 1)
    equal((ems_limit(box), DIALECT.lost(box)), (16000, False))
    now = run(box, now, 1)
    equal((ems_limit(box), DIALECT.lost(box), read(bank, 5004)), (6000, True, 16))
    write(bank, 2000, 0)
    now = run(box, now, 1)
    equal((ems_limit(box), DIALECT.lost(box)), (0, True))
    write(bank, 5004, 12)
    now = run(box, now, 1)
    equal(ems_limit(box), 0)
    write(bank, 6000, 1)
    now = run(box, now, 9)
    equal((ems_limit(box), DIALECT.lost(box)), (12000, False))
    run(box, now, 1)
    equal((ems_limit(box), DIALECT.lost(box)), (0, True))


def test_a_time_out_of_0_is_no_watchdog():
    box, bank = make()
    write(bank, 2002, 0)
    write(bank, 5004, 8)
    write(bank, 6000, 1)
    run(box, 0, 60)
    equal((ems_limit(box), DIALECT.lost(box)), (8000, False))


def test_a_required_manager_has_to_come_first():
    box, bank = make(sections={"ems": {"required": True}})
    equal((ems_limit(box), DIALECT.lost(box)), (6000, False))
    write(bank, 5004, 20)
    now = run(box, 0, 1)
    equal(ems_limit(box), 6000)
    write(bank, 6000, 1)
    run(box, now, 1)
    equal(ems_limit(box), 20000)


def step(box, now, seconds):
    """As run, with the charge point, and no car."""
    box.inputs.count = 128
    fill(box.inputs.codes, EMPTY_MV, EMPTY_MV, 10000)
    for _ in range(seconds):
        now = run(box, now, 1)
        box.step(now)
    return now


def test_one_phase_lasts_as_long_as_the_connection():
    box, bank = make(sections={"charger": {"phase_switch": True}})
    equal(write(bank, 405, 1), 0)
    equal(write(bank, 405, 0), 0)
    now = step(box, 0, 15)
    equal((box.point.phases.three, read(bank, 405), read(bank, 404)), (False, 0, 1))
    DIALECT.gone(box)
    equal(read(bank, 405), 1)
    # So soon after a change, the relay has to wait.
    now = step(box, now, 60)
    equal((box.point.phases.three, read(bank, 405)), (False, 1))
    now = step(box, now, 300)
    equal((box.point.phases.three, read(bank, 405), box.three_soon), (True, 1, False))
    now = step(box, now, 300)
    DIALECT.gone(box)
    equal(box.three_soon, False)


def test_a_new_wish_for_one_phase_ends_the_way_back():
    box, bank = make(sections={"charger": {"phase_switch": True}})
    write(bank, 405, 0)
    now = step(box, 0, 15)
    DIALECT.gone(box)
    now = step(box, now, 5)
    equal(write(bank, 405, 0), 0)
    step(box, now, 400)
    equal((box.point.phases.three, read(bank, 405)), (False, 0))


def test_phases_that_cannot_be_switched_are_refused():
    switch = {"phase_switch": True}
    # What is so already is accepted: clients write the phases before each set-point.
    for sections, relay, wired in (
        ({"charger": switch}, False, 1),
        ({}, True, 1),
        ({"charger": {"phase_switch": True, "mapping": "L2"}}, True, 0),
    ):
        _, bank = make(0, sections, relay)
        equal((read(bank, 404), read(bank, 405)), (wired, wired))
        equal((write(bank, 405, wired), write(bank, 405, 1 - wired), read(bank, 405)), (0, 3, wired))
    box, bank = make(sections={"charger": switch})
    equal(write(bank, 405, 2), 3)
    write(bank, 405, 0)
    now = step(box, 0, 15)
    equal(write(bank, 405, 1), 6)  # too soon
    step(box, now, 320)
    equal(write(bank, 405, 1), 0)
