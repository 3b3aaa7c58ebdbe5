"""Asking a box on the network for JSON."""

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from fairamp_desk.errors import Failure, UsageError

# Who is wrong with a password waits a while for the answer.
TIMEOUT_S = 20
LONGEST = 100_000


def base(text: str) -> str:
    """http://ADDRESS of what a person writes."""
    url = (text if "://" in text else f"http://{text}").rstrip("/")
    if not url.startswith("http://") or not url.removeprefix("http://"):
        raise UsageError(f"{text!r} is no box; write it as http://ADDRESS or http://ADDRESS:PORT")
    return url


def ask(url: str, data: bytes | None, method: str | None = None, token: str = "") -> tuple[int, dict[str, Any]]:
    """Status and content of one answer; with data it is a POST, unless `method` says otherwise."""
    headers = {"Content-Type": "application/json"} if data else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return answer.status, content(url, answer.read(LONGEST))
    except urllib.error.HTTPError as error:
        with error:
            return error.code, content(url, error.read(LONGEST)) if error.code not in (404, 405) else {}
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Failure(f"{url}: cannot be reached: {reason}; is the box on, and is this its address?") from None


def content(url: str, body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Failure(f"{url}: did not answer as a box does; is this its address?")
    return found
