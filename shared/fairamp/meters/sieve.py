"""Believes a draft or names why not: half, impossible or frozen values never reach the balancing."""

from fairamp.units import elapsed, later

# Nothing lasts at so many times the main fuse: it is no reading.
FUSE_TIMES = 5
MOST_MV = 300000
# The box has power, so one phase at least has more.
LEAST_MV = 50000
MOST_WH = 1000000000
# A power beyond current times voltage belongs to another moment, or to nobody.
WATTS_SLACK = 30
# The same digits from a live meter for so long, and from so many readings: it answers, but it no longer measures.
FROZEN_MS = 60000
FROZEN_TIMES = 30
# Fine digits never stand still: those of a current below 10 mA, if it is a hundred times as much; mV beside 0.1 V.
FINE_MS = 10000
FINE_TIMES = 2
FINE_MA = 10
FINE_SHARE = 100
COARSE_MV = 100


class Doubt(Exception):
    """What a source said cannot be used; `kind` is the short name for page and log."""

    kind = "doubtful"


class Implausible(Doubt):
    kind = "implausible"


class Half(Doubt):
    kind = "incomplete"


class Frozen(Doubt):
    kind = "frozen"


class Silent(Doubt):
    kind = "silent"


class Sieve:
    """Between one source and its reading.

    `fuse_ma`: of each phase, which scales what is possible. `period`: ms between the values. `frozen_ms`: so long a
    live meter may show the same; 0 = as fine as its digits are.
    """

    def __init__(self, fuse_ma, voltage: int, period: int = 0, frozen_ms: int = 0):
        self._most_ma = [FUSE_TIMES * ma for ma in fuse_ma]  # per phase: more cannot be
        self._fuse_ma = fuse_ma
        self._nominal_mv = 1000 * voltage
        self.settle(period, frozen_ms)
        self._last: "tuple | None" = None  # the values that came last
        self._since = 0  # when they came first

    def settle(self, period: int, frozen_ms: int) -> None:
        self._period = period
        self._frozen_ms = frozen_ms

    def sift(self, draft, reading, now: int) -> bool:
        """Makes the draft the reading; False when its source has not moved on. A Doubt leaves the reading as it was."""
        # An alarm leaves what it does not tell as it was: that has to be known, and not too old.
        self.check(draft, not draft.urgent or not reading.number or reading.stale)
        if self._is_new(draft, reading, now) or not reading.number or (reading.stale and draft.stamp is None):
            _copy(draft, reading)
            reading.accept(now)
            return True
        if draft.stamp is not None:
            return False
        # It lives, but was asked before it measured again. Acted on twice, with another draw of the car in between, the
        # same values would tell a change of the house that never was.
        reading.taken = now
        reading.problem = ""
        return True

    def check(self, draft, whole: bool = True) -> None:
        """Can this be, whatever was before? `whole`: it has to tell all currents."""
        if whole:
            self._complete(draft)
        alive = False
        for phase in range(draft.phases):
            self._check_phase(draft, phase)
            alive = alive or draft.voltage_mv[phase] is None or draft.voltage_mv[phase] >= LEAST_MV
        if not alive:
            raise Implausible("no voltage on any phase; is it this meter, and wired?")
        # Written so that "not a number", which some send for what they do not have, is told too.
        for what, wh in (("import", draft.energy_wh), ("export", draft.export_wh)):
            if wh is not None and not 0 <= wh <= MOST_WH:
                raise _beyond(what, wh, MOST_WH, " Wh")
        frequency = _tenth(draft.frequency_chz)
        if frequency is not None and not 4500 <= frequency <= 6500:
            raise Implausible("frequency = " + str(frequency / 100) + " Hz cannot be")

    def _complete(self, draft):
        """Currents that only the power tells; Half when even that is missing."""
        for phase in range(draft.phases):
            if draft.current_ma[phase] is None:
                power = draft.power_w[phase]
                if power is None:
                    raise Half("no current of L" + str(phase + 1))
                draft.current_ma[phase] = abs(power) * 1000000 // (draft.voltage_mv[phase] or self._nominal_mv)

    def _check_phase(self, draft, phase):
        current, power, voltage = draft.current_ma[phase], draft.power_w[phase], draft.voltage_mv[phase]
        most = self._most_ma[phase]
        if current is not None and not -most <= current <= most:
            raise _beyond("current L" + str(phase + 1), current, most, " mA")
        if voltage is not None and not 0 <= voltage <= MOST_MV:
            raise _beyond("voltage L" + str(phase + 1), voltage, MOST_MV, " mV")
        if power is None or current is None:
            return
        volts = (voltage or self._nominal_mv) // 1000
        apparent = abs(current) * volts // 1000
        if abs(power) > apparent * 11 // 10 + WATTS_SLACK + draft.resolution_ma * volts // 1000:
            raise Implausible(_against(phase, power, current))
        # A load beyond the fuse that is nearly all reactive exists on no house connection.
        if abs(current) > self._fuse_ma[phase] + draft.resolution_ma and 4 * abs(power) < apparent:
            raise Implausible(_against(phase, power, current))

    def _is_new(self, draft, reading, now):
        fine = draft.stamp is None and _is_fine(draft)
        values = (
            tuple(draft.current_ma),
            tuple(draft.voltage_mv),
            tuple(draft.power_w),
            # It is asked for now and then only, and then tells of moments before.
            None if fine else draft.energy_wh,
            draft.stamp,
        )
        if values != self._last:
            self._last = values
            self._since = now
            return True
        if not draft.lively and draft.stamp is None:
            return True
        most = self._most_ms(fine)
        if elapsed(now, self._since) >= most:
            self._since = later(now, -most)  # so that it stays so across the roll-over
            # They were good so long ago.
            reading.stale = True
            text = "it answers, but with the same values for " + str(most // 1000) + " s"
            raise Frozen(text + "; if they are right, set [meter] frozen")
        return False

    def _most_ms(self, fine):
        """How long values may stay the same."""
        if self._frozen_ms or fine:
            return max(self._frozen_ms or FINE_MS, FINE_TIMES * self._period)
        return max(FROZEN_MS, FROZEN_TIMES * self._period)


def _is_fine(draft):
    """Does it tell so much that some digit always moves?"""
    coarse_ma = draft.resolution_ma
    for phase in range(draft.phases):
        current = abs(draft.current_ma[phase] or 0)
        if (coarse_ma < FINE_MA and current >= FINE_SHARE * coarse_ma) or (draft.voltage_mv[phase] or 0) % COARSE_MV:
            return True
    return False


def _beyond(what, value, most, unit):
    return Implausible(what + " = " + str(value) + unit + " cannot be (at most " + str(most) + ")")


def _against(phase, power, current):
    return "L" + str(phase + 1) + ": " + str(power) + " W do not go with " + str(current) + " mA"


def _tenth(chz):
    """Some meters tell ten times their frequency."""
    return chz // 10 if chz is not None and chz > 10000 else chz


def _copy(draft, reading):
    total = 0
    reading.directed = True
    for phase in range(3):
        current, power = draft.current_ma[phase], draft.power_w[phase]
        if current is None:
            if draft.urgent:
                total += reading.power_w[phase]
                continue
            current = 0
        # Only the power has a sign that can be trusted on every meter.
        backwards = power is not None and power < 0
        reading.current_ma[phase] = -abs(current) if backwards else abs(current)
        reading.voltage_mv[phase] = draft.voltage_mv[phase] or 0
        if power is None and phase < draft.phases:
            reading.directed = False
        reading.power_w[phase] = power or 0
        total += power or 0
    reading.phases = draft.phases
    reading.total_w = total if draft.total_w is None else draft.total_w
    if draft.energy_wh is not None:
        reading.energy_wh = draft.energy_wh
    if draft.contract_ma:
        reading.contract_ma = draft.contract_ma
    if draft.export_wh is not None:
        reading.export_wh = draft.export_wh
    if draft.frequency_chz is not None:
        reading.frequency_chz = _tenth(draft.frequency_chz)
