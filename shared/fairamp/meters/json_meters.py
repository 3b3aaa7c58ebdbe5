"""From what a meter answered in JSON, or somebody pushed, to a draft: one piece of code walks the tables."""

from fairamp.meters import PUSH
from fairamp.meters.json_models import WHOLE_AMPERE, find
from fairamp.meters.model import CURRENT, EXPORT, FREQUENCY, IMPORT, POWER, TOTAL, VOLTAGE
from fairamp.meters.sieve import Half, Implausible

# In mA, mV, W, Wh and hundredths of Hz. The sieve knows the house; this keeps out what is no measurement at all.
_MOST = {
    CURRENT: 1000000,
    VOLTAGE: 1000000,
    POWER: 1000000,
    TOTAL: 1000000,
    IMPORT: 1000000000,
    EXPORT: 1000000000,
    FREQUENCY: 100000,
}
_SIGNED = (CURRENT, POWER, TOTAL)
_PUSHED = ("current_a", "voltage_v", "power_w", "energy_kwh")
_NOMINAL_MV = 230000
_FINE_MA = 10
# How much of somebody else's text may stand in a message.
_QUOTE = 40


def fill(id, data, draft) -> None:
    """`data`: what json.loads gave, whatever that is. Half and Implausible name the field."""
    model = find(id)
    draft.clear()
    if id == PUSH:
        _check_pushed(data)
    _check_object(data)
    for path in model.errors:
        _check_empty(data, path)
    for path in model.valid:
        flag = _look(data, path)
        if flag is not True:
            why = "missing: " + model.lack if flag is None else "not true: the meter itself does not trust this phase"
            raise Half(path + " is " + why)
    _take(model.values, data, draft)
    if model.alone is not None and not _tells(draft, 1) and not _tells(draft, 2):
        draft.phases = 1
        for quantity, factor, path in model.alone:
            told = _told(draft, quantity)
            if told[0] is None:
                told[0] = _number(data, path, quantity, factor)
    for phase in range(draft.phases):
        if draft.current_ma[phase] is None and draft.power_w[phase] is None:
            raise Half(model.values[0][2][phase] + " is missing: " + model.lack)
    draft.resolution_ma = _resolution(model, draft)
    draft.lively = id != PUSH
    if id == PUSH:
        _direct(draft)
    elif draft.resolution_ma == WHOLE_AMPERE:
        _refine(draft)


def fill_slow(id, data, draft) -> None:
    """Adds the values of the second answer."""
    _check_object(data)
    _take(find(id).slow, data, draft)


def _check_object(data):
    if not isinstance(data, dict):
        raise Implausible("it is " + _kind(data) + ", not an object with names")


def _check_empty(data, path):
    found = _look(data, path)
    if found is None or found == []:
        return
    names = found[:4] if isinstance(found, list) else [found]
    texts = [name[:_QUOTE] if isinstance(name, str) else _kind(name) for name in names]
    raise Implausible(path + ": the meter reports " + ", ".join(texts))


def _check_pushed(data):
    _check_object(data)
    for key in data:
        if key not in _PUSHED:
            raise Implausible(str(key)[:_QUOTE] + " is unknown; known: " + ", ".join(_PUSHED))
    first = None
    for key in _PUSHED[:3]:
        values = data.get(key)
        if values is None:
            continue
        if not isinstance(values, list) or len(values) not in (1, 3) or None in values:
            raise Implausible(key + " must be a list of 1 or 3 numbers")
        if first and len(values) != len(data[first]):
            raise Half(key + " has not as many numbers as " + first)
        first = first or key


def _take(values, data, draft):
    for quantity, factor, paths in values:
        numbers = [_number(data, path, quantity, factor) for path in paths]
        if quantity in (CURRENT, VOLTAGE, POWER):
            _told(draft, quantity)[:] = numbers
            continue
        # A sum without one of its parts is none.
        total = None if None in numbers else sum(numbers)
        if quantity == TOTAL:
            draft.total_w = total
        elif quantity == IMPORT:
            draft.energy_wh = total
        elif quantity == EXPORT:
            draft.export_wh = total
        else:
            draft.frequency_chz = total


def _told(draft, quantity):
    """The three values of a quantity that phases have."""
    if quantity == CURRENT:
        return draft.current_ma
    return draft.voltage_mv if quantity == VOLTAGE else draft.power_w


def _tells(draft, phase):
    return (draft.current_ma[phase], draft.voltage_mv[phase], draft.power_w[phase]) != (None, None, None)


def _look(data, path):
    """What lies at a path; None when it is not there."""
    for step in path.split("."):
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def _number(data, path, quantity, factor):
    """Whole, or None when it is missing or null; Implausible for everything else."""
    value = _look(data, path)
    if value is None:
        return None
    # To CPython, true and false are numbers.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Implausible(path + " is " + _kind(value) + ", not a number")
    most = _MOST[quantity]
    # The comparison is false for "not a number" too.
    if not (-most if quantity in _SIGNED else 0) <= value * factor <= most:
        raise Implausible(path + " = " + str(value)[:_QUOTE] + " cannot be")
    return round(value * factor)


def _kind(value):
    for kind, name in ((bool, "true or false"), (str, "text"), (list, "a list"), (dict, "an object")):
        if isinstance(value, kind):
            return name
    return "nothing" if value is None else "a number"


def _resolution(model, draft):
    if model.resolution_ma == WHOLE_AMPERE:
        for current in draft.current_ma:
            if current is not None and current % WHOLE_AMPERE:
                return _FINE_MA
    return model.resolution_ma


def _refine(draft):
    """Whole amperes become as fine as the power; of what is reactive at most half of one gets lost."""
    for phase in range(draft.phases):
        current, power = draft.current_ma[phase], draft.power_w[phase]
        if current is not None and power is not None:
            active = abs(power) * 1000000 // (draft.voltage_mv[phase] or _NOMINAL_MV)
            draft.current_ma[phase] = max(active, abs(current) - WHOLE_AMPERE // 2)


def _direct(draft):
    """Who pushes knows the direction: without a power, the sign of the current tells it."""
    for phase in range(draft.phases):
        current = draft.current_ma[phase]
        if draft.power_w[phase] is None and current is not None:
            draft.power_w[phase] = round(current * (draft.voltage_mv[phase] or _NOMINAL_MV) / 1000000)
