"""What the commissioning check concludes: from how far both meters moved to a sentence that says what to do."""

from fairamp.sharing.mappings import MAPPINGS
from fairamp.units import amps, mapped

WORKS, ORDER, REVERSED, UNSEEN, SEEN, SCALE = "works", "phase order", "reversed", "not seen", "seen", "scale"
EXPORT, RESTLESS, UNSURE = "feeding in", "restless", "not sure"

# Conclusions without enough looks at both meters.
WITHOUT = {
    "meter lost": "A meter gives no readings: see to that first; the log says which, and why.",
    "no car": "No car charges: plug one in that is not full, see what limits its offer, and repeat. If it does charge, "
    "the charger's own meter does not see it: check its wiring and meter.charger_unit.",
    "others": "Other cars charge: repeat while only the car at this box does.",
    "too little": "The car draws too little to tell: it needs 9 A or more. Switch off large loads, see why the "
    "offer is low, or take another car, and repeat.",
    "does not follow": "The car does not lower its current when its offer falls: take another car, and repeat. If "
    "they all do so, check the pilot line, and that the charger's own meter is alive.",
    RESTLESS: "The house is too restless to tell: switch off what comes and goes, such as ovens and heat pumps, and "
    "repeat.",
    UNSURE: "Not sure: the car's current was never steady for long enough. Repeat while nothing else changes.",
}
CLAMPS = " Clamps cannot tell import from export: if the house feeds in now, repeat without sun."

OWN_METER = (
    "The charger's own meter has its phases in another order: every car draws on terminal L1, and this meter shows "
    "nothing there. Exchange its phases, and repeat."
)


def judge(charger_ma, meter_ma, phases, including: bool, directed: bool, measured: int):
    """(result, what to do, what stays open).

    `charger_ma`: how far each terminal rose; `meter_ma`: how far each phase of the meter did. `measured`: phases that
    the meter has. `directed`: it tells import from export.
    """
    change_ma = max(charger_ma)
    terminals = [terminal for terminal in range(len(phases)) if 2 * charger_ma[terminal] > change_ma]
    if 0 not in terminals:
        return ORDER, OWN_METER, ""
    drawn = [0, 0, 0]
    for terminal in terminals:
        drawn[phases[terminal]] = charger_ma[terminal]
    wanted = [phase for phase in range(3) if drawn[phase]]
    moved = [phase for phase in range(measured) if 4 * abs(meter_ma[phase]) > change_ma]
    if not including:
        return _excluding(moved)
    if not moved:
        # A ratio that is wrong by far leaves next to nothing.
        faint = [phase for phase in range(measured) if abs(meter_ma[phase]) > max(400, change_ma // 20)]
        if faint != wanted:
            return UNSEEN, _unseen(change_ma), ""
        moved = faint
    if len(moved) < len(wanted) and not [phase for phase in moved if phase not in wanted]:
        lost = [phase for phase in wanted if phase not in moved]
        text = "The meter does not see the charger on " + _names(lost) + ": check the clamp or the wiring there."
        return UNSEEN, text, ""
    if len(moved) != len(wanted):
        return UNSURE, _puzzle(charger_ma, meter_ma), ""
    result, texts = WORKS, []
    if moved != wanted:
        result = ORDER
        texts.append(_order(wanted, moved, phases, terminals))
        for phase in moved:
            drawn[phase] = change_ma
    falling = [phase for phase in moved if meter_ma[phase] < 0]
    if falling:
        result = result if texts else REVERSED if directed else EXPORT
        texts.append(_falling(falling, directed))
    wrong = [phase for phase in moved if abs(abs(meter_ma[phase]) - drawn[phase]) > drawn[phase] // 5 + 300]
    if wrong:
        result = result if texts else SCALE
        texts.append(_scale(wrong, meter_ma, drawn, directed))
    if texts:
        return result, " ".join(texts), ""
    text = "Works with this car: it gave way by " + amps(change_ma) + " when its offer fell"
    text += ", and the meter showed it on "
    text += _names(wanted) + ", as it should."
    return WORKS, text, _left_open(wanted, phases)


def _excluding(moved):
    if moved:
        text = "The meter sees the charger on " + _names(moved) + ', but meter.location is "excluding". Set it to '
        return SEEN, text + '"including", or put the clamps behind the branch to the charger.', ""
    text = "Works: the meter measures the house without the charger, as meter.location says."
    left = "Order and direction of its phases were not tested: switch on a known load on each phase and compare."
    return WORKS, text, left


def _unseen(change_ma):
    text = "The meter does not see the charger: it moved by " + amps(change_ma) + " and the meter did not. Set "
    text += 'meter.location to "excluding" if the meter measures the house alone; otherwise put the meter or its '
    return text + "clamps ahead of the branch to the charger."


def _order(wanted, moved, phases, terminals):
    fitting = []
    for mapping in MAPPINGS:
        order = mapped(mapping)
        if len(order) == len(phases) and sorted([order[terminal] for terminal in terminals]) == moved:
            fitting.append(mapping)
    missing = [phase for phase in wanted if phase not in moved]
    extra = [phase for phase in moved if phase not in wanted]
    text = "The order of phases is wrong: the charger draws on " + _names(wanted) + ", and the meter shows it on "
    text += _names(moved) + ". If the charger is wired so, set charger.mapping to " + " or ".join(fitting)
    return text + "; otherwise exchange the clamps or wires of " + _names(sorted(missing + extra)) + " at the meter."


def _falling(falling, directed):
    names = _names(falling)
    if directed:
        text = "The meter is reversed on " + names + ": it falls when the car rises. Turn the clamp there round, or"
        return text + " exchange the line and load sides of a meter without clamps."
    return "The meter falls on " + names + " when the car rises." + CLAMPS


def _scale(wrong, meter_ma, drawn, directed):
    shown = []
    for phase in wrong:
        hundredths = abs(meter_ma[phase]) * 100 // drawn[phase]
        shown.append("%d.%02d times on L%d" % (hundredths // 100, hundredths % 100, phase + 1))
    text = "The meter shows " + ", ".join(shown) + " what the car draws: check the ratio of its transformers, in the "
    return text + "meter itself or as ct.ratio and ct.burden." + ("" if directed else CLAMPS)


def _puzzle(charger_ma, meter_ma):
    rose = ", ".join([amps(ma) for ma in charger_ma])
    followed = ", ".join([amps(ma) for ma in meter_ma])
    text = "Not sure: the terminals of the charger rose by " + rose + " and the phases of the meter by " + followed
    return text + ", which fits no known fault. Check that the meter measures each phase, and repeat."


def _left_open(wanted, phases):
    if len(phases) == 1:
        return ""
    if len(wanted) == 1:
        return "Only " + _names(wanted) + " was tested: repeat with a car that uses three phases for the others."
    text = "A car that draws alike on " + _names(wanted) + " cannot show their order: repeat with a one-phase car"
    return text + "." if len(wanted) == 3 else text + ", and with a three-phase car for the other phase."


def _names(phases):
    names = ["L" + str(phase + 1) for phase in phases]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
