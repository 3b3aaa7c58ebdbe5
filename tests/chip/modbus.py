"""Modbus RTU by hand, independent of the product: checksums, requests, what an answer holds."""

import struct
from dataclasses import dataclass, field

READ, WRITE = 3, 6
READ_INPUT = 4
REQUEST_BYTES = 8


def crc(data: bytes) -> bytes:
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return struct.pack("<H", value)


def seal(body: bytes) -> bytes:
    return body + crc(body)


def whole(frame: bytes) -> bool:
    return len(frame) >= 4 and crc(frame[:-2]) == frame[-2:]


def read(unit: int, address: int, count: int) -> bytes:
    return seal(struct.pack(">BBHH", unit, READ, address, count))


def write(unit: int, address: int, value: int) -> bytes:
    return seal(struct.pack(">BBHH", unit, WRITE, address, value))


def answer_length(request: bytes) -> int:
    """Of the answer that is no exception."""
    return 5 + 2 * int.from_bytes(request[4:6], "big") if request[1] == READ else REQUEST_BYTES


@dataclass
class Answer:
    """`ms`: from the last byte of the request to the first byte of the answer; None when nothing came."""

    ms: float | None
    frame: bytes = b""
    registers: list[int] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return whole(self.frame) and not self.frame[1] & 0x80


def registers_of(frame: bytes) -> list[int]:
    if not whole(frame) or frame[1] not in (READ, READ_INPUT):
        return []
    return list(struct.unpack(f">{frame[2] // 2}H", frame[3 : 3 + frame[2]]))
