"""`fairamp check` against a running twin, right and with each fault that the wiring of a meter can have."""

import json
import subprocess
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from fairamp.check.installation import WAITS
from fairamp.check.result import RESTLESS, UNSURE, WITHOUT
from fairamp_desk import box_http, cli
from fairamp_desk.errors import UsageError
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep
from tests.desk.twin.twin_process import FAIRAMP, TwinProcess

SITE = """
[site]
fuse = [25, 25, 25]
[meter]
{meter}
[[load]]
amps = [4.0, 6.5, 3.0]
[[car]]
phases = {phases}
"""


@pytest.fixture
def twin(tmp_path):
    """Starts a twin: the phases of its car, its meter, and the faults to begin with."""
    started = []

    def start(phases=1, meter="", faults=(), text=None):
        path = tmp_path / "site.toml"
        path.write_text(text or SITE.format(phases=phases, meter=meter))
        run = TwinProcess(str(path), "--speed", "10")
        started.append(run)
        for fault in faults:
            post(run.http + "/twin/" + fault)
        return run

    yield start
    for run in started:
        run.__exit__()


def post(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, b"", headers)) as answer:
        return answer.status, answer.read()


def ask(run):
    done = subprocess.run([*FAIRAMP, "check", run.http], capture_output=True, text=True, timeout=90)
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize("phases", [1, 3])
def test_a_right_installation_works(twin, phases):
    code, lines = ask(twin(phases))
    assert code == 0
    assert lines[-2].startswith("Works with this car: it gave way by ")
    assert "look 2 of 5" in "".join(lines) and "offer lowered" in "".join(lines)
    assert ("cannot show their order" if phases == 3 else "Only L1 was tested") in lines[-1]


@pytest.mark.parametrize(
    ("phases", "faults", "text"),
    [
        (1, ["meter_swapped"], "the charger draws on L1, and the meter shows it on L2"),
        (1, ["meter_reversed"], "The meter is reversed on L1:"),
        (3, ["meter_reversed"], "The meter is reversed on L1, L2 and L3:"),
        (1, ["meter_swapped", "meter_reversed"], "The meter is reversed on L2:"),
        (3, ["meter_lost"], "A meter gives no readings"),
    ],
)
def test_faults_are_found(twin, phases, faults, text):
    code, lines = ask(twin(phases, faults=faults))
    assert code == 1
    assert text in lines[-1], lines


def test_faults_that_come_while_it_runs(twin):
    run = twin(1)
    assert ask(run)[0] == 0
    for fault, code, text in (("meter_swapped", 1, "order of phases"), ("meter_back", 0, "Works")):
        post(f"{run.http}/twin/{fault}")
        found, lines = ask(run)
        assert (found, text in lines[-1] + lines[-2]) == (code, True), lines


@pytest.mark.parametrize(
    ("told", "real", "fuse", "result"),
    [
        ("excluding", True, 25, "seen"),  # balancing itself swings: it takes the car for the house
        ("excluding", True, 40, "seen"),
        ("excluding", False, 25, "works"),
        ("including", False, 25, "not seen"),
        ("including", True, 25, "works"),
        ("including", True, 12.6, "too little"),
    ],
)
@pytest.mark.parametrize("phases", [1, 3])
def test_where_the_meter_is(told, real, fuse, result, phases):
    site = {"site": {"fuse": [fuse] * 3}, "meter": {"location": told}, "load": [{"amps": [4, 6.5, 3]}]}
    twin = Lockstep(check_site({**site, "car": [{"phases": phases}]}, "test"), quick=True)
    twin.world._including = real
    box = twin.box
    twin.run(20)
    assert box.start_check() and not box.start_check()
    assert twin.run(700, lambda: box.check.done)
    assert box.check.result == result, box.check.state()
    assert box.check.seconds < (150 if result in ("works", "not seen", "too little") else 500)
    assert box.start_check(), "it can be asked for again"


@pytest.mark.parametrize("model", ["dsmr_p1", "homewizard_p1", "ct"])
def test_other_kinds_of_meters(twin, model):
    code, lines = ask(twin(3, f'model = "{model}"'))
    assert code == 0, lines


def test_a_meter_that_does_not_see_the_charger_works_when_the_settings_say_so(twin):
    code, lines = ask(twin(3, 'location = "excluding"'))
    assert code == 0
    assert "without the charger" in lines[-2]


def test_no_car(twin, capsys):
    run = twin(text="[[load]]\namps = [4, 6, 3]\n")
    code, lines = ask(run)
    assert (code, lines[-2].split("  ")[-1]) == (1, "plug in a car and let it charge")
    assert lines[-1].startswith("No car charges")


def test_one_at_a_time_and_not_for_pages_of_others(twin):
    run = twin(1)
    url = run.http + "/api/check"
    with urllib.request.urlopen(url) as answer:
        assert json.load(answer) == {"step": "not started", "done": False}
    with pytest.raises(urllib.error.HTTPError, match="403"):
        post(url, Origin="http://evil.example")
    assert post(url, Origin=run.http)[0] == 202
    with pytest.raises(urllib.error.HTTPError, match="409"):
        post(url)
    offers = []
    run.wait(lambda: offers.append(run.status()["charger"]) or offers[-1]["why"] == "commissioning check", 30)
    assert offers[-1]["offer_ma"] in (6000, 14000)
    code, lines = ask(run)
    assert (code, lines[0]) == (0, "a check is running already; this is how it goes on")
    assert run.status()["charger"]["why"] != "commissioning check"


def test_load_shedding_that_stays_is_reset_over_http_and_not_by_pages_of_others(twin):
    run = twin(text="[[load]]\namps = [4, 6, 3]\n[[charger]]\nshed_latch = true\n[[car]]\nphases = 1\n")
    url = run.http + "/api/reset"
    with pytest.raises(urllib.error.HTTPError, match="409") as nothing:
        post(url)
    assert "no load is shed" in json.load(nothing.value)["error"]
    for what in ("shed_on", "shed_off"):
        post(run.http + "/twin/" + what)
        run.wait(lambda: run.status()["charger"]["why"] == "load shedding")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        post(url, Origin="http://evil.example")
    assert run.status()["charger"]["why"] == "load shedding"

    def reset():
        try:
            return post(url)[0]
        except urllib.error.HTTPError as refused:
            return refused.code

    run.wait(lambda: reset() == 204)
    run.wait(lambda: run.status()["charger"]["why"] != "load shedding")


def test_every_end_has_its_sentence():
    assert set(WITHOUT) == {*WAITS, RESTLESS, UNSURE}


@pytest.mark.parametrize("text", ["https://box", "ftp://box", "http://", "box:x y"])
def test_what_is_no_address(text, capsys):
    assert cli.main(["check", text]) in (1, 2)
    assert capsys.readouterr().err.startswith("fairamp: ")


def test_addresses():
    assert box_http.base("10.0.0.7") == box_http.base("http://10.0.0.7/") == "http://10.0.0.7"
    with pytest.raises(UsageError, match="http://ADDRESS"):
        box_http.base("https://10.0.0.7")


@pytest.fixture
def stranger():
    """A server that is no box: answers all with what the test puts into `says`."""

    class Stranger(BaseHTTPRequestHandler):
        says = (200, b"{}")

        def do_GET(self):
            code, body = type(self).says.pop(0) if isinstance(type(self).says, list) else type(self).says
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Stranger, f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("says", "text"),
    [
        ((200, b"<html>"), "did not answer as a box does"),
        ((200, b"[]"), "did not answer as a box does"),
        ((404, b"not found"), "answered with 404"),
        ((403, b'{"error": "not you"}'), "not you"),
        ([(202, b'{"step": "starting", "done": false}'), (200, b'{"step": "not started"}')], "it was restarted"),
    ],
)
def test_who_is_no_box_is_told(stranger, capsys, says, text):
    server, where = stranger
    server.says = says
    assert cli.main(["check", where]) == 1
    assert text in capsys.readouterr().err


def test_nobody_there(capsys):
    assert cli.main(["check", "127.0.0.1:1"]) == 1
    assert "cannot be reached" in capsys.readouterr().err
