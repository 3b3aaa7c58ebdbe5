"""`fairamp simulate`: report, rows and picture tell the same, in the words and units that scripts rely on."""

import csv
import io
import itertools
import json
import os
import pty
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

from fairamp_desk import cli
from fairamp_desk.simulation import drawing
from fairamp_desk.simulation.play import natural_end, play
from fairamp_desk.simulation.plot import COLUMNS, Lane, Plot
from fairamp_desk.simulation.report import Report
from fairamp_desk.simulation.stories import CarStory, Events, FuseStory
from fairamp_desk.simulation.svg import Scale, area, line
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep
from tests.desk.twin.twin_process import FAIRAMP

SITE = """
[site]
fuse = [20, 25, 25]
[[load]]
amps = [4.5, 2, 3]
[[load]]
at = 120
amps = [23.0, 2, 3]
[[load]]
at = 180
amps = [4.5, -2, 3]
[[charger]]
id = 0
mapping = "L2L3L1"
[[charger]]
id = 3
mapping = "L2"
[[car]]
charger = 0
arrives = 20
leaves = 400
needs_kwh = 0.4
[[car]]
charger = 3
arrives = 250
leaves = 420
phases = 3
[[event]]
at = 300
what = "meter_lost"
[[event]]
at = 330
what = "meter_back"
[[event]]
at = 340
what = "network_lost"
charger = 3
"""


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(SITE)
    return path


@pytest.fixture
def made(site, tmp_path, capsys):
    """Runs the command with all its files; what is in them."""
    names = {option: tmp_path / f"out.{option}" for option in ("report", "csv", "plot")}
    assert cli.main(["simulate", str(site), *(f"--{option}={path}" for option, path in names.items())]) == 0
    assert capsys.readouterr().out == ""
    rows = list(csv.DictReader(io.StringIO(names["csv"].read_text())))
    return json.loads(names["report"].read_text()), rows, names["plot"].read_text()


def test_the_report_has_the_keys_that_scripts_rely_on(made):
    report, _, _ = made
    assert list(report) == ["seconds", "grid", "fuse", "cars", "chargers", "events"]
    assert list(report["grid"]) == list(report["fuse"]) == ["max_over_a", "longest_over_s", "mean_unused_a"]
    assert all(len(values) == 3 for values in report["grid"].values())
    for car in report["cars"]:
        assert list(car) == ["charger", "kwh", "wanted_kwh", "first_charge_s", "pauses", "finished_s"]
    for charger in report["chargers"]:
        assert list(charger) == ["id", "contactor_closures", "offer_changes", "overcurrent_pauses"]
    for event in report["events"]:
        assert list(event) == ["s", "what", "charger"]


def test_the_report_tells_what_happened(made):
    report, _, _ = made
    assert report["seconds"] == 420
    # The house alone needs 23 A of 20 for a minute; before that minute, car and house together did for a moment.
    assert report["grid"]["longest_over_s"][0] == 60 and report["grid"]["longest_over_s"][2] == 0
    assert 3 < report["grid"]["max_over_a"][0] <= 23 + 16 - 20
    first, second = report["cars"]
    assert (first["charger"], first["wanted_kwh"], first["pauses"]) == (0, 0.4, 1)
    assert first["kwh"] == pytest.approx(0.4, abs=0.003) and 200 < first["finished_s"] < 400
    assert (second["charger"], second["wanted_kwh"], second["finished_s"]) == (3, None, None)
    assert 0 < second["kwh"] < 0.6 and 250 < second["first_charge_s"] < 320
    assert report["chargers"][0]["id"] == 0 and report["chargers"][0]["contactor_closures"] == 2
    told = [(event["what"], event["charger"]) for event in report["events"]]
    assert [what for what, charger in told if charger == 0] == [
        "arrived", "charging", "paused", "charging", "finished", "left"
    ]  # fmt: skip
    at_site = [what for what, charger in told if charger is None]
    assert at_site == ["overload", "overload_over", "meter_lost", "meter_back"]
    assert ("network_lost", 3) in told
    moments = [event["s"] for event in report["events"]]
    assert moments == sorted(moments)
    assert {"s": 20, "what": "arrived", "charger": 0} in report["events"]
    assert {"s": 400, "what": "left", "charger": 0} in report["events"]


def test_one_row_per_second_in_which_the_currents_add_up(made):
    report, rows, _ = made
    assert [int(row["s"]) for row in rows] == list(range(1, 421))
    sockets = [
        [f"offer_{id}", *(f"draw_{id}_l{phase}" for phase in (1, 2, 3)), f"state_{id}", f"cause_{id}"] for id in (0, 3)
    ]
    assert list(rows[0]) == [
        "s", "grid_l1", "grid_l2", "grid_l3", "house_l1", "house_l2", "house_l3", *sockets[0], *sockets[1]
    ]  # fmt: skip
    for row in rows:
        for phase in (1, 2, 3):
            parts = (row[f"{name}_l{phase}"] for name in ("house", "draw_0", "draw_3"))
            assert float(row[f"grid_l{phase}"]) == pytest.approx(sum(map(float, parts)))
    # A socket on L2 draws there and nowhere else, whatever the car could do.
    assert max(float(row["draw_3_l2"]) for row in rows) >= 6
    assert {row["draw_3_l1"] for row in rows} == {row["draw_3_l3"] for row in rows} == {"0"}
    kwh = sum(float(row[f"draw_0_l{phase}"]) for row in rows for phase in (1, 2, 3)) * 230 / 3_600_000
    assert kwh == pytest.approx(report["cars"][0]["kwh"], rel=0.03)
    assert rows[9]["state_0"] == "A" and rows[59]["state_0"] == "C2"
    assert rows[150]["offer_0"] == "0" and rows[150]["cause_0"] == "load balance"
    assert rows[150]["house_l1"] == "23" and rows[50]["house_l1"] == "4.5" and rows[200]["house_l2"] == "-2"


def test_the_picture_is_svg_of_its_own(made, site, tmp_path):
    _, _, picture = made
    root = ElementTree.fromstring(picture)
    assert root.tag.endswith("svg") and root.attrib["viewBox"]
    assert "http" not in picture.replace('xmlns="http://www.w3.org/2000/svg"', "")
    words = [element.text for element in root.iter() if element.tag.endswith("text")]
    told = {"site: 2 sockets, 7 min", "socket 0 on L2L3L1", "socket 3 on L2", "meter lost", "network lost", "7 min"}
    assert told <= set(words)
    # Nothing lies outside.
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    for element in root.iter():
        if element.tag.endswith("text"):
            assert 0 <= float(element.attrib["x"]) <= width and 0 < float(element.attrib["y"]) <= height
    again = tmp_path / "again.svg"
    assert cli.main(["simulate", str(site), f"--plot={again}"]) == 0
    assert again.read_text() == picture


def test_it_says_where_the_picture_lies(site, tmp_path, capsys):
    path = tmp_path / "day.svg"
    assert cli.main(["simulate", str(site), "--seconds", "100", f"--plot={path}"]) == 0
    assert capsys.readouterr() == ("", f"picture, for a browser: {path}\n")


def test_what_the_legend_names_looks_different():
    light, dark = drawing.STYLE.split("@media")
    looks = {look for look, _ in drawing.LEGEND} | set(drawing.LOOKS.values())
    for style in (light, dark):
        colours = {look: re.findall(rf"\.{look}{{(?:fill|stroke):(#\w+)", light + style)[-1] for look in looks}
        # The fuse, and what is above it, belong together: a line and an area.
        assert colours.pop("limit") == colours["over"]
        assert len(set(colours.values())) == len(colours), colours
        for one, other in itertools.combinations(colours.values(), 2):
            assert difference(one, other) > 60, (one, other)


def difference(*colours):
    """Of red, green and blue together; #fff is #ffffff."""
    full = [each[1:] if len(each) == 7 else "".join(2 * digit for digit in each[1:]) for each in colours]
    one, other = ([int(each[at : at + 2], 16) for at in (0, 2, 4)] for each in full)
    return sum(abs(here - there) for here, there in zip(one, other, strict=True))


def test_a_summary_without_files(site, capsys):
    assert cli.main(["simulate", str(site), "--seconds", "100"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("0:01:40 of the site")
    assert "car at charger" in out and "contactor closed" in out and "main fuse" in out


@pytest.mark.parametrize(
    ("cars", "seconds"),
    [
        ([], 86400),
        ([{"arrives": 5}], 86400),
        ([{"leaves": 500.5}, {"charger": 1, "leaves": 900}], 900),
        ([{"leaves": 500}, {"charger": 1}], 86400),
        ([{"leaves": 90000}, {"charger": 1}], 90000),
    ],
)
def test_how_long_it_lasts(cars, seconds):
    site = check_site({"charger": [{"id": 0}, {"id": 1}], "car": cars}, "test")
    assert natural_end(site) == seconds


@pytest.mark.parametrize(
    ("args", "seconds"), [(["--seconds", "90"], 90), (["--hours", "0.02"], 72), (["--seconds", "2.5"], 2.5)]
)
def test_how_long_it_is_asked_to_last(site, tmp_path, args, seconds):
    report = tmp_path / "report.json"
    assert cli.main(["simulate", str(site), *args, "--report", str(report)]) == 0
    assert json.loads(report.read_text())["seconds"] == seconds


@pytest.mark.parametrize(
    "args", [["--hours", "0"], ["--hours", "-1"], ["--hours", "x"], ["--hours", "nan"], ["--seconds", "1e99"],
             ["--seconds", "inf"], ["--hours", "1", "--seconds", "1"], ["--report"], ["--what"]]
)  # fmt: skip
def test_wrong_use(site, capsys, args):
    with pytest.raises(SystemExit) as end:
        cli.main(["simulate", str(site), *args])
    assert end.value.code == 2
    assert args[0] in capsys.readouterr().err


def test_what_cannot_be_read_or_written_is_told_in_one_line(site, tmp_path, capsys):
    def told(*args):
        code = cli.main(["simulate", *map(str, args)])
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        return code, err

    missing = tmp_path / "no" / "such.json"
    code, err = told(site, "--report", missing)
    assert code == 1 and "--report" in err and str(missing) in err
    code, err = told(site, "--plot", tmp_path)
    assert code == 1 and str(tmp_path) in err
    code, err = told(site, "--plot", "/dev/full", "--seconds", "5")
    assert code == 1 and "/dev/full" in err
    code, err = told(site, "--plot", tmp_path / "same", "--csv", tmp_path / "same")
    assert code == 2 and "different" in err
    code, err = told(tmp_path / "none.toml")
    assert code == 2 and "none.toml" in err
    site.write_text("[[car]]\nchargr = 1")
    code, err = told(site)
    assert code == 2 and "chargr" in err


def test_a_bar_on_a_terminal_only(site):
    command = [*FAIRAMP, "simulate", str(site), "--seconds", "300"]
    plain = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "\x1b" not in plain.stdout and plain.stderr == ""
    near, far = pty.openpty()
    with subprocess.Popen(command, stdout=far, stderr=far, env={**os.environ, "TERM": "xterm"}) as process:
        os.close(far)
        shown = b""
        while True:
            try:
                data = os.read(near, 4096)
            except OSError:
                break
            if not data:
                break
            shown += data
    os.close(near)
    assert process.returncode == 0
    assert b"site.toml" in shown and b"%" in shown and b"car at charger" in shown


# ---- the parts


class StandInCar:
    """A car that draws what it is told to."""

    def __init__(self):
        self.plugged, self.draw_ma, self.wh = True, 0, 0

    def is_full(self):
        return self.wh >= 1000

    def energy_wh(self):
        return self.wh


def test_a_pause_is_more_than_ten_seconds_without_current():
    car, events = StandInCar(), Events()
    story = CarStory(car, 5, 1000, events)
    ms = 0

    def lasts(seconds, draw_ma):
        nonlocal ms
        car.draw_ma = draw_ma
        for _ in range(seconds):
            ms += 1000
            story.look(ms, 1000)

    lasts(30, 0)  # it has not begun
    lasts(10, 9000)
    lasts(10, 0)  # too short
    lasts(10, 9000)
    lasts(500, 0)
    lasts(10, 9000)
    car.wh = 1000
    lasts(5, 300)
    lasts(60, 0)  # it has what it wanted
    car.plugged = False
    lasts(5, 0)
    assert story.report() == {
        "charger": 5, "kwh": 1, "wanted_kwh": 1, "first_charge_s": 31, "pauses": 1, "finished_s": 571
    }  # fmt: skip
    told = [(event["s"], event["what"]) for event in events.report()]
    assert told == [
        (1, "arrived"), (31, "charging"), (60, "paused"), (561, "charging"), (571, "finished"), (636, "left")
    ]  # fmt: skip


def test_a_car_that_leaves_while_it_pauses_is_not_paused_again():
    car, events = StandInCar(), Events()
    story = CarStory(car, 0, None, events)
    car.draw_ma = 9000
    story.look(1000, 1000)
    car.draw_ma, car.plugged = 0, False
    for second in range(2, 60):
        story.look(1000 * second, 1000)
    assert story.report()["pauses"] == 0 and story.report()["finished_s"] is None


def test_a_fuse_counts_steps_of_any_length():
    fuse = FuseStory([20000, 20000, 20000])
    assert not fuse.look([20000, 0, -5000], 1000)
    assert fuse.look([20001, 25000, 0], 40)
    assert fuse.look([23000, 0, 0], 460)
    assert not fuse.look([10000, 0, 0], 500)
    assert fuse.look([21000, 0, 0], 100)
    report = fuse.report()
    assert report["max_over_a"] == [3, 5, 0]
    assert report["longest_over_s"] == [0.5, 0.04, 0]
    assert report["mean_unused_a"][2] == pytest.approx((25 * 1000 + 20 * 1100) / 2100, abs=0.001)


def test_a_meter_that_does_not_see_the_chargers_is_not_the_fuse():
    content = {"meter": {"location": "excluding"}, "load": [{"amps": [5, 5, 5]}], "car": [{"leaves": 100}]}
    lockstep = Lockstep(check_site(content, "test"), quick=True)
    report = Report(lockstep)
    play(lockstep, 90, [report])
    told = report.report()
    assert told["grid"]["mean_unused_a"] == [20, 20, 20]
    assert max(told["fuse"]["mean_unused_a"]) < 10


def test_one_phase_behind_a_relay_counts_as_one():
    content = {"charger": [{"mapping": "L3"}], "car": [{"phases": 3, "leaves": 3700}]}
    lockstep = Lockstep(check_site(content, "test"), quick=True)
    report = Report(lockstep)
    play(lockstep, 3612, [report])
    assert report.report()["cars"][0]["kwh"] == pytest.approx(0.230 * 16, rel=0.01)


def test_a_lane_keeps_the_extremes_of_each_column_and_holds_between():
    lane = Lane()
    for column, ma in ((0, 5), (0, 9), (0, 7), (3, 1), (3, 1), (3, 2)):
        lane.add(column, ma)
    assert lane.low == [5, 7, 7, 1] and lane.high == [9, 7, 7, 2] and lane.last == [7, 7, 7, 2]
    y = Scale(0, 10, 0, 100)
    assert line(lane, 0, y) == "M0 30H0V10V50V30H3V80V90V80H4"
    assert area(lane, 0, y) == "M0 100H0V10H1V30H3V80H4V100Z"


def test_a_picture_of_a_day_stays_small():
    lockstep = Lockstep(check_site({}, "test"), quick=True)
    plot = Plot(lockstep, 86400)
    lane = plot.grid[0]
    for column in range(COLUMNS):
        for ma in (0, 30000, column):
            lane.add(column, ma)
    assert len(line(lane, 52, Scale(0, 40000, 0, 70))) < 30 * COLUMNS
