"""The live values as plain data, for whoever shows them: the page, its JSON, the terminal."""

from fairamp import view
from fairamp.units import PHASES, age, iso

MEANING = {
    "A": "no car",
    "B1": "connected, no offer",
    "B2": "connected, offer signalled",
    "C1": "car wants energy, no offer",
    "C2": "charging",
    "D1": "car wants energy and ventilation, no offer",
    "D2": "charging with ventilation",
    "E": "pilot line faulty",
    "F": "box not available",
}


def status(box) -> dict:
    """Everything a person or a program wants to see, in mA, V and W per phase."""
    return {
        "grid": _meter(view.grid(box)),
        "limit_ma": box.settings["site.fuse"],
        "allowed_ma": view.allowed_ma(box),
        "budget_ma": [view.budget_ma(box, phase) for phase in PHASES],
        "meter": view.meter(box),
        "links": {
            "meter": _link(box, view.grid(box)),
            "charger_meter": _link(box, view.own_meter(box)),
            "ems": _manager(box),
        },
        "boot": _boot(box),
        "clock": _clock(view.clock(box)),
        "wrong_settings": view.wrong_settings(box),
        "light": {"meaning": view.light_says(box), "pattern": view.light_pattern(box)},
        "charger": {
            "state": view.state(box),
            "meaning": MEANING[view.state(box)],
            "state_s": view.state_s(box),
            "offer_ma": view.offer_ma(box),
            "contactor": view.charging(box),
            "why": view.why(box),
            "reason": _reason(view.reason(box)),
            "faults": view.fault_texts(box),
            "session": {
                "connected": view.connected(box),
                "seconds": view.session_s(box),
                "energy_wh": view.session_wh(box),
                "lifetime_wh": view.lifetime_wh(box),
            },
            "draw": _draw(box),
            "estimated": view.estimated(box),
        },
        "sockets": [_socket(box, socket) for socket in view.sockets(box)],
    }


def _clock(found):
    utc, local, quality, source, age_s = found
    return {
        "utc": iso(utc) if utc else None,
        "local": iso(local)[:-1] if local else None,
        "quality": quality,
        "source": source,
        "age_s": age_s,
    }


def _link(box, reading):
    """How a meter does: where it is, and how old its values are."""
    if not reading.number:
        return {"state": "unknown", "peer": "", "age_s": view.uptime_s(box)}
    seconds = age(view.now(box), reading.taken) // 1000
    return {"state": "lost" if reading.stale else "live", "peer": reading.where, "age_s": seconds}


def _boot(box):
    count, reason = view.boot(box)
    return {"count": count, "reason": reason}


def _manager(box):
    """Of the energy managers the one that was heard last: does what it has set hold?"""
    found, least = {"state": "idle", "peer": "", "age_s": view.uptime_s(box)}, None
    for point in view.set_points(box):
        silent_ms = age(view.now(box), point.fed)
        if point.watched and (least is None or silent_ms < least):
            least = silent_ms
            state = "silent" if point.expired else "in use"
            found = {"state": state, "peer": point.who, "age_s": silent_ms // 1000}
    return found


def _draw(box):
    """What the charger's own meter says, without a sign."""
    shown = _meter(view.own_meter(box))
    shown["current_ma"] = [view.current_ma(box, terminal) for terminal in PHASES]
    shown["power_w"] = [view.watts(box, terminal) for terminal in PHASES]
    shown["total_w"] = sum(shown["power_w"])
    return shown


def _socket(box, socket):
    return {
        "id": socket.id,
        "online": socket.online,
        "age_s": 0 if socket.lost_at is None else age(view.now(box), socket.lost_at) // 1000,
        # What it told last is no longer so.
        "connected": socket.report.connected if socket.online else None,
        "charging": socket.report.charging if socket.online else None,
        "offer_ma": socket.commitment.offered_ma if socket.online else None,
        "draw_ma": socket.report.draw_ma if socket.online else None,
        "why": view.why_of(box, socket),
        "reason": _reason(view.reason_of(box, socket)),
    }


def _reason(found):
    """For programs: they need not read the words."""
    return {"code": found[0], "values": found[1]}


def _meter(reading):
    return {
        "current_ma": reading.current_ma,
        "voltage_v": [mv // 1000 for mv in reading.voltage_mv],
        "power_w": reading.power_w,
        "energy_wh": reading.energy_wh,
        "readings": reading.number,
        "export_wh": reading.export_wh,
        "contract_ma": reading.contract_ma,
        "total_w": reading.total_w,
        "stale": reading.stale,
        "problem": reading.problem,
    }
