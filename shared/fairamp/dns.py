"""The address of a name (DNS, RFC 1035): the question, and what has to be right about an answer."""

MOST_BYTES = 512
_HEADER = 12
# One question, and the server shall ask others for us.
_ASK = b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
# The address of a host, on the internet.
_ADDRESS = b"\x00\x01\x00\x01"
_NO_SUCH_NAME = 3
# So many records of an answer are looked at.
_MOST_RECORDS = 20


def question(id, host: str) -> bytes:
    """`id`: two random bytes. `host`: a name that the settings have checked."""
    wire = b""
    for label in host.lower().split("."):
        wire += bytes([len(label)]) + label.encode()
    return id + _ASK + wire + b"\0" + _ADDRESS


def answer(packet, asked) -> str:
    """The address in numbers; ValueError says why there is none. `asked`: the question."""
    if len(packet) < len(asked) or bytes(packet[:2]) != asked[:2] or packet[2] & 0xF8 != 0x80:
        raise ValueError("the answer is none to this question")
    if packet[4] or packet[5] != 1 or bytes(packet[_HEADER : len(asked)]).lower() != asked[_HEADER:]:
        raise ValueError("the answer is one to another question")
    code = packet[3] & 0x0F
    if code:
        raise ValueError("there is no such name" if code == _NO_SUCH_NAME else "refused, with code " + str(code))
    at, end = len(asked), len(packet)
    for _ in range(min(packet[6] << 8 | packet[7], _MOST_RECORDS)):
        at = _behind_name(packet, at, end)
        data = at + 10
        if data > end:
            break
        size = packet[data - 2] << 8 | packet[data - 1]
        if bytes(packet[at : at + 4]) == _ADDRESS and size == 4 and data + 4 <= end and 0 < packet[data] < 224:
            return ".".join([str(byte) for byte in packet[data : data + 4]])
        at = data + size
    raise ValueError("the answer has no address")


def _behind_name(packet, at, end):
    """Where the name that begins at `at` ends; it goes on elsewhere, or ends with an empty label."""
    while at < end and packet[at]:
        if packet[at] >= 0xC0:
            return at + 2
        at += 1 + packet[at]
    return at + 1
