from waves import fill

from checks import equal
from fairamp import view
from fairamp.box import Box
from fairamp.managers import ocpp_status, teltocharge
from fairamp.managers.teltocharge import charge_point_state, iec_state
from fairamp.modbus.bank import Bank
from fairamp.settings import Settings
from registers import read, write


def make(**charger):
    settings = Settings()
    equal(settings.load({"charger": charger}, "test"), [])
    box = Box(settings)
    for reading, current in ((box.own, 0), (box.coordinator.grid, 5000)):
        for phase in range(3):
            reading.current_ma[phase] = current
            reading.voltage_mv[phase] = 231900
        reading.accept(0)
    box.balance(0)
    box.now = 0
    return box, Bank(teltocharge.ROWS, box)


def connect(box, letter=9000, ms=8000):
    """Lets a car be there; long enough for the next raise."""
    box.inputs.count = 128
    for _ in range(ms // 20):
        box.now += 20
        fill(box.inputs.codes, letter, -12000, box.point.duty)
        if box.now % 200 == 0:
            box.own.accept(box.now)
            box.coordinator.grid.accept(box.now)
            box.balance(box.now)
        box.step(box.now)


def test_what_the_ems_reads():
    box, bank = make()
    box.own.current_ma[2] = 12345
    equal(read(bank, 9), 21571)
    equal(read(bank, 0), 232)
    equal(read(bank, 5), 123)
    equal((read(bank, 6), read(bank, 12), read(bank, 13), read(bank, 15)), (7, 32, 7, 32))
    equal(bank.read(0, 16, bytearray(32), 0), 0)


def test_a_set_point_lowers_the_offer_and_never_lifts_it():
    box, bank = make()
    connect(box)
    equal(box.point.offer_ma, 20000)
    equal(write(bank, 15, 10), 0)
    connect(box)
    equal((box.point.offer_ma, read(bank, 15), view.why(box)), (10000, 10, "energy management"))
    equal(write(bank, 15, 32), 0)
    connect(box)
    equal(box.point.offer_ma, 20000)


def test_1_to_5_a_pause_and_read_back():
    box, bank = make()
    equal(write(bank, 15, 3), 0)
    connect(box)
    equal((box.point.offer_ma, read(bank, 15)), (0, 3))


def test_wrong_values_are_refused():
    _, bank = make()
    equal(write(bank, 15, 33), 3)
    equal(write(bank, 14, 2), 3)
    equal(write(bank, 9, 1), 2)
    equal(read(bank, 15), 32)


def test_no_phase_means_no_charging():
    box, bank = make()
    equal(write(bank, 14, 7), 0)
    connect(box)
    equal((box.point.offer_ma, read(bank, 14)), (0, 7))


def test_time_in_state_counts_seconds():
    box, bank = make()
    for now in range(0, 61000, 200):
        box.balance(now)
    equal(read(bank, 7), 60)


def test_the_three_enumerations_follow_one_state():
    """(letter of the car, what is asked of the box) -> registers 6, 27 and 33 of a TeltoCharge."""
    box, bank = make()

    def shown():
        return read(bank, 6), charge_point_state(box), iec_state(box)

    equal(shown(), (7, 0, 0))
    connect(box)
    equal(shown(), (1, 2, 2))
    connect(box, 6000)
    for phase in range(3):
        box.own.current_ma[phase] = 15000
    connect(box, 6000)
    equal(shown(), (0, 3, 4))
    box.managers.point("teltocharge", 0).write(0)
    connect(box, 6000, 200)
    equal(shown(), (0, 3, 3))
    for phase in range(3):
        box.own.current_ma[phase] = 0
    connect(box)
    equal(shown(), (2, 4, 1))
    box.point.session.stop()
    connect(box)
    equal(shown()[1], 6)
    box.point.session.start()
    box.managers.point("teltocharge", 0).write(32000)
    connect(box, 6000)
    connect(box, 9000)
    equal(shown(), (4, 5, 2))
    box.inputs.leakage = True
    connect(box)
    equal(shown(), (8, 7, 8))
    box.inputs.leakage = False
    connect(box, 12000, 1000)
    connect(box, 0, 1000)
    equal(shown(), (9, 7, 7))


def test_no_leakage_sensor_is_no_error():
    for word, errors in (("contact", 1 << 8 | 1 << 2), ("none", 0)):
        box, bank = make(leakage=word)
        box.inputs.leakage = box.inputs.leakage_test_failed = True
        connect(box)
        equal((read(bank, 35), ocpp_status.status(box) == "Faulted"), (errors, errors > 0))


def test_a_car_without_permission_or_ventilation():
    box, bank = make()
    box.point.session._mode = "request"
    connect(box)
    equal((read(bank, 6), charge_point_state(box), iec_state(box)), (5, 1, 1))
    box, bank = make()
    connect(box, 3000)
    equal((read(bank, 6), charge_point_state(box), iec_state(box)), (6, 2, 5))
