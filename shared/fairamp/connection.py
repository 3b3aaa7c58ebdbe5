"""Between a charge point and the coordinator: what one tells, and what it obeys."""

from fairamp.sharing.socket import Socket


def make_socket(settings, phase_relay: bool) -> Socket:
    """The socket of one charger, from the settings of the section `charger`."""
    phases = [int(letter) - 1 for letter in settings["charger.mapping"].split("L")[1:]]
    can_switch = phase_relay and settings["charger.phase_switch"]
    return Socket(
        settings["charger.id"],
        phases,
        settings["charger.safe"],
        settings["charger.vip"],
        can_switch,
        settings["charger.station"],
        settings["charger.station_max"],
    )


def tell(point, inputs, report) -> None:
    """How the charge point stands now."""
    session = point.session
    report.connected = session.connected
    report.session = session.number
    report.ready = session.may_charge() and point.guard.allows()
    report.asking = point.line.letter in "CD"
    report.charging = point.contactor
    report.allowed_ma = point.limits.own_ma()
    report.terminals = point.terminals()
    # Where the relay will stand when energy is offered again.
    report.three = point.phases.wanted if point.phases.holds_offer() else point.phases.three
    report.measured = inputs.measured
    report.read_at = inputs.read_at
    for terminal in range(3):
        report.draw_ma[terminal] = inputs.draw_ma[terminal]


def obey(now: int, point, socket) -> None:
    """What is granted bounds the offer; the wish for phases is carried out when it can be."""
    grant, report, phases = socket.grant, socket.report, point.phases
    point.limits.grant(grant.ma)
    if not socket.can_switch:
        return
    if grant.one_phase and phases.three and not phases.holds_offer():
        report.switched = not phases.request(now, False)
    elif report.switched and not grant.one_phase:
        # Only what was changed for sharing is taken back: an energy manager may have its own wish.
        phases.request(now, True)
        report.switched = not phases.three
