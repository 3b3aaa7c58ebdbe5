"""Between a charge point, its meter and the coordinator: what is measured, what it tells, and what it obeys."""

from fairamp.meters import NONE
from fairamp.sharing.socket import Socket
from fairamp.units import elapsed, mapped


def make_socket(settings, phase_relay: bool) -> Socket:
    """The socket of one charger, from the settings of the section `charger`."""
    phases = mapped(settings["charger.mapping"])
    can_switch = phase_relay and settings["charger.phase_switch"]
    return Socket(
        settings["charger.id"],
        phases,
        settings["charger.safe"],
        settings["charger.vip"],
        can_switch,
        settings["charger.station"],
        settings["charger.station_max"],
        settings["charger.min"],
    )


def measure(now: int, own, inputs) -> None:
    """What the charger's own meter says, as far as it counts. `own`: its reading."""
    own.stale = own.stale or elapsed(now, own.taken) > own.late_ms
    inputs.measured = own.number > 0 and not own.stale
    inputs.reading = own.number
    inputs.read_at = own.taken
    inputs.power_w = 0
    for terminal in range(3):
        # A charger does not feed in: a sign means that the meter is wired the other way round.
        inputs.draw_ma[terminal] = abs(own.current_ma[terminal]) if inputs.measured else 0
        inputs.voltage_mv[terminal] = own.voltage_mv[terminal]
        inputs.power_w += abs(own.power_w[terminal]) if inputs.measured else 0


def tell(point, inputs, report, settings) -> None:
    """How the charge point stands now."""
    session = point.session
    report.connected = session.connected
    report.session = session.number
    report.ready = session.may_charge() and point.guard.allows()
    report.asking = point.pilot_line.letter in "CD"
    report.charging = point.contactor
    report.allowed_ma = point.limits.own_ma()
    report.terminals = point.terminals()
    # Where the relay will stand when energy is offered again.
    report.three = point.phases.wanted if point.phases.holds_offer() else point.phases.three
    report.measured = inputs.measured and settings["meter.charger_model"] != NONE
    report.read_at = inputs.read_at
    for terminal in range(3):
        report.draw_ma[terminal] = inputs.draw_ma[terminal]
    if not inputs.reading:
        report.ready = False
    elif not inputs.measured:
        # Nobody knows what the car draws.
        report.allowed_ma = min(report.allowed_ma, settings["site.safe_current"])


def obey(now: int, point, socket) -> None:
    """What is granted bounds the offer; the wish for phases is carried out when it can be.

    `socket`: that of the coordinator, or the charge point's end of a network.
    """
    grant, report, phases = socket.grant, socket.report, point.phases
    point.limits.grant(grant.ma, grant.vacant)
    point.guard.overcurrent.over = grant.over
    if not socket.can_switch:
        return
    if grant.one_phase and phases.three and not phases.holds_offer():
        report.switched = not phases.request(now, False)
    elif report.switched and not grant.one_phase:
        # Only what was changed for sharing is taken back: an energy manager may have its own wish.
        phases.request(now, True)
        report.switched = not phases.three
