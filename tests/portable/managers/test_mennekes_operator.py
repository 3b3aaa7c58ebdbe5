"""The operator limit of all chargers, changed while they charge (registers 610 to 635 of a MENNEKES)."""

from client import Clients, box_with

from checks import equal
from fairamp import view
from registers import run


def make(**sections):
    box = box_with(**sections)
    run(box, box.now, 40)
    return box, Clients(box, "mennekes", 255)


def test_it_is_changed_while_running_for_each_phase():
    box, wire = make(site={"feeder": [25, 20, 25], "headroom": 3})
    equal((wire.read(600), wire.read(610, 3), wire.read(613, 3)), (1, [22, 20, 22], [22, 20, 22]))
    equal((wire.write(613, 16, 12, 14), wire.read(613, 3)), (0, [16, 12, 14]))
    wire.wait(1)
    equal((box.point.limits.offer(), wire.read(633, 3), view.why(box)), (12000, [16, 12, 14], "energy management"))
    # It holds without another word, and goes back up.
    wire.wait(100)
    equal(box.point.limits.get(6), 6000)
    equal((wire.write(1000, 32), wire.write(614, 18)), (0, 0))
    wire.wait(40)
    equal((wire.read(613, 3), box.point.limits.offer()), ([16, 18, 14], 14000))


def test_more_than_fuse_and_feeder_is_refused():
    _, wire = make()
    equal([wire.write(613 + phase, 26) for phase in range(3)], [3, 3, 3])
    equal((wire.write(613, 25), wire.write(610, 10), wire.read(613, 3)), (0, 2, [25, 25, 25]))


def test_a_setting_below_it_stays_in_force():
    box, wire = make(sharing={"operator_limit": [10] * 3})
    equal((wire.write(613, 20, 20, 20), wire.read(613, 3)), (0, [20, 20, 20]))
    wire.wait(1)
    equal((box.point.limits.offer(), wire.read(621)), (10000, 0))
