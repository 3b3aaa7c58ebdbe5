import struct

from checks import equal
from fairamp import managers as maps
from fairamp import view
from fairamp.box import Box
from fairamp.charging.faults import LEAKAGE
from fairamp.settings import Settings
from fairamp.sharing.socket import Socket
from fairamp.units import later

ROLL_OVER = 0x3FFFFFFF
SET_POINT, SET_POINT_L1, SET_POINT_L2, SET_POINT_L3 = 1210, 1417, 1419, 1421


class Manager:
    """An energy manager before a box of its own, with time that the test lets pass."""

    def __init__(self, start=0, phase_relay=False, others=(), **values):
        settings = Settings()
        equal(settings.load(sections(values), "test"), [])
        self.box = Box(settings, phase_relay=phase_relay, others=others)
        self.banks = maps.load("alfen").banks(self.box)
        self.box.now = start
        self.wait(0)

    def wait(self, seconds):
        """Lets time pass, with readings that never get old: 25 A fuse, 5 A of the house."""
        for _ in range(max(1, 5 * seconds)):
            if seconds:
                self.box.now = later(self.box.now, 200)
            for reading, current in ((self.box.own, 0), (self.box.coordinator.grid, 5000)):
                for phase in range(3):
                    reading.current_ma[phase] = current
                    reading.voltage_mv[phase] = 231900
                reading.accept(self.box.now)
            self.box.balance(self.box.now)

    def words(self, unit, address, count):
        out = bytearray(2 * count)
        equal(self.banks[unit].read(address, count, out, 0), 0)
        return out

    def read(self, address, form=">f", unit=1):
        return struct.unpack(form, self.words(unit, address, struct.calcsize(form) // 2))[0]

    def write(self, address, amps, unit=1):
        return self.banks[unit].write(address, 2, struct.pack(">f", amps), 0)

    def left(self):
        return self.read(1208, ">I")

    def limit(self):
        return self.read(1206)


def sections(values):
    """section__key=value -> {section: {key: value}}"""
    found: dict = {}
    for name in values:
        section, key = name.split("__")
        found.setdefault(section, {})[key] = values[name]
    return found


def is_nan(value):
    return value != value


def test_blocks_that_clients_read():
    manager = Manager()
    for unit, address, count in (
        (200, 100, 79),
        (200, 1100, 6),
        (200, 1400, 32),
        (1, 300, 125),
        (1, 300, 62),
        (1, 1200, 16),
        (1, 374, 4),
    ):
        equal(len(manager.words(unit, address, count)), 2 * count)


def test_other_units_and_gaps():
    manager = Manager()
    equal(sorted(manager.banks), [1, 200])
    equal(manager.words(200, 1105, 4), b"\x00\x01" + b"\xff" * 6)
    equal(manager.banks[1].read(100, 1, bytearray(2), 0), 2)
    equal(manager.banks[200].read(1210, 2, bytearray(4), 0), 2)
    equal(manager.banks[1].read(1216, 1, bytearray(2), 0), 2)


def test_what_the_station_says_of_itself():
    manager = Manager(box__name="Caf\u00e9")
    equal(bytes(manager.words(200, 100, 3)), b"Caf?\x00\x00")
    equal(bytes(manager.words(200, 157, 4)), b"000001\x00\x00")
    equal(manager.read(1105, ">H", 200), 1)
    equal(manager.read(1100, unit=200), 25)
    equal(is_nan(manager.read(1102, unit=200)), True)
    manager.box.inputs.temperature_dc = 215
    equal(manager.read(1102, unit=200), 21.5)
    manager.wait(3)
    equal(manager.read(174, ">Q", 200), 3000)


def test_a_clock_that_nobody_has_set():
    manager = Manager()
    equal(manager.words(200, 168, 6), b"\xff" * 12)
    manager.box.utc = (2026, 3, 29, 1, 59, 58)
    equal(struct.unpack(">6h", manager.words(200, 168, 6)), (2026, 3, 29, 1, 59, 58))


def test_what_the_meter_says():
    manager = Manager()
    own = manager.box.own
    own.current_ma[:] = [10500, 0, 250]
    own.power_w[:] = [2415, 0, 60]
    own.voltage_mv[1] = 230500
    own.energy_wh = 1234567
    manager.box.balance(manager.box.now)
    equal((manager.read(320), manager.read(322), manager.read(324), manager.read(326)), (10.5, 0, 0.25, 10.75))
    equal((manager.read(308), manager.read(338), manager.read(344)), (230.5, 2415, 2475))
    equal(manager.read(374, ">d"), 1234567)
    equal((manager.read(300, ">H"), manager.read(301, ">Q")), (3, 0))


def test_what_the_box_cannot_know_is_no_number():
    manager = Manager()
    for address in (312, 318, 328, 336, 346, 354):
        equal(is_nan(manager.read(address)), True)
    for address in (362, 390, 394, 422):
        equal(is_nan(manager.read(address, ">d")), True)


def test_a_meter_that_is_lost():
    manager = Manager()
    own = manager.box.own
    own.energy_wh = 1000
    own.power_w[0] = 2300
    now = manager.box.now = later(manager.box.now, 60000)
    manager.box.coordinator.grid.accept(now)
    manager.box.balance(now)
    equal(is_nan(manager.read(320)), True)
    equal((manager.read(344), manager.read(374, ">d")), (0, 1000))
    equal((manager.read(300, ">H"), manager.read(301, ">Q")), (9, 60000))


def test_a_meter_that_was_never_heard():
    box = Box(Settings())
    bank = maps.load("alfen").banks(box)[1]
    out = bytearray(250)
    equal(bank.read(300, 125, out, 0), 0)
    equal(out[:10], b"\x00\x00" + b"\xff" * 8)
    equal(struct.unpack_from(">f", out, 2 * 44)[0], 0)
    equal(is_nan(struct.unpack_from(">d", out, 2 * 74)[0]), True)


def test_the_state_is_a_text():
    manager = Manager()
    equal(manager.words(1, 1201, 5), b"A" + bytes(9))
    manager.box.point.state = "B1"
    equal(manager.words(1, 1201, 5), b"B1" + bytes(8))
    equal(manager.read(1200, ">H"), 1)
    manager.box.point.guard.faults.report(LEAKAGE, True)
    equal(manager.read(1200, ">H"), 0)


def test_nothing_was_written_yet():
    manager = Manager()
    equal((manager.read(SET_POINT), manager.left(), manager.read(1214, ">H")), (0, 0, 0))
    equal((manager.limit(), manager.read(1212)), (20, 6))
    manager.wait(200)
    equal(manager.limit(), 20)


def test_required_from_the_start():
    manager = Manager(ems__required=True)
    point = manager.box.managers.point("alfen", 0)
    equal((manager.limit(), manager.left(), manager.read(1214, ">H")), (6, 0, 0))
    manager.write(SET_POINT, 12)
    equal((point.limit(manager.box.now), manager.left(), manager.read(1214, ">H")), (12000, 60, 1))


def test_a_set_point_holds_for_its_validity():
    manager = Manager()
    equal(manager.write(SET_POINT, 10), 0)
    manager.wait(0)
    equal((manager.limit(), manager.left(), manager.read(1214, ">H")), (10, 60, 1))
    manager.wait(59)
    equal((manager.limit(), manager.left(), manager.read(1214, ">H")), (10, 1, 1))
    manager.wait(1)
    equal((manager.limit(), manager.left(), manager.read(1214, ">H")), (6, 0, 0))
    equal(manager.read(SET_POINT), 10)
    manager.wait(1000)
    equal(manager.limit(), 6)
    equal(manager.write(SET_POINT, 16), 0)
    manager.wait(1)
    equal((manager.limit(), manager.left(), manager.read(1214, ">H")), (16, 59, 1))


def test_only_a_write_of_the_set_point_itself_feeds():
    manager = Manager()
    manager.write(SET_POINT, 10)
    manager.wait(40)
    manager.write(SET_POINT, 10)
    manager.wait(40)
    equal((manager.limit(), manager.left()), (10, 20))
    for _ in range(20):
        manager.words(1, 1200, 16)
        manager.words(200, 1400, 32)
        for address in (SET_POINT_L1, SET_POINT_L2, SET_POINT_L3):
            manager.write(address, 32, 200)
        equal(manager.write(SET_POINT, 99), 3)
        manager.wait(1)
    equal((manager.limit(), manager.left()), (6, 0))
    equal(maps.load("alfen").heard, None)


def test_other_validity_and_safe_current():
    manager = Manager(ems__alfen_validity=300, ems__safe_current=0)
    manager.write(SET_POINT, 16)
    manager.wait(299)
    equal((manager.limit(), manager.left()), (16, 1))
    manager.wait(1)
    equal((manager.limit(), manager.left(), manager.read(1212)), (0, 0, 0))
    equal(view.why(manager.box), "energy management")
    manager.write(SET_POINT, 16)
    manager.wait(1)
    equal(manager.limit(), 16)


def test_a_safe_current_lifts_no_limit():
    manager = Manager(ems__safe_current=32)
    manager.write(SET_POINT, 8)
    manager.wait(61)
    equal((manager.limit(), manager.read(1212)), (20, 32))


def test_the_network_sets_each_phase():
    manager = Manager()
    for phase, amps in enumerate((16, 12, 10)):
        equal(manager.write(SET_POINT_L1 + 2 * phase, amps, 200), 0)
        manager.wait(10)
    equal(struct.unpack(">3f", manager.words(200, SET_POINT_L1, 6)), (16, 12, 10))
    equal(struct.unpack(">3I", manager.words(200, 1423, 6)), (30, 40, 50))
    equal((manager.limit(), manager.read(1411, unit=200), manager.read(1429, unit=200)), (10, 10, 6))
    equal((manager.left(), manager.read(1214, ">H")), (0, 0))
    manager.wait(30)
    equal(struct.unpack(">3I", manager.words(200, 1423, 6)), (0, 10, 20))
    equal(manager.limit(), 6)
    manager.write(SET_POINT_L1, 16, 200)
    manager.wait(1)
    equal(manager.limit(), 10)
    manager.write(SET_POINT_L3, 0, 200)
    manager.wait(1)
    equal(manager.limit(), 0)


def test_all_phases_of_the_network_in_one_write():
    manager = Manager()
    equal(manager.banks[200].write(SET_POINT_L1, 6, struct.pack(">3f", 9, 10, 11), 0), 0)
    manager.wait(1)
    equal(manager.limit(), 9)


def test_a_socket_on_one_phase_heeds_the_set_point_of_that_phase():
    manager = Manager(charger__mapping="L2")
    manager.write(SET_POINT_L1, 0, 200)
    manager.write(SET_POINT_L2, 11, 200)
    manager.wait(1)
    equal(struct.unpack(">3f", manager.words(200, 1411, 6)), (0, 11, 0))
    equal(manager.read(1215, ">H"), 1)
    manager.box.own.current_ma[0] = 7000
    manager.box.balance(manager.box.now)
    equal(struct.unpack(">3f", manager.words(200, 1405, 6)), (0, 7, 0))


def test_the_network_is_all_sockets_together():
    other = Socket(1, [0, 1, 2])
    manager = Manager(others=[other], charger__mapping="L2L3L1", sharing__probe_current=0)
    told = other.report
    told.connected = told.ready = told.asking = told.charging = told.measured = True
    told.allowed_ma, told.session = 32000, 1
    manager.wait(1)
    # The other one alone has all that a fuse of 25 A and a house of 5 A leave.
    equal((other.commitment.offered_ma, manager.read(1404, ">H", 200)), (20000, 2))
    equal(struct.unpack(">3f", manager.words(200, 1411, 6)), (20, 20, 20))
    equal(manager.banks[200].write(SET_POINT_L1, 6, struct.pack(">3f", 16, 12, 13), 0), 0)
    manager.wait(1)
    equal((other.commitment.offered_ma, struct.unpack(">3f", manager.words(200, 1411, 6))), (12000, (16, 12, 13)))
    told.draw_ma[:] = [9000, 9500, 0]
    equal(struct.unpack(">3f", manager.words(200, 1405, 6)), (9, 9.5, 0))
    # Nobody feeds its validity: the safe current, for all of them together.
    manager.wait(60)
    equal(other.commitment.offered_ma, 6000)


def test_across_the_roll_over_of_the_ticks():
    manager = Manager(start=ROLL_OVER - 30000)
    manager.write(SET_POINT, 10)
    manager.write(SET_POINT_L1, 14, 200)
    manager.wait(59)
    equal(manager.box.now < ROLL_OVER // 2, True)
    equal((manager.limit(), manager.left(), manager.read(1423, ">I", 200)), (10, 1, 1))
    manager.wait(1)
    equal((manager.limit(), manager.left(), manager.read(1423, ">I", 200)), (6, 0, 0))


def test_it_lowers_and_never_lifts():
    manager = Manager()
    for amps, limit in ((80, 20), (20.5, 20), (19.5, 19.5), (6, 6)):
        equal(manager.write(SET_POINT, amps), 0)
        manager.wait(1)
        equal((manager.limit(), manager.read(SET_POINT)), (limit, amps))


def test_1_to_5_a_pause_and_read_back():
    manager = Manager()
    for amps in (1, 5, 5.5, 0, 0.0625):
        equal(manager.write(SET_POINT, amps), 0)
        manager.wait(1)
        equal(manager.limit(), 0)
        equal(abs(manager.read(SET_POINT) - amps) < 0.001, True)
        equal(manager.read(1214, ">H"), 1)


def test_what_is_no_current_is_refused():
    manager = Manager()
    for unit, address in ((1, SET_POINT), (200, SET_POINT_L2)):
        for wrong in (float("nan"), -1, -0.01, float("inf"), float("-inf"), 80.5, 1e30):
            equal(manager.write(address, wrong, unit), 3)
        equal(manager.read(address, unit=unit), 0)
    equal((manager.left(), manager.limit()), (0, 20))


def test_half_a_value_is_refused():
    manager = Manager()
    bank = manager.banks[1]
    equal(bank.write(SET_POINT, 1, b"\x41\x20", 0), 2)
    equal(bank.write(SET_POINT + 1, 1, b"\x00\x00", 0), 2)
    equal(bank.write(SET_POINT, 3, b"\x41\x20\x00\x00\x00\x00", 0), 2)
    equal(bank.write(1212, 2, b"\x41\x20\x00\x00", 0), 2)
    equal((manager.read(SET_POINT), manager.left()), (0, 0))


def test_phases_without_a_relay():
    """What is so already is accepted: clients write the phases before each set-point."""
    for manager in (Manager(), Manager(phase_relay=True), Manager(charger__phase_switch=True)):
        equal(manager.banks[1].write(1215, 1, b"\x00\x03", 0), 0)
        equal(manager.banks[1].write(1215, 1, b"\x00\x01", 0), 3)
        equal(manager.read(1215, ">H"), 3)
    manager = Manager(charger__mapping="L2")
    equal(manager.banks[1].write(1215, 1, b"\x00\x01", 0), 0)
    equal(manager.banks[1].write(1215, 1, b"\x00\x03", 0), 3)
    equal(manager.read(1215, ">H"), 1)


def test_phases_with_a_relay():
    manager = Manager(phase_relay=True, charger__phase_switch=True)
    bank = manager.banks[1]
    equal(bank.write(1215, 1, b"\x00\x02", 0), 3)
    equal(bank.write(1215, 1, b"\x00\x03", 0), 0)
    equal(bank.write(1215, 1, b"\x00\x01", 0), 0)
    equal(bank.write(1215, 1, b"\x00\x03", 0), 6)
    for _ in range(1000):
        manager.box.now = later(manager.box.now, 20)
        manager.box.step(manager.box.now)
    equal(manager.read(1215, ">H"), 1)
    equal(bank.write(1215, 1, b"\x00\x03", 0), 6)
