"""A session as bytes: what outlasts a loss of power while it runs, and what the list of sessions has afterwards."""

import struct

VERSION = 1
# Version, flags, how it ended, charger; number; lifetime and session energy, each with its rest; seconds since it was
# plugged in and of charging; most current in 0.1 A, phases, starts of the box; seconds since the start when it began;
# when it began and ended; who started it, and with which card.
FORM = "<BBBBIIIIIIIHBHI6s6s16s24s"
SIZE = struct.calcsize(FORM)

CONNECTED, AUTHORISED, STOPPED, CHARGED, FINISHED, ESTIMATED = 1, 2, 4, 8, 16, 32
# How it ended: not yet; the car was unplugged; it was gone when the box had power again.
OPEN, UNPLUGGED, GONE = 0, 1, 2

NEVER = b"\0\0\0\0\0\0"


def pack(session, charger: int, estimated: bool, ended: int) -> bytes:
    """`ended`: one of the three above. That a session needs no permission is no permission."""
    flags = session.connected * CONNECTED | session.permitted * AUTHORISED | session.stopped * STOPPED
    flags |= session.charged * CHARGED | session.finished * FINISHED | estimated * ESTIMATED
    return struct.pack(
        FORM,
        VERSION,
        flags,
        ended,
        charger,
        session.number & 0xFFFFFFFF,
        session.lifetime.wh & 0xFFFFFFFF,
        session.lifetime.rest_mj,
        session.energy.wh & 0xFFFFFFFF,
        session.energy.rest_mj,
        session.seconds & 0xFFFFFFFF,
        session.charging_s & 0xFFFFFFFF,
        min((session.most_ma + 50) // 100, 0xFFFF),
        session.used,
        session.boot & 0xFFFF,
        session.began_s & 0xFFFFFFFF,
        _stamp(session.began),
        _stamp(session.ended),
        session.by.encode()[:16],
        session.card.encode()[:24],
    )


def readable(data: bytes) -> bool:
    """Is it of this version?"""
    return len(data) >= SIZE and data[0] == VERSION


def number(data: bytes) -> int:
    """Of the session."""
    return struct.unpack("<I", data[4:8])[0]


def unpack(data: bytes):
    """What has been packed, as a tuple in the order of FORM without version and flags; those come as the last one."""
    found = struct.unpack(FORM, data[:SIZE])
    times = _moment(found[15]), _moment(found[16])
    return found[2:15] + times + (_text(found[17]), _text(found[18]), found[1])


def _stamp(utc):
    """(year, month, day, hour, minute, second), or None where nobody knew the time."""
    return bytes((utc[0] - 2000,) + tuple(utc[1:6])) if utc else NEVER


def _moment(stamp):
    return None if stamp == NEVER else (2000 + stamp[0],) + tuple(stamp[1:])


def _text(field):
    end = field.find(b"\0")
    try:
        return (field if end < 0 else field[:end]).decode()
    except (ValueError, UnicodeError):
        return ""  # cut in the middle of a letter
