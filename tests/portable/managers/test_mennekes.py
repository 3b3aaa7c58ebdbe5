from checks import equal
from fairamp import view
from fairamp.box import Box
from fairamp.charging import faults, limits
from fairamp.managers import load
from fairamp.managers.mennekes import ABSENT, DIALECT, ROWS, errors
from fairamp.modbus.server import ANY_UNIT, Server
from fairamp.settings import Settings
from registers import ems_limit, look, read, run, words, write

NEAR_THE_END = 0x3FFFFFFF - 3000
UNKNOWN = 0xFFFFFFFF


def make(now=0, sections=None):
    settings = Settings()
    equal(settings.load(sections or {}, "test"), [])
    box = Box(settings)
    for terminal in range(3):
        box.own.voltage_mv[terminal] = 231900
    run(box, now, 0)
    return box, DIALECT.banks(box)[ANY_UNIT]


def text(bank, address, count):
    out = bytearray(2 * count)
    equal(bank.read(address, count, out, 0), 0)
    return bytes(out)


def ask(box, function, address, value, unit=255):
    """One request through the server, as it comes over the wire; the exception code, or 0."""
    server = Server(DIALECT.banks(box), lambda who, wrote: DIALECT.heard(box, who, wrote))
    reply = bytearray(260)
    pdu = bytes([function, address >> 8, address & 0xFF, value >> 8, value & 0xFF])
    server.answer(unit, server.bank(unit), pdu, 0, 5, reply, 0)
    return reply[1] if reply[0] & 0x80 else 0


def test_it_is_what_the_server_loads():
    equal(load("mennekes").name, "mennekes")
    equal((DIALECT.masters, DIALECT.lost), (0, None))


def test_texts():
    _, bank = make()
    equal(words(bank, 100, 2), [0x352E, 0x3232])
    equal((text(bank, 120, 2), text(bank, 142, 10)), (b"0.9\0", b"Fairamp" + bytes(13)))
    # OpenEMS calls what is below 1.5.0 outdated.
    equal(words(bank, 153, 3), [5, 22, 0])
    equal((text(bank, 720, 10), text(bank, 741, 6), read(bank, 740)), (b" " * 20, bytes(12), 0))


def test_error_words_have_their_bytes_swapped():
    """The vendor's example: errors 0x41 are sent as 0x4100 in 111 and 0 in 112."""
    box, bank = make()
    box.point.guard.faults.active = 1 << faults.LEAKAGE | 1 << faults.WELDED
    equal((errors(box), words(bank, 105, 8)), (0x41, [0, 0, 0, 0, 0, 0, 0x4100, 0]))
    equal(words(bank, 112, 1), [0])
    for fault, code, first, second in (
        (faults.PILOT, 1 << 1, 0x0200, 0),
        (faults.UNSTEADY, 1 << 1, 0x0200, 0),
        (faults.LOCK, 1 << 8, 0x0001, 0),
        (faults.PROXIMITY, 1 << 14, 0x0040, 0),
        (faults.OVERCURRENT, 1 << 15, 0x0080, 0),
        (faults.INPUT_VOLTAGE, 1 << 21, 0, 0x2000),
        (faults.NO_OUTPUT, 1 << 21, 0, 0x2000),
        (faults.TEMPERATURE, 0, 0, 0),
    ):
        box.point.guard.faults.active = 1 << fault
        equal((errors(box), words(bank, 111, 2), read(bank, 104)), (code, [first, second], 4))


def test_measured_values():
    box, bank = make()
    own = box.own
    own.current_ma[0], own.current_ma[1], own.current_ma[2] = 15999, -50, 70000
    own.power_w[0], own.power_w[1] = 3700, 70000
    own.energy_wh = 123456789
    look(box, 200)
    energies = [read(bank, address, 2) for address in (200, 202, 204, 218)]
    equal(energies, [123456789, UNKNOWN, UNKNOWN, 123456789])
    equal([read(bank, address, 2) for address in (206, 208, 210, 220)], [3700, 70000, 0, 73700])
    equal(words(bank, 212, 6), [0, 15999, 0, 50, 1, 4464])
    equal([read(bank, address, 2) for address in (222, 224, 226)], [232, 232, 232])
    own.stale = True
    box.balance(400)
    equal([read(bank, address, 2) for address in (206, 212, 220, 226)], 4 * [UNKNOWN])
    equal(read(bank, 218, 2), 123456789)
    equal(read(DIALECT.banks(Box(Settings()))[ANY_UNIT], 218, 2), UNKNOWN)


def test_states():
    """Status, vehicle, relay and lock, as the session goes on."""
    box, bank = make()
    point = box.point

    def shown():
        return [read(bank, address) for address in (104, 122, 140, 152)]

    equal(shown(), [0, 1, 0, 0])
    point.session.plug(0, 0)
    point.pilot_line.letter = "B"
    equal(shown(), [7, 2, 0, 0])
    point.offer_ma = 16000
    point.lock = True
    equal((shown(), read(bank, 706)), ([5, 2, 0, 1], 16))
    point.pilot_line.letter = "C"
    point.contactor = point.session.charged = True
    equal(shown(), [6, 3, 1, 1])
    point.phases.three = False
    point.pilot_line.letter = "D"
    equal(shown(), [6, 4, 5, 1])
    point.contactor = False
    point.pilot_line.letter = "B"
    equal(shown(), [8, 2, 0, 1])
    point.session.stop()
    equal(shown(), [9, 2, 0, 1])
    point.pilot_line.letter = "E"
    equal(shown()[1], 5)


def test_session_values():
    box, bank = make()
    session = box.point.session
    box.utc = (2026, 3, 9, 23, 5, 59)
    session.plug(0, 0)
    run(box, 0, 1)
    equal((read(bank, 707, 2), read(bank, 710, 2)), (0x230559, 0))
    session.energy.wh = 70000
    session.seconds = 70001
    equal((read(bank, 705), read(bank, 709)), (65535, 65535))
    equal((read(bank, 716, 2), read(bank, 718, 2)), (70000, 70001))
    box.utc = (2026, 3, 10, 0, 1, 12)
    session.unplug()
    run(box, 1000, 1)
    equal((read(bank, 707, 2), read(bank, 710, 2)), (0x230559, 0x000112))
    equal([read(bank, 700), read(bank, 701, 2), read(bank, 703, 2), read(bank, 713, 2)], [0, 0, 0, 0])
    equal((read(bank, 712), read(bank, 715), read(bank, 134), read(bank, 600)), (6, 32, 32, 1))
    box.point.limits.set(limits.CABLE, 20000)
    equal(read(bank, 715), 20)


def test_blocks_that_clients_read():
    _, bank = make()
    for address, count in (
        (100, 53),
        (104, 9),
        (131, 25),
        (131, 4),
        (200, 18),
        (200, 28),
        (206, 22),
        (218, 10),
        (700, 47),
        (705, 2),
        (706, 10),
        (712, 4),
        (713, 2),
        (715, 5),
        (716, 4),
        (720, 10),
        (720, 27),
        (741, 6),
        (1000, 3),
    ):
        equal(len(words(bank, address, count)), count)


def test_a_probe_for_a_feature_that_is_not_here_fails():
    box, bank = make()
    for address, name, reason in ABSENT:
        assert name and reason
        equal(ask(box, 3, address, 1), 2)
        equal(write(bank, address, 0), 2)
    addresses = [item[0] for item in ABSENT]
    for address in (730, 1001, 1002):
        assert address in addresses
    equal(words(bank, 1000, 3), [32, 0, 0])


def test_what_may_be_written():
    _, bank = make()
    cases = (
        (124, (0, 1), (2, 65535)),
        (130, (0,), (1, 100)),
        (131, (0, 5, 6, 32), (33, 65535)),
        (132, (1, 60, 300), (0, 301)),
        (1000, (0, 1, 5, 6, 32), (33, 65535)),
    )
    for address, taken, refused in cases:
        for value in taken:
            equal((write(bank, address, value), read(bank, address)), (0, value))
        for value in refused:
            equal(write(bank, address, value), 3)
        equal(read(bank, address), taken[-1])
    equal([ROWS.addresses[index] for index in sorted(ROWS.sets)], [124, 130, 131, 132, 613, 614, 615, 1000, 1110])
    equal((write(bank, 122, 1), write(bank, 140, 1)), (2, 2))
    equal(bank.read(1110, 10, bytearray(20), 0), 2)


def test_the_set_point_lowers_and_never_lifts():
    box, bank = make()
    now = run(box, 0, 40)
    equal((box.point.limits.offer(), read(bank, 1000)), (25000, 32))
    for amperes, offer in ((10, 10000), (5, 0), (1, 0), (0, 0), (6, 6000), (32, 25000)):
        equal(write(bank, 1000, amperes), 0)
        now = run(box, now, 1)
        equal((box.point.limits.offer(), read(bank, 1000)), (offer, amperes))


def test_out_of_service_there_is_no_offer():
    box, bank = make()
    equal(write(bank, 124, 0), 0)
    now = run(box, 0, 1)
    equal((box.point.limits.offer(), view.why(box), read(bank, 104)), (0, "out of service", 3))
    equal(write(bank, 124, 1), 0)
    run(box, now, 1)
    equal((box.point.limits.offer(), read(bank, 104)), (25000, 0))


def test_any_valid_request_feeds_the_watchdog():
    box, _ = make(NEAR_THE_END)
    now = run(box, NEAR_THE_END, 200)
    equal(ems_limit(box), limits.NO_LIMIT)
    equal((ask(box, 6, 132, 10), ask(box, 6, 131, 8), ask(box, 6, 1000, 16)), (0, 0, 0))
    now = NEAR_THE_END
    look(box, now)
    ask(box, 3, 122, 1)
    for function, address, value, unit in ((3, 122, 1, 1), (4, 220, 2, 255), (6, 1000, 16, 7), (3, 1000, 1, 200)):
        now = run(box, now, 9)
        equal((ask(box, function, address, value, unit), ems_limit(box)), (0, 16000))
    now = run(box, now, 9)
    equal((ask(box, 3, 730, 1), ask(box, 6, 1000, 99), ask(box, 9, 0, 0)), (2, 3, 1))
    equal(ems_limit(box), 16000)
    now = run(box, now, 1)
    equal(ems_limit(box), 8000)
    equal((ask(box, 3, 1000, 1), ask(box, 3, 131, 1)), (0, 0))
    now = run(box, now, 9)
    equal(ems_limit(box), 16000)
    ask(box, 6, 131, 0)
    now = run(box, now, 10)
    equal(ems_limit(box), 0)
    ask(box, 3, 1000, 1)
    run(box, now, 1)
    equal(ems_limit(box), 16000)


def test_a_written_card_starts_and_stops_the_session():
    box, bank = make(sections={"charger": {"start": "request"}})
    session = box.point.session
    tag = b"            04A1B2C3"
    equal(bank.write(1110, 10, tag, 0), 0)
    equal(session.authorised, False)
    session.plug(0, 0)
    equal(session.may_charge(), False)
    equal(bank.write(1110, 10, tag, 0), 0)
    equal(session.may_charge(), True)
    for word in range(10):
        equal(session.stopped, False)
        equal(bank.write(1110 + word, 1, tag, 2 * word), 0)
    equal((session.stopped, session.may_charge()), (True, False))
    equal(bank.write(1110, 10, tag, 0), 0)
    equal(session.may_charge(), True)
    equal(bank.write(1110, 10, b" " * 20, 0), 3)
    equal(session.may_charge(), True)


def test_a_written_card_needs_the_setting():
    box, bank = make(sections={"ems": {"allow_start_stop": False}})
    box.point.session.plug(0, 0)
    equal(bank.write(1110, 10, b"            04A1B2C3", 0), 2)
    equal(write(bank, 1119, 0x4333), 2)
    equal(box.point.session.stopped, False)
