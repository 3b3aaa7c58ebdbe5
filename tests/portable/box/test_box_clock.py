"""What a box shows of the time: the date, its source and its quality are always of the same moment."""

from checks import equal
from fairamp import commands, view
from fairamp.box import Box
from fairamp.clock.calendar import date, seconds
from fairamp.clock.timekeeper import SNTP
from fairamp.settings import Settings

CHIP = (2026, 11, 28, 21, 0, 0)
NOON = seconds((2026, 6, 21, 12, 0, 0))
DAY_S = 86400


def box_with(**clock):
    settings = Settings()
    equal(settings.load({"clock": clock}, "test"), [])
    return Box(settings)


def test_the_clock_of_the_chip_counts_until_a_server_was_believed_and_looked_at():
    box = box_with()
    box.keep_time(0)
    box.look_at_clock(0, None)
    equal(view.clock(box)[:4], (None, None, "none", ""))
    box.look_at_clock(1000, CHIP)
    equal(view.clock(box), (CHIP, CHIP, "rough", "chip", 0))
    assert commands.tell_time(box, 1200, SNTP, NOON)
    equal(view.clock(box)[:4], (CHIP, CHIP, "rough", "chip"))
    box.look_at_clock(2200, CHIP)
    equal(view.clock(box), (date(NOON + 1), date(NOON + 1), "synced", "sntp", 1))


def test_another_zone_counts_at_the_next_look():
    box = box_with()
    box.look_at_clock(0, CHIP)
    for zone, local in (("CET-1CEST,M3.5.0,M10.5.0/3", (2026, 11, 28, 22, 0, 0)), ("UTC0", CHIP)):
        equal(box.settings.change({"clock": {"zone": zone}}, 1), ([], []))
        box.look_at_clock(1000, CHIP)
        equal(view.clock(box)[:2], (CHIP, local))


def test_a_box_without_a_clock_has_no_local_time_either():
    box = box_with(zone="<+03>-3")
    box.look_at_clock(0, None)
    equal(view.clock(box)[:4], (None, None, "none", ""))
