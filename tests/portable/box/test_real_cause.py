"""Register 36 of a TeltoCharge, and the words for people, name what really holds the offer."""

from client import Clients, box_with

from checks import equal
from fairamp import view
from fairamp.units import later
from registers import look, run

GRID, USER, HARDWARE, DEFAULTS, BALANCE = 1, 2, 0, 5, 6


def shown(box):
    return Clients(box, "teltocharge").read(36), view.why(box), box.point.limits.offer() // 1000


def settled(seconds=40, house_ma=0, **sections):
    box = box_with(**sections)
    for phase in range(3):
        box.coordinator.grid.current_ma[phase] = house_ma
    run(box, box.now, seconds)
    return box


def lose_meter(box, **_):
    for _ in range(100):
        box.now = later(box.now, 200)
        box.own.accept(box.now)
        box.balance(box.now)
    return box


def test_what_bounds_all_chargers_has_a_name_of_its_own():
    for sections, wanted in (
        ({"house_ma": 15000}, (BALANCE, "load balance", 10)),
        ({"sharing": {"profile": [[0, 10]]}}, (USER, "profile of the day", 10)),
        ({"sharing": {"operator_limit": [20, 12, 20]}}, (GRID, "operator limit", 12)),
        ({"site": {"feeder": [20, 20, 11]}}, (HARDWARE, "feeder of the chargers", 11)),
        # The house is what binds, though there are others.
        (
            {"house_ma": 15000, "sharing": {"operator_limit": [12] * 3, "profile": [[0, 16]]}},
            (BALANCE, "load balance", 10),
        ),
        ({"sharing": {"operator_limit": [0, 12, 12]}}, (GRID, "operator limit", 0)),
    ):
        equal(shown(settled(**sections)), wanted)


def test_a_contact_that_downgrades():
    sections = {"sharing": {"operator_limit": [16] * 3, "downgrade": 6}, "charger": {"shed_function": "downgrade"}}
    box = box_with(**sections)
    for closed, wanted in (
        (True, (GRID, "operator limit, downgraded by a contact", 10)),
        (False, (GRID, "operator limit", 16)),
    ):
        box.wire(True, closed)
        run(box, box.now, 40)
        equal(shown(box), wanted)


def test_phases_that_must_not_differ():
    box = settled(sharing={"imbalance": 10}, charger={"mapping": "L1"})
    equal(shown(box), (GRID, "phases must not differ more", 10))


def test_a_lost_meter_leaves_a_default():
    equal(shown(lose_meter(settled())), (DEFAULTS, "meter lost, safe current", 6))
    box = lose_meter(settled(meter={"fallback": [12, 12, 12]}))
    equal(shown(box), (DEFAULTS, "meter lost, load to expect", 13))


def test_an_energy_manager_and_its_silence():
    box = settled()
    telto = Clients(box, "teltocharge")
    telto.write(15, 12)
    look(box, box.now)
    equal(shown(box), (BALANCE, "energy management", 12))
    run(box, box.now, 31)
    equal(shown(box), (DEFAULTS, "energy manager silent, failsafe current", 6))
    equal(shown(settled(ems={"required": True})), (DEFAULTS, "energy manager silent, failsafe current", 6))
    box = settled()
    equal(Clients(box, "alfen", 200).write_float(1419, 12), 0)
    run(box, box.now, 5)
    equal(shown(box)[:2], (BALANCE, "energy management"))


def test_in_the_list_of_all_sockets_the_own_one_names_it_too():
    from fairamp.status import status

    box = settled(charger={"limit": 9})
    (socket,) = status(box)["sockets"]
    equal((socket["why"], socket["reason"]["code"]), (view.why(box), view.reason(box)[0]))
    assert socket["why"] != "load balance", socket
