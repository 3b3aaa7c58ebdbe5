"""Between a charge point and the coordinator: what one tells, and what it obeys."""

from fairamp import limits
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


def tell(point, inputs, socket) -> None:
    """How the charge point stands now."""
    session = point.session
    socket.connected = session.connected
    socket.ready = session.may_charge() and point.guard.allows()
    socket.asking = point.line.letter in "CD"
    socket.charging = point.contactor
    socket.allowed_ma = point.limits.without(limits.BALANCE)
    socket.terminals = point.terminals()
    # Where the relay will stand when energy is offered again.
    socket.three = point.phases.wanted if point.phases.holds_offer() else point.phases.three
    socket.session = session.number
    socket.measured = inputs.measured
    socket.read_at = inputs.read_at
    for terminal in range(3):
        socket.draw_ma[terminal] = inputs.draw_ma[terminal]


def obey(now: int, point, socket) -> None:
    """The offer of the coordinator becomes one more limit; its wish for phases is carried out when it can be."""
    if not socket.takes_part:
        share = socket.room_ma
    elif socket.offer_ma and socket.offer_ma == socket.allowed_ma:
        share = socket.offer_ma + 1  # another limit is the reason
    else:
        share = socket.offer_ma
    point.limits.set(limits.BALANCE, share)
    if not socket.can_switch:
        return
    phases = point.phases
    if socket.one_phase and phases.three and not phases.holds_offer():
        socket.switched = not phases.request(now, False)
    elif socket.switched and not socket.one_phase:
        # Only what was changed for sharing is taken back: an energy manager may have its own wish.
        phases.request(now, True)
        socket.switched = not phases.three
