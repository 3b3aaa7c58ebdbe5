"""Who may change the settings of a twin, and how scripts log in."""

import base64
import json
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from fairamp import scram
from fairamp.access import Access
from fairamp.settings import Settings
from fairamp.settings.kinds import INSTALLER, OWNER
from fairamp_box.features.web.changes import SIZE
from fairamp_desk import passwords
from tests.desk.commands.test_run import FAIRAMP
from tests.desk.twin.twin_process import TwinProcess


def ask(run: TwinProcess, path: str, body: object = None, method: str | None = None, authorization: str = ""):
    headers = {"Content-Type": "application/json", **({"Authorization": authorization} if authorization else {})}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(run.http + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or "null")


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def change(run: TwinProcess, authorization: str, **sections: object):
    return ask(run, "/api/settings", sections, "PATCH", authorization)


def log_in(run: TwinProcess, user: str, password: str) -> dict:
    return passwords.log_in(lambda body: ask(run, "/api/login", body)[1], user, password)


def test_a_random_password_is_printed_and_opens_the_settings(tmp_path: Path) -> None:
    with TwinProcess("--state", str(tmp_path)) as run:
        (line,) = [line for line in run.lines if line.startswith("password ")]
        password = line.removeprefix("password ")
        assert change(run, "", charger={"limit": 10})[0] == 401
        assert change(run, basic("owner", password), charger={"limit": 10}) == (200, {"restart": []})
        assert change(run, basic("installer", password), charger={"max": 16}) == (200, {"restart": []})
        assert change(run, basic("owner", password), charger={"max": 20})[0] == 422
        found = log_in(run, "owner", password)
        assert change(run, "Bearer " + found["token"], charger={"limit": 11}) == (200, {"restart": []})
        assert "wrong" in log_in(run, "owner", password + "x")["error"]
        _, said = ask(run, "/api/changes", None, None, "Bearer " + found["token"])
        assert [one["new"] for one in said["changes"]] == ["11", "16", "10"]
        new = passwords.check_value("something else")
        assert change(run, basic("owner", password), web={"password": new}) == (200, {"restart": []})
        assert change(run, "Bearer " + found["token"], charger={"limit": 12})[0] == 401
        assert change(run, basic("owner", password), charger={"limit": 12})[0] == 401
        # Who changed what is written a little later than the change itself.
        run.wait(lambda: (tmp_path / "changes.1").stat().st_size == 4 * SIZE)
    # A password that was set outlasts a restart, and so does what was changed.
    with TwinProcess("--state", str(tmp_path)) as run:
        assert not [line for line in run.lines if line.startswith("password ")]
        assert change(run, basic("owner", "something else"), charger={"limit": 12}) == (200, {"restart": []})
        _, said = ask(run, "/api/changes", None, None, basic("owner", "something else"))
        assert [one["new"] for one in said["changes"]][1:] == ['{"set": true}', "11", "16", "10"]


def test_owner_and_installer_have_passwords_of_their_own(tmp_path: Path) -> None:
    with TwinProcess("--password", "of the owner", "--installer-password", "of the other") as run:
        assert not [line for line in run.lines if line.startswith("password ")]
        assert change(run, basic("owner", "of the owner"), charger={"max": 16})[0] == 422
        assert change(run, basic("installer", "of the owner"), charger={"max": 16})[0] == 401
        assert change(run, basic("installer", "of the other"), charger={"max": 16})[0] == 200


@pytest.mark.parametrize("text", ["", "short", "x" * 129])
def test_a_password_that_cannot_be_one_is_exit_2(text: str) -> None:
    done = subprocess.run([*FAIRAMP, "run", "--password", text], capture_output=True, text=True)
    assert done.returncode == 2 and "8 to 128 characters" in done.stderr


def test_basic_is_for_this_computer_only() -> None:
    settings = Settings()
    assert not settings.load({"web": {"password": passwords.check_value("secret12")}}, "test")
    access = Access(settings)
    assert passwords.with_basic(("127.0.0.1", 5), "owner", "secret12", access) == OWNER
    for address in (None, ("192.168.1.5", 5), ("127.0.0.1.evil", 5)):
        assert not passwords.with_basic(address, "owner", "secret12", access)
    for user, password in (("owner", "secret13"), ("owner", ""), ("installer", "secret12"), ("x", "secret12")):
        assert not passwords.with_basic(("::1", 5), user, password, access)
    assert INSTALLER != OWNER


def test_a_stranger_in_the_place_of_the_box_learns_nothing_and_is_noticed() -> None:
    asked = []

    def stranger(body: dict) -> dict:
        asked.append(body)
        if "proof" not in body:
            return {"nonce": body["nonce"] + "x", "salt": "AAAA", "count": 5000}
        return {"token": "0" * 32, "proof": scram.text_of(bytes(32))}

    assert "does not know the password" in passwords.log_in(stranger, "owner", "secret12")["error"]
    assert "secret12" not in str(asked)
    assert "error" in passwords.log_in(lambda body: {"nonce": "other", "salt": "AAAA", "count": 1}, "owner", "secret12")
