"""What was changed while a twin ran holds at its next start, above its site."""

import json
import time
import urllib.request
from base64 import b64encode
from pathlib import Path

import pytest

from fairamp_desk.errors import UsageError
from fairamp_desk.site import Site, check_site
from fairamp_desk.twin import kept_settings
from tests.desk.twin.twin_process import TwinProcess


def start(folder: Path, **sections) -> Site:
    site = check_site(sections, "test")
    kept_settings.keep(site, folder)
    return site


def change(of: Site, **sections) -> list[str]:
    return of.settings.change(sections, 2)[0]


def test_a_change_outlasts_a_restart_and_the_rest_is_as_the_site_says(tmp_path: Path) -> None:
    site = start(tmp_path, site={"fuse": [40, 40, 40]}, charger=[{"max": 20}])
    assert change(site, charger={"max": 16}, site={"fuse": [35, 35, 35]}) == []
    assert site.settings["site.fuse"] == [40000] * 3
    again = start(tmp_path, site={"fuse": [40, 40, 40], "safe_current": 8}, charger=[{"max": 20}])
    assert (again.settings["site.fuse"], again.settings["charger.max"]) == ([35000] * 3, 16000)
    assert again.settings["site.safe_current"] == 8000
    assert not change(again, box={"name": "garage"})
    assert start(tmp_path).settings["charger.max"] == 16000


def test_ports_are_those_of_the_command_line_whatever_was_changed(tmp_path: Path) -> None:
    port = start(tmp_path).settings["web.port"]
    assert change(start(tmp_path), web={"port": 99}) == []
    assert start(tmp_path).settings["web.port"] == port


def test_what_does_not_go_with_the_site_any_more_is_told(tmp_path: Path) -> None:
    assert change(start(tmp_path), site={"safe_current": 25}) == []
    with pytest.raises(UsageError, match=r"safe_current: more than the fuse of 20 A") as found:
        start(tmp_path, site={"fuse": [20, 20, 20]})
    assert "remove it: then the site alone holds" in str(found.value)
    (tmp_path / "settings.json").write_text('{"charger": {"colour": 1}}')
    with pytest.raises(UsageError, match="unknown key"):
        start(tmp_path)
    (tmp_path / "settings.json").write_text("{}}")
    with pytest.raises(UsageError, match="not valid JSON"):
        start(tmp_path)


def test_a_damaged_file_is_told_and_its_copy_holds(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert change(start(tmp_path), charger={"max": 16}) == []
    file = tmp_path / "settings.json"
    file.write_bytes(file.read_bytes().replace(b"{", b"x", 1))
    assert start(tmp_path).settings["charger.max"] == 16000
    assert "damaged, its copy counts" in capsys.readouterr().out


def test_a_power_cut_of_a_running_twin_loses_no_change(tmp_path: Path) -> None:
    state = str(tmp_path / "flash")
    for amps, before in ((16, None), (20, 16)):
        with TwinProcess("--state", state) as run:
            if before:
                assert run.status()["boot"]["count"] == 2
                assert json.loads(Path(state, "settings.json").read_text())["charger"]["limit"] == before
            body = json.dumps({"charger": {"limit": amps}}).encode()
            with urllib.request.urlopen(f"{run.http}/twin/settings", body) as answer:
                assert json.load(answer) == {"restart": []}


def test_a_restart_that_was_asked_for_makes_a_twin_with_what_was_waiting(tmp_path: Path) -> None:
    def ask(path: str, body: object, method: str) -> int:
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Basic {b64encode(b'installer:geheim12').decode()}",
        }
        request = urllib.request.Request(run.http + path, json.dumps(body).encode(), headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.status

    def started_again() -> bool:
        try:
            return run.status()["boot"]["count"] == 2
        except OSError:
            return False

    with TwinProcess("--state", str(tmp_path), "--password", "geheim12", "--speed", "10") as run:
        assert ask("/api/settings", {"site": {"fuse": [16, 16, 16]}}, "PATCH") == 200
        assert run.status()["limit_ma"] == [25000] * 3
        assert ask("/api/restart", {}, "POST") == 202
        end = time.monotonic() + 30
        while not started_again():
            assert time.monotonic() < end
            time.sleep(0.1)
        assert run.status()["limit_ma"] == [16000] * 3
        assert run.status()["boot"]["reason"] == "as asked by http:installer"
        # Nothing of it is left after a factory reset, but what was charged, and who did it.
        assert ask("/api/factory", {"confirm": "factory"}, "POST") == 202
        assert {file.name for file in tmp_path.iterdir()} >= {"energy.0", "boot.0"}
        assert not {"settings.json", "settings.bak"} & {file.name for file in tmp_path.iterdir()}
