"""A charger without a meter of its own: what its car draws is estimated, in the place of that meter."""

from fairamp.units import mapped


class Estimate:
    """The car draws its offer while the contactor is closed; less, where the house meter shows that.

    `own`: the reading that is filled.
    """

    def __init__(self, settings, point, own):
        self._point = point
        self._own = own
        self._volts = settings["site.voltage"]
        self._wired = range(len(mapped(settings["charger.mapping"])))  # its terminals

    def step(self, now: int, seen_ma: int = 0) -> None:
        """`seen_ma`: what the house meter shows of the car; 0 = nothing that is certain."""
        point, own = self._point, self._own
        ma = min(point.offer_ma, seen_ma) or point.offer_ma if point.contactor else 0
        own.total_w, terminals = 0, point.terminals()
        for terminal in self._wired:
            own.current_ma[terminal] = ma if terminals & 1 << terminal else 0
            own.voltage_mv[terminal] = 1000 * self._volts
            own.power_w[terminal] = own.current_ma[terminal] * self._volts // 1000
            own.total_w += own.power_w[terminal]
        own.energy_wh = point.session.lifetime.wh
        own.accept(now)
