"""What a box does until its own meter was read."""

from waves import fill

from checks import equal
from fairamp import view
from fairamp.box import Box
from fairamp.settings import Settings


def make():
    box = Box(Settings())
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
    equal(view.why(box), "waiting for the first meter reading")
    live(box, 10000, own=True)
    equal((report.ready, box.socket.takes_part, offered.offered_ma), (True, True, 20000))
