"""Telegrams of Dutch and Belgian meters (DSMR P1 port), taken as they come in, in a fixed amount of memory."""

from array import array

from fairamp.modbus.frames import crc16

# No line that counts is longer; of longer ones only the check sum matters.
LINE = 64
# Telegrams have up to 4 kB. When so much came without an end, or without a beginning, none will come.
MOST = 8192

# The objects that count, three places each: phases, or all, tariff 1 and tariff 2.
_OBJECTS = (
    ("1-0:31.7.0", "1-0:51.7.0", "1-0:71.7.0"),
    ("1-0:32.7.0", "1-0:52.7.0", "1-0:72.7.0"),
    ("1-0:21.7.0", "1-0:41.7.0", "1-0:61.7.0"),
    ("1-0:22.7.0", "1-0:42.7.0", "1-0:62.7.0"),
    ("1-0:1.7.0", "1-0:2.7.0"),
    ("1-0:1.8.0", "1-0:1.8.1", "1-0:1.8.2"),
    ("1-0:2.8.0", "1-0:2.8.1", "1-0:2.8.2"),
    ("0-0:1.0.0",),
    ("1-3:0.2.8", "0-0:96.1.4"),  # of a standard that has a check sum
)
_UNITS = (b"*A)", b"*V)", b"*kW)", b"*kW)", b"*kW)", b"*kWh)", b"*kWh)")
# Where their values lie, in mA, mV, W and Wh.
_CURRENT = 0
_VOLTAGE = 3
_IMPORT = 6
_EXPORT = 9
_TOTAL = 12
_ENERGY_IN = 15
_ENERGY_OUT = 18
_STAMP = 21
_STANDARD = 24
_RESOLUTION = 26
_MONTH = 27
_PER_PHASE = (0, 3, 6, 9)
_VALUES = 28
_NOTHING = -1
_NOMINAL_MV = 230000
_WHOLE_MA = 1000

# What the line is doing.
_WAITING = 0
_NAMING = 1
_TELLING = 2

_LF = 10
_CR = 13
_BANG = 33
_BRACKET = 40
_STAR = 42
_KILO = 107
_POINT = 46
_SLASH = 47
_SEPARATORS = b"-:.."
# Winter and summer.
_SEASONS = b"WS"


def _digit(byte):
    return 48 <= byte <= 57


def _bracket(line, size):
    """Where the name of an object ends; 0 = nowhere."""
    for at in range(size):
        if line[at] == _BRACKET:
            return at
    return 0


def _key(name, end):
    """The name A-B:C.D.E as one small number, -1 for every other text."""
    key = number = part = 0
    for at in range(end):
        byte = name[at]
        if _digit(byte):
            number = 10 * number + byte - 48
            if number > (99 if part else 9):
                return -1
        elif part < 4 and byte == _SEPARATORS[part]:
            key = 100 * key + number
            number = 0
            part += 1
        else:
            return -1
    return 100 * key + number if part == 4 else -1


def _slots():
    """Where the value of each object belongs."""
    found = {}
    for row in range(len(_OBJECTS)):
        for nth in range(len(_OBJECTS[row])):
            name = _OBJECTS[row][nth].encode()
            found[_key(name, len(name))] = 3 * row + nth
    return found


_SLOTS = _slots()


def _thousandths(line, at, end, unit):
    """The number that stands there with this unit, times thousand; -1 = something else, or too much.

    Some meters tell W and Wh: that is thousandths of kW and kWh already.
    """
    first = at
    value = 0
    decimals = -1
    while at < end and line[at] != _STAR:
        byte = line[at]
        if _digit(byte) and decimals < 3 and value < 100000000:
            value = 10 * value + byte - 48
            if decimals >= 0:
                decimals += 1
        elif byte == _POINT and decimals < 0 and at > first:
            decimals = 0
        else:
            return -1
        at += 1
    left_out = 1 if unit[1] == _KILO and end - at == len(unit) - 1 else 0
    if at == first or decimals == 0 or end - at != len(unit) - left_out or (left_out and decimals > 0):
        return -1
    for index in range(1, end - at):
        if line[at + index] != unit[index + left_out]:
            return -1
    if left_out:
        return value
    for _ in range(3 - max(decimals, 0)):
        if value >= 100000000:
            return -1
        value *= 10
    return value


def _resolution(line, at, end):
    """How coarse a number in amperes is, in mA."""
    step = _WHOLE_MA
    fine = False
    for index in range(at, end):
        if fine and _digit(line[index]):
            step //= 10
        fine = fine or line[index] == _POINT
    return step


def _stamp(line, at, end):
    """DDhhmmss of YYMMDDhhmmssX) as a number; nothing when the meter does not know the time."""
    if end - at != 14:
        return _NOTHING
    stamp = 0
    for index in range(at, at + 12):
        if not _digit(line[index]):
            return _NOTHING
        stamp = stamp % 10000000 * 10 + line[index] - 48
    return stamp


def _month(line, at, end):
    """YYMM of YYMMDDhhmmssX), doubled, and one more in summer; nothing when the meter is not sure."""
    if end - at != 14 or line[at + 12] not in _SEASONS:
        return _NOTHING
    month = 0
    for index in range(at, at + 4):
        month = month * 10 + line[index] - 48
    return 2 * month + (line[at + 12] == _SEASONS[1])


def _hex(line, at, end):
    """Up to four hexadecimal digits, for some meters leave out leading zeros; -1 = something else."""
    if not 1 <= end - at <= 4:
        return -1
    value = 0
    for index in range(at, end):
        byte = line[index]
        if _digit(byte):
            value = 16 * value + byte - 48
        elif 65 <= byte & 0xDF <= 70:
            value = 16 * value + (byte & 0xDF) - 55
        else:
            return -1
    return value


def _net(plus, minus):
    if plus == _NOTHING and minus == _NOTHING:
        return None
    return max(plus, 0) - max(minus, 0)


def _energy(told, first):
    """The total, or else what the tariffs are together."""
    if told[first] != _NOTHING:
        return told[first]
    if told[first + 1] == _NOTHING and told[first + 2] == _NOTHING:
        return None
    return max(told[first + 1], 0) + max(told[first + 2], 0)


class P1:
    """One P1 port: `feed` it, and when a telegram is `done`, let it `fill` a draft."""

    def __init__(self):
        self.done = False
        self.bad = 0  # telegrams refused
        self.problem = ""  # why the last of them was
        self._line = bytearray(LINE)
        self._size = 0
        self._long = False  # the begin of this line is no longer in the buffer
        self._state = _WAITING
        self._crc = 0
        self._heard = 0  # bytes since a telegram began or ended
        self._told = array("i", [_NOTHING] * _VALUES)  # by the telegram that comes in
        self._good = array("i", [_NOTHING] * _VALUES)  # by the last one that was right
        self._flaw = ""  # what cannot be used in the telegram that comes in
        self._sealed = False  # this meter sends check sums

    def feed(self, data, start: int, length: int) -> int:
        """Takes data[start:start+length] up to the end of the first good telegram; how many bytes that were."""
        self.done = False
        line = self._line
        size = self._size
        for index in range(start, start + length):
            byte = data[index] & 0x7F  # older meters send a parity bit
            if byte == _SLASH:
                self._begin(size)
                size = 0
            line[size] = byte
            size += 1
            if byte == _LF:
                self._end_line(size)
                size = 0
                if self.done:
                    length = index + 1 - start
                    break
            elif size == LINE:
                self._pass(size)
                self._long = True
                size = 0
        self._size = size
        return length

    def fill(self, draft) -> None:
        """Writes what the last good telegram told; nothing before there was one."""
        told = self._good
        draft.clear()
        draft.phases = 1
        for phase in range(3):
            for first in _PER_PHASE:
                if phase and told[first + phase] != _NOTHING:
                    draft.phases = 3
            draft.power_w[phase] = _net(told[_IMPORT + phase], told[_EXPORT + phase])
            if told[_VOLTAGE + phase] != _NOTHING:
                draft.voltage_mv[phase] = told[_VOLTAGE + phase]
        draft.total_w = _net(told[_TOTAL], told[_TOTAL + 1])
        if draft.phases == 1 and draft.power_w[0] is None and told[_CURRENT] != _NOTHING:
            draft.power_w[0] = draft.total_w
        draft.resolution_ma = max(told[_RESOLUTION], 1)
        for phase in range(3):
            if told[_CURRENT + phase] != _NOTHING:
                draft.current_ma[phase] = _at_least(told[_CURRENT + phase], draft, phase)
        draft.energy_wh = _energy(told, _ENERGY_IN)
        draft.export_wh = _energy(told, _ENERGY_OUT)
        if told[_STAMP] != _NOTHING:
            draft.stamp = told[_STAMP]
            if told[_MONTH] != _NOTHING:
                draft.month, draft.moment = told[_MONTH], told[_STAMP]

    def _begin(self, size):
        self._count(size)
        if self._state == _TELLING:
            self._refuse("a telegram is cut: the next one begins inside it")
        self._state = _NAMING
        self._long = False
        self._crc = 0
        self._flaw = ""
        told = self._told
        for slot in range(_VALUES):
            told[slot] = _NOTHING

    def _end_line(self, size):
        whole = not self._long
        self._long = False
        if self._state == _TELLING and whole and self._line[0] == _BANG:
            self._end(size)
            return
        self._pass(size)
        if self._state == _NAMING:
            self._state = _TELLING if whole and self._is_name(size) else _WAITING
        elif self._state == _TELLING and whole:
            self._take(size)

    def _pass(self, size):
        """What the buffer holds counts for the check sum."""
        self._crc = crc16(self._line, 0, size, self._crc)
        self._count(size)

    def _count(self, size):
        self._heard += size
        if self._heard > MOST:
            if self._state == _TELLING:
                self._refuse("a telegram does not end after " + str(MOST) + " bytes")
            else:
                self._refuse(str(MOST) + " bytes without a telegram: is the line inverted, or its speed wrong?")

    def _is_name(self, size):
        """Three letters and a digit behind the slash: noise has slashes too."""
        line = self._line
        if size < 6 or not _digit(line[4]):
            return False
        for at in range(1, 4):
            if not 65 <= line[at] & 0xDF <= 90:
                return False
        self._heard = size
        return True

    def _take(self, size):
        """One line of a telegram; those that nobody needs are skipped."""
        line = self._line
        end = self._end_of(size)
        at = _bracket(line, end) + 1
        slot = _SLOTS.get(_key(line, at - 1), -1)
        if slot < 0:
            return
        told = self._told
        if slot >= _STANDARD:
            told[_STANDARD] = 1
            return
        if slot == _STAMP:
            told[_STAMP] = _stamp(line, at, end)
            told[_MONTH] = _month(line, at, end)
            return
        value = _thousandths(line, at, end, _UNITS[slot // 3])
        if value < 0 or (told[slot] >= 0 and told[slot] != value):
            self._flaw = "cannot use the line " + repr(bytes(line[:end]))[1:]
        told[slot] = value
        if slot < _VOLTAGE:
            told[_RESOLUTION] = max(told[_RESOLUTION], _resolution(line, at, end))

    def _end_of(self, size):
        """Where a line ends that a line feed closes."""
        return size - 2 if size > 1 and self._line[size - 2] == _CR else size - 1

    def _end(self, size):
        """The line with the check sum has come."""
        end = self._end_of(size)
        crc = crc16(self._line, 0, 1, self._crc)
        if end > 1:
            if _hex(self._line, 1, end) != crc:
                told = repr(bytes(self._line[1:end]))[1:]
                self._refuse("check sum is " + told + ", calculated " + "%04X" % crc)
                return
        elif self._needs_sum():
            self._refuse("the check sum is missing")
            return
        if self._flaw:
            self._refuse(self._flaw)
            return
        self._sealed = self._sealed or end > 1
        self._told, self._good = self._good, self._told
        self._state = _WAITING
        self._heard = 0
        self.done = True

    def _needs_sum(self):
        """Only the oldest meters send none, and those tell nothing about phases."""
        if self._sealed or self._told[_STANDARD] != _NOTHING:
            return True
        for slot in range(_TOTAL):
            if self._told[slot] != _NOTHING:
                return True
        return False

    def _refuse(self, why):
        self.bad += 1
        self.problem = why
        self._state = _WAITING
        self._heard = 0


def _at_least(ma, draft, phase):
    """Whole amperes are coarse: the power tells more, but for what the reactive load adds to it."""
    power = draft.power_w[phase]
    if draft.resolution_ma < _WHOLE_MA or power is None:
        return ma
    # In tenths of a volt, so that everything stays a small number.
    tenths = (draft.voltage_mv[phase] or _NOMINAL_MV) // 100
    return max(abs(power) * 10000 // (tenths or _NOMINAL_MV // 100), ma - _WHOLE_MA // 2)
