"""A charger of the site and what drives it: a charge point that the coordinator of another box shares current with."""

from collections.abc import Callable

from fairamp import cause, meters, words
from fairamp.charging.limits import BALANCE
from fairamp.charging.point import ChargePoint, Inputs
from fairamp.connection import make_socket, measure
from fairamp.estimate import Estimate
from fairamp.local import Local
from fairamp.meters.reading import Reading
from fairamp.sharing.remote import Remote
from fairamp_box.meters.lines import charger_meter
from fairamp_box.meters.task import MeterTask
from fairamp_desk.site import Settings
from fairamp_desk.twin.direct import charger_source, read, silent
from fairamp_desk.twin.outlet import Outlet


class Driver:
    """Carries between a charge point and the wires of its outlet."""

    def __init__(
        self, point: ChargePoint, inputs: Inputs, wire: Callable[[bool, bool], None], outlet: Outlet, quick: bool
    ):
        """`wire`: takes how its two contacts are."""
        self.point = point
        self.inputs = inputs
        self.outlet = outlet
        self._wire = wire
        self._look = outlet.pilot_wave if quick else outlet.pilot_codes

    def step(self, now: int) -> None:
        inputs, outlet, point = self.inputs, self.outlet, self.point
        inputs.count = self._look(inputs.codes)
        self._wire(outlet.enable_closed, outlet.shed_closed)
        inputs.output_live, inputs.locked = outlet.output_live, outlet.locked
        inputs.temperature_dc = outlet.temperature_dc
        point.step(now, inputs)
        outlet.pilot_changed(point.duty)
        outlet.contactor_changed(point.contactor)
        outlet.phase_relay_changed(point.phases.three)
        outlet.lock_changed(point.lock)

    def is_restless(self) -> bool:
        """Is something under way that needs a close look?"""
        point = self.point
        return self.outlet.is_restless() or point.phases.holds_offer() or point.guard.overcurrent.over


class Satellite:
    """A further charger, and the network between it and the coordinator: that is a wire in here, or nothing."""

    def __init__(self, settings: Settings, outlet: Outlet, clock, quick: bool = False):
        """`clock`: of its box."""
        self.own = Reading()
        self.inputs = Inputs()
        self.point = ChargePoint(settings, phase_relay=outlet.has_phase_relay)
        self._estimate = self._task = None
        if settings["meter.charger_model"] == meters.NONE:
            self._estimate = Estimate(settings, self.point, self.own)
        else:
            self._meter = charger_meter(charger_source(settings, outlet.meter), settings, self.own)
            self._task = MeterTask((self._meter,), settings, clock, silent)
        self.socket = make_socket(settings, outlet.has_phase_relay)
        self._remote = Remote(self.socket)
        self._local = Local(settings, self.point, self.inputs, self.socket.can_switch)
        self.driver = Driver(self.point, self.inputs, self._local.wire, outlet, quick)

    def read(self) -> None:
        """Its own meter."""
        if self._task:
            read(self._task, self._meter)

    def is_faulty(self) -> bool:
        return self.point.guard.faults.active > 0

    def why(self) -> str:
        """In words, what holds its offer where it is."""
        reason, values = cause.of_point(self.point)
        return words.granted(self.socket.grant) if reason == BALANCE else words.text(reason, values)

    def report(self, now: int, reachable: bool) -> None:
        """Before the coordinator decides."""
        if self._estimate:
            self._estimate.step(now)
        measure(now, self.own, self.inputs)
        self._local.tell()
        if reachable:
            self._remote.hear(now, self._local.report, now)
        self._remote.look(now)

    def obey(self, now: int, reachable: bool) -> None:
        """After it has decided."""
        if reachable:
            self._local.hear(now, self.socket.grant)
        self._local.step(now)
