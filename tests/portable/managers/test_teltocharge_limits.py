"""What a TeltoCharge tells of its phases, its limits and its warnings, on sites that are not the usual one."""

from client import Clients, box_with

from checks import equal

NONE, THREE = 7, 6


def test_phases_to_use_on_a_box_with_one_phase():
    for mapping, number in (("L1", 0), ("L2", 1), ("L3", 2)):
        telto = Clients(box_with(charger={"mapping": mapping}), "teltocharge")
        equal((telto.read(14), telto.write(14, THREE), telto.read(14)), (number, 3, number))
        equal((telto.write(14, NONE), telto.read(14)), (0, NONE))
        equal((telto.write(14, THREE), telto.read(14)), (3, NONE))
        equal((telto.write(14, number), telto.read(14)), (0, number))
        equal([telto.write(14, other) for other in range(6) if other != number], 5 * [3])
    telto = Clients(box_with(), "teltocharge")
    equal((telto.read(14), telto.write(14, THREE), telto.write(14, 0), telto.read(14)), (THREE, 0, 3, THREE))


def test_maximum_from_the_grid_and_of_the_user():
    for sections, grid, user in (
        ({}, 25, 32),
        ({"charger": {"max": 16}}, 25, 16),
        ({"charger": {"max": 16, "limit": 10}}, 25, 10),
        ({"charger": {"max": 63}, "site": {"fuse": [100, 80, 63]}}, 63, 32),
        ({"site": {"fuse": [35, 25, 35], "margin": 20, "headroom": 3}}, 17, 32),
    ):
        telto = Clients(box_with(**sections), "teltocharge")
        equal((telto.read(28), telto.read(29)), (grid, user))


def test_the_user_limits_nothing_before_he_says_so():
    box = box_with(charger={"max": 63}, site={"fuse": [80, 80, 80]})
    telto = Clients(box, "teltocharge")
    telto.wait(1)
    equal(box.point.limits.offer(), 63000)


def test_a_profile_without_a_clock_is_a_warning():
    box = box_with(sharing={"profile": [[0, 10], [7, 16]]})
    telto = Clients(box, "teltocharge")
    telto.wait(1)
    equal((telto.read(34), box.point.guard.faults.texts()[0][:22]), (1 << 4, "the time is not known:"))
    box.utc = (2026, 3, 9, 8, 5, 59)
    telto.wait(1)
    equal((telto.read(34), box.point.limits.offer()), (0, 16000))
    telto = Clients(box_with(), "teltocharge")
    telto.wait(1)
    equal(telto.read(34), 0)
