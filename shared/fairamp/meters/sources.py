"""What the settings say about the two meters: which model, where it is, and whether that can work."""

from fairamp import meters
from fairamp.addresses import is_numeric
from fairamp.units import mapped

SERIAL = "serial"
TCP = "tcp"
RTU = "rtu"  # the bytes of a serial line, passed on by a gateway as they are
UDP = "udp"
HTTP = "http"
TELEGRAM = "telegram"
OTHER = "other"
NETWORK = (TCP, RTU, UDP, HTTP)

# Modbus over serial line keeps what lies above; over TCP, 255 is the device itself.
MOST_SERIAL_UNIT = 247
SAME_UNIT = " on one line: give one of them another, at the meter itself too, or put the house meter on line = ems"


def transport(settings):
    """How the house meter is reached."""
    if settings["supply.mode"] != "dynamic":
        return OTHER  # there is none
    id = settings["meter.model"]
    if id in meters.HTTP:
        return HTTP
    if id in (meters.P1, meters.TIC):
        return TELEGRAM
    model = house_model(settings)
    if model is None:
        return OTHER
    told = settings["meter.transport"]
    return told if settings["meter.host"] or model.serial is None or told != TCP else SERIAL


def house_model(settings):
    """The row of the house meter; None when it is no Modbus meter."""
    id = settings["meter.model"]
    return settings["meter.custom"] if id == meters.CUSTOM else meters.find(id)


def unit(settings):
    """Modbus address of the house meter."""
    if settings["meter.unit"] is not None:
        return settings["meter.unit"]
    model = house_model(settings)
    # A meter that has no network of its own may hang behind a gateway.
    return model.tcp[1] if model.tcp and transport(settings) in (TCP, UDP) else model.serial[0]


def port(settings):
    """Network port of the house meter."""
    if settings["meter.port"]:
        return settings["meter.port"]
    model = house_model(settings)
    return model.tcp[0] if model and model.tcp else 502 if model else 80


def serial_format(settings, name, model):
    """(baud, parity, stop bits) of the line of this name, that this model hangs on."""
    if transport(settings) == SERIAL:
        if name != settings["meter.line"]:
            # The settings of the line are those of the house meter's.
            return model.serial[1:]
        # Two meters on one line have to speak alike: the house meter says how.
        model = house_model(settings)
    _, baud, parity, stop = model.serial
    return settings["meter.baud"] or baud, settings["meter.parity"] or parity, settings["meter.stop"] or stop


def charger_line(settings):
    """The serial line of the charger's own meter: a telegram leaves no place for it on the same line."""
    return "ems" if transport(settings) == TELEGRAM and settings["meter.line"] == "meter" else "meter"


def _check_line(settings, house, own, where, errors):
    """Two meters that hang on one line as they left the factory have to speak alike, or one is never heard."""
    told = settings["meter.baud"], settings["meter.parity"], settings["meter.stop"]
    differ = []
    for number, name in enumerate(("baud", "parity", "stop")):
        if house.serial[1 + number] != own.serial[1 + number] and told[number] is None:
            differ.append(name)
    if differ:
        text = " leaves the factory with " + _format(own) + ", and " + settings["meter.model"]
        text += (
            " on the same line with " + _format(house) + ": set both meters alike, and say how in " + ", ".join(differ)
        )
        errors.append(where + ": [meter] charger_model: " + settings["meter.charger_model"] + text)


def _format(model):
    """`9600 8E1`"""
    _, baud, parity, stop = model.serial
    return str(baud) + " 8" + parity + str(stop)


def _check_clamps(settings, where, errors):
    clamps = settings["ct.clamps"]
    if settings["ct.solar"]:
        if clamps != 2:
            errors.append(where + ": [ct] solar: needs clamps = 2, the first for the house and the second for the sun")
        clamps = 1
    most = max(mapped(settings["charger.mapping"])) + 1
    if most > clamps:
        text = ", but the charger uses L" + str(most) + ": set [charger] mapping to what is measured"
        errors.append(where + ": [ct] clamps: they measure " + ("L1 to L" if clamps > 1 else "L") + str(clamps) + text)


def check(settings, where, errors):
    """What single values cannot tell."""
    id, custom = settings["meter.model"], settings["meter.custom"]
    place = where + ": [meter] model: "
    if id in meters.UNMAPPED:
        errors.append(place + id + " has no known registers: use custom, with the registers of its manual")
        return
    if id == meters.CT:
        _check_clamps(settings, where, errors)
    elif settings["ct.solar"]:
        errors.append(where + ": [ct] solar: is for clamps only, which means [meter] model = ct")
    if id == meters.CUSTOM and custom is None:
        errors.append(place + "custom needs a table [meter.custom] with registers")
        return
    model = house_model(settings)
    most = max(mapped(settings["charger.mapping"])) + 1
    if model is not None and most > model.phases:
        text = " measures L1 only, but the charger uses L" + str(most) + ": set [charger] mapping to L1"
        errors.append(place + id + text + ", or take a meter for three phases")
    if model is not None and not model.per_phase():
        errors.append(place + id + " tells no single phases, so it cannot protect a fuse; use another meter")
    how = transport(settings)
    host = settings["meter.host"]
    if how in (HTTP, TELEGRAM) and settings["meter.transport"] != TCP:
        text = ": [meter] transport: is for Modbus on the network, and " + id + " speaks no Modbus: leave it out"
        errors.append(where + text)
    if how == TELEGRAM and host:
        errors.append(where + ": [meter] host: " + id + " is read on a serial line: leave it out")
    if how == RTU and model.serial is None:
        # Its address, which the rest here asks for, is that of a serial line.
        errors.append(where + ": [meter] transport: " + id + " has no serial line: leave it out, or use udp")
        return
    if how in NETWORK and not host:
        errors.append(where + ": [meter] host: missing; " + id + " is reached over the network")
    elif how in NETWORK and not is_numeric(host):
        text = " is no address in numbers, and the box cannot look up names; write it such as 192.168.1.20"
        errors.append(where + ": [meter] host: " + repr(host) + text)
    if how in (SERIAL, RTU) and unit(settings) > MOST_SERIAL_UNIT:
        key = ": [meter] unit: " if settings["meter.unit"] is not None else ": [meter.custom] unit: "
        text = " is possible over TCP only; on a serial line use 1 to " + str(MOST_SERIAL_UNIT)
        errors.append(where + key + str(unit(settings)) + text)
    own = meters.find(settings["meter.charger_model"])
    if settings["meter.charger_model"] == meters.NONE:
        if settings["charger.phase_switch"]:
            text = ": a relay for phases needs a meter of the charger, which shows that no current flows"
            errors.append(where + ": [charger] phase_switch" + text + ": switch it off, or set [meter] charger_model")
    elif own is None or own.serial is None or not own.per_phase():
        errors.append(
            where + ": [meter] charger_model: must be a meter with Modbus RTU that tells single phases, or none"
        )
    elif own.phases < len(settings["charger.mapping"]) // 2:
        text = " measures one phase, and the charger has " + settings["charger.mapping"]
        errors.append(where + ": [meter] charger_model: " + own.id + text + ": take a meter for three phases")
    if how == SERIAL and settings["meter.line"] == "meter" and settings["meter.charger_model"] != meters.NONE:
        if unit(settings) == settings["meter.charger_unit"]:
            # One meter read twice: the draw of the charger would hide the whole house.
            errors.append(
                where + ": [meter] unit and charger_unit: two meters cannot have the same address" + SAME_UNIT
            )
        if own is not None and own.serial:
            _check_line(settings, model, own, where, errors)
