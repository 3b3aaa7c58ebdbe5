"""Time from a server (SNTP, RFC 4330): the question, and what has to be right about an answer."""

BYTES = 48
STAMP = 8
# Version 4, asked by a client.
_ASK = 0x23
_SERVER = 4
_UNSYNCHRONISED = 3
_MOST_STRATUM = 15
# Where the stamps lie that the server sends: of our question, as it came, as it left.
_ORIGINATE = 24
_RECEIVED = 32
_SENT = 40
# From 1900 to 1970. What is counted with 32 bits began anew in 2036.
_TO_1970 = 2208988800
_ERA = 1 << 32
_OLD_ERA = 1 << 31
# More than this nobody needs from question to answer.
_MOST_KEPT_MS = 10000


class Kiss(ValueError):
    """The server wants to be left alone."""


def request(stamp) -> bytes:
    """`stamp`: eight random bytes. They say nothing of our time, and no stranger can guess them."""
    return bytes([_ASK]) + bytes(_SENT - 1) + stamp


def answer(packet, stamp, waited_ms: int):
    """(seconds since 1970, ms) at the moment at which it came; ValueError says why it is none.

    `waited_ms`: since the question left.
    """
    if len(packet) < BYTES:
        raise ValueError("the answer is too short")
    if packet[0] & 7 != _SERVER or not 1 <= packet[0] >> 3 & 7 <= 4:
        raise ValueError("the answer is none of a time server")
    if bytes(packet[_ORIGINATE:_RECEIVED]) != stamp:
        raise ValueError("the answer is one to another question")
    stratum = packet[1]
    if stratum == 0:
        raise Kiss("the server wants to be left alone (" + _code(packet) + ")")
    if packet[0] >> 6 == _UNSYNCHRONISED or stratum > _MOST_STRATUM:
        raise ValueError("the server does not know the time itself")
    sent, sent_ms = _time(packet, _SENT)
    received, received_ms = _time(packet, _RECEIVED)
    if sent is None or received is None:
        raise ValueError("the answer has no time")
    kept_ms = 1000 * (sent - received) + sent_ms - received_ms
    if not 0 <= kept_ms <= _MOST_KEPT_MS:
        raise ValueError("the answer contradicts itself")
    # It has been on its way for half of the time that was not spent there.
    ms = sent_ms + max(0, waited_ms - kept_ms) // 2
    return sent + ms // 1000, ms % 1000


def _time(packet, at):
    whole = _u32(packet, at)
    ms = (packet[at + 4] << 8 | packet[at + 5]) * 1000 >> 16
    if not whole:
        return None, 0
    return whole - _TO_1970 + (0 if whole >= _OLD_ERA else _ERA), ms


def _u32(packet, at):
    return packet[at] << 24 | packet[at + 1] << 16 | packet[at + 2] << 8 | packet[at + 3]


def _code(packet):
    """Four letters for people."""
    return "".join([chr(byte) if 32 < byte < 127 else "?" for byte in packet[12:16]])
