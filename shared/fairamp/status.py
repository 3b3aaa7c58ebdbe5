"""The live values as plain data, for whoever shows them: the page, its JSON, the terminal."""

from fairamp import words

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
    coordinator, point = box.coordinator, box.point
    return {
        "grid": _meter(coordinator.grid),
        "limit_ma": box.settings["site.fuse"],
        "budget_ma": coordinator.budget_ma[:3],
        "meter": words.METER[coordinator.meter],
        "charger": {
            "state": point.state,
            "meaning": MEANING[point.state],
            "state_s": box.status_s,
            "offer_ma": point.offer_ma,
            "contactor": point.contactor,
            "why": box.why(),
            "faults": point.guard.faults.texts(),
            "session": {
                "connected": point.session.connected,
                "seconds": point.session.seconds,
                "energy_wh": point.session.energy.wh,
                "lifetime_wh": point.session.lifetime.wh,
            },
            "draw": _meter(box.own),
        },
        "sockets": [_socket(socket) for socket in coordinator.sockets],
    }


def _socket(socket):
    return {
        "id": socket.id,
        "online": socket.online,
        "connected": socket.report.connected,
        "charging": socket.report.charging,
        "offer_ma": socket.commitment.offered_ma,
        "draw_ma": socket.report.draw_ma,
        "why": words.granted(socket.grant),
    }


def _meter(reading):
    return {
        "current_ma": reading.current_ma,
        "voltage_v": [mv // 1000 for mv in reading.voltage_mv],
        "power_w": reading.power_w,
        "energy_wh": reading.energy_wh,
        "readings": reading.number,
        "export_wh": reading.export_wh,
        "total_w": reading.total_w,
        "stale": reading.stale,
        "problem": reading.problem,
    }
