"""Clocks on the wall, north and south of the equator, and where they are never changed."""

from checks import equal, raises
from fairamp.clock.calendar import date, seconds
from fairamp.clock.zones import Zone, problem

BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
SYDNEY = "AEST-10AEDT,M10.1.0,M4.1.0/3"


def hour(zone, *utc):
    """What the clocks show at that full hour, as (day, hour)."""
    return zone.local(utc + (0, 0))[2:4]


def test_dates_and_seconds_are_the_same():
    for day, found in (
        ((1970, 1, 1, 0, 0, 0), 0),
        ((2000, 2, 29, 23, 59, 59), 951868799),
        ((2026, 12, 31, 12, 30, 15), 1798720215),
        ((2038, 1, 19, 3, 14, 8), 2147483648),
        ((2100, 3, 1, 0, 0, 0), 4107542400),
    ):
        equal((seconds(day), date(found)), (found, day))


def test_berlin_changes_its_clocks_in_march_and_october():
    zone = Zone(BERLIN)
    equal([hour(zone, 2027, 3, 28, at) for at in (0, 1, 2)], [(28, 1), (28, 3), (28, 4)])
    equal([hour(zone, 2027, 10, 31, at) for at in (0, 1, 2)], [(31, 2), (31, 2), (31, 3)])
    equal(zone.local((2026, 12, 31, 23, 30, 5)), (2027, 1, 1, 0, 30, 5))
    # To the second, and back again: a clock may be set.
    for at, shown in ((59, 1), (0, 3), (59, 1)):
        utc = (2027, 3, 28, 0, 59, 59) if at else (2027, 3, 28, 1, 0, 0)
        equal(zone.local(utc)[3], shown)


def test_sydney_has_summer_over_the_new_year():
    zone = Zone(SYDNEY)
    for utc, shown in (
        ((2026, 1, 1, 0), (1, 11)),
        ((2026, 12, 31, 20), (1, 7)),
        ((2026, 4, 4, 15), (5, 2)),
        ((2026, 4, 4, 16), (5, 2)),
        ((2026, 7, 1, 0), (1, 10)),
        ((2026, 10, 3, 15), (4, 1)),
        ((2026, 10, 3, 16), (4, 3)),
    ):
        equal((utc, hour(zone, *utc)), (utc, shown))


def test_zones_without_summer_time():
    for text, shown in (("UTC0", 12), ("<+03>-3", 15), ("IST-5:30", 17), ("<-03>3", 9), ("EST+5", 7)):
        zone = Zone(text)
        equal([zone.local((2026, month, 9, 12, 0, 0))[3] for month in (1, 7)], [shown, shown])
    equal(Zone("IST-5:30").local((2026, 1, 1, 0, 0, 0)), (2026, 1, 1, 5, 30, 0))


def test_days_that_are_told_by_their_number():
    """J60 is the 1st of March in every year, 59 only without a 29th of February."""
    for text, year, first in (
        ("AAA0BBB,J60/0,J300/0", 2027, (3, 1)),
        ("AAA0BBB,J60/0,J300/0", 2028, (3, 1)),
        ("AAA0BBB,59/0,300/0", 2027, (3, 1)),
        ("AAA0BBB,59/0,300/0", 2028, (2, 29)),
    ):
        zone = Zone(text)
        before = date(seconds((year,) + first + (0, 0, 0)) - 1)
        equal((zone.local(before)[3], zone.local((year,) + first + (0, 0, 0))[3]), (23, 1))


def test_a_wrong_zone_is_told_with_the_place_and_what_to_write():
    for text, part in (
        ("", "a name of three letters or more must stand here, or one in <>, and there is nothing more"),
        ("Europe/Berlin", "hours from 0 to 24 must stand here, and there is '/Berlin'"),
        ("CET", "hours from 0 to 24 must stand here"),
        ("CE-1", "three letters"),
        ("<+03-3", "or one in <>"),
        ("CET-25", "hours from 0 to 24 must stand here, and there is '25'"),
        ("CET-1:60", "minutes from 0 to 59"),
        ("CET-1CEST", "the day on which summer time begins"),
        ("CET-1CEST,M3.5.0", "the day on which summer time ends"),
        ("CET-1CEST,M13.5.0,M10.5.0", "a month from 1 to 12"),
        ("CET-1CEST,M3.6.0,M10.5.0", "a week (5 = the last) from 1 to 5"),
        ("CET-1CEST,M3.5.7,M10.5.0", "a day of the week (0 = Sunday) from 0 to 6"),
        ("CET-1CEST,J0,J3", "a day of the year from 1 to 365"),
        ("CET-1CEST,M3,M10.5.0", "a dot must stand here, and there is ',M10.5.0'"),
        ("CET-1CEST,M3.5.0/999,M10.5.0", "hours from 0 to 167"),
        ("CET-1CEST,M3.5.0,M10.5.0/3 ", "nothing may follow, but there is ' '"),
        ("A" * 60, "nothing more"),
    ):
        assert part in problem(text), problem(text)
        assert "; write such as CET-1CEST,M3.5.0,M10.5.0/3" in problem(text)
    with raises(ValueError, "hours"):
        Zone("CET")
    equal([problem(text) for text in ("UTC0", BERLIN, SYDNEY, "<-02>2<-01>,M3.5.0/-1,M10.5.0/0")], [""] * 4)
