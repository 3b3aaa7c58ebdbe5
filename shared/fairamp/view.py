"""The one window: what everybody may look at, whoever shows it. Whole numbers in mA, mV, W, Wh, ms.

A charger does not feed in. Where its meter tells a sign, the meter is wired the other way round; here it has none.
"""

from fairamp import light as lights
from fairamp import reasons
from fairamp.cause import of_box
from fairamp.charging import limits
from fairamp.charging.limits import NO_LIMIT

# ---- the box


def now(box) -> int:
    return box.now


def utc(box):
    """(year, month, day, hour, minute, second); None while the box does not know."""
    return box.utc


def clock(box):
    """(utc, local, quality, source, seconds since that was heard): dates or None; words, "" where nobody tells it."""
    keeper = box.timekeeper
    if keeper and keeper.shown is not None:
        return box.utc, box.local, keeper.quality(), keeper.name(), keeper.age_s
    return (box.utc, box.local) + (("rough", "chip", 0) if box.utc else ("none", "", box.uptime_s))


def uptime_s(box) -> int:
    return box.uptime_s


def time_of_day(box):
    """(hour, minute, second); since the start, while the box does not know better."""
    return box.time_of_day()


def restarts(box) -> int:
    """Has somebody asked for a restart?"""
    return int(box.restart_for != "")


def temperature_dc(box):
    """0.1 degrees C; None without a sensor."""
    return box.inputs.temperature_dc


# ---- the charger's own meter


def metered(box) -> bool:
    """Has the meter ever told anything?"""
    return box.own.number > 0


def estimated(box) -> bool:
    """Has the charger no meter? Then what it draws, and its energy, are estimated by what it offers."""
    return box.estimate is not None


def measured(box) -> bool:
    """Is what it tells fresh? If not, currents, voltages and powers are the last ones that were believed."""
    return box.inputs.measured


def read_at(box) -> int:
    """When it told something the last time."""
    return box.own.taken


def current_ma(box, terminal: int) -> int:
    return abs(box.own.current_ma[terminal])


def voltage_mv(box, terminal: int) -> int:
    """0 where nothing is wired, whatever the meter sees there."""
    return box.own.voltage_mv[terminal] if terminal < len(box.phases) else 0


def volts(box, terminal: int) -> int:
    return (voltage_mv(box, terminal) + 500) // 1000


def watts(box, terminal: int) -> int:
    return abs(box.own.power_w[terminal])


def power_w(box) -> int:
    """Of all terminals together; 0 while it is not known."""
    return watts(box, 0) + watts(box, 1) + watts(box, 2) if box.inputs.measured else 0


def energy_wh(box) -> int:
    """The counter of the meter."""
    return box.own.energy_wh


def own_meter(box):
    """All that it says, as it says it."""
    return box.own


# ---- the charge point


def state(box) -> str:
    """One of `states`."""
    return box.point.state


def state_s(box) -> int:
    """How long it has been in this state."""
    return box.status_s


def letter(box) -> str:
    """What the car shows: A to E."""
    return box.point.pilot_line.letter


def charging(box) -> bool:
    """Is the contactor closed?"""
    return box.point.contactor


def offer_ma(box) -> int:
    """What the pilot signals."""
    return box.point.offer_ma


def duty(box) -> int:
    """Of the pilot, in 0.01 %."""
    return box.point.duty


def locked(box) -> int:
    return int(box.point.lock)


def lock_mode(box) -> int:
    return box.point.lock_mode


# ---- the session


def connected(box) -> bool:
    return box.point.session.connected


def authorised(box) -> int:
    return int(box.point.session.authorised)


def stopped(box) -> int:
    """Has somebody stopped it?"""
    return int(box.point.session.stopped)


def may_charge(box) -> bool:
    """It is permitted, not stopped, and the random delay is over."""
    return box.point.session.may_charge()


def finished(box) -> bool:
    """Has the car had enough?"""
    return box.point.session.finished


def charged(box) -> bool:
    """Has anything flowed yet?"""
    return box.point.session.charged


def session_s(box) -> int:
    return box.point.session.seconds


def session_wh(box) -> int:
    return box.point.session.energy.wh


def lifetime_wh(box) -> int:
    return box.point.session.lifetime.wh


def card(box) -> str:
    """The one that has started the session. Who shows it to others asks the settings first."""
    return box.point.session.card


def boot(box):
    """(so many starts, why this one); (0, "") where nothing is kept."""
    return box.boot, box.boot_reason


def session_began(box):
    """(hour, minute, second)"""
    return box.session_began


def session_ended(box):
    """(hour, minute, second); zeros while a car is there."""
    return box.session_ended


# ---- faults


def faulty(box) -> bool:
    return box.point.guard.faults.active > 0


def has_fault(box, fault: int) -> bool:
    """Is this one of `faults` there?"""
    return box.point.guard.faults.has(fault)


def stops(box) -> bool:
    """Is there a fault that holds the box in state E or F?"""
    return box.point.guard.faults.stops()


def errors(box) -> int:
    """Bit field of `faults`."""
    return box.point.guard.faults.errors()


def warnings(box) -> int:
    """Bit field of `faults`."""
    return box.point.guard.faults.warnings


def fault_texts(box):
    """In words, faults first, then warnings."""
    return box.point.guard.faults.texts()


# ---- phases


def wired(box):
    """The grid phase of each terminal."""
    return box.phases


def phases_used(box) -> int:
    """Bit mask of the grid phases that an offer loads."""
    mask = 0
    for terminal, phase in enumerate(box.phases):
        if box.point.terminals() & 1 << terminal:
            mask |= 1 << phase
    return mask


def can_switch_phases(box) -> int:
    return int(box.point.phases.fitted and box.settings["charger.phase_switch"])


def three_phases(box) -> bool:
    """Where the relay stands, on a box that is wired for three."""
    return box.point.phases.three and len(box.phases) == 3


def three_wanted(box) -> bool:
    """What was wished for last, on a box that is wired for three."""
    return box.point.phases.wanted and len(box.phases) == 3


def three_next(box) -> bool:
    """Where the relay stands, or is about to go."""
    if box.three_soon:
        return True
    phases = box.point.phases
    return len(box.phases) == 3 and (phases.wanted if phases.holds_offer() else phases.three)


# ---- limits


def limit_ma(box) -> int:
    """What a car would be offered, whether there is one or not."""
    return box.point.limits.offer()


def allowed_ma(box):
    """What house and chargers may draw together on each phase: of fuse and subscribed power the lower one, less margin
    and headroom."""
    return box.coordinator.headroom.limit_ma


def grid_limit_ma(box) -> int:
    """The same of the weakest phase."""
    return min(allowed_ma(box))


def user_limit_ma(box) -> int:
    """What the user allows; the maximum of the charger while he does not care."""
    return min(box.settings["charger.limit"], box.settings["charger.max"])


def limit_of(box, owner: int) -> int:
    """What one of the owners of `limits` allows."""
    return box.point.limits.get(owner)


def cause(box) -> int:
    """Which limit binds, as register 36 of a TeltoCharge numbers them."""
    owner = box.point.limits.cause()
    if owner == limits.EMS and box.managers.failsafe:
        return reasons.DEFAULT_CAUSE
    known = box.point.limits.code()
    return reasons.CAUSES.get(box.socket.grant.reason, known) if owner == limits.BALANCE else known


def cable_ma(box) -> int:
    """What the cable may carry; the maximum of the charger while there is none, or no contact to tell."""
    return min(box.point.limits.get(limits.CABLE), box.settings["charger.max"])


def cable_ohm(box):
    """The resistor in the plug of the cable; None where the box has no contact to tell."""
    return box.inputs.proximity_ohm


def in_service(box) -> int:
    """Nobody has taken the socket out of service."""
    return int(box.point.limits.get(box.service) > 0)


def available(box) -> int:
    """May cars charge here at all?"""
    return int(in_service(box) and box.point.limits.get(limits.ENABLE) > 0)


def written_ma(box, point) -> int:
    """A set-point as it was written; before the first time what holds without it: clients write back what they read."""
    return unset_ma(box, box.settings["charger.max"]) if point.written_ma == NO_LIMIT else point.written_ma


def unset_ma(box, most_ma: int) -> int:
    """What there is of this, as long as no energy manager has set anything."""
    return min(most_ma, box.managers.unset_ma())


def reason(box):
    """What holds the offer where it is: a number of `reasons`, and the values that belong to it."""
    return of_box(box)


def wrong_settings(box) -> list:
    """What is wrong with the settings. There is something in safe mode only, and then nobody may command."""
    return box.wrong_settings


def why(box) -> str:
    """In words, what holds the offer where it is."""
    from fairamp import words

    return words.why(box)


def light(box) -> int:
    """What the light says, as a row of the table in `light`."""
    return lights.row_of(box)


def light_says(box) -> str:
    """The same in words."""
    from fairamp import light_words

    return light_words.WORDS[light(box)]


def light_pattern(box) -> str:
    """How it blinks, as text."""
    from fairamp import light_words

    return light_words.drawn(light(box))


def set_points(box) -> list:
    """Of all energy managers that were ever there, see `setpoints`."""
    return box.managers.in_order


# ---- the house, and all sockets that share it


def grid(box):
    """What the house meter says; a current below zero is export."""
    return box.coordinator.grid


def meter(box) -> str:
    """In words, how the house meter does."""
    from fairamp import words

    return words.meter(box)


def budget_ma(box, phase: int) -> int:
    """What there is for all sockets together; less what is in doubt, where chargers have no meter."""
    unmetered = box.coordinator.unmetered
    doubt = unmetered.doubt_ma[phase] if unmetered and not box.coordinator.grid.stale else 0
    return box.coordinator.budget_ma[phase] - doubt


def most_of_all_ma(box, phase: int) -> int:
    """What the main fuse, as `allowed_ma` has it, and the feeder allow all sockets together."""
    return min(allowed_ma(box)[phase], box.settings["site.feeder"][phase])


def offered_ma(box, phase: int) -> int:
    """To all sockets that use this phase."""
    return sum([one.commitment.offered_ma for one in box.coordinator.sockets if phase in one.grid_phases()])


def others_online(box) -> int:
    """How many sockets besides the own one are heard."""
    return len([one for one in box.coordinator.sockets[1:] if one.online])


def sockets(box):
    """Those that share, the own one first."""
    return box.coordinator.sockets


def reason_of(box, socket):
    """Why a socket has what it has, as `reason` tells it; of others the box knows what it granted."""
    return reason(box) if socket is box.socket else (socket.grant.reason, socket.grant.values)


def why_of(box, socket) -> str:
    """The same in words."""
    from fairamp import words

    return why(box) if socket is box.socket else words.granted(socket.grant)


def ready(box) -> bool:
    """Have both meters been heard?"""
    return box.own.number > 0 and (box.coordinator.grid.number > 0 or box.coordinator.unread)


def check(box):
    """How far the commissioning check is; None when there was none."""
    return box.check and box.check.state()
