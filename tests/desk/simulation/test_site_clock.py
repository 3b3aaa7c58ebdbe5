"""[clock] in SITE.toml: a profile over the changes of the clocks, and a clock that is lost."""

import urllib.request

import pytest

from fairamp import view
from fairamp.status import status
from fairamp_desk.errors import UsageError
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep
from tests.desk.twin.twin_process import TwinProcess

BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
SYDNEY = "AEST-10AEDT,M10.1.0,M4.1.0/3"
# From three o'clock on there is less, from four on more.
PROFILE = [[0, 16], [3, 10], [4, 20]]
MINUTE = 60


def site(start, zone=BERLIN, profile_zone="local", **more):
    return check_site(
        {
            "site": {"fuse": [25, 25, 25]},
            "clock": {"start": start, "zone": zone} if start else {"zone": zone},
            "sharing": {"profile": PROFILE, "profile_zone": profile_zone},
            "car": [{"max": 32}],
            "charger": [{"max": 32}],
            **more,
        },
        "site.toml",
    )


def offers(site, *minutes):
    """A at these moments, with what the clocks show then."""
    run, found = Lockstep(site, quick=True), []
    for minute in minutes:
        run.run(minute * MINUTE - run.world.ms / 1000)
        local = view.clock(run.box)[1]
        found.append((local and local[3:5], view.offer_ma(run.box) // 1000))
    return found


def test_in_spring_the_hour_that_is_skipped_has_no_limit():
    """From 2 o'clock to 3 in no time: what begins at 3 begins at once."""
    found = offers(site("2027-03-28T00:30:00Z"), 25, 35, 85, 95)
    assert found == [((1, 55), 16), ((3, 5), 10), ((3, 55), 10), ((4, 5), 20)]


def test_in_autumn_the_hour_that_comes_twice_is_twice_as_long():
    found = offers(site("2027-10-31T00:30:00Z"), 25, 35, 85, 95, 155)
    assert found == [((2, 55), 16), ((2, 5), 16), ((2, 55), 16), ((3, 5), 10), ((4, 5), 20)]


def test_in_the_south_summer_ends_in_april():
    found = offers(site("2027-04-03T15:30:00Z", SYDNEY), 25, 35, 85, 95)
    assert found == [((2, 55), 16), ((2, 5), 16), ((2, 55), 16), ((3, 5), 10)]


def test_hours_in_utc_never_change():
    found = offers(site("2027-03-28T00:30:00Z", profile_zone="utc"), 25, 35, 145, 155, 205, 215)
    assert [amps for _, amps in found] == [16, 16, 16, 10, 10, 20]


def test_without_a_clock_the_lowest_of_the_profile_holds():
    assert offers(site(None), 10) == [(None, 10)]


def test_a_clock_that_is_lost_and_comes_back():
    events = [{"at": 10 * MINUTE, "what": "clock_lost"}, {"at": 20 * MINUTE, "what": "clock_back"}]
    found = offers(site("2027-01-01T00:00:00Z", event=events), 8, 12, 22)
    assert found == [((1, 8), 16), (None, 10), ((1, 22), 16)]


def test_a_session_is_as_long_as_it_is_whatever_the_clock_does():
    run = Lockstep(site("2027-03-28T00:30:00Z"), quick=True)
    run.run(3600)
    before = view.session_s(run.box)
    run.world.clock._start += 86400
    run.run(600)
    assert abs(view.session_s(run.box) - before - 600) <= 1


def test_the_status_has_the_time():
    run = Lockstep(site("2026-06-21T00:00:00Z"), quick=True)
    run.run(90)
    clock = status(run.box)["clock"]
    assert clock == {
        "utc": "2026-06-21T00:01:30Z",
        "local": "2026-06-21T02:01:30",
        "quality": "rough",
        "source": "chip",
        "age_s": 0,
    }
    lost = Lockstep(site(None), quick=True)
    lost.run(90)
    clock = status(lost.box)["clock"]
    assert clock | {"age_s": 0} == {"utc": None, "local": None, "quality": "none", "source": "", "age_s": 0}
    assert clock["age_s"] >= 85
    assert "the time is not known: the lowest current of the profile holds" in " ".join(view.fault_texts(lost.box))


@pytest.mark.parametrize(
    "start",
    ["yesterday", 5, True, "2026-06-21", "2026-06-21T00:00:00", "1999-01-01T00:00:00Z", "2100-01-01T00:00:00Z", [], ""],
)
def test_a_wrong_start_is_told(start):
    with pytest.raises(UsageError) as error:
        check_site({"clock": {"start": start}}, "site.toml")
    (line,) = str(error.value).splitlines()
    assert line.startswith("site.toml: [clock] start: ")
    assert line.endswith('allowed: a moment from 2025 to 2099 in UTC, such as "2026-06-21T00:00:00Z"')


def test_a_wrong_zone_is_told_and_other_zones_of_the_start_are_taken():
    with pytest.raises(UsageError, match=r"site.toml: \[clock\] zone: hours from 0 to 24 must stand here"):
        check_site({"clock": {"zone": "CET"}}, "site.toml")
    starts = ("2026-06-21T00:00:00Z", "2026-06-21T02:00:00+02:00")
    assert len({check_site({"clock": {"start": start}}, "site.toml").start for start in starts}) == 1


def test_a_twin_asks_no_server_unless_its_site_says_so():
    assert check_site({}, "site.toml").settings["clock.ntp"] == ""
    assert check_site({"clock": {"ntp": "127.0.0.1"}}, "site.toml").settings["clock.ntp"] == "127.0.0.1"


@pytest.mark.parametrize("model", ["dsmr_p1", "tic_linky"])
def test_run_has_the_time_of_its_site_and_its_meter_tells_it(tmp_path, model):
    file = tmp_path / "site.toml"
    text = '[clock]\nstart = "2027-03-28T00:30:00Z"\nzone = "CET-1CEST,M3.5.0,M10.5.0/3"\n'
    file.write_text(text + f'[meter]\nmodel = "{model}"\n')
    with TwinProcess("--speed", "10", str(file)) as twin:
        twin.wait(lambda: twin.status()["clock"]["source"] == "meter")
        clock = twin.status()["clock"]
    assert (clock["utc"][:13], clock["local"][:13]) == ("2027-03-28T00", "2027-03-28T01")
    assert clock["quality"] == "synced"


def test_run_without_a_start_has_the_time_of_this_computer_and_loses_it_by_hand():
    with TwinProcess() as twin:
        twin.wait(lambda: twin.status()["clock"]["quality"] == "rough")
        urllib.request.urlopen(urllib.request.Request(twin.http + "/twin/clock_lost", method="POST"))
        twin.wait(lambda: twin.status()["clock"]["quality"] == "none")
        urllib.request.urlopen(urllib.request.Request(twin.http + "/twin/clock_back", method="POST"))
        twin.wait(lambda: twin.status()["clock"]["quality"] == "rough")
