"""Our zones show what those of Python do, around every change of the clocks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from fairamp.clock.zones import Zone

HOUR = 3600
ZONES = {
    "Europe/Berlin": "CET-1CEST,M3.5.0,M10.5.0/3",
    "Europe/London": "GMT0BST,M3.5.0/1,M10.5.0",
    "Europe/Helsinki": "EET-2EEST,M3.5.0/3,M10.5.0/4",
    "Europe/Istanbul": "<+03>-3",
    "Australia/Sydney": "AEST-10AEDT,M10.1.0,M4.1.0/3",
    "Australia/Lord_Howe": "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
    "America/New_York": "EST5EDT,M3.2.0,M11.1.0",
    "America/Nuuk": "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
    "Asia/Jerusalem": "IST-2IDT,M3.4.4/26,M10.5.0",
    "America/Santiago": "<-04>4<-03>,M9.1.6/24,M4.1.6/24",
}
BEGIN, END = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2026, 2033))


@pytest.mark.parametrize("name", ZONES)
def test_the_same_as_zoneinfo(name):
    known, zone = ZoneInfo(name), Zone(ZONES[name])

    def wanted(second):
        return tuple(datetime.fromtimestamp(second, known).timetuple()[:6])

    def found(second):
        return zone.local(tuple(datetime.fromtimestamp(second, UTC).timetuple()[:6]))

    before = None
    for second in range(BEGIN, END, HOUR // 2):
        offset = datetime.fromtimestamp(second, known).utcoffset()
        assert zone.offset_s(second) == offset.total_seconds(), datetime.fromtimestamp(second, UTC)
        if offset != before:
            # And to the second; a new one has nothing in its memory.
            for near in (second - 1, second, second - 1):
                assert (
                    found(near)
                    == wanted(near)
                    == Zone(ZONES[name]).local(tuple(datetime.fromtimestamp(near, UTC).timetuple()[:6]))
                )
        before = offset
