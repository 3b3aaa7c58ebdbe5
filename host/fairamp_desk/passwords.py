"""Passwords on the desk, which stretches them: a chip would take minutes for that."""

import hashlib
import os
import secrets
from typing import Any

from fairamp import scram
from fairamp.access import USERS, Access

ROUNDS = 20000
# What can be typed and read aloud.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
LEAST, MOST = 8, 128
LOOPBACK = ("127.0.0.1", "::1")


def stretched(password: str, salt: str, count: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), scram.a2b_base64(salt), count)


def check_value(password: str) -> str:
    """What a box keeps of it."""
    salt = scram.text_of(os.urandom(16))
    return scram.check_value(stretched(password, salt, ROUNDS), salt, ROUNDS)


def problem(password: str) -> str | None:
    """Why it cannot be one."""
    return None if LEAST <= len(password) <= MOST else f"a password has {LEAST} to {MOST} characters"


def random_one() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def with_basic(address: str | None, user: str, password: str, access: Access) -> int:
    """HTTP Basic of who is on this computer; the role, 0 = wrong. See Door."""
    role = USERS.get(user, 0)
    found = scram.parts(access.check_value(role)) if role else None
    if found is None or address is None or address[0] not in LOOPBACK:
        return 0
    return role if access.knows(role, stretched(password, found[1], found[0])) else 0


def log_in(ask: Any, user: str, password: str) -> dict[str, Any] | None:
    """What a box says of the log-in, {"error": ...} where it refuses. `ask(body)`: its answer to POST /api/login."""
    nonce = secrets.token_hex(12)
    first = ask({"user": user, "nonce": nonce})
    if "nonce" not in first:
        return first
    salt, count = first["salt"], first["count"]
    if not first["nonce"].startswith(nonce) or not 0 < count <= 10_000_000:
        return {"error": "did not answer as a box does"}
    salted = stretched(password, salt, count)
    signed = scram.message(user, nonce, first["nonce"], salt, count)
    last = ask({"nonce": first["nonce"], "proof": scram.text_of(scram.proof(salted, signed))})
    if "token" in last and last["proof"] != scram.text_of(scram.hmac(scram.hmac(salted, b"Server Key"), signed)):
        return {"error": "this box does not know the password: is it the right one?"}
    return last
