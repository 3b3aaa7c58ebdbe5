"""The settings of a box that runs, over HTTP."""

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from fairamp_desk import passwords
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.hints import with_hint

TIMEOUT_S = 30
LONGEST = 100_000
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

    def _ask(self, method: str, path: str, body: object, token: str = "") -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return answer.status, self._content(answer.read(LONGEST))
        except urllib.error.HTTPError as error:
            with error:
                if error.code in (404, 405):
                    raise Failure(f"{self.url}: knows no settings; is it a box, and new enough?") from None
                return error.code, self._content(error.read(LONGEST))
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise Failure(f"{self.url}: cannot be reached: {reason}; is the box on, and is this its address?") from None

    def _content(self, text: bytes) -> dict[str, Any]:
        try:
            found = json.loads(text or b"{}")
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Failure(f"{self.url}: did not answer as a box does; is this its address?")
        return found
