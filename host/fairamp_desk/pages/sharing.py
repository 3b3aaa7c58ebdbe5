"""The page on sharing: how current is divided, with the numbers and the examples that the code itself gives."""

import textwrap

from fairamp.charging import overcurrent
from fairamp.charging.pilot import LEAST_MA
from fairamp.check import installation as commissioning
from fairamp.check import result as commissioning_result
from fairamp.settings import Settings, offers
from fairamp.settings.table import every
from fairamp.sharing import commitment, coordinator, demand, hearing, recovery, release
from fairamp.sharing.member import Member
from fairamp.sharing.shares import COMBINED, EQUAL, FIFO, Rules, share
from fairamp.sharing.witness import DOUBT_REST_MS, SAME_READINGS, SETTLE_MS, STRETCH_MS
from fairamp_box.meters.task import LATE_MS
from fairamp_desk.pages import settings, table

PAGE = """# Sharing

Made by `make docs` from `shared/fairamp`: change it there.

{introduction}

## Words

{words}

## What always holds

{always}

## Modes

`sharing.mode` chooses how a budget is divided.

{modes}

## Turns

{turns}

## Probing and reclaiming

{learning}

## How fast

{speeds}

## Without a house meter

`[supply] mode` says who tells what there is for the chargers:

- `dynamic`, as long as nobody says otherwise: the house meter. If it is lost, see [below](#when-something-is-lost):
  that never turns into one of the others.
- `static`: the limits alone. Fuse less margin and headroom, feeder, operator limit and profile are for the chargers
  of this box and its neighbours together. Whatever else hangs behind that fuse is seen by nobody: use it with a fuse
  of their own.
- `ems`: what an energy manager sets, never more than these limits. Before he has set a current, nothing is offered;
  when he falls silent, the failsafe current of his map holds. With several chargers, the current that he sets for the
  box is for all of them together; what he sets for the network (Alfen 1417 to 1422, MENNEKES 613 to 615) holds
  besides.

What describes a house meter (`meter.model`, `meter.host` and others) is refused beside the last two. The log says at
the start what holds.

## Chargers without a meter

With `charger_model = "none"` under `[meter]`, the house meter is the only one. A car counts with its whole offer
while the contactor is closed. If it takes less, that would hide a part of the house, so:

- What the meter shows when an offer has changed is the car's answer: so much it surely draws, and what it leaves
  (more than 2 A) goes to others after 20 s.
- What the meter shows less, later, on all phases where the car answered, may be the car or the house. Nothing is
  raised for it. Where it is 3.5 A or more, the car is asked after 20 s, by a lower offer, and its answer tells.
- An overload takes such a car down to its minimum, for 30 s. Where that changes nothing within 6 s, it loses its
  offer, and after 6 s more its contactor opens: a car that does not follow cannot be told from the house, so the
  reason is want of power, and it may try again when there is some.

A meter that does not see the chargers (`location = "excluding"`) leaves nothing to guess: the house is known, and
each car has its whole offer. Currents, power and energy that the box tells are estimates, and say so:
`charger.estimated` in `/api/status`, "about" on the page, 4 ("other") in register 305 of an Alfen; the other maps
have no place for it. Too much current of a car is not noticed, nor a contactor that does not open (unless the board
sees its output); a relay for phases is refused, and so is the check of the installation.

## When something is lost

{lost}

## All limits

The lowest counts.

{limits}

## Settings

As they are written in `settings.json` and in a site for the twin; currents are per phase.

{settings}

## Examples

All cars use the phases of the budget alike and can have 6 to 32 A, unless said otherwise. They came in the order of
their numbers. The code that shares has calculated these offers when this page was made; `fairamp share` calculates
yours.

{examples}
## Check that it works

Plug in a car that is not full, and ask the box:

```sh
.venv/bin/fairamp check http://192.168.1.20
```

{check}

{conclusions}

In the twin it is tried with a fault of the meter; swapped phases show with a one-phase car:

```sh
.venv/bin/fairamp run --quiet --speed 10 &
curl -X POST http://127.0.0.1:8080/twin/meter_reversed
.venv/bin/fairamp check http://127.0.0.1:8080
```
"""

INTRODUCTION = (
    "The meter of the house tells what flows through the main fuse. What the house leaves is the budget of the "
    "chargers, on each phase for itself; with every reading, sharing divides it among them anew. Before the first "
    "reading nobody charges."
)
WORDS = (
    "**Budget**: what all chargers may draw together on L1, L2 and L3 now.",
    "**Socket**: one charger, with a number (`charger.id`), its phases (`charger.mapping`) and its own limits.",
    "**Offer**: what a socket signals to its car: nothing, or {least} and more, one number for all phases of the car.",
    "**Demand**: what a car can use, as far as it is known; all that it may have until it shows less.",
    "**Minimum**: below this a car does not charge: {least} for most, {most_least} for a few.",
)
ALWAYS = (
    "On no phase do the offers exceed the budget, with what is kept for sockets that lost the network.",
    "An offer is nothing, or between the minimum of the car and every limit of its socket.",
    "Offers move in steps of `sharing.step`, rounded down.",
    "Nothing is wasted: no socket could have one step more without breaking a rule, unless the mode lets it wait.",
    "With `sharing.imbalance` the phases differ by no more than that, at the chargers or, with "
    '`sharing.imbalance_at = "meter"`, at the meter. Where the house alone is more uneven, offers make it no worse. '
    "A car counts as one on a single phase until it is seen on three.",
    "The same readings give the same offers: nothing is left to chance.",
    "What is taken from one is given to another only when the first car has followed, or after {follow}.",
)
MODES = {
    EQUAL: "all rise together. Who has what it can use, or stands on a phase that is full, stops rising; the others "
    "go on. Single steps that are left go one to each, in the order of turns.",
    FIFO: "first all minimums in the order of arrival, as far as they go; then each is filled up in the same order. A "
    "car whose minimum does not fit waits, and later ones that fit charge.",
    COMBINED: "`sharing.fifo_percent` of the budget goes in the order of arrival, as in fifo; the rest goes in equal "
    "parts to all that charge.",
}
TURNS = (
    "Where the minimums of all cars do not fit, sockets take turns of {turn} in mode equal (`sharing.turn_period`). As "
    "many charge as fit. The lowest numbers pause first, after each turn the next ones do, and after a whole round "
    "everybody has had the same time. Sockets with `charger.vip` pause last, and come first in the order of arrival."
)
LEARNING = (
    "**Probing**: where several sockets share in mode equal, a new car is offered {probe} for {probe_time} "
    "(`sharing.probe_current`). Others make room for that, and pause only where it cannot be found otherwise.",
    "**Minimum**: a car that drew at a higher offer and draws nothing at a lower one for {stopped} needs the higher "
    "one, {most_least} at most. This is remembered until it leaves.",
    "**Reclaiming**: a car that leaves {spare} or more of its offer for {spare_time} keeps what it draws and {margin}; "
    "the rest goes to others. When it draws more it may rise again.",
    "**Sleeping**: a car that does not ask for energy for {idle} gives its place to those that wait, until it asks or "
    "the next turn begins.",
)
SPEEDS = (
    "A cut is made at once, and in full.",
    "A raise goes to its target at once, but no sooner than {raises} after the last one.",
    "After an overload the offers on that phase stay down for {hold}, and then climb by `meter.climb` ({climb} at "
    "first), but by at least one step every {raises}. Who lost all of its offer for lack of current waits as long.",
    "A car that draws more than it is offered, where the fuse is over, gets less itself, and so do the others on that "
    "phase. If it has not come down {follow} after that reading, its contactor opens, and it pauses for {pause}. So "
    "the fuse is over for the time between two readings and {follow}.",
    "What changes at the meter of the house before a car's own meter is read again may be that car. While the fuse "
    "bears it, nothing is cut for it and nothing raised.",
    "With a relay for phases, a car goes to one phase where three have not fitted for {one_phase}, and back when they "
    "have fitted for {three_phases}.",
)
LOST = (
    "**The meter of the house**: without a reading for {late} (later with a slow meter) all sockets together get "
    "`site.safe_current` on each phase; or, if `meter.fallback` says which load to expect, what the fuse leaves beside "
    "that. Until it is back nobody has more than at the moment of the loss, and phases stay as even as the house of "
    "the last 15 min may need it. After {error} it is told as an error. When the meter is back the offers climb by "
    "`meter.climb`.",
    "**An energy manager**: its failsafe current holds, or what it had set, if that is less: silence raises nothing.",
    "**The clock**: the lowest current of `sharing.profile` holds.",
    "**Memory**: who finds none takes its safe current, and climbs from there when there is memory again.",
    "**The meter of a charger**: nobody knows what the car draws, so its offer is `site.safe_current` at most.",
    "**The house meter is contradicted by the cars** (`meter.witness`, where the meter includes them): each change "
    "of their draw by 5 A or more has to show there, on the same phase, with the same sign and size. The house may "
    "change at the same moment, so what does not fit by the way, or a meter that falls to nothing or turns over, is "
    "only a suspicion, and brings a look: all cars are asked to change, on purpose. What misses then "
    "and misses again is named in the log (clamp off, reversed, on another phase, wrong ratio), and the safe "
    "current holds. From then on the cars pause for a look, after {doubt} and then less and less often, until two "
    "changes in a row have fitted; `fairamp check` begins anew at once. What it cannot find: two phases exchanged "
    "while all cars draw on three; a wrong clamp while no car draws 10 A. A home battery that makes up for a car "
    "before the meter is read again looks like a clamp that is off: there, switch it off. A house meter that tells "
    "for {same} readings what the charger's own meter does (current, voltage and energy) is that meter at the wrong "
    "address, and not believed either.",
    "**A socket** that hears nothing for {network} takes its safe current: `charger.safe`, and no more than it had "
    "last. What waited waits on. A car that comes then is given it after {follow} more, when all others gave way; "
    "so much is kept for the socket on its phases.",
    "**Safe currents** fit, even if all sockets are lost at once: together they are no more than fuse, margin, "
    "headroom, fallback, feeder and station leave on each phase. What does not fit is refused with the sums; sockets "
    "that name none keep their least ({least}, or `charger.min`) where all fit, else nothing, and the log says so at "
    "the start.",
)
LIMITS = (
    ("main fuse", "`site.fuse` of each phase, less margin and headroom", "house and chargers"),
    ("subscribed power", "what a TIC meter tells, in the place of the fuse where it is less", "house and chargers"),
    (
        "margin",
        "`site.margin` in percent of the fuse stays free; at least {floor} have to remain",
        "house and chargers",
    ),
    ("headroom", "`site.headroom` in A stays free besides", "house and chargers"),
    ("feeder", "`site.feeder`: what the cable to the chargers carries", "all chargers"),
    ("operator limit", "`sharing.operator_limit`", "all chargers"),
    ("downgrade", "`sharing.downgrade` is taken off the operator limit while its contact is closed", "all chargers"),
    ("suspension", "nothing, while a contact that is set to `suspend` is closed", "all chargers"),
    ("profile", "`sharing.profile` by the hour in UTC; its lowest while the hour is not known", "all chargers"),
    ("network", "what an energy manager sets for all, as an Alfen has it (SCN)", "all chargers"),
    ("station", "`charger.station_max`: the cable of all with the same `charger.station`", "these chargers"),
    ("energy manager", "its set-point; see the pages of the registers", "one socket"),
    ("the socket itself", "user, cable, temperature and others: see [the charge point](chargepoint.md)", "one socket"),
)
METER = ("meter.location", "meter.period", "meter.witness", "meter.charger_model", "meter.fallback", "meter.climb")
CHARGER = (
    "charger.id",
    "charger.mapping",
    "charger.max",
    "charger.min",
    "charger.limit",
    "charger.safe",
    "charger.vip",
    "charger.station",
    "charger.station_max",
    "charger.phase_switch",
    "charger.enable_function",
    "charger.shed_function",
)
OF_MAINS = ("site.voltage", "site.least_voltage", "site.most_voltage")
CHECK = (
    "The offer of the car is lowered to its minimum and raised again, {looks} looks in all, or more where the house is "
    "restless; on each phase, what the house meter moved is compared with what the charger's own meter did.",
    "It only lowers the offer, takes about two minutes, and gives up after {longest}.",
    "It ends with what was found and what to do, and exit code 0 when balancing works with this car, else 1.",
    "What a car cannot show is told as well: one that draws alike on three phases does not show their order, and one "
    "on a single phase shows nothing of the others. So take one of each.",
    "On a box, `POST /api/check` begins it and `GET /api/check` tells how far it is.",
)
CONCLUSIONS = (
    (commissioning_result.WORKS, "the car gave way, and the meter showed it where it should"),
    (commissioning_result.ORDER, "the meter shows it on another phase; which mapping or which exchange would be right"),
    (commissioning_result.REVERSED, "the meter falls when the car rises: a clamp is the wrong way round"),
    (commissioning_result.UNSEEN, "the meter does not see the car, on one phase or at all"),
    (commissioning_result.SEEN, 'the meter sees the car, although `meter.location` is "excluding"'),
    (commissioning_result.SCALE, "the meter shows too much or too little: the ratio of its transformers"),
    (commissioning_result.EXPORT, "clamps without direction while the house feeds in: repeat without sun"),
    (commissioning_result.RESTLESS, "loads of the house change too much: repeat"),
    (commissioning_result.UNSURE, "it fits no known fault, or the car was never steady: repeat"),
    (commissioning.LITTLE, "the offer or the car is too low: 9 A are needed"),
    (commissioning.FOLLOW, "the car does not lower its current"),
    (f"{commissioning.CAR}, {commissioning.OTHERS}, {commissioning.METERS}", "what it says"),
)


def page() -> str:
    """All about sharing."""
    return PAGE.format(
        introduction=_wrapped(INTRODUCTION),
        words=_bullets(WORDS),
        always=_bullets(ALWAYS),
        modes=_bullets(f"**{mode}**: {text}" for mode, text in MODES.items()),
        turns=_wrapped(TURNS),
        learning=_bullets(LEARNING),
        speeds=_bullets(SPEEDS),
        lost=_bullets(LOST),
        limits=table(("limit", "how much", "of"), [tuple(_filled(cell) for cell in row) for row in LIMITS]),
        settings=_settings(),
        examples="\n".join(_examples()),
        check=_bullets(CHECK),
        conclusions=table(("result", "meaning"), list(CONCLUSIONS)),
    )


# ---- numbers, as the code has them


def _filled(text):
    values = Settings()
    return text.format(
        least=_amps(LEAST_MA),
        most_least=_amps(demand.NEEDS_MOST_MA),
        follow=_time(commitment.FOLLOW_MS),
        network=_time(hearing.NETWORK_MS),
        same=SAME_READINGS,
        asked=_time(SETTLE_MS + STRETCH_MS),
        doubt=_time(DOUBT_REST_MS),
        turn=_time(values["sharing.turn_period"]),
        probe=_amps(values["sharing.probe_current"]),
        probe_time=_time(demand.PROBE_MS),
        stopped=_time(demand.STOPPED_MS),
        spare=_amps(demand.SPARE_MA),
        spare_time=_time(demand.SPARE_MS),
        margin=_amps(demand.MARGIN_MA),
        idle=_time(demand.IDLE_MS),
        raises=_time(commitment.RAISE_MS),
        pause=_time(overcurrent.PAUSE_MS),
        hold=_time(recovery.HOLD_MS),
        climb=f"{_amps(values['meter.climb'])} per second",
        one_phase=_time(release.ONE_PHASE_MS),
        three_phases=_time(release.THREE_PHASES_MS),
        late=_time(LATE_MS),
        error=_time(coordinator.ERROR_MS),
        floor=_amps(offers.KEPT_MA),
        looks=commissioning.LEAST_PAIRS + 1,
        longest=_time(commissioning.LONGEST_MS),
    )


def _wrapped(text, **indent):
    return textwrap.fill(_filled(text), 118, break_on_hyphens=False, break_long_words=False, **indent)


def _bullets(texts):
    return "\n".join(_wrapped(f"- {text}", subsequent_indent="  ") for text in texts)


def _amps(ma):
    return f"{ma / 1000:g} A"


def _time(ms):
    seconds = ms // 1000
    return f"{seconds // 60} min" if seconds >= 120 and seconds % 60 == 0 else f"{seconds} s"


def _settings():
    rows: list[tuple[str, ...]] = []
    for row in every():
        section = row.name.split(".")[0]
        if (section in ("site", "supply", "sharing") and row.name not in OF_MAINS) or row.name in (*METER, *CHARGER):
            rows.append((f"`{row.name}`", settings.default(row), settings.allowed(row), settings.purpose(row)))
    return table(("setting", "at first", "may be", "what it is for"), rows)


# ---- examples, calculated


def _offers(rules, budget_a, members, turn=0):
    """What each gets, as text in A; `members` by name."""
    share(rules, list(members.values()), [1000 * amps for amps in budget_a], turn=turn)
    return {name: f"{member.offer_ma / 1000:g}" for name, member in members.items()}


def _cars(drawing, ids=(1, 2, 3, 4, 5)):
    """Cars by number; `drawing`: what some of them can use, in A."""
    return {
        id: Member(id, (0, 1, 2), arrived=id, demand_ma=1000 * drawing[id] if id in drawing else None) for id in ids
    }


def _examples():
    everybody, without_first = (1, 2, 3, 4, 5), (2, 3, 4, 5)
    yield "### fifo, cars 1 to 5\n"
    yield _by_car(Rules(FIFO), [(120, {}, everybody), (120, {1: 16}, everybody), (80, {}, without_first)])
    yield _wrapped(
        "The table of the vendor whose chargers share like this has 32, 32, 6 and 6 A in the last row. That leaves 4 A "
        "unused which car 4 could have; nothing is wasted here, so it gets them."
    )
    yield "\n### combined with 50 %, cars 1 to 5\n"
    cases = [(120, {}, everybody), (120, {1: 20}, everybody), (120, {1: 6}, everybody), (80, {1: 6}, everybody)]
    yield _by_car(Rules(COMBINED), [*cases, (80, {}, without_first), (30, {}, everybody)])
    yield "### equal, 20 A on one phase, sockets A, B and C\n"
    yield _events()
    yield "### turns: 24 A, six sockets with a car each\n"
    yield _turns({f"socket {id}": Member(id, (0,)) for id in range(6)}, 24, 4)
    yield "### phases: 20 A on each\n"
    yield _phases()


def _by_car(rules, cases):
    rows = []
    for budget, drawing, ids in cases:
        offers = _offers(rules, [budget] * 3, _cars(drawing, ids))
        draws = ", ".join(f"car {id} draws {amps} A" for id, amps in drawing.items()) or "all that they get"
        gone = ", ".join(f"car {id} is gone" for id in (1, 2, 3, 4, 5) if id not in ids)
        rows.append((f"{budget} A", gone or draws, *(offers.get(id, "-") for id in (1, 2, 3, 4, 5))))
    return table(("budget", "cars draw", "1", "2", "3", "4", "5"), rows) + "\n"


def _events():
    def calm(id):
        return Member(id, (0,))

    def probing(id):
        # A car that probes goes before the others, for a minute.
        return Member(id, (0,), least_ma=demand.NEEDS_MOST_MA, demand_ma=demand.NEEDS_MOST_MA, vip=True)

    def hungry(id):
        return Member(id, (0,), least_ma=demand.NEEDS_MOST_MA)

    events = (
        ("a car at B begins to probe", {"B": probing(1)}, 1),
        ("B needs 6 A", {"B": calm(1)}, 1),
        ("a car at C begins to probe", {"B": calm(1), "C": probing(2)}, 1),
        ("C needs 6 A", {"B": calm(1), "C": calm(2)}, 1),
        ("a car at A begins to probe", {"A": probing(0), "B": calm(1), "C": calm(2)}, 2),
        ("A needs 14 A", {"A": hungry(0), "B": calm(1), "C": calm(2)}, 3),
    )
    rows = []
    for text, members, turns in events:
        for turn in range(turns):
            offers = _offers(Rules(EQUAL), [20, 0, 0], members, turn)
            told = f"{text}, turn {turn + 1}" if turns > 1 else text
            rows.append((told, *(offers.get(name, "-") for name in "ABC")))
    return table(("event", "A", "B", "C"), rows) + "\n"


def _turns(members, budget_a, turns):
    rows = []
    for turn in range(turns):
        offers = _offers(Rules(EQUAL), [budget_a, 0, 0], members, turn)
        rows.append((f"turn {turn + 1}", *offers.values()))
    return table(("", *members), rows) + "\n"


def _phases():
    cases = (
        ("two one-phase cars, on L1 and on L2", (0,), (1,)),
        ("one on L1, one on L1 and L2", (0,), (0, 1)),
        ("one on L1, one on all three", (0,), (0, 1, 2)),
        ("one on L2, one on L1 and L3", (1,), (0, 2)),
    )
    rows: list[tuple[str, ...]] = []
    for text, first, second in cases:
        offers = _offers(Rules(EQUAL), [20, 20, 20], {1: Member(1, first), 2: Member(2, second)})
        rows.append((text, offers[1], offers[2]))
    return table(("cars", "first", "second"), rows) + "\n"
