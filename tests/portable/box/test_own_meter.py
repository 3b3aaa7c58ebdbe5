"""What a box does until its own meter was read."""

from waves import fill

from checks import equal
from fairamp import view
from fairamp.box import Box
from fairamp.settings import Settings
from fairamp.sharing.socket import Socket


def make(sections=None, others=()):
    settings = Settings()
    equal(settings.load(sections or {}, "test"), [])
    box = Box(settings, others=others)
    for phase in range(3):
        box.own.voltage_mv[phase] = 230000
        box.coordinator.grid.current_ma[phase] = 5000
    box.inputs.count = 128
    return box


def live(box, ms, own):
    """The house is read, a car is there and takes what it is offered; `own`: the charger's own meter answers, too."""
    for _ in range(ms // 20):
        box.now += 20
        fill(box.inputs.codes, 6000 if 0 < box.point.duty < 10000 else 9000, -12000, box.point.duty)
        if box.now % 200 == 0:
            box.coordinator.grid.accept(box.now)
            if own:
                box.own.accept(box.now)
            box.balance(box.now)
        box.step(box.now)


def test_a_charger_whose_own_meter_was_never_read_takes_no_part_in_sharing():
    box = make()
    live(box, 20000, own=False)
    report, offered = box.socket.report, box.socket.commitment
    equal((report.connected, report.ready, box.socket.takes_part, offered.offered_ma), (True, False, False, 0))
    equal(view.why(box), "waiting for the first meter reading: charger meter")
    live(box, 10000, own=True)
    equal((report.ready, box.socket.takes_part, offered.offered_ma), (True, True, 20000))


def most_signalled(box, ms, own):
    """The highest offer that the car saw."""
    most = 0
    for _ in range(ms // 20):
        live(box, 20, own)
        most = max(most, box.point.offer_ma)
    return most


def test_a_charger_meter_that_never_answers_lets_no_car_charge():
    box = make()
    equal((most_signalled(box, 60000, own=False), box.point.contactor), (0, False))
    # A car that was there before is not left behind.
    equal((most_signalled(box, 10000, own=True), box.point.contactor), (20000, True))


def test_a_charger_meter_that_falls_silent_pauses_a_car_whose_safe_current_is_0():
    box = make({"site": {"safe_current": 0}})
    live(box, 10000, own=True)
    equal(box.point.offer_ma, 20000)
    live(box, 10000, own=False)
    equal(most_signalled(box, 60000, own=False), 0)


def test_a_car_that_may_begin_sees_no_more_than_its_part_not_even_for_a_moment():
    neighbour = Socket(1, [0, 1, 2])
    neighbour.online = False
    box = make({"charger": {"start": "request"}}, [neighbour])
    live(box, 10020, own=True)
    equal((view.limit_ma(box), box.point.offer_ma), (14000, 0))
    neighbour.online = True
    live(box, 200, own=True)
    equal((view.limit_ma(box), box.point.offer_ma), (20000, 0))
    box.point.session.authorise()
    equal(most_signalled(box, 10000, own=True), 14000)
