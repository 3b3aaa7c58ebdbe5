"""From the words of a meter's answers to a draft, in as few requests as balancing needs."""

from struct import unpack_from

from fairamp.meters.model import (
    CURRENT,
    EXPORT,
    FREQUENCY,
    IMPORT,
    NAMES,
    POWER,
    POWER_IN,
    POWER_OUT,
    STAMP,
    TOTAL,
    TOTAL_IN,
    TOTAL_OUT,
    VOLTAGE,
    addresses,
)
from fairamp.meters.sieve import Half, Implausible
from fairamp.modbus.table import KINDS, number

# What decides about a fuse, and is asked for every time; the rest only now and then.
FAST = (CURRENT, POWER, POWER_IN, POWER_OUT, STAMP)
# The sum of the phases does as well; one that was read at another time does not go with them.
TOTALS = (TOTAL, TOTAL_IN, TOTAL_OUT)
# Words that are worth reading along, so that no request of their own is needed.
ALONG = 30
MOST_GAP = 125
# No quantity of a house is beyond this in any unit; the time stamp of a dongle is below it until 2038.
HUGE = 2147483647.0


class Block:
    """What one request fetches. `values`: (quantity, phase, offset, kind, scale) of all that is looked for in it."""

    def __init__(self, first: int, count: int):
        self.first = first
        self.count = count
        self.words = bytearray(2 * count)
        self.values: list = []
        self.amounts: list = []  # of the values, in their units; None = not told
        self.known = False
        self.fresh = False

    def take(self, data, at: int) -> None:
        """Keeps the words that begin at data[at]."""
        self.words[:] = data[at : at + 2 * self.count]
        self.known = self.fresh = True

    def holds(self, register: int, words: int) -> bool:
        return self.first <= register <= self.first + self.count - words


def blocks(spans, most: int, gap: int):
    """The fewest requests for all (register, words), none longer than `most`, none with a longer hole than `gap`."""
    found: list = []
    for first, count in sorted(spans):
        if found:
            start, length = found[-1]
            if first <= start + length + gap and first + count - start <= most:
                found[-1] = (start, max(length, first + count - start))
                continue
        found.append((first, count))
    return found


class Decoder:
    """The plan of one meter: `fast` blocks are read every time, `slow` ones now and then."""

    def __init__(self, model, values=None):
        self._model = model
        self.values = values or model.values
        self.factors = [1] * (STAMP + 1)
        self._plan(MOST_GAP)

    def split(self) -> bool:
        """Plans anew without holes, for a meter that refuses them; False when it was so already."""
        if self._gap == 0:
            return False
        self._plan(0)
        return True

    def _plan(self, gap):
        self._gap = gap
        most = self._model.most
        fast: list = []
        slow: list = []
        totals: list = []
        for value in self.values:
            words = KINDS[value[3]][0]
            into = fast if value[0] in FAST or not self._model.per_phase() else slow
            for register in addresses(value, self._model.phases):
                into.append((register, words))
                if value[0] in TOTALS:
                    totals.append((register, words))
        first = blocks(fast, most, gap)
        left = []
        for span in sorted(slow):
            wider = blocks(first + [span], most, min(gap, ALONG))
            if gap and len(wider) == len(first):
                first = wider
            elif span not in totals:
                left.append(span)
        self.fast = [Block(start, count) for start, count in first]
        self.slow = [Block(start, count) for start, count in blocks(left, most, gap)]
        self._coarse = 0.0
        for value in self.values:
            self._place(value)

    def _place(self, value):
        """Into the block that has it."""
        quantity, _, _, kind, scale = value
        words = KINDS[kind][0]
        for phase, register in enumerate(addresses(value, self._model.phases)):
            for block in self.fast if quantity in TOTALS else self.fast + self.slow:
                if block.holds(register, words):
                    block.values.append((quantity, phase, 2 * (register - block.first), kind, scale))
                    block.amounts.append(None)
                    break
        if quantity == CURRENT and kind[0] != "f":
            self._coarse = 1000 * scale

    def fill(self, draft) -> None:
        """Writes all that is known into the draft; Implausible names a number that is none."""
        draft.clear()
        draft.phases = self._model.phases
        for block in self.fast:
            self._fill(block, draft)
        for block in self.slow:
            self._fill(block, draft)
        draft.resolution_ma = max(1, round(self._coarse * self.factors[CURRENT]))
        draft.lively = True

    def _fill(self, block, draft):
        if not block.known:
            for value in block.values:
                if value[0] in FAST:
                    raise Half("no " + _name(value[0]))
            return
        values, amounts = block.values, block.amounts
        if block.fresh:
            for index in range(len(values)):
                amounts[index] = self._amount(block.words, values[index])
            block.fresh = False
        for index in range(len(values)):
            if amounts[index] is not None:
                _put(draft, values[index][0], values[index][1], amounts[index])

    def _amount(self, words, value):
        """In the quantity's unit; None when a value that is not needed every time is not told."""
        quantity, phase, at, kind, scale = value
        low_first = self._model.low_first
        if kind == "f32" and not low_first:
            raw = amount = unpack_from(">f", words, at)[0]
        elif _absent(kind, words, at):
            raw = amount = None
        else:
            raw = amount = number(kind, words, at, low_first)
        if amount is not None:
            factor = self.factors[quantity]
            if scale != 1:
                amount *= scale
            if factor != 1:
                amount *= factor
            # The comparison is false for "not a number" and for what is infinite too.
            if -HUGE < amount < HUGE:
                return amount
        if quantity not in FAST:
            return None
        raise Implausible(_label(quantity, phase) + " = " + ("not measured" if raw is None else str(raw)))


def _absent(kind, data, at):
    """The number that means "not measured": the largest of its kind, whichever word comes first."""
    if kind[0] == "f":
        return False
    size = 2 * KINDS[kind][0]
    first = 0x7F if kind[0] == "i" else 0xFF
    if first not in (data[at], data[at + size - 2]):
        return False
    return sum(data[at : at + size]) == 255 * (size - 1) + first


def _name(quantity):
    return NAMES.split()[quantity].replace("_", " ")


def _label(quantity, phase):
    return _name(quantity) + (" L" + str(phase + 1) if quantity <= POWER_OUT else "")


def _put(draft, quantity, phase, amount):
    if quantity == VOLTAGE:
        draft.voltage_mv[phase] = round(1000 * amount)
    elif quantity == CURRENT:
        draft.current_ma[phase] = round(1000 * amount)
    elif quantity == POWER:
        draft.power_w[phase] = round(amount)
    elif quantity == POWER_IN:
        draft.power_w[phase] = (draft.power_w[phase] or 0) + round(amount)
    elif quantity == POWER_OUT:
        draft.power_w[phase] = (draft.power_w[phase] or 0) - round(amount)
    elif quantity == TOTAL:
        draft.total_w = round(amount)
    elif quantity == TOTAL_IN:
        draft.total_w = (draft.total_w or 0) + round(amount)
    elif quantity == TOTAL_OUT:
        draft.total_w = (draft.total_w or 0) - round(amount)
    elif quantity == IMPORT:
        draft.energy_wh = (draft.energy_wh or 0) + abs(round(amount))
    elif quantity == EXPORT:
        # Some count it downwards.
        draft.export_wh = (draft.export_wh or 0) + abs(round(amount))
    elif quantity == FREQUENCY:
        draft.frequency_chz = round(100 * amount)
    else:
        draft.stamp = int(amount)
