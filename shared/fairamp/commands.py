"""The one door: whoever wants something of a box asks here and says who asks, and here it is allowed or refused.

`who`: a short text that the log shows; those of energy managers begin with `ems:`. What comes back is DONE, or why not.
"""

from fairamp.charging.limits import NO_LIMIT, SHEDDING
from fairamp.refusals import (
    CHECK_RUNS,
    DONE,
    ENDLESS,
    NO_CARD,
    NO_DOUBT,
    NO_MEMORY,
    NO_METER,
    NOT_ALLOWED,
    NOT_WIRED,
    NOTHING_SHED,
    SAFE_MODE,
)

_LOCKS = ("locks by itself", "always locked", "unlocked until the car has gone")


def start(box, who: str) -> int:
    """Takes back a stop, and skips the random delay."""
    session = box.point.session
    return _start_stop(box, who, "start", session.stopped) or session.start() or _by(session, who)


def stop(box, who: str) -> int:
    """Ends charging until somebody starts it again, or another car comes."""
    session = box.point.session
    return _start_stop(box, who, "stop", session.connected and not session.stopped) or session.stop() or DONE


def authorise(box, who: str) -> int:
    """The car that is here may charge."""
    session = box.point.session
    changes = session.connected and not session.authorised
    return _start_stop(box, who, "authorise", changes) or session.authorise() or _by(session, who)


def _by(session, who):
    """The first one counts; evcc and others say so again and again."""
    session.by = session.by or who
    return DONE


def card(box, who: str, number: str) -> int:
    """A card is shown: it starts what does not run, and stops what does."""
    refused = _start_stop(box, who, "card", False)
    if refused:
        return refused
    if not number.strip():
        return _refuse(box, who, "card", NO_CARD)
    session = box.point.session
    if session.authorised and not session.stopped:
        return stop(box, who)
    refused = authorise(box, who) or start(box, who)
    if session.connected and not refused:
        session.card = number.strip()
    return refused


def lock(box, who: str, mode: int) -> int:
    """One of the modes of the charge point."""
    if mode != box.point.lock_mode:
        box.point.lock_mode = mode
        tell(box, who, _LOCKS[mode])
    return DONE


def phases(box, who: str, three: bool) -> int:
    """One phase or three. The newest wish counts; what is so already is accepted."""
    what = "three phases" if three else "one phase only"
    if len(box.phases) < 3:
        return _refuse(box, who, what, NOT_WIRED) if three else DONE
    switch = box.point.phases
    resting = not switch.holds_offer()
    refused = switch.request(box.now, three)
    if refused:
        return _refuse(box, who, what, refused)
    begins = resting and switch.holds_offer()
    if begins:
        tell(box, who, what)
    if three or begins or not box.one_phase_for:
        # Who repeats the wish of another has no part in it.
        box.one_phase_for = "" if three else who
    box.three_soon = False
    return DONE


def leave(box, who: str) -> None:
    """Somebody is gone, and his wish for one phase with him: three phases again, as soon as may be."""
    if box.one_phase_for == who:
        box.one_phase_for = ""
        box.three_soon = True


def serve(box, who: str, there: bool) -> int:
    """Takes the socket out of service, or back; without service there is no offer."""
    ma, named = NO_LIMIT if there else 0, box.point.limits
    if named.get(box.service) == ma:
        return DONE
    refused = _start_stop(box, who, "back in service" if there else "out of service", True)
    if not refused:
        named.set(box.service, ma)
    return refused


def restart(box, who: str, wanted: bool = True) -> int:
    """Restarts the box once nothing flows: there is no offer any more. Until then the wish can be taken back."""
    if wanted == bool(box.restart_for):
        return DONE
    box.restart_for = who if wanted else ""
    box.point.limits.set(box.restarting, 0 if wanted else NO_LIMIT)
    return tell(box, who, "restart" if wanted else "no restart")


def start_check(box, who: str) -> int:
    """Begins the check that balancing works here."""
    if box.wrong_settings or box.coordinator.unread or box.estimate:
        return _refuse(box, who, "check", SAFE_MODE if box.wrong_settings else NO_METER)
    try:
        refused = DONE if box.start_check() else CHECK_RUNS
    except MemoryError:
        refused = NO_MEMORY
    return _refuse(box, who, "check", refused) if refused else tell(box, who, "check")


def reset_shedding(box, who: str) -> int:
    """Ends a load shedding that is set to stay."""
    if box.inputs.shed_closed or box.point.limits.get(SHEDDING) == NO_LIMIT:
        return _refuse(box, who, "end of load shedding", NOTHING_SHED)
    box.point.reset_shedding()
    return tell(box, who, "end of load shedding")


def trust_meter(box, who: str) -> int:
    """The house meter, which the cars have contradicted, is put right: it is believed, until they do so again."""
    what, witness = "trust in the house meter", box.coordinator.witness
    if not (witness and witness.trust()):
        return _refuse(box, who, what, NO_DOUBT)
    return tell(box, who, what)


def change(box, who: str, role: int, sections):
    """Settings while the box runs: (all that is wrong, the names of what waits for a restart); see Settings.change."""
    if box.wrong_settings:
        return ["the settings are wrong: a whole file has to take their place, see PUT /api/settings"], []
    noted: list = []
    errors, waiting = box.settings.change(sections, role, noted)
    for name, old, new in noted:
        tell(box, who, name + ": " + str(old) + " -> " + str(new))
        if box.when_changed:
            box.when_changed(who, name, old, new)
    return errors, waiting


def tell_time(box, now: int, source: int, utc_s: int, ms: int = 0) -> bool:
    """One of the sources of clock.timekeeper tells the time, for which `keep_time` was called; is it believed?"""
    return box.timekeeper.tell(now, source, utc_s, ms)


def keep_time(box, now: int) -> None:
    """From now on somebody may tell the time."""
    box.keep_time(now)


def contacts(box, enable_closed: bool, shed_closed: bool) -> None:
    """How the two dry contacts are; to be called as often as one likes."""
    before = box.contacts
    if before and before[0] is enable_closed and before[1] is shed_closed:
        return
    box.wire(enable_closed, shed_closed)
    if before and before[0] is not enable_closed:
        tell(box, "contact", "enable contact " + ("closed" if enable_closed else "open"))
    if before and before[1] is not shed_closed:
        tell(box, "contact", "shed contact " + ("closed" if shed_closed else "open"))


# ---- set-points: whoever sets a current brings one of his own


def set_point(box, name: str, timeout_ms: int, phase=None):
    """The set-point of that name, made when it is asked for the first time. `phase`: of all sockets, on that phase."""
    return box.managers.point(name, timeout_ms, phase)


def set_current(box, who: str, point, ma: int) -> int:
    """At most so much, below 6 A none; NO_LIMIT takes it back."""
    point.write(ma, who)
    box.managers.tell(box.now, box.journal)
    return DONE


def set_watchdog(box, who: str, point, timeout_ms: int, failsafe_ma: int) -> int:
    """How long a manager may be silent, and what holds then."""
    if not timeout_ms and box.managers.alone:
        return _refuse(box, who, "time-out of 0", ENDLESS)
    if timeout_ms != point.timeout_ms or failsafe_ma != point.failsafe_ma:
        point.timeout_ms, point.failsafe_ma = timeout_ms, failsafe_ma
        tell(box, who, str(failsafe_ma // 1000) + " A after a silence of " + str(timeout_ms // 1000) + " s")
    return DONE


def write_refused(box, who: str, address: int, reason: int) -> None:
    """A register was written that cannot be, or with a value that cannot be."""
    box.journal.write_refused(box.now, who, "write to register " + str(address), reason)


# ---- rights, and the log


def _start_stop(box, who, what, changes):
    """May he? What `changes` something is told."""
    if who.startswith("ems:") and not box.settings["ems.allow_start_stop"]:
        return _refuse(box, who, what, NOT_ALLOWED)
    return tell(box, who, what) if changes else DONE


def _refuse(box, who, what, reason):
    box.journal.refused(box.now, who, what, reason)
    return reason


def tell(box, who, what):
    """For the log; of one source not more than people can read."""
    box.journal.tell(box.now, who, what)
    return DONE
