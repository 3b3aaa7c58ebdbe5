"""Multicast DNS: tells the local network which services are here, after RFC 6762 and RFC 6763.

Names stay as they are on the wire and are compared in place, so packets that are not for us make no garbage.
"""

import struct

PORT = 5353
GROUP = "224.0.0.251"
# What fits into one packet of Ethernet or Wi-Fi.
MOST_BYTES = 1472
# What a packet may cost: each question, label, letter and jump that is looked at counts one. Home Assistant asks for 90
# kinds of services at once, which costs 500 at most. On a chip all of it takes some 35 ms.
MOST_WORK = 600

A = 1
PTR = 12
TXT = 16
SRV = 33
ANY = 255
INTERNET = 1
CLASSES = (INTERNET, ANY)
# In the class of a record: forget what you knew. In the class of a question: answer to me alone.
TOP_BIT = 0x8000

HOST_S = 120
OTHER_S = 4500
HEADER = 12
ANSWER = 0x8400


class Record:
    """`brings`: the records, by bit, that whoever asks for this one will need next."""

    def __init__(self, name, kind, unique, data, brings=0):
        self.name = name
        self.kind = kind
        self.top = TOP_BIT if unique else 0
        self.data = data
        self.brings = brings
        self.seconds = HOST_S if kind in (A, SRV) else OTHER_S


class Responder:
    """What one host answers. Sets of records are whole numbers: one bit for each.

    services: (instance name, "_alfen._tcp", port, txt), where txt is a list of (key, value) or what is on the wire
    """

    def __init__(self, host: str, address: str, services):
        own = name(host, "local")
        self._records = [Record(own, A, True, bytes([int(part) for part in address.split(".")]))]
        kinds = []
        for instance, kind, port, txt in services:
            shared = name(*kind.split("."), "local")
            unique = name(instance, *kind.split("."), "local")
            bit = 1 << len(self._records)
            self._records += [
                Record(shared, PTR, False, unique, brings=bit << 1 | bit << 2 | 1),
                Record(unique, SRV, True, struct.pack(">HHH", 0, 0, port) + own, brings=1),
                Record(unique, TXT, True, txt if isinstance(txt, (bytes, bytearray)) else pairs(txt)),
            ]
            if shared not in kinds:
                kinds.append(shared)
        self.everything = (1 << len(self._records)) - 1
        self._left = 0  # of MOST_WORK, for the packet that is looked at
        every = name("_services", "_dns-sd", "_udp", "local")
        for kind in kinds:
            self._records.append(Record(every, PTR, False, kind))
        if len(self.announcement()) > MOST_BYTES:
            raise ValueError("too many services, or too long texts, for one packet")

    def announcement(self) -> bytes:
        return self.reply(self.everything)

    def goodbye(self) -> bytes:
        """Nothing of it is here any more."""
        return self._packet(self.everything, 0, gone=True)

    def reply(self, records: int) -> bytes:
        """The packet that answers with these records, and adds what will be asked for next."""
        more = 0
        for index, record in enumerate(self._records):
            if records >> index & 1:
                more |= record.brings
        return self._packet(records, more & ~records)

    def asked(self, packet):
        """(records, True when every question asks for an answer to the sender alone), or None: nothing to answer.

        A packet that asks too much is not answered at all.
        """
        end = len(packet)
        if end < HEADER or packet[2] & 0xF8 or packet[3] & 0x0F:
            return None
        records = 0
        alone = True
        at = HEADER
        self._left = MOST_WORK
        for _ in range(_u16(packet, 4)):
            after = _skip(packet, at, end)
            if after < 0 or after + 4 > end or not self._pay(1):
                return None
            kind, group = _u16(packet, after), _u16(packet, after + 2)
            hits = self._called(packet, at, kind) if group & ~TOP_BIT in CLASSES else 0
            if hits:
                records |= hits
                alone = alone and group >= TOP_BIT
            at = after + 4
        if records:
            records = self._without_known(packet, at, records)
        return (records, alone) if records and self._left > 0 else None

    def _pay(self, work):
        """Is there something left of what the packet may cost?"""
        self._left -= work
        return self._left > 0

    def _called(self, packet, at, kind):
        """The records of that name and kind."""
        hits = 0
        bit = 1
        last, same = None, False
        for record in self._records:
            if kind == ANY or kind == record.kind:
                if record.name is not last:
                    last = record.name
                    same = self._same(packet, at, last)
                if same:
                    hits |= bit
            bit <<= 1
        return hits

    def _without_known(self, packet, at, records):
        """Takes out what the asker knows already; 0 for a packet that is broken."""
        end = len(packet)
        for _ in range(_u16(packet, 6)):
            after = _skip(packet, at, end)
            if after < 0 or after + 10 > end or not self._pay(1):
                return 0
            data = after + 10
            data_end = data + _u16(packet, after + 8)
            if data_end > end:
                return 0
            for index, record in enumerate(self._records):
                if records >> index & 1 and self._knows(packet, at, after, data_end, record):
                    records &= ~(1 << index)
            at = data_end
        return records

    def _same(self, packet, at, wanted):
        """Is that name at `at`? Capitals do not count. Every jump must go further back, so there are no loops."""
        end = len(packet)
        lowest = at
        seen = 0
        left = self._left
        same = False
        while at < end and left > 0:
            left -= 1
            size = packet[at]
            if size >= 0xC0:
                if at + 1 >= end:
                    break
                target = (size & 0x3F) << 8 | packet[at + 1]
                if target >= lowest:
                    break
                at = lowest = target
                continue
            if size != wanted[seen] or at + size >= end:
                break
            if not size:
                same = True
                break
            step = 1
            while step <= size and _alike(packet[at + step], wanted[seen + step]):
                step += 1
            left -= step
            if step <= size:
                break
            at += 1 + size
            seen += 1 + size
        self._left = left
        return same

    def _knows(self, packet, at, after, end, record):
        """Is the record at `at`, whose name ends at `after`, ours, with half of its time or more to go?"""
        if _u16(packet, after) != record.kind or _u16(packet, after + 2) & ~TOP_BIT != INTERNET:
            return False
        seconds = _u16(packet, after + 4) << 16 | _u16(packet, after + 6)
        if seconds * 2 < record.seconds or not self._same(packet, at, record.name):
            return False
        data = after + 10
        if record.kind == PTR:
            return self._same(packet, data, record.data)
        if record.kind == SRV:
            return bytes(packet[data : data + 6]) == record.data[:6] and self._same(packet, data + 6, record.data[6:])
        return bytes(packet[data:end]) == record.data

    def _packet(self, answers, more, gone=False):
        counts = [0, 0]
        parts = [b"", b""]
        for index, record in enumerate(self._records):
            section = 0 if answers >> index & 1 else 1
            if (answers | more) >> index & 1:
                seconds = 0 if gone else record.seconds
                head = struct.pack(">HHIH", record.kind, record.top | INTERNET, seconds, len(record.data))
                parts[section] += record.name + head + record.data
                counts[section] += 1
        return struct.pack(">HHHHHH", 0, ANSWER, 0, counts[0], 0, counts[1]) + parts[0] + parts[1]


def name(*labels) -> bytes:
    """A name as it is on the wire."""
    wire = b""
    for label in labels:
        text = label.encode()
        if not 0 < len(text) < 64:
            raise ValueError("'" + label + "' in a network name: 1 to 63 bytes are possible")
        wire += bytes([len(text)]) + text
    return wire + b"\0"


def _alike(letter, other):
    return letter == other or (letter ^ other == 32 and 97 <= letter | 32 <= 122)


def pairs(txt) -> bytes:
    """The text record of (key, value) pairs. Without any, it is one empty text."""
    wire = b""
    for key, value in txt:
        text = (key + "=" + str(value)).encode()
        if len(text) > 255:
            raise ValueError("'" + key + "' in a text record: 255 bytes are possible")
        wire += bytes([len(text)]) + text
    return wire or b"\0"


def _u16(packet, at):
    return packet[at] << 8 | packet[at + 1]


def _skip(packet, at, end):
    """Where the name that begins at `at` ends, which may be beyond the packet; -1 when it is none."""
    while at < end:
        size = packet[at]
        if size >= 0xC0:
            return at + 2
        if size > 63:
            return -1
        at += 1 + size
        if not size:
            return at
    return -1
