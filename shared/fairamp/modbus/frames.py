"""What Modbus frames look like on a serial line (RTU) and over TCP: check sums, lengths, headers."""

from array import array

READ_HOLDING = 3
READ_INPUT = 4
WRITE_ONE = 6
WRITE_MANY = 16
MASK_WRITE = 22
READ_WRITE = 23
READ_DEVICE = 43

ILLEGAL_FUNCTION = 1
ILLEGAL_ADDRESS = 2
ILLEGAL_VALUE = 3
DEVICE_FAILURE = 4
BUSY = 6
EXCEPTIONS = {1: "illegal function", 2: "illegal address", 3: "illegal value", 4: "device failure", 6: "busy"}

MAX_READ = 125
MAX_WRITE = 123
MAX_READ_WRITE = 121
MAX_PDU = 253
MAX_RTU = 256
TCP_HEADER = 7


def _crc_table():
    table = array("H", [0] * 256)
    for index in range(256):
        crc = index
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
        table[index] = crc
    return table


_CRC = _crc_table()


def _plain(data, start, end, crc, table):
    for index in range(start, end):
        crc = (crc >> 8) ^ table[(crc ^ data[index]) & 0xFF]
    return crc


try:
    from fairamp.modbus.crc_viper import go_on as _go_on
except (ImportError, NameError, SyntaxError):
    _go_on = _plain


def crc16(data, start: int, end: int, crc: int = 0xFFFF) -> int:
    """Check sum of data[start:end]; sent low byte first. `crc`: that of what came before, to go on with."""
    return _go_on(data, start, end, crc, _CRC)


def seal(frame, end: int) -> int:
    """Writes the check sum behind frame[:end]; the new end."""
    crc = crc16(frame, 0, end)
    frame[end] = crc & 0xFF
    frame[end + 1] = crc >> 8
    return end + 2


def sealed(frame, start: int, end: int) -> bool:
    """Is frame[start:end] closed by its right check sum?"""
    crc = crc16(frame, start, end - 2)
    return frame[end - 2] == crc & 0xFF and frame[end - 1] == crc >> 8


def put16(buffer, at: int, value: int) -> None:
    buffer[at] = (value >> 8) & 0xFF
    buffer[at + 1] = value & 0xFF


def get16(buffer, at: int) -> int:
    return (buffer[at] << 8) | buffer[at + 1]


def request_length(frame, start: int, end: int) -> int:
    """Bytes of the RTU request that begins at `start`: 0 = cannot tell yet, -1 = no request we know."""
    have = end - start
    if have < 2:
        return 0
    function = frame[start + 1]
    if function in (1, 2, READ_HOLDING, READ_INPUT, 5, WRITE_ONE):
        return 8
    if function in (15, WRITE_MANY):
        return 9 + frame[start + 6] if have > 6 else 0
    if function == MASK_WRITE:
        return 10
    if function == READ_WRITE:
        return 13 + frame[start + 10] if have > 10 else 0
    if function == READ_DEVICE:
        return 7
    return -1


def reply_length(frame, start: int, end: int) -> int:
    """Bytes of the RTU reply that begins at `start`: 0 = cannot tell yet, -1 = no reply we know."""
    have = end - start
    if have < 3:
        return 0
    function = frame[start + 1]
    if function & 0x80:
        return 5
    if function in (1, 2, READ_HOLDING, READ_INPUT, READ_WRITE):
        return 5 + frame[start + 2]
    if function in (5, WRITE_ONE, 15, WRITE_MANY):
        return 8
    if function == MASK_WRITE:
        return 10
    return -1
