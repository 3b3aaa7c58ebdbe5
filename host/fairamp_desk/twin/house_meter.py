"""The house meter of the twin, on whatever wire the settings name: serial line, network, telegram or transformers."""

import asyncio
import contextlib
import os
import socket

from fairamp import meters
from fairamp.meters import sources
from fairamp_desk.twin.http_meters import HttpMeter
from fairamp_desk.twin.meters import MeterLine, ModbusTcpMeter, SimulatedMeter, Spoiler, spoiled
from fairamp_desk.twin.telegrams import p1, tic

HOST = "127.0.0.1"
TELEGRAM_MS = 1000


def serial_lines(settings, grid: SimulatedMeter | None, own: SimulatedMeter) -> dict[str, MeterLine]:
    """The Modbus meters on the two serial lines of the box; `grid`: None = that of the house is a real one."""
    found: dict = {"meter": {}, "ems": {}}
    own_model = meters.find(settings["meter.charger_model"])
    if own_model:
        found[sources.charger_line(settings)][settings["meter.charger_unit"]] = (own_model, own)
    if grid and sources.transport(settings) == sources.SERIAL:
        found[settings["meter.line"]][sources.unit(settings)] = (sources.house_model(settings), grid)
    return {line: MeterLine(units) for line, units in found.items() if units}


def is_simulated(settings) -> bool:
    """A meter on the network of which the file tells the port, or another computer, runs already."""
    if sources.transport(settings) not in sources.NETWORK:
        return True
    return settings["meter.host"] == HOST and not settings["meter.port"]


def reserve(settings) -> socket.socket | None:
    """A port for a simulated meter on the network, and its address in the settings; before the box reads them."""
    transport = sources.transport(settings)
    if transport not in sources.NETWORK or not is_simulated(settings):
        return None
    if transport == sources.UDP:
        listening = socket.socket(type=socket.SOCK_DGRAM)
        listening.bind((HOST, 0))
    else:
        listening = socket.create_server((HOST, 0))
    errors = settings.load({"meter": {"host": HOST, "port": listening.getsockname()[1]}}, "twin")
    assert not errors
    return listening


async def serve(settings, grid: SimulatedMeter, clock, listening: socket.socket | None, fd: int) -> None:
    """Plays the house meter until cancelled, unless one runs already; `fd`: the far end of its serial line.

    `listening`: None = it is not on the network, or not simulated.
    """
    transport = sources.transport(settings)
    if transport == sources.TELEGRAM:
        await _send_telegrams(settings["meter.model"], grid, clock, fd)
    elif listening and transport == sources.HTTP:
        await _for_ever(await HttpMeter(settings["meter.model"], lambda: grid, clock.speed).start(listening))
    elif listening:
        session = _sessions(settings, grid)
        if transport == sources.UDP:
            await _answer_datagrams(session, clock, listening)
        else:
            server = await asyncio.start_server(lambda *ends: _converse(session(), clock, *ends), sock=listening)
            await _for_ever(server)


def _sessions(settings, grid):
    """What makes a session for each connection: data in, what comes back and after how many seconds."""
    model, unit = sources.house_model(settings), sources.unit(settings)
    if sources.transport(settings) != sources.RTU:
        return ModbusTcpMeter(model, unit, grid).session
    line = MeterLine({unit: (model, grid)})

    def answer(data):
        reply = line.answer(data)
        return [reply] if reply else []

    return lambda: answer


async def _for_ever(server) -> None:
    async with server:
        await server.serve_forever()


async def _answer_datagrams(session, clock, listening):
    loop = asyncio.get_running_loop()
    listening.setblocking(False)
    while True:
        data, asker = await loop.sock_recvfrom(listening, 1024)
        for reply, late_s in session()(data):
            await clock.sleep(round(1000 * late_s))
            listening.sendto(reply, asker)


async def _converse(answer, clock, reader, writer):
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(1024):
            for reply, late_s in answer(data):
                if late_s:
                    await clock.sleep(round(1000 * late_s))
                writer.write(reply)
    writer.close()


async def _send_telegrams(model, grid, clock, fd):
    make, spoil = (p1 if model == meters.P1 else tic), Spoiler()
    while True:
        sent = spoiled(make(grid), grid.faults, spoil)
        if sent:
            with contextlib.suppress(BlockingIOError):
                os.write(fd, sent[0])
            await clock.sleep(round(8000 * sent[1]))
        await clock.sleep(TELEGRAM_MS)
