"""Meters that know what time it is: P1 and TIC."""

from test_p1 import SMR5, telegram
from test_tic import STANDARD, standard

from checks import equal
from fairamp.meters.draft import Draft
from fairamp.meters.p1 import P1
from fairamp.meters.tic import Tic

NOTHING = (None, None)
STAMP = "0-0:1.0.0(260714153001S)"


def time_of(line, data):
    line.feed(data, 0, len(data))
    assert line.done, line.problem
    draft = Draft()
    line.fill(draft)
    return draft.month, draft.moment


def test_a_p1_telegram_tells_the_time_and_whether_it_is_summer():
    for stamp, wanted in (
        ("260714153001S", (5215, 14153001)),
        ("261231235959W", (5224, 31235959)),
        ("000101000000W", (2, 1000000)),
        ("991231235959W", (19824, 31235959)),
        ("260714153001X", NOTHING),
        ("260714153001", NOTHING),
        ("26071415300aS", NOTHING),
        ("", NOTHING),
    ):
        found = time_of(P1(), telegram(SMR5.replace(STAMP, "0-0:1.0.0(" + stamp + ")")))
        equal((stamp, found), (stamp, wanted))
    equal(time_of(P1(), telegram(SMR5.replace(STAMP + "\n", ""))), NOTHING)


def test_a_tic_frame_tells_the_time_when_the_meter_is_sure():
    for stamp, wanted in (
        ("E260714153001", (5215, 14153001)),
        ("H261231235959", (5224, 31235959)),
        ("e260714153001", NOTHING),
        ("h260714153001", NOTHING),
    ):
        found = time_of(Tic(), standard(STANDARD.replace("E260714153001", stamp)))
        equal((stamp, found), (stamp, wanted))


def test_a_time_that_is_none_does_not_make_a_frame_wrong():
    line = Tic()
    equal(time_of(line, standard(STANDARD)), (5215, 14153001))
    for stamp in ("e260714153002", "Ex60714153003", "E260714153004"):
        found = time_of(line, standard(STANDARD.replace("E260714153001", stamp)))
        equal(found, (5215, 14153004) if stamp[-1] == "4" else NOTHING)
    equal((line.bad, time_of(line, standard(STANDARD.replace("DATE E260714153001 ,", "")))), (0, NOTHING))
