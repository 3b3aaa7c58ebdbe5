"""`fairamp run --state` is one box over many starts, and `fairamp sessions` shows what it has charged."""

import base64
import csv
import json
import os
import signal
import subprocess
import urllib.request

import pytest

from tests.desk.twin.twin_process import FAIRAMP, TwinProcess

PASSWORD = "a long one"
SITE = """
[site]
fuse = [40, 40, 40]
[[car]]
arrives = 3
leaves = 63
[[car]]
arrives = 70
leaves = 110
phases = 1
max = 20
[[car]]
arrives = 120
"""


@pytest.fixture
def start(tmp_path):
    """Starts the box once more, in the same state."""
    (tmp_path / "site.toml").write_text(SITE)
    started = []

    def one(*more):
        options = ("--speed", "20", "--state", str(tmp_path / "flash"), "--password", PASSWORD)
        run = TwinProcess(str(tmp_path / "site.toml"), *options, *more)
        started.append(run)
        return run

    yield one
    for run in started:
        run.__exit__()


def command(run, *more, what="sessions", password=PASSWORD):
    environment = {**os.environ, "FAIRAMP_PASSWORD": password}
    done = [*FAIRAMP, what, run.http, *more]
    return subprocess.run(done, capture_output=True, text=True, timeout=60, env=environment)


def lifetime(run):
    return run.status()["charger"]["session"]["lifetime_wh"]


def test_sessions_energy_and_starts_over_a_power_cut(start, tmp_path):
    run = start()
    run.wait(lambda: run.status()["charger"]["session"]["energy_wh"] > 300 and listed(run) == 2)
    before = lifetime(run)
    run.process.kill()  # a loss of power
    run.process.wait()
    run = start()
    assert run.status()["boot"] == {"count": 2, "reason": "power on"}
    run.wait(lambda: listed(run) == 3)
    assert before - 300 <= lifetime(run) <= before + 300
    shown = command(run)
    assert shown.returncode == 0 and not shown.stderr
    head, third, second, first = shown.stdout.splitlines()
    assert "charged" in head and "unplugged while the box had no power" in third
    assert " 1  itself" in second and " 3  itself" in first
    done = command(run, "--csv", str(tmp_path / "all.csv"))
    assert (done.returncode, done.stdout.split(",")[0]) == (0, "3 sessions")
    rows = list(csv.DictReader((tmp_path / "all.csv").open()))
    assert [row["number"] for row in rows] == ["3", "2", "1"]
    assert abs(int(rows[0]["meter_start_wh"]) - int(rows[1]["meter_end_wh"])) <= 1
    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(10) == 0
    run = start()
    assert run.status()["boot"] == {"count": 3, "reason": "the twin was ended"}


def listed(run):
    basic = base64.b64encode(f"owner:{PASSWORD}".encode()).decode()
    request = urllib.request.Request(run.http + "/api/sessions", headers={"Authorization": f"Basic {basic}"})
    with urllib.request.urlopen(request) as answer:
        return len(json.load(answer)["sessions"])


def test_the_log_over_a_restart(start):
    run = start()
    run.wait(lambda: "car plugged in" in command(run, what="log").stdout)
    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(10) == 0
    run = start()
    lines = command(run, what="log").stdout.splitlines()
    starts = [line for line in lines if "app: start" in line]
    assert starts[0].endswith("app: start 1: power on") and starts[1].endswith("app: start 2: the twin was ended")
    assert lines.index(starts[1]) > next(at for at, line in enumerate(lines) if "car plugged in" in line)
    assert len(command(run, "--days", "1", what="log").stdout.splitlines()) >= len(lines)
    old = command(run, "--days", "0", what="log")
    assert old.returncode == 0 and "car plugged in" not in old.stdout


def test_only_who_logs_in_sees_sessions_and_log(start):
    run = start()
    for what in ("sessions", "log"):
        done = command(run, what=what, password="")
        assert done.returncode == 1 and "has to log in" in done.stderr, done
        done = command(run, what=what, password="another one")
        assert done.returncode == 1 and "wrong password" in done.stderr, done


def test_what_cannot_be_asked(start, tmp_path):
    run = start()
    assert command(run).stdout == "no session is over yet\n"
    done = command(run, "--csv", str(tmp_path / "no" / "such.csv"))
    assert done.returncode == 1 and "cannot be written" in done.stderr
    for what in ("sessions", "log"):
        done = subprocess.run([*FAIRAMP, what, "https://x"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 2 and "http://ADDRESS" in done.stderr


def test_a_box_that_keeps_none(tmp_path):
    (tmp_path / "site.toml").write_text(SITE)
    with TwinProcess(str(tmp_path / "site.toml"), "--speed", "20", "--password", PASSWORD) as run:
        done = command(run)
        assert done.returncode == 1 and "this box keeps no sessions" in done.stderr
        done = command(run, what="log")
        assert done.returncode == 1 and "this box keeps no log" in done.stderr
        assert run.status()["boot"] == {"count": 0, "reason": ""}


def test_a_state_that_cannot_be_there(tmp_path):
    (tmp_path / "file").write_text("")
    done = subprocess.run([*FAIRAMP, "run", "--state", str(tmp_path / "file" / "x")], capture_output=True, text=True)
    assert done.returncode == 1 and "--state" in done.stderr and "choose another folder" in done.stderr
