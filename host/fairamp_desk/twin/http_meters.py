"""Simulated meters on the network that answer in JSON, each in the dialect of its maker."""

import asyncio
import contextlib
import json
import socket
from collections.abc import Callable

from fairamp_desk.twin.meters import FREQUENCY_HZ, SimulatedMeter, Spoiler, spoiled

HOST = "127.0.0.1"
REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found"}
PHASES = range(3)


def _pro3em(meter: SimulatedMeter) -> dict:
    shown: dict = {"id": 0, "n_current": None, "user_calibrated_phase": []}
    for phase, letter in enumerate("abc"):
        amps, watts = abs(meter.amps[phase]), meter.watts(phase)
        apparent = amps * meter.volts[phase]
        shown |= {
            f"{letter}_current": round(amps, 3),
            f"{letter}_voltage": round(meter.volts[phase], 1),
            f"{letter}_act_power": round(watts, 1),
            f"{letter}_aprt_power": round(apparent, 1),
            f"{letter}_pf": round(abs(watts) / apparent, 2) if apparent else 0.0,
            f"{letter}_freq": FREQUENCY_HZ,
        }
    return shown | {
        "total_current": round(sum(abs(amps) for amps in meter.amps), 3),
        "total_act_power": round(meter.total(), 3),
    }


def _pro3em_energies(meter: SimulatedMeter) -> dict:
    return {"id": 0, "total_act": round(1000 * meter.kwh, 2), "total_act_ret": round(1000 * meter.kwh_out, 2)}


def _3em(meter: SimulatedMeter) -> dict:
    emeters = [
        {
            "power": round(meter.watts(phase), 2),
            "pf": 1.0 if meter.amps[phase] >= 0 else -1.0,
            "current": round(abs(meter.amps[phase]), 2),
            "voltage": round(meter.volts[phase], 2),
            "is_valid": True,
            "total": round(1000 * meter.kwh / 3, 1),
            "total_returned": round(1000 * meter.kwh_out / 3, 1),
        }
        for phase in PHASES
    ]
    return {"relays": [{"ison": False}], "emeters": emeters, "total_power": round(meter.total(), 2)}


def _homewizard(meter: SimulatedMeter) -> dict:
    shown: dict = {"wifi_strength": 80, "smr_version": 50, "active_tariff": 2}
    shown |= {
        "total_power_import_kwh": round(meter.kwh, 3),
        "total_power_export_kwh": round(meter.kwh_out, 3),
        "active_power_w": round(meter.total()),
    }
    for phase in PHASES:
        line = f"l{phase + 1}"
        shown |= {
            f"active_power_{line}_w": round(meter.watts(phase)),
            f"active_voltage_{line}_v": round(meter.volts[phase], 1),
            # As coarse as the telegram behind it.
            f"active_current_{line}_a": round(meter.amps[phase]),
        }
    return shown | {"any_power_fail_count": 4, "external": []}


# Model and page -> what stands on it.
PAGES: dict[tuple[str, str], Callable[[SimulatedMeter], dict]] = {
    ("shelly_pro3em_http", "/rpc/EM.GetStatus?id=0"): _pro3em,
    ("shelly_pro3em_http", "/rpc/EMData.GetStatus?id=0"): _pro3em_energies,
    ("shelly_3em_http", "/status"): _3em,
    ("homewizard_p1", "/api/v1/data"): _homewizard,
}


class HttpMeter:
    """One meter. Of the faults of what `measure` returns it shows lost (it never answers), slow, noisy and refuses
    (it ends every connection at once)."""

    def __init__(self, model_id: str, measure: Callable[[], SimulatedMeter], speed: int = 1):
        self.asked: list[str] = []  # the pages, in order
        self._model_id = model_id
        self._measure = measure
        self._speed = speed
        self._spoil = Spoiler()

    async def start(self, listening: socket.socket | None = None) -> asyncio.Server:
        """Serves on this socket, or on any free port of this machine."""
        return await asyncio.start_server(self._serve, sock=listening or socket.create_server((HOST, 0)))

    async def _serve(self, reader, writer):
        meter = self._measure()
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            if "refuses" not in meter.faults:
                reply = spoiled(self._answer(await reader.readuntil(b"\r\n\r\n")), meter.faults, self._spoil)
                if reply is None:
                    await reader.read()
                else:
                    await asyncio.sleep(reply[1] / self._speed)
                    writer.write(reply[0])
                    await writer.drain()
        writer.close()

    def _answer(self, request: bytes) -> bytes:
        words = request.split(None, 2)
        if len(words) < 3 or words[0] != b"GET":
            return _page(400, {"error": "only GET is known"})
        path = words[1].decode(errors="replace")
        self.asked.append(path)
        show = PAGES.get((self._model_id, path))
        if show is None:
            return _page(404, {"code": 404, "message": "no such page"})
        return _page(200, show(self._measure()))


def _page(status: int, content: dict) -> bytes:
    body = json.dumps(content).encode()
    head = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body
