"""What fits together: single values cannot tell, nor which board they are for."""

from fairamp import meters
from fairamp.features import FEATURES
from fairamp.meters import sources
from fairamp.settings import offers
from fairamp.settings.table import place
from fairamp.units import UTC, fuse_limit

LEAKAGE = ("contact", "none")
LEAKAGE_WORDS = (
    '"contact" where a sensor (RDC-DD, RCM), normally closed, is wired to that input; "none" where no sensor is, '
    "because the house has an RCD type B or the wiring a sensor that switches off by itself"
)
# The first has to stay below the second.
ORDERED = (
    ("site.least_voltage", "site.most_voltage"),
    ("charger.warn_temperature", "charger.stop_temperature"),
    ("charger.reduce_temperature", "charger.stop_temperature"),
)
# WPA2 takes no shorter one.
LEAST_PASSWORD = 8


def check(values, board, where, errors):
    """Whether the values go together, and on this board, see Settings.board. What is wrong by itself is missing."""
    whole = not errors
    rules = list(RULES + offers.RULES)
    if values.get("supply.mode") not in (None, "dynamic"):
        # Most have a house meter, and it takes space.
        from fairamp.settings import supply

        rules += supply.RULES
    for name, section, _, _, _ in FEATURES:
        if section:
            rules += getattr(__import__("fairamp.settings." + name, None, None, ("ROWS",)), "RULES", ())
    if board:
        rules.append(lambda values, where, errors: check_board(values, board, where, errors))
    for rule in rules:
        try:
            rule(values, where, errors)
        except KeyError:
            # It needs a value that is wrong itself, and that is told.
            if whole:
                raise


def _check_order(values, where, errors):
    for low, high in ORDERED:
        if values[low] >= values[high]:
            text = "must be below " + place(high) + ", or the box never charges"
            errors.append(where + ": " + place(low) + ": " + text)
    least, most = values["site.least_voltage"], values["site.most_voltage"]
    if least < most and not least < 1000 * values["site.voltage"] < most:
        text = "must be between " + place("site.least_voltage") + " and most_voltage, or the box never charges"
        errors.append(where + ": " + place("site.voltage") + ": " + text)


def _check_safe_current(values, where, errors):
    fuses, margin = values["site.fuse"], values["site.margin"]
    limits = [fuse_limit(fuse, margin, headroom) for fuse, headroom in zip(fuses, values["site.headroom"])]
    limit = min(limits)
    least = fuses[limits.index(limit)]
    if values["site.safe_current"] > limit:
        text = "more than the fuse of " + offers.amps(least)
        if limit < least:
            text += " less margin and headroom, which leave " + offers.amps(limit)
        text += "; it holds when a meter is lost, beside an unseen house"
        errors.append(where + ": " + place("site.safe_current") + ": " + text)


def _check_safe(values, where, errors):
    """What this charger keeps without the network; its neighbours are not known here."""
    if values["charger.safe"]:
        # Only few name one, and it takes space.
        from fairamp.settings import safe

        safe.check(values, [safe.share_of(values)], where, errors)


def _check_station(values, where, errors):
    if values["charger.station_max"] != offers.NONE_MA and not values["charger.station"]:
        text = "belongs to a station: give it and its neighbours the same number as station"
        errors.append(where + ": [charger] station_max: " + text)


def _check_ports(values, where, errors):
    users: dict = {}
    for _, _, _, ports, _ in FEATURES:
        for name in ports:
            port = values[name]
            if port and port in users:
                errors.append(where + ": " + place(name) + ": port " + str(port) + " is that of " + place(users[port]))
            users[port] = name


def _check_password(values, where, errors):
    if 0 < len(values["wifi.password"]) < LEAST_PASSWORD:
        text = "too short: Wi-Fi takes 8 to 63 characters; leave it out for a network without one"
        errors.append(where + ": " + place("wifi.password") + ": " + text)


def _check_zone(values, where, errors):
    if values["clock.zone"] != UTC:
        # Only who has named one needs it, and it takes space.
        from fairamp.clock import zones

        wrong = zones.problem(values["clock.zone"])
        if wrong:
            errors.append(where + ": " + place("clock.zone") + ": " + wrong)


RULES: tuple = (sources.check, _check_order, _check_safe_current, _check_safe, _check_station, _check_ports)
RULES += (_check_password, _check_zone)


def check_named(site, charger, leakage, where, errors):
    """What a file has to name, because no guess is safe. `leakage`: whether the board has an input for a sensor."""
    if "fuse" not in site:
        errors.append(where + ": [site] fuse is missing; the fuse of the house must be named")
    if leakage and charger.get("leakage") not in LEAKAGE:
        errors.append(where + ": [charger] leakage must be named: " + LEAKAGE_WORDS)


def check_board(values, board, where, errors):
    """What the values ask of a board, see Settings.board."""
    radio, leakage, cts, converter = board
    if values["meter.model"] == meters.CT and values["ct.clamps"] > cts:
        text = ": [ct] clamps: " + str(values["ct.clamps"]) + " are set, and this board has inputs for " + str(cts)
        errors.append(where + text + ": set what is wired, or take another meter or board")
    elif values["meter.model"] == meters.CT and converter:
        _check_burden(values, converter, where, errors)
    if not leakage and values["charger.leakage"] == "contact":
        text = ": [charger] leakage: this board has no input for a sensor: leave it out, or take another board; "
        errors.append(where + text + LEAKAGE_WORDS)
    model = values["meter.model"]
    if not radio and values["wifi.name"]:
        errors.append(where + ": [wifi] name: this board has no radio; leave it out")
    if not radio and (model == meters.PUSH or sources.transport(values) in sources.NETWORK):
        errors.append(where + ": [meter] model: " + model + " is read over the network, and this board has no radio")
    elif model == meters.PUSH:
        inlets = [ports[0] for _, _, _, ports, models in FEATURES if model in models]
        if not any(values[inlet] for inlet in inlets):
            text = (
                "; set " + " or ".join([place(inlet) for inlet in inlets])
                if inlets
                else ", and nothing here takes them"
            )
            errors.append(where + ": [meter] model: push takes values over the network" + text)


def _check_burden(values, converter, where, errors):
    """What the converter can see of a clamp has to reach the fuse: what is above it is no reading at all."""
    # Only who has clamps needs it, and it takes space.
    from fairamp.meters.clamps import CLAMPS, most_ma

    ratio, burden = values["ct.ratio"], values["ct.burden"]
    fuse, most = max(values["site.fuse"][: values["ct.clamps"]]), most_ma(ratio, burden, *converter)
    if fuse <= most:
        return
    text = offers.amps(burden)[:-2] + " ohm show " + offers.amps(most) + " at most with " + ratio
    text += ", less than the fuse of " + offers.amps(fuse)
    rating = CLAMPS[ratio][1]
    if fuse > rating:
        text += "; these clamps end at " + offers.amps(rating) + ": take others, or a meter"
    else:
        text += "; take one of " + offers.amps(burden * most // fuse)[:-2] + " ohm or less"
    errors.append(where + ": " + place("ct.burden") + ": " + text)
