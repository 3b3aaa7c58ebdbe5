"""One charging session: may it charge, what has it taken, how long does it last."""

from fairamp.charging.record import AUTHORISED, CHARGED, CONNECTED, GONE, STOPPED, UNPLUGGED, unpack
from fairamp.units import elapsed, later

AUTOSTART = "auto"
REQUEST = "request"
MJ_PER_WH = 3600000


class Energy:
    """Watts over time as whole watt-hours; what is less is kept for the next step."""

    def __init__(self, wh: int = 0, rest_mj: int = 0):
        self.wh = wh
        self.rest_mj = rest_mj  # what is less than a watt-hour, in mJ

    def add(self, watts: int, ms: int) -> None:
        """At most 10 s and 100 kW at a time, so that no number outgrows a small integer."""
        self.rest_mj += min(watts, 100000) * min(ms, 10000) if watts > 0 else 0
        if self.rest_mj >= MJ_PER_WH:
            self.wh += self.rest_mj // MJ_PER_WH
            self.rest_mj %= MJ_PER_WH


class Session:
    """From plugging in to unplugging."""

    def __init__(self, mode: str = AUTOSTART, delay_s: int = 0):
        self._mode = mode
        self._delay_s = delay_s
        self.lifetime = Energy()  # of all sessions
        self.number = 0  # of the session: another one is another car
        self.connected = False  # a car is plugged in
        self.interrupted: "bytes | None" = None  # that a loss of power has cut short, until it is known how it goes on
        self.when_ended = None  # called with how it ended, see record, before the card is forgotten
        self._begin(0)

    def _begin(self, delay_ms):
        self.energy = Energy()
        self.seconds = 0  # since it was plugged in
        self.charging_s = 0  # of these, with the contactor closed
        self.most_ma = 0  # that a phase has drawn
        self.used = 0  # bit mask of the terminals on which it has drawn
        self.began = self.ended = None  # (year, month, day, hour, minute, second), where the time is known
        self.began_s = 0  # likewise, seconds since the start of the box
        self.boot = 0  # and how many starts it had
        self.by = ""  # who has authorised or started it; "" = it did so by itself
        self.authorised = self._mode == AUTOSTART  # somebody said yes, or nobody has to
        self.permitted = False  # somebody said yes
        self.card = ""  # the number of the one that has started it
        self.stopped = False  # somebody said no
        self.charged = False  # current has flowed
        self.finished = False  # the car ended by itself
        self.delay_ms = delay_ms
        self._second = 0

    def plug(self, now: int, chance: int) -> None:
        """A car came, or is still there. `chance`: any number, from which the random delay of the start is taken."""
        self._begin(chance % (1000 * self._delay_s + 1))
        self.connected = True
        self._second = now
        if self.interrupted:
            self._go_on(self.interrupted)
            self.interrupted = None
        else:
            self.number += 1

    def unplug(self) -> None:
        """The car is gone; the totals stay to be read until the next one comes."""
        self._tell_end(UNPLUGGED)
        self._leave()

    def _leave(self):
        self.connected = False
        self.authorised = self._mode == AUTOSTART
        self.stopped = self.finished = False
        self.card = ""

    def authorise(self) -> None:
        """Somebody who may has said yes; a chosen start does not wait for the random delay."""
        if self.connected:
            self.authorised = self.permitted = True
            self.delay_ms = 0

    def stop(self) -> None:
        if self.connected:
            self.stopped = True

    def start(self) -> None:
        """Takes back a stop, and skips the random delay."""
        self.stopped = False
        self.delay_ms = 0

    def may_charge(self) -> bool:
        return self.connected and self.authorised and not self.stopped and not self.delay_ms

    # ---- over a loss of power

    def recall(self, data: bytes, resume: bool) -> None:
        """A record that was kept before a restart. `resume`: a car that is still there need not be authorised again."""
        _, _, self.number, wh, rest_mj, *_, flags = unpack(data)
        self.lifetime = Energy(wh, rest_mj)
        if flags & CONNECTED:
            self.interrupted = data
            self._resume = resume

    def end_interrupted(self, data: bytes) -> None:
        """Its car has gone meanwhile."""
        self.interrupted = None
        self._begin(0)
        self._resume = True
        self._go_on(data)
        self._tell_end(GONE)
        self._leave()

    def _tell_end(self, how):
        if self.when_ended:
            self.when_ended(how)

    def _go_on(self, data):
        wh, rest_mj, self.seconds, self.charging_s, most, self.used, self.boot, self.began_s, *rest = unpack(data)[5:]
        self.began, _, by, card, flags = rest
        self.energy = Energy(wh, rest_mj)
        self.most_ma = 100 * most
        self.charged, self.stopped = bool(flags & CHARGED), bool(flags & STOPPED)
        if self._resume:
            self.permitted = bool(flags & AUTHORISED)
            self.authorised = self.authorised or self.permitted
            self.by, self.card = by, card

    # ----

    def drew(self, ma: int, terminals: int) -> None:
        """A reading while the contactor was closed: its strongest phase, and a bit mask of those that were used."""
        self.charged = True
        self.most_ma = max(self.most_ma, ma)
        self.used |= terminals

    def step(self, now: int, ms: int, watts: int, charging: bool) -> None:
        """`ms` since the last step, what the car draws now, and whether the contactor is closed."""
        if not self.connected:
            return
        self.energy.add(watts, ms)
        self.lifetime.add(watts, ms)
        if self.authorised and self.delay_ms:
            self.delay_ms = max(0, self.delay_ms - ms)
        past = elapsed(now, self._second) // 1000
        if past:
            self._second = later(self._second, 1000 * past)
            self.seconds += past
            if charging:
                self.charging_s += past
