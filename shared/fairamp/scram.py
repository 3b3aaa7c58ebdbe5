"""Passwords that are neither kept nor sent: SCRAM-SHA-256 (RFC 5802, RFC 7677).

Who logs in stretches his password and proves that he knows it; the box keeps a check value, of which nobody can make
the proof, and answers with a proof of its own.
"""

from binascii import a2b_base64, b2a_base64
from hashlib import sha256

NAME = "SCRAM-SHA-256$"
BLOCK = 64
SIZE = 32


def parts(text: str):
    """(count, salt as text, stored key, server key) of a check value; None when it is none."""
    try:
        _, salted, keys = text.split("$")
        count, salt = salted.split(":")
        stored, server = [a2b_base64(key) for key in keys.split(":")]
        a2b_base64(salt)
        # MicroPython and CPython forgive different things in what they decode.
        exact = text_of(stored) + ":" + text_of(server) == keys and text.startswith(NAME)
        if exact and int(count) > 0 and len(stored) == SIZE and len(server) == SIZE:
            return int(count), salt, stored, server
    except ValueError:
        pass
    return None


def check_value(salted: bytes, salt: str, count: int) -> str:
    """What is kept of a password. `salted`: it, stretched."""
    stored = digest(hmac(salted, b"Client Key"))
    return NAME + str(count) + ":" + salt + "$" + text_of(stored) + ":" + text_of(hmac(salted, b"Server Key"))


def message(user: str, nonce: str, both: str, salt: str, count: int) -> bytes:
    """What both sides sign. `nonce`: that of who logs in; `both`: with that of the box behind it."""
    first = "n=" + user + ",r=" + nonce + ",r=" + both + ",s=" + salt + ",i=" + str(count)
    return (first + ",c=biws,r=" + both).encode()


def proof(salted: bytes, signed: bytes) -> bytes:
    """Of who logs in."""
    key = hmac(salted, b"Client Key")
    return crossed(key, hmac(digest(key), signed))


def proves(shown: bytes, stored: bytes, signed: bytes) -> bool:
    """Is that the proof of somebody who knows the password?"""
    return len(shown) == SIZE and same(digest(crossed(shown, hmac(stored, signed))), stored)


def hmac(key: bytes, text: bytes) -> bytes:
    """`key`: at most a block long."""
    key = key + bytes(BLOCK - len(key))
    inner = digest(bytes([byte ^ 0x36 for byte in key]) + text)
    return digest(bytes([byte ^ 0x5C for byte in key]) + inner)


def digest(text: bytes) -> bytes:
    return sha256(text).digest()


def crossed(one: bytes, other: bytes) -> bytes:
    return bytes([a ^ b for a, b in zip(one, other)])


def same(one: bytes, other: bytes) -> bool:
    """Takes as long wherever they differ."""
    differs = len(one) ^ len(other)
    for a, b in zip(one, other):
        differs |= a ^ b
    return not differs


def text_of(data: bytes) -> str:
    return b2a_base64(data).decode().strip()
