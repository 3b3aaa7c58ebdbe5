"""One charging session: may it charge, what has it taken, how long does it last."""

from fairamp.units import elapsed, later

AUTOSTART = "auto"
REQUEST = "request"
MJ_PER_WH = 3600000


class Energy:
    """Watts over time as whole watt-hours; what is less is kept for the next step."""

    def __init__(self, wh: int = 0):
        self.wh = wh
        self._mj = 0  # rest below a watt-hour, in mJ

    def add(self, watts: int, ms: int) -> None:
        """At most 10 s and 100 kW at a time, so that no number outgrows a small integer."""
        self._mj += min(watts, 100000) * min(ms, 10000) if watts > 0 else 0
        if self._mj >= MJ_PER_WH:
            self.wh += self._mj // MJ_PER_WH
            self._mj %= MJ_PER_WH


class Session:
    """From plugging in to unplugging."""

    def __init__(self, mode: str = AUTOSTART, delay_s: int = 0, lifetime_wh: int = 0):
        self._mode = mode
        self._delay_s = delay_s
        self.lifetime = Energy(lifetime_wh)  # of all sessions
        self.number = 0  # of the session: another one is another car
        self.connected = False  # a car is plugged in
        self._begin(0)

    def _begin(self, delay_ms):
        self.energy = Energy()
        self.seconds = 0  # since it was plugged in
        self.authorised = self._mode == AUTOSTART  # somebody said yes, or nobody has to
        self.card = ""  # the number of the one that has started it
        self.stopped = False  # somebody said no
        self.charged = False  # current has flowed
        self.finished = False  # the car ended by itself
        self.delay_ms = delay_ms
        self._second = 0

    def plug(self, now: int, chance: int) -> None:
        """A car came. `chance`: any number, from which the random delay of the start is taken."""
        self._begin(chance % (1000 * self._delay_s + 1))
        self.connected = True
        self.number += 1
        self._second = now

    def unplug(self) -> None:
        """The car is gone; the totals stay to be read until the next one comes."""
        self.connected = False
        self.authorised = self._mode == AUTOSTART
        self.stopped = self.finished = False
        self.card = ""

    def authorise(self) -> None:
        """Somebody who may has said yes; a chosen start does not wait for the random delay."""
        if self.connected:
            self.authorised = True
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

    def step(self, now: int, ms: int, watts: int) -> None:
        """`ms` since the last step, and what the car draws now."""
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
