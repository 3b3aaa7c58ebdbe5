"""Owner and installer with their passwords, which are stretched already: that takes long on MicroPython."""

from fairamp import scram

SALT = "W22ZaJ0SNY7soEsUEjb6gQ=="
SALTED = {"owner": b"owner" + bytes(27), "installer": b"installer" + bytes(23)}


def owner_and_installer():
    """The section [web] of a file."""
    values = [scram.check_value(SALTED[user], SALT, 20000) for user in ("owner", "installer")]
    return {"password": values[0], "installer_password": values[1]}


def log_in(access, user, salted=None, now_s=0, random=b"token 0123456789"):
    """What the second step gives, with the proof of the box that is `wanted`; None = it was refused."""
    first = access.begin(user, "abc", b"0123456789abcdef")
    if first is None:
        return None
    signed = scram.message(user, "abc", first["nonce"], first["salt"], first["count"])
    salted = salted or SALTED[user]
    found = access.finish(now_s, first["nonce"], scram.proof(salted, signed), random)
    if found:
        found["wanted"] = scram.text_of(scram.hmac(scram.hmac(salted, b"Server Key"), signed))
    return found
