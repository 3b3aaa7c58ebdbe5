"""A charger of the site and what drives it: a charge point that the coordinator of another box shares current with."""

from fairamp.chargepoint import ChargePoint, Inputs
from fairamp.connection import make_socket, obey, tell
from fairamp.units import elapsed
from fairamp_desk.site import Settings
from fairamp_desk.twin.outlet import Outlet

# Both ends notice that the other is gone.
NETWORK_MS = 3000


class Driver:
    """Carries between a charge point and the wires of its outlet."""

    def __init__(self, point: ChargePoint, inputs: Inputs, outlet: Outlet, quick: bool):
        self.point = point
        self.inputs = inputs
        self.outlet = outlet
        self._look = outlet.pilot_wave if quick else outlet.pilot_codes

    def step(self, now: int) -> None:
        inputs, outlet, point = self.inputs, self.outlet, self.point
        inputs.count = self._look(inputs.codes)
        inputs.enable_closed, inputs.shed_closed = outlet.enable_closed, outlet.shed_closed
        inputs.output_live, inputs.locked = outlet.output_live, outlet.locked
        inputs.temperature_dc = outlet.temperature_dc
        point.step(now, inputs)
        outlet.pilot_changed(point.duty)
        outlet.contactor_changed(point.contactor)
        outlet.phase_relay_changed(point.phases.three)
        outlet.lock_changed(point.lock)

    def is_restless(self) -> bool:
        """Is something under way that needs a close look?"""
        return self.outlet.is_restless() or self.point.phases.holds_offer()


class Satellite:
    """A further charger, its charge point, and the socket that stands for it at the coordinator."""

    def __init__(self, settings: Settings, outlet: Outlet, quick: bool = False):
        self.settings = settings
        self.outlet = outlet
        self.socket = make_socket(settings, outlet.has_phase_relay)
        self.point = ChargePoint(settings, phase_relay=outlet.has_phase_relay)
        self.inputs = Inputs()
        self.driver = Driver(self.point, self.inputs, outlet, quick)
        self._heard: int | None = None
        self._reachable = False

    def measure(self, now: int) -> None:
        """Reads its own meter."""
        meter, inputs = self.outlet.meter, self.inputs
        inputs.measured = True
        inputs.reading += 1
        inputs.read_at = now
        inputs.power_w = 0
        for terminal in range(3):
            inputs.draw_ma[terminal] = round(1000 * meter.amps[terminal])
            inputs.voltage_mv[terminal] = round(1000 * meter.volts[terminal])
            inputs.power_w += round(meter.watts(terminal))

    def talk(self, now: int, reachable: bool) -> None:
        """Before the coordinator decides: tells it how things stand, if the network carries that."""
        self._reachable = reachable
        if reachable:
            self._heard = now
            tell(self.point, self.inputs, self.socket.report)
        self.socket.online = self._heard is not None and elapsed(now, self._heard) < NETWORK_MS

    def listen(self, now: int) -> None:
        """After it decided: obeys, stays as it is while nothing is heard, and then keeps the safe current."""
        if self._reachable:
            obey(now, self.point, self.socket)
        elif not self.socket.online:
            self.point.limits.grant(self.settings["charger.safe"])
