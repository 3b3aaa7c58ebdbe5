"""What sockets are told that they may take when they hear nothing more: it fits, whoever is lost."""

from sharing_house import THREE, House

from checks import equal
from fairamp.settings import Settings

THREE_SOCKETS = [THREE, THREE, THREE]
CALM = {"probe_current": 0}


def told(house):
    return [socket.grant.safe_ma // 1000 for socket in house.sockets]


def test_who_charges_keeps_no_more_than_it_has_and_who_waits_keeps_nothing():
    house = House(THREE_SOCKETS, sharing=CALM)
    equal(house.read(0, 10, 10, 10), [0, 8, 7])
    equal(told(house), [0, 6, 6])


def test_empty_sockets_on_one_phase_keep_nothing_together_that_would_make_it_too_uneven():
    house = House(([0, 1, 2], [0], [0]), sharing=dict(CALM, imbalance=10), site={"fuse": [63] * 3})
    for socket in house.sockets[1:]:
        report = socket.report
        report.connected = report.asking = report.charging = False
    for _ in range(30):
        house.follow()
        house.read(1, 0, 0, 0)
    equal((house.sockets[0].grant.ma, told(house)), (32000, [6, 0, 0]))


def test_who_has_no_car_keeps_what_fits_beside_the_others():
    house = House(THREE_SOCKETS, sharing=CALM)
    house.sockets[0].report.connected = False
    house.read(0, 5, 5, 5)
    equal(told(house), [6, 6, 6])
    # 12 A are left: the two that charge keep 6 A each.
    house = House(THREE_SOCKETS, sharing=CALM)
    house.sockets[0].report.connected = False
    house.read(0, 13, 13, 13)
    equal(told(house), [0, 6, 6])


def test_what_a_lost_socket_may_take_is_kept_from_those_that_are_told():
    house = House(THREE_SOCKETS, sharing=CALM)
    house.sockets[1].report.connected = house.sockets[2].report.connected = False
    house.sockets[0].online = False
    house.read(0, 12, 12, 12)
    equal(told(house)[1:], [6, 0])


def test_while_all_are_suspended_nobody_keeps_anything():
    house = House(THREE_SOCKETS, sharing=CALM)
    house.sockets[0].report.connected = False
    house.one.suspended = True
    house.read(0, 5, 5, 5)
    equal(told(house), [0, 0, 0])


def test_before_the_first_reading_nobody_keeps_anything():
    house = House(THREE_SOCKETS, sharing=CALM)
    house.wait(1)
    equal(told(house), [0, 0, 0])


def test_a_lost_meter_leaves_the_safe_current_for_all_who_are_lost_too():
    house = House(THREE_SOCKETS, sharing=CALM)
    house.sockets[0].report.connected = False
    house.read(0, 5, 5, 5)
    house.wait(6)
    equal(sum(told(house)), 6)


def test_what_is_kept_makes_no_phase_too_uneven():
    house = House([[0], [0], [0], [1]], sharing={"imbalance": 10, "probe_current": 0}, site={"fuse": [63, 63, 63]})
    for socket in house.sockets[:3]:
        socket.report.connected = False
    house.read(0, 5, 5, 5)
    equal(told(house)[:3], [6, 0, 0])


def test_sockets_that_name_none_keep_6_a_only_where_all_fit():
    for fuse, kept in ((18, 6000), (17.9, 0)):
        house = House(THREE_SOCKETS, site={"fuse": [25, 25, fuse]}, safe=None)
        equal([socket.safe_ma for socket in house.sockets], [kept] * 3)
        equal(house.one.safe.lacks is None, kept > 0)
    # On different phases they are not in each other's way; on one cable they are.
    house = House([[0], [1], [2]], site={"fuse": [6, 6, 6]}, safe=None)
    equal([socket.safe_ma for socket in house.sockets], [6000] * 3)
    house = House([[0], [1], [1]], stations=[(1, 11000)] * 3, safe=None)
    equal([socket.safe_ma for socket in house.sockets], [0] * 3)


def test_margin_headroom_feeder_and_the_house_to_expect_count():
    for sections in (
        {"site": {"margin": 30}},
        {"site": {"headroom": 8}},
        {"site": {"feeder": [17, 25, 25]}},
        {"meter": {"fallback": [0, 7.5, 0]}},
    ):
        house = House(THREE_SOCKETS, safe=None, **sections)
        equal((sections, [socket.safe_ma for socket in house.sockets]), (sections, [0] * 3))


def test_a_safe_current_above_what_covers_the_charger_is_refused_with_the_sums():
    for sections, text in (
        ({"charger": {"safe": 26}}, "26 A on L1, more than the 25 A that fuse, margin, headroom"),
        ({"charger": {"safe": 20, "mapping": "L2"}, "site": {"margin": 30}}, "20 A on L2, more than the 17.5 A that"),
        ({"charger": {"safe": 20, "station": 2, "station_max": 16}}, "more than the 16 A of [charger] station_max"),
    ):
        (error,) = Settings().load(sections, "file")
        assert error.startswith("file: [charger] safe: safe current of charger 0: ") and text in error, error
    equal(Settings().load({"charger": {"safe": 25}}, "file"), [])


def test_what_is_changed_while_it_runs_makes_room_for_safe_currents_and_takes_it():
    house = House(THREE_SOCKETS, sharing=CALM, safe=None)
    for socket in house.sockets:
        socket.report.connected = False

    def change(feeder):
        equal(house.settings.load({"site": {"feeder": [feeder] * 3}}, "test"), [])
        house.one.settle(house.settings)
        house.read(1, 2, 2, 2)
        return told(house)

    equal((change(25), change(12), change(20)), ([6, 6, 6], [0, 0, 0], [6, 6, 6]))
    # Who is not heard when that changes may take what it was told, and so much is left for it.
    house.sockets[2].online = False
    equal((change(12)[:2], house.sockets[2].safe_ma), ([0, 0], 6000))
    house.sockets[2].online = True
    equal((change(12), house.sockets[2].safe_ma), ([0, 0, 0], 0))
