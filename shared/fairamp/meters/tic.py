"""Frames of French meters (TIC), both modes, taken as they come in. Their check is weak, so frames watch each other."""

from array import array

# No group is longer.
GROUP = 128
# Frames have up to 1.5 kB. When so much came without an end, or without a beginning, none will come.
MOST = 4096

# Where the values of a frame lie, in A, V, VA and Wh as the meter tells them.
_CURRENT = 0
_VOLTAGE = 3
_APPARENT = 6
_PAPP = 9
_TAKEN = 10
_GIVEN = 11
_ENERGY = 12
_LOW = 13
_HIGH = 14
_SOLD = 15
_SUBSCRIBED = 16  # in A of each phase, or
_KVA = 17  # of all phases; and
_CUT = 18  # where it is cut off
_ALARM = 19
_VALUES = 22
# Its time, see Draft.month: it is no reason to doubt a frame.
_DATE = 22
_PLACES = 24
_NOTHING = -1

# Label, digits of its value, place.
_LABELS = (
    (b"IINST", 3, _CURRENT),
    (b"IINST1", 3, _CURRENT),
    (b"IINST2", 3, _CURRENT + 1),
    (b"IINST3", 3, _CURRENT + 2),
    (b"ISOUSC", 2, _SUBSCRIBED),
    (b"PREF", 2, _KVA),
    (b"PCOUP", 2, _CUT),
    (b"PAPP", 5, _PAPP),
    (b"BASE", 9, _ENERGY),
    (b"HCHC", 9, _LOW),
    (b"HCHP", 9, _HIGH),
    (b"ADIR1", 3, _ALARM),
    (b"ADIR2", 3, _ALARM + 1),
    (b"ADIR3", 3, _ALARM + 2),
    (b"IRMS1", 3, _CURRENT),
    (b"IRMS2", 3, _CURRENT + 1),
    (b"IRMS3", 3, _CURRENT + 2),
    (b"URMS1", 3, _VOLTAGE),
    (b"URMS2", 3, _VOLTAGE + 1),
    (b"URMS3", 3, _VOLTAGE + 2),
    (b"SINSTS", 5, _TAKEN),
    (b"SINSTS1", 5, _APPARENT),
    (b"SINSTS2", 5, _APPARENT + 1),
    (b"SINSTS3", 5, _APPARENT + 2),
    (b"SINSTI", 5, _GIVEN),
    (b"EAST", 9, _ENERGY),
    (b"EAIT", 9, _SOLD),
)
_FIRST = (b"ADCO", b"ADSC", b"ADIR1", b"ADIR2", b"ADIR3")

# What may change from one frame to the next without a proof.
_LEAPS = (2, 2, 2, 8, 8, 8, 250, 250, 250, 600, 600, 600, 100, 100, 100, 100, 0, 0, 0)
# What follows the load, and what does not.
_QUICK = (0, 1, 2, 6, 7, 8, 9, 10, 11)
_SLOW = (3, 4, 5, 12, 13, 14, 15, 16, 17, 18)
_NOMINAL_V = 230
_RESOLUTION_MA = 1000

_STX = 2
_ETX = 3
_EOT = 4
_HT = 9
_LF = 10
_CR = 13
_SP = 32
_SEPARATORS = (_SP, _HT)
# Winter and summer; in small letters the meter is not sure.
_SEASONS = b"HE"


def _of_label(byte):
    """A letter, a digit, or the sign of yesterday and tomorrow."""
    return 65 <= byte <= 90 or 48 <= byte <= 57 or byte == 43 or byte == 45


def _is_group(line, end, separator):
    """A label and data with this separator between them; a time may stand there too, where it is a tabulator."""
    first = fields = 0
    for at in range(1, end):
        byte = line[at]
        if byte == separator:
            fields += 1
            if fields == 1:
                first = at
            elif separator == _HT and (fields > 2 or at - first != 14):
                return False
        elif byte < _SP or not (fields or _of_label(byte)):
            return False
    return fields > 0 and separator in _SEPARATORS


def _check(line, end):
    total = 0
    for at in range(1, end):
        total += line[at]
    return (total & 0x3F) + 0x20


def _is_label(label, line, separator):
    for at in range(len(label)):
        if line[1 + at] != label[at]:
            return False
    return line[1 + len(label)] == separator


def _number(line, at, end, digits):
    """Exactly so many digits as a number, -1 for everything else."""
    if end - at != digits:
        return -1
    value = 0
    for index in range(at, end):
        if not 48 <= line[index] <= 57:
            return -1
        value = 10 * value + line[index] - 48
    return value


def _is_alarm(told):
    return told[_ALARM] >= 0 or told[_ALARM + 1] >= 0 or told[_ALARM + 2] >= 0


def _is_three(told):
    return _is_alarm(told) or told[_CURRENT + 1] >= 0 or told[_CURRENT + 2] >= 0


def _volt(told, phase):
    return told[_VOLTAGE + phase] if told[_VOLTAGE + phase] > 0 else _NOMINAL_V


def _load(told, phase):
    """Apparent power by current and voltage, as far as the direction is known."""
    load = max(told[_CURRENT + phase], 0) * _volt(told, phase)
    return -load if told[_GIVEN] > 0 and not _is_three(told) else load


def _fits(told, before):
    """Has the power changed as the currents have, within an ampere and the tolerance of the voltage?"""
    change = slack = 0
    for phase in range(3):
        if told[_CURRENT + phase] < 0:
            continue
        load = _load(told, phase) - _load(before, phase)
        loose = _volt(told, phase) + abs(load) // 10
        power = told[_APPARENT + phase] - before[_APPARENT + phase]
        if told[_APPARENT + phase] >= 0 and abs(power - load) > loose:
            return False
        change += load
        slack += loose
    net = told[_TAKEN] - max(told[_GIVEN], 0) - before[_TAKEN] + max(before[_GIVEN], 0)
    if told[_TAKEN] >= 0 and abs(net - change) > slack:
        return False
    return told[_PAPP] < 0 or abs(told[_PAPP] - before[_PAPP] - change) <= slack


def _contract_ma(told, phases):
    """What is subscribed, on each phase; None where it is not told. A kVA is counted as 5 A."""
    if told[_SUBSCRIBED] > 0:
        return 1000 * told[_SUBSCRIBED]
    kva, cut = told[_KVA], told[_CUT]
    if cut > 0 and not 0 < kva <= cut:
        kva = cut
    return 5000 * kva // phases if kva > 0 else None


def _same_groups(told, before):
    for slot in range(_VALUES):
        if (told[slot] < 0) != (before[slot] < 0):
            return False
    return True


def _near(told, before, slots):
    for slot in slots:
        if abs(told[slot] - before[slot]) > _LEAPS[slot]:
            return False
    return True


def _quiet(told, before):
    """No leap of the load, and the same direction."""
    return _near(told, before, _QUICK) and (told[_GIVEN] > 0) == (before[_GIVEN] > 0)


def _empty():
    return array("i", [_NOTHING] * _PLACES)


_ZERO = array("i", [0] * _PLACES)


class Tic:
    """One TIC output: `feed` it, and when a frame is `done`, let it `fill` a draft."""

    def __init__(self):
        self.done = False
        self.bad = 0  # groups, and frames without a bad group, refused
        self.problem = ""  # why the last of them was
        self.mode = ""  # "historique" or "standard", once a group told
        self._line = bytearray(GROUP)
        self._size = 0
        self._inside = False
        self._spoiled = False  # this frame has a bad group
        self._groups = ""  # the mode of the groups of this frame
        self._heard = 0  # bytes since a frame began or ended
        self._told = _empty()  # by the frame that comes in
        self._frame = _empty()  # by the last one that was believed
        self._doubted = _empty()  # by the one that was not
        self._alarm = _empty()  # by the last alarm
        self._latest = self._frame
        self._known = False  # there was one to believe
        self._doubting = False  # there was one to doubt since then

    def feed(self, data, start: int, length: int) -> int:
        """Takes data[start:start+length] up to the end of the first good frame; how many bytes that were."""
        self.done = False
        line = self._line
        size = self._size
        for index in range(start, start + length):
            byte = data[index] & 0x7F  # the parity bit
            if _STX <= byte <= _EOT:
                self._mark(byte, size)
                size = 0
                if self.done:
                    length = index + 1 - start
                    break
            elif byte == _CR:
                self._end_group(size)
                size = 0
            else:
                if size == GROUP or (size and byte == _LF):
                    self._spoil("a group does not end: ", size)
                    self._count(size)
                    size = 0
                line[size] = byte
                size += 1
        self._size = size
        return length

    def fill(self, draft) -> None:
        """Writes what the last good frame told; nothing before there was one."""
        told = self._latest
        draft.clear()
        draft.resolution_ma = _RESOLUTION_MA
        draft.urgent = _is_alarm(told)
        draft.phases = 3 if _is_three(told) else 1
        given = max(told[_GIVEN], 0)
        for phase in range(3):
            current = max(told[_CURRENT + phase], told[_ALARM + phase])
            if current >= 0:
                draft.current_ma[phase] = 1000 * current
            if told[_VOLTAGE + phase] >= 0:
                draft.voltage_mv[phase] = 1000 * told[_VOLTAGE + phase]
            # Nobody tells which phase exports: then all count as import.
            if told[_APPARENT + phase] >= 0 and not given:
                draft.power_w[phase] = told[_APPARENT + phase]
        # Apparent power, VA, all of it: the active power of a phase is not told, and what matters is its sign.
        if told[_PAPP] >= 0:
            draft.total_w = told[_PAPP]
        elif told[_TAKEN] >= 0:
            draft.total_w = told[_TAKEN] - given
            if draft.phases == 1:
                draft.power_w[0] = -given or told[_TAKEN]
        if told[_ENERGY] >= 0:
            draft.energy_wh = told[_ENERGY]
        elif told[_LOW] >= 0 and told[_HIGH] >= 0:
            draft.energy_wh = told[_LOW] + told[_HIGH]
        if told[_SOLD] >= 0:
            draft.export_wh = told[_SOLD]
        draft.contract_ma = _contract_ma(told, draft.phases)
        if told[_DATE] >= 0:
            draft.month, draft.moment = told[_DATE], told[_DATE + 1]

    def _mark(self, mark, size):
        """The begin or the end of a frame."""
        if self._inside and mark == _STX:
            self._spoil("a frame is cut, the next one begins inside it: ", size)
        elif self._inside and mark == _EOT:
            self._spoil("the meter has broken off a frame: ", size)
        elif self._inside and size:
            self._spoil("a frame ends inside a group: ", size)
        elif self._inside and not self._spoiled:
            self._end_frame()
        self._inside = mark == _STX
        if self._inside:
            self._spoiled = False
            self._groups = ""
            self._heard = 0
            told = self._told
            for slot in range(_PLACES):
                told[slot] = _NOTHING

    def _end_group(self, size):
        self._count(size + 1)
        if not self._inside:
            return
        line = self._line
        separator = line[size - 2] if size > 4 and line[0] == _LF else 0
        if not _is_group(line, size - 2, separator):
            self._spoil("no group: ", size)
            return
        check = _check(line, size - 2 if separator == _SP else size - 1)
        if check != line[size - 1]:
            self._spoil("the check is not " + repr(chr(check)) + ": ", size)
            return
        mode = "standard" if separator == _HT else "historique"
        if self._groups and self._groups != mode:
            self._spoil("a group of the other mode: ", size)
            return
        if not self._groups and not self._begins(separator):
            self._spoil("no begin of a frame: ", size)
            return
        self._groups = self.mode = mode
        self._take(size, separator)

    def _begins(self, separator):
        """Every frame begins with the address of the meter, or with an alarm."""
        for label in _FIRST:
            if _is_label(label, self._line, separator):
                return True
        return False

    def _count(self, size):
        self._heard += size
        if self._heard > MOST:
            self._heard = 0
            self._inside = False
            self._refuse(str(MOST) + " bytes without a whole frame: is the speed of the line wrong?")

    def _take(self, size, separator):
        """The value of a good group; those that nobody needs are skipped."""
        told = self._told
        for label, digits, slot in _LABELS:
            if _is_label(label, self._line, separator):
                value = _number(self._line, 2 + len(label), size - 2, digits)
                if value < 0 or (told[slot] >= 0 and told[slot] != value):
                    self._spoil("cannot use the group ", size)
                told[slot] = value
                return
        if separator == _HT and _is_label(b"DATE", self._line, separator):
            self._take_date(size - 2)

    def _take_date(self, end):
        """SYYMMDDhhmmss, and a value that is empty."""
        line, told = self._line, self._told
        if end == 20 and line[6] in _SEASONS:
            month, stamp = _number(line, 7, 11, 4), _number(line, 11, 19, 8)
            if month >= 0 and stamp >= 0:
                told[_DATE], told[_DATE + 1] = 2 * month + (line[6] == _SEASONS[1]), stamp

    def _end_frame(self):
        """All groups of it were good. An alarm has nothing to be compared with, and no time for it."""
        if not self._groups:
            self._refuse("a frame without groups")
            return
        if _is_alarm(self._told):
            self._told, self._alarm = self._alarm, self._told
            self._latest = self._alarm
            self.done = True
            return
        doubt = self._doubt()
        if doubt:
            self._told, self._doubted = self._doubted, self._told
            self._doubting = True
            self._refuse(doubt + "; the next frame has to confirm it")
            return
        self._told, self._frame = self._frame, self._told
        self._latest = self._frame
        self._known = True
        self._doubting = False
        self.done = True

    def _doubt(self):
        """Why not to believe this frame before it comes again, nothing when there is no reason.

        Two wrong bytes that cancel out in the sum of a group pass its check. But a leap that power and current tell
        alike, or that two frames tell, is none of them.
        """
        told, before = self._told, self._doubted
        if self._doubting and _same_groups(told, before) and _near(told, before, _SLOW) and _quiet(told, before):
            return ""
        before = self._frame
        if not self._known:
            # A first frame has nothing but its power that speaks for it.
            powered = told[_PAPP] >= 0 or told[_TAKEN] >= 0
            return "" if powered and _fits(told, _ZERO) else "the current does not go with the power"
        if not _same_groups(told, before):
            return "other groups than in the frame before"
        if not _near(told, before, _SLOW):
            return "a leap of voltage, energy or subscribed power"
        if _quiet(told, before) or _fits(told, before):
            return ""
        return "a leap of the current does not go with the power"

    def _spoil(self, why, size):
        """The frame has something that is no good group: nothing of it counts."""
        if self._inside:
            self._spoiled = True
            self._refuse(why + repr(bytes(self._line[:size]))[1:])

    def _refuse(self, why):
        self.bad += 1
        self.problem = why
