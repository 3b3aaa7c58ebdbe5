"""A lost meter lifts no other limit: what chargers may draw with any house, they may not draw without knowing it."""

from sharing_house import THREE, House

from checks import equal


def offers(mappings=(THREE,), **sections):
    """While the meter is lost, where it showed a house of 0 A."""
    house = House(mappings, **sections)
    house.read(0, 0, 0, 0)
    return house.wait(6)


def test_a_feeder_holds_where_a_load_is_expected_instead():
    wide = {"fuse": [63, 63, 63], "feeder": [16, 16, 16]}
    equal(offers(site=wide, meter={"fallback": [10, 10, 10]}), [16])


def test_the_hour_holds_while_the_meter_is_lost():
    wide = {"fuse": [63, 63, 63], "safe_current": 30}
    equal((offers(site=wide), offers(site=wide, sharing={"profile": [[0, 9]]})), ([30], [9]))


def test_a_contact_that_suspends_holds_while_the_meter_is_lost():
    house = House()
    house.read(0, 0, 0, 0)
    equal(house.wait(6), [6])
    house.one.suspended = True
    equal(house.wait(1), [0])
