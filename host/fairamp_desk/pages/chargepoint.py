"""The page on the charge point: states, times, limits, faults."""

import contextlib

from fairamp import reasons, words
from fairamp.charging import (
    faults,
    guard,
    limits,
    overcurrent,
    phases,
    unsteady,
    wakeup,
)
from fairamp.charging import (
    pilot_line as line,
)
from fairamp.charging import (
    point as chargepoint,
)
from fairamp.charging.states import STATES, reason
from fairamp.status import MEANING
from fairamp_desk.pages import table

TIMES = (
    ("the car leaves C or D: a second look in a row decides, then the contactor opens at once", line.LEAVE_MS),
    ("the car asks for energy: believed after", line.ASK_MS),
    ("any other change on the pilot line: believed after", line.OTHER_MS),
    ("the line cannot be read: last state kept for, then E", line.BLIND_MS),
    ("offer withdrawn: the contactor opens under load only after", chargepoint.WITHDRAWN_MS),
    ("between two raises of the offer at least", chargepoint.RAISE_MS),
    ("state F is signalled with -12 V for, then a steady +12 V", chargepoint.UNAVAILABLE_MS),
    ("lock-out after a fault", guard.LOCKOUT_MS),
    ("after a reset, no offer for", chargepoint.START_MS),
    ("a car that asks at once has a simplified pilot after", chargepoint.SIMPLE_MS),
    ("voltage behind the open contactor: welded after", guard.WELDED_MS),
    ("no voltage behind the closed contactor: fault after", guard.NO_OUTPUT_MS),
    ("mains voltage out of range: fault after", guard.VOLTAGE_MS),
    ("socket not locked: fault after", guard.NOT_LOCKED_MS),
    ("over-current: what was offered within the last ... counts", 1000 * overcurrent.WINDOW_S),
    ("over-current: paused after", overcurrent.PERSIST_MS),
    ("over-current with the fuse over: contactor open after", overcurrent.FOLLOW_MS),
    ("over-current: pause", overcurrent.PAUSE_MS),
    ("a car that ends so soon after the contactor closed, for the fourth time, has to rest", unsteady.SHORT_MS),
    ("or one that ends so soon, for the eighth time", unsteady.SOON_MS),
    ("its first rest; each further one is twice as long", unsteady.REST_MS),
    ("its longest rest", unsteady.MOST_REST_MS),
    ("without an end so soon, it is forgotten after", unsteady.CALM_MS),
    ("unplugged for so long, it has one more try", unsteady.GONE_MS),
    ("unplugged, it is forgotten after", unsteady.LEFT_MS),
    ("phases: pilot off before the relay moves", phases.PILOT_OFF_MS),
    ("phases: all off before and after the relay moves, each", phases.DEAD_MS),
    ("phases: between two changes at least", phases.BETWEEN_MS),
    ("phases: a car that uses fewer is noticed after", phases.USED_MS),
    ("a sleeping car is woken after", wakeup.ASLEEP_MS),
)
PAGE = """# The charge point

Made by `make docs` from the tables in `shared/fairamp`: change them there.

A charge point follows IEC 61851-1 mode 3. The car shows a letter with a resistor on the pilot line, the box offers a
current with the duty of a 1 kHz wave. Together they make the state.

## States

{states}

```mermaid
stateDiagram-v2
    [*] --> A
{diagram}
```

The diagram shows one step at a time: either the car changes, or the offer. D1 and D2 are as C1 and C2, for a car that
needs ventilation. From every state an unplugged car leads to A, a faulty pilot line to E, and a fault of the box to F.

<details><summary>Every way between two states, with its reason as the log shows it</summary>

{changes}

</details>

The contactor closes in C2 and D2 only, once the diode of the car was seen. It opens at once when the car leaves C or D,
is unplugged, or a fault stops the box; after a withdrawn offer it waits for the car to stop.

## Times

{times}

## Limits

Every limit has an owner. The lowest wins, and its name is what the page, the log and register 36 of a TeltoCharge show.
An offer is 0, or from 6 A up; between there is nothing. A limit comes down at once and goes up every 5 s at most.

{owners}

- **Enable input** (`charger.enable_input`): an open contact forbids charging.
- **Load shedding**: a closed contact means at once at most `charger.shed_current` (8 A; 0 to pause); with
  `charger.shed_latch` it stays until `POST /api/reset`, or a restart.
- **Temperature**: a warning at `charger.warn_temperature`, from `charger.reduce_temperature` on less current in a
  straight line, none at `charger.stop_temperature`; back again 5 degrees below.
- **Simplified pilot**: a car without the second resistor asks for energy from the first moment. It gets 10 A, or
  nothing when `charger.simple_pilot` is off.

## Faults

A fault stops charging and holds the box in state F (or E, when it is the pilot line), but for over-current, which only
pauses. After a fault there is a lock-out before the next offer.

{faults}

**The leakage sensor** (`charger.leakage`): `contact` means that a sensor (RDC-DD, RCM) is wired to the inputs
`leakage` and `leakage_error`, both closed to GND as long as all is well, so that a broken wire is a fault, too.
`none` means that no sensor is wired there, because the house has an RCD type B or the wiring a sensor that switches
off by itself; both inputs then count for nothing, and the registers tell no fault of them. A box with these inputs
does not start before its settings name one of the two. On a board without them there is nothing to name, and
`contact` is refused. The twin has a sensor (`contact`) unless its site says otherwise.

Warnings do not stop by themselves:

{warnings}

## Why

`why` in the JSON of `/api/status` says in words what holds an offer where it is; `reason` says the same for programs,
as a code and its values:

{reasons}

## One phase or three

A change takes the offer away, waits until nothing flows, opens the contactor, takes the pilot away for 5 s, moves the
relay with everything off, and looks afterwards whether the current is where it should be. It is refused without a relay
(`charger.phase_switch` and the board), too soon after the last one, and after three failed ones until the car is
unplugged. A car that uses fewer phases than it could is noticed; what it leaves goes to others, and is taken back in
the moment that shows more than 1 A there.

## A session

A session begins with plugging in. With `charger.start = "request"` somebody has to say yes first, and
`charger.start_delay` waits a random time. A car that ended by itself has finished; one that sleeps through an offer is
woken once per permit, five times at most, by 4 s of state F. Energy is counted in whole watt-hours.
"""


def every_change() -> dict[tuple[str, str], str]:
    """(from, to) -> reason."""
    found = {}
    for before in STATES:
        for after in STATES:
            with contextlib.suppress(KeyError):
                found[before, after] = reason(before, after)
    return found


def _is_drawn(before: str, after: str) -> bool:
    """Does one thing change, the car by one letter or the offer, for a car without ventilation?"""
    letters = before[0] + after[0]
    if not set(letters) <= set("ABC") or before == after:
        return False
    # Without a car there is no offer.
    offers = [state[1:] or "1" for state in (before, after)]
    return letters in ("BB", "CC") or (letters in ("AB", "BA", "BC", "CB") and offers[0] == offers[1])


def page() -> str:
    """States, changes between them, times, limits and faults of a charge point, from its own tables."""
    states = table(("state", "meaning"), [(state, MEANING[state]) for state in STATES])
    every = every_change()
    # All of them would be a ball of wool.
    arrows = [change for change in every if _is_drawn(*change)]
    diagram = "\n".join(f"    {before} --> {after}: {every[before, after]}" for before, after in arrows)
    changes = table(("from", "to", "reason"), [(before, after, why) for (before, after), why in every.items()])
    times = table(("what", "time"), [(what, f"{ms} ms") for what, ms in TIMES])
    named = zip(words.WORDS, limits.CAUSES, strict=False)
    added = [(name, limits.CAUSE_OF_ADDED) for name in ("out of service", "commissioning check")]
    owners = table(("limit", "cause in register 36"), [(name, str(cause)) for name, cause in (*named, *added)])
    found = table(
        ("fault", "bit of register 35", "what the user sees", "ends", "what a person does"),
        [(name, str(bit), text, end, remedy) for name, bit, text, end, remedy in faults.FAULTS],
    )
    warnings = table(
        ("bit of register 34", "what the user sees"), [(str(bit), text) for bit, text in faults.WARNINGS.items()]
    )
    return PAGE.format(
        states=states,
        diagram=diagram,
        changes=changes,
        times=times,
        owners=owners,
        faults=found,
        warnings=warnings,
        reasons=_reasons(),
    )


# Of a reason whose words need values: what these are.
VALUES = {
    reasons.FAULT: ("a fault, in its words", "the row of the table of faults, from 0"),
    reasons.PHASES: ("phases are changed: ...", "the step of the change"),
    reasons.TURN_OF: ("waiting: turn of ...", "the sockets whose turn it is, and for how many minutes more"),
    reasons.PROBING: ("probing what the car needs", "for those that wait meanwhile: the socket whose car is probed"),
    reasons.ADDED: ("another limit, by its name", "the name"),
}


def _reasons() -> str:
    rows = ((code, *VALUES.get(code, (text, ""))) for code, text in enumerate(words.WORDS))
    return table(("code", "words", "values"), [(str(code), text, values) for code, text, values in rows])
