"""Whether anything is left for a car: what fuse, margin, headroom, steps and contacts make together."""

from fairamp.settings.table import place
from fairamp.units import fuse_limit, mapped

# A margin in percent leaves at least this.
KEPT_MA = 10000
# As it is when nobody has set it.
NONE_MA = 9999000
FIRST = ("charger.max", "charger.limit", "charger.station_max")


def amps(ma):
    """A number for a message: 9.5 A, 10 A."""
    tenths = ma // 100
    return str(tenths // 10) + ("." + str(tenths % 10) if tenths % 10 else "") + " A"


def check_margin(values, where, errors):
    """The sums are told, so that nobody has to guess what would do."""
    fuse, margin = min(values["site.fuse"]), values["site.margin"]
    kept = fuse_limit(fuse, margin, 0)
    if not margin or kept >= KEPT_MA:
        return
    most = 100 - -(-KEPT_MA * 100 // fuse)
    text = str(margin) + " % of " + amps(fuse) + " leaves " + amps(kept) + ", less than " + amps(KEPT_MA)
    text += "; at most " + str(most) + " %" if most > 0 else "; a fuse like this bears no margin: 0 %"
    errors.append(where + ": " + place("site.margin") + ": " + text)


def check_min(values, where, errors):
    """The least that is offered has to be possible."""
    least, place_of = values["charger.min"], where + ": [charger] min: "
    for name in FIRST:
        if least > values[name]:
            text = amps(least) + " are more than " + place(name) + " of " + amps(values[name])
            errors.append(place_of + text + ", or the box never charges")
    for phase in mapped(values["charger.mapping"]):
        left = fuse_limit(values["site.fuse"][phase], values["site.margin"], 0)
        if least > left:
            text = " are more than the " + amps(left) + " that fuse and margin leave on L" + str(phase + 1)
            errors.append(place_of + amps(least) + text + ", or the box never charges")
    uneven = values["sharing.imbalance"]
    if 0 < uneven < least:
        text = amps(uneven) + " are less than [charger] min of " + amps(least) + ", or the box never charges: 0 or more"
        errors.append(where + ": " + place("sharing.imbalance") + ": " + text)
    safe = values["charger.safe"]
    if safe and safe < least:
        text = amps(safe) + " are less than [charger] min of " + amps(least) + ", and would be nothing: say 0, or more"
        errors.append(where + ": [charger] safe: " + text)


def check_left(values, where, errors):
    """What a car needs at least is there on each phase that the charger uses."""
    needed = values["charger.min"]
    for phase in mapped(values["charger.mapping"]):
        name, fuse = " on L" + str(phase + 1), values["site.fuse"][phase]
        left = fuse_limit(fuse, values["site.margin"], 0)
        spare = max(0, left - needed)
        text = ", and a car needs " + amps(needed) + ", or the box never charges"
        headroom = values["site.headroom"][phase]
        if headroom > spare:
            least = left - headroom
            sums = amps(headroom) + " of " + amps(left) + name
            sums += " leave " + (amps(least) if least > 0 else "nothing") + text + ": at most " + amps(spare)
            errors.append(where + ": " + place("site.headroom") + ": " + sums)
        if values["site.feeder"][phase] < needed:
            feeder = amps(values["site.feeder"][phase]) + name
            errors.append(where + ": " + place("site.feeder") + ": " + feeder + text + "; set what it carries")


def check_step(values, where, errors):
    """The first whole step from the minimum up has to be possible."""
    step = values["sharing.step"]
    least = -(-values["charger.min"] // step) * step
    for name in FIRST:
        if least > values[name] >= values["charger.min"]:
            text = "offers in steps of " + amps(step) + " begin at " + amps(least) + ", more than " + place(name)
            text += " of " + amps(values[name]) + ", or the box never charges; a step of 1 A always fits"
            errors.append(where + ": " + place("sharing.step") + ": " + text)


def check_downgrade(values, where, errors):
    """A downgrade contact lowers the operator limit, so there has to be one."""
    if "downgrade" not in (values["charger.enable_function"], values["charger.shed_function"]):
        return
    for name, missing in (
        ("sharing.downgrade", not max(values["sharing.downgrade"])),
        ("sharing.operator_limit", max(values["sharing.operator_limit"]) >= NONE_MA),
    ):
        if missing:
            text = "missing; the downgrade contact takes [sharing] downgrade off [sharing] operator_limit"
            errors.append(where + ": " + place(name) + ": " + text)


RULES = (check_margin, check_min, check_left, check_step, check_downgrade)
