"""Finds a meter that nobody knows the settings of: says what to ask next, and is told the answers. It only reads."""

from fairamp.meters import find
from fairamp.meters.decode import Decoder
from fairamp.meters.draft import Draft
from fairamp.meters.model import FREQUENCY
from fairamp.meters.probes import ALL, KNOCKS, LAST_UNIT, LIKELY, LIKELY_NETWORK, LINES, UNITS
from fairamp.meters.reading import Reading
from fairamp.meters.sieve import Doubt, Sieve
from fairamp.modbus.frames import DEVICE_FAILURE

# Exceptions of a gateway behind which nobody has that address. Some say "device failure" instead, but so do meters.
NOBODY = (10, 11)
LEAST_CHZ, MOST_CHZ = 4500, 6500
LEAST_MV, MOST_MV = 90000, 290000
# The fuse is not known here.
FUSE_MA = (1000000, 1000000, 1000000)
NOMINAL_V = 230


class NoMains(Doubt):
    """Values that no mains has."""


class Found:
    """A meter; `line` = (baud, parity, stop bits), None on a network. `note`: what to know about it, in words."""

    def __init__(self, model, unit, line, note):
        self.model = model
        self.unit = unit
        self.line = line
        self.note = note

    def settings(self):
        """The section [meter] that reads it, as (key, value)."""
        found = [("model", self.model.id), ("unit", self.unit)]
        if self.line is not None:
            found += [("baud", self.line[0]), ("parity", self.line[1]), ("stop", self.line[2])]
        return found


class Search:
    """Ask `question` = (line, unit, function, register, words) and `tell` the answer, until there is none.

    `network`: over TCP, where a line is None. `all`: goes on behind the first meter. `near`: somebody is there, so an
    answer may be long.
    """

    def __init__(self, network=False, all=False):
        self.found = []
        self.strangers = []  # what answered, but is not known, in words
        self.done = 0
        self.total = len(LIKELY_NETWORK) + len(UNITS)
        if not network:
            self.total = LAST_UNIT * len(LINES)
            for _, units, _ in LIKELY:
                self.total += len(units)
        self.near = False
        self._all = all
        self._line = self._unit = None
        self._heard = []  # where somebody answered
        self._doubt = ""  # why what was recognised was not believed
        self._refuted = False
        self._walk = self._network() if network else self._serial()
        self.tell(None)

    def tell(self, answer) -> None:
        """The words as bytes, the number of an exception, or None for silence."""
        try:
            self.question = self._walk.send(answer)
        except StopIteration:
            self.question = None

    def where(self) -> str:
        """What is being asked, in words."""
        return place(self._unit, self._line)

    def _serial(self):
        for line, units, probes in LIKELY:
            for unit in units:
                if (yield from self._visit(line, unit, probes)):
                    return
        for line in LINES:
            for unit in range(1, LAST_UNIT + 1):
                if (yield from self._visit(line, unit, KNOCKS)):
                    return

    def _network(self):
        # Most devices answer at any unit: only who is recognised counts, so that the usual unit is the one found.
        for unit, probe in LIKELY_NETWORK:
            if (yield from self._visit(None, unit, (probe,), False)):
                return
        for unit in UNITS:
            if (yield from self._visit(None, unit, KNOCKS)):
                return

    def _visit(self, line, unit, probes, thorough=True):
        """Asks at one address, and asks everything when somebody is there; True when that ends the search."""
        self.done += 1
        if (line, unit) in self._heard:
            return False
        self._line, self._unit, self._doubt = line, unit, ""
        asked: list = []
        waiting = list(probes)
        told = False
        while waiting:
            probe = waiting.pop(0)
            asked.append(probe)
            answer = yield from self._ask(probe.function, probe.register, probe.words)
            if answer is None or answer in NOBODY:
                continue
            told = told or answer != DEVICE_FAILURE
            if thorough and not self.near:
                self.near = True
                waiting = [other for other in ALL if other not in asked]
            model, note = yield from self._recognise(probe, answer)
            if model is not None:
                self.found.append(Found(model, unit, line, note))
                self._leave()
                return not self._all
        if told and thorough:
            self.strangers.append(
                "a Modbus device at " + place(unit, line) + ", that is none of the table: use custom" + self._doubt
            )
        if self.near:
            self._leave()
        return False

    def _leave(self):
        self._heard.append((self._line, self._unit))
        self.near = False

    def _ask(self, function, register, words):
        """One answer. Who has answered before is asked twice: a frame may get lost."""
        answer = yield self._line, self._unit, function, register, words
        if answer is None and self.near:
            answer = yield self._line, self._unit, function, register, words
        return answer

    def _recognise(self, probe, answer):
        """(model, note) of who gave this answer; (None, "") when that is not known."""
        ids = () if isinstance(answer, int) else probe.meaning(answer, self._unit)
        best, most = None, 0
        self._refuted = False
        for model in self._candidates(ids):
            points = yield from self._points(model)
            if points is not None and (best is None or points > most):
                best, most = model, points
        # A mains that cannot be is none for a relative with fewer phases either.
        return (None, "") if best is None or self._refuted else self._likeliest(best, ids)

    def _candidates(self, ids):
        """One model of each group with the same registers, if it can be where we are."""
        found: list = []
        for id in ids:
            model = find(id)
            if self._line is not None and model.serial is None:
                continue
            for other in found:
                if other.values == model.values:
                    break
            else:
                found.append(model)
        return found

    def _points(self, model):
        """How well the values of this model make sense here; None when they do not."""
        points = yield from self._points_of(model, model.values)
        if model.also:
            other = yield from self._points_of(model, model.also)
            if points is None or (other is not None and other > points):
                return other
        return points

    def _points_of(self, model, values):
        decoder = Decoder(model, values)
        while not (yield from self._read(model, decoder)):
            if not decoder.split():
                self._doubt = self._doubt or doubtful(model, "it does not tell all its values")
                return None
        draft = Draft()
        try:
            decoder.fill(draft)
            points = mains(model, draft)
            if model.per_phase():
                Sieve(FUSE_MA, NOMINAL_V).sift(draft, Reading(), 0)
            return points
        except Doubt as doubt:
            self._doubt = self._doubt or doubtful(model, str(doubt))
            self._refuted = self._refuted or isinstance(doubt, NoMains)
        return None

    def _read(self, model, decoder):
        """All blocks; False when one that matters does not come."""
        for block in decoder.fast:
            answer = yield from self._ask(model.function, block.first, block.count)
            if answer is None or isinstance(answer, int):
                return False
            block.take(answer, 0)
        for block in decoder.slow:
            answer = yield from self._ask(model.function, block.first, block.count)
            if isinstance(answer, int) and decoder.split():
                return (yield from self._read(model, decoder))
            if answer is not None and not isinstance(answer, int):
                block.take(answer, 0)
        return True

    def _likeliest(self, best, ids):
        """The likeliest of those with the same registers, and its note."""
        group = [model for model in [find(id) for id in ids] if model.values == best.values]
        for model in group:
            if model.serial and model.serial[1:] == self._line:
                best = model
                break
        others = [model.name for model in group if model.id != best.id and model.ratios == best.ratios]
        note = ""
        if others:
            note = "it may as well be " + " or ".join(others) + ": the registers are the same, so either will do"
        for model in group:
            if model.ratios != best.ratios:
                # It would show a part of what flows: that is not for a guess.
                note += ("; " if note else "") + "but if it is " + model.name + ", set " + model.id
        if not best.per_phase():
            note = "it tells no single phases, so it cannot protect a fuse; use another meter"
        return best, note


def mains(model, draft):
    """How many phases have a voltage, the higher the better; NoMains when frequency or voltage cannot be."""
    if model.has(FREQUENCY):
        # Some tell ten times as much.
        frequency = draft.frequency_chz or 0
        if not LEAST_CHZ <= (frequency // 10 if frequency > 10000 else frequency) <= MOST_CHZ:
            raise NoMains("frequency = " + str(frequency / 100) + " Hz cannot be")
    points = 0
    for phase in range(draft.phases):
        voltage = draft.voltage_mv[phase]
        if voltage is None:
            continue
        if voltage and not LEAST_MV <= voltage <= MOST_MV:
            raise NoMains("voltage L" + str(phase + 1) + " = " + str(voltage / 1000) + " V cannot be")
        points += 10 if voltage else -1
    return points


def doubtful(model, why):
    return " (it looks like " + model.name + ", but " + why + ")"


def place(unit, line) -> str:
    if line is None:
        return "unit " + str(unit)
    baud, parity, stop = line
    return "address " + str(unit) + ", " + str(baud) + " 8" + parity + str(stop)
