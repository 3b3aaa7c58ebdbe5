"""A box that runs, over HTTP, and who asks it."""

import argparse
import json
import os
from typing import Any

from fairamp.access import USERS
from fairamp_desk import passwords
from fairamp_desk.box_http import ask, base
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.hints import with_hint

HOW = "--password TEXT, or FAIRAMP_PASSWORD or FAIRAMP_TOKEN in the environment"


class NetworkBox:
    """`user`: who logs in; None = the owner, or the installer for what only he may do."""

    def __init__(self, url: str, user: str | None, password: str | None, token: str | None) -> None:
        self.url = url.rstrip("/")
        self._user, self._password = user, password
        self._tokens = {} if password else {"": token} if token else {}

    def values(self) -> dict[str, Any]:
        return self._do("GET", "/api/settings", "owner")

    def change(self, sections: dict, of_installer: bool) -> list[str]:
        """The names of what waits for a restart."""
        return self._do("PATCH", "/api/settings", "installer" if of_installer else "owner", sections)["restart"]

    def backup(self) -> dict[str, Any]:
        return self._do("GET", "/api/backup", "owner")

    def restore(self, sections: dict) -> None:
        self._do("PUT", "/api/backup", "installer", sections)

    def reset(self) -> None:
        self._do("POST", "/api/factory", "installer", {"confirm": "factory"})

    def _do(self, method: str, path: str, role: str, body: object = None) -> dict[str, Any]:
        status, said = self._ask(method, path, body, self._token(self._user or role))
        if status in (404, 405):
            raise Failure(f"{self.url}: knows no settings; is it a box, and new enough?")
        if status == 422:
            raise UsageError("\n".join(with_hint(error) for error in said["errors"]))
        if status not in (200, 202):
            raise Failure(f"{self.url}: {said.get('error', f'answered with {status}')}")
        return said

    def _token(self, user: str) -> str:
        token = self._tokens.get("") or self._tokens.get(user)
        if token:
            return token
        if not self._password:
            raise UsageError(f"{self.url}: who changes settings has to log in: {HOW}")
        said = passwords.log_in(lambda body: self._ask("POST", "/api/login", body)[1], user, self._password)
        if not said or "token" not in said:
            raise Failure(f"{self.url}: log-in of the {user}: {(said or {}).get('error', 'no proper answer')}")
        self._tokens[user] = said["token"]
        return said["token"]

    def look(self, path: str) -> tuple[int, dict[str, Any]]:
        """What everybody may see where nobody has set a password, and the owner where somebody has."""
        known = self._password or self._tokens
        code, said = self._ask("GET", path, None, self._token(self._user or "owner") if known else "")
        if code == 401 and not known:
            raise Failure(f"{self.url}: who looks there has to log in: {HOW}")
        return code, said

    def listed(self, path: str, missing: str) -> dict[str, Any]:
        """A list to its end; `missing`: what it means when the box has none."""
        code, said = self.look(path)
        if code == 404:
            raise Failure(f"{self.url}: {missing}")
        if code != 200 or not said.get("end"):
            why = said.get("error", f"answered with {code}, or not to the end")
            raise Failure(f"{self.url}: {why}; try again")
        return said

    def _ask(self, method: str, path: str, body: object, token: str = "") -> tuple[int, dict[str, Any]]:
        return ask(self.url + path, None if body is None else json.dumps(body).encode(), method, token)


def add_login(parser: argparse.ArgumentParser) -> None:
    """The options of whoever logs in."""
    parser.add_argument("--password", metavar="TEXT", help="else FAIRAMP_PASSWORD, or a token in FAIRAMP_TOKEN")
    parser.add_argument(
        "--user", choices=USERS, help="who logs in (default: the owner; the installer where only he may do it)"
    )


def logged_in(target: str, args: argparse.Namespace) -> NetworkBox:
    """The box at that address, for whoever the options name."""
    password = args.password or os.environ.get("FAIRAMP_PASSWORD")
    return NetworkBox(base(target), args.user, password, os.environ.get("FAIRAMP_TOKEN"))
