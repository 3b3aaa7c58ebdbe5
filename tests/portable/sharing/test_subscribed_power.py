"""The power that a house has subscribed to, as its meter tells it, is its limit."""

from sharing_house import THREE, House

from checks import equal
from fairamp.meters.draft import Draft
from fairamp.meters.reading import Reading
from fairamp.meters.sieve import Sieve


def test_where_it_is_below_the_fuse_it_is_the_limit_and_a_change_counts_at_once():
    house = House(site={"fuse": [60, 60, 60]})
    equal(house.read(0, 20, 0, 0), [32])
    house.follow()
    house.one.grid.contract_ma = 30000
    equal(house.read(1, 20, 0, 0), [10])
    house.follow()
    house.one.grid.contract_ma = 45000
    for _ in range(120):
        house.read(1, 20, 0, 0)
        house.follow()
    equal(house.read(1, 20, 0, 0), [25])


def test_it_never_lifts_the_fuse_and_margin_and_headroom_stay_free_of_it():
    house = House(site={"fuse": [25, 25, 25]})
    house.one.grid.contract_ma = 60000
    equal(house.read(0, 5, 5, 5), [20])
    house = House(site={"fuse": [60, 60, 60], "margin": 10, "headroom": 2})
    house.one.grid.contract_ma = 30000
    equal(house.read(0, 5, 5, 5), [20])


def test_it_holds_while_the_meter_is_lost():
    house = House(site={"fuse": [60, 60, 60], "safe_current": 20}, mappings=(THREE,), safe=20000)
    house.one.grid.contract_ma = 15000
    house.read(0, 2, 2, 2)
    equal(house.wait(10), [13])


def test_a_reading_keeps_what_an_alarm_does_not_tell():
    draft, reading, sieve = Draft(), Reading(), Sieve([60000] * 3, 230)
    draft.current_ma, draft.contract_ma = [9000, 0, 0], 30000
    assert sieve.sift(draft, reading, 0)
    equal(reading.contract_ma, 30000)
    draft.clear()
    draft.current_ma, draft.urgent = [40000, None, None], True
    assert sieve.sift(draft, reading, 100)
    equal((reading.current_ma[0], reading.contract_ma), (40000, 30000))
