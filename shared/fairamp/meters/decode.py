"""From the words of a meter's answers to a draft, in as few requests as balancing needs."""

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
# Words that are worth reading along, so that no request of their own is needed.
ALONG = 30
MOST_GAP = 125
# No quantity of a house is beyond this in any unit; the time stamp of a dongle is below it until 2038.
HUGE = 0x7FFFFFFF


class Block:
    """What one request fetches."""

    def __init__(self, first: int, count: int):
        self.first = first
        self.count = count
        self.words = bytearray(2 * count)
        self.known = False

    def take(self, data, at: int) -> None:
        """Keeps the words that begin at data[at]."""
        self.words[:] = data[at : at + 2 * self.count]
        self.known = True


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
        for value in self.values:
            words = KINDS[value[3]][0]
            into = fast if value[0] in FAST or not self._model.per_phase() else slow
            for register in addresses(value, self._model.phases):
                into.append((register, words))
        first = blocks(fast, most, gap)
        left = []
        for span in sorted(slow):
            wider = blocks(first + [span], most, min(gap, ALONG))
            if gap and len(wider) == len(first):
                first = wider
            else:
                left.append(span)
        self.fast = [Block(start, count) for start, count in first]
        self.slow = [Block(start, count) for start, count in blocks(left, most, gap)]

    def fill(self, draft) -> None:
        """Writes all that is known into the draft; Implausible names a number that is none."""
        draft.clear()
        draft.phases = self._model.phases
        coarse = 1
        for value in self.values:
            quantity = value[0]
            for phase, register in enumerate(addresses(value, self._model.phases)):
                amount = self._amount(value, register, phase)
                if amount is not None:
                    _put(draft, quantity, phase, amount)
            if quantity == CURRENT and value[3][0] != "f":
                coarse = max(1, round(1000 * value[4] * self.factors[CURRENT]))
        draft.step_ma = coarse
        draft.lively = True

    def _amount(self, value, register, phase):
        """In the quantity's unit; None while its block was never read."""
        quantity, _, _, kind, scale = value
        words = KINDS[kind][0]
        for block in self.fast + self.slow:
            at = register - block.first
            if not 0 <= at <= block.count - words:
                continue
            if not block.known:
                if quantity in FAST:
                    raise Half("no " + _name(quantity))
                return None
            data = block.words[2 * at : 2 * (at + words)]
            raw = None if _absent(kind, data) else number(kind, data, 0, self._model.low_first)
            # The comparison is false for "not a number" and for what is infinite too.
            if raw is not None and -HUGE < raw * scale * self.factors[quantity] < HUGE:
                return raw * scale * self.factors[quantity]
            if quantity not in FAST:
                return None
            raise Implausible(_place(quantity, phase) + " = " + ("not measured" if raw is None else str(raw)))
        raise ValueError(register)


def _absent(kind, data):
    """The number that means "not measured": the largest of its kind, whichever word comes first."""
    if kind[0] == "f":
        return False
    first = 0x7F if kind[0] == "i" else 0xFF
    return first in (data[0], data[len(data) - 2]) and sum(data) == 255 * (len(data) - 1) + first


def _name(quantity):
    return NAMES.split()[quantity].replace("_", " ")


def _place(quantity, phase):
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
