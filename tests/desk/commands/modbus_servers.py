"""Modbus servers of pymodbus, which knows nothing of ours: a stranger to ask."""

import asyncio
import threading
from contextlib import contextmanager

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice


class Requests(list):
    """What a server was asked: function, address, count."""

    def note(self, sending, pdu):
        if not sending:
            self.append((pdu.function_code, pdu.address, pdu.count))
        return pdu


def in_thread(main):
    """Runs a coroutine function in a thread; what ends it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()

    def end(shutdown):
        asyncio.run_coroutine_threadsafe(shutdown(), loop).result(5)
        thread.join(5)
        loop.close()

    return end


def devices(units, action=None):
    """{unit: {address: (type, value)}}: what is not named there does not exist."""
    return [
        SimDevice(
            unit,
            [SimData(address, values=value, datatype=kind) for address, (kind, value) in data.items()],
            action=action,
        )
        for unit, data in (units or {1: {9999: (DataType.REGISTERS, 0)}}).items()
    ]


@contextmanager
def served(units, action=None, port=0):
    """A pymodbus server; its HOST:PORT, and what it was asked."""
    requests, ready = Requests(), threading.Event()
    server = None

    async def main():
        nonlocal server
        server = ModbusTcpServer(devices(units, action), address=("127.0.0.1", port), trace_pdu=requests.note)
        serving = asyncio.create_task(server.serve_forever(background=True))
        await serving
        ready.set()
        await server.serving

    end = in_thread(main)
    assert ready.wait(5)
    try:
        yield f"127.0.0.1:{server.transport.sockets[0].getsockname()[1]}", requests
    finally:
        end(server.shutdown)


def words(*values):
    return DataType.REGISTERS, list(values)


TELTOCHARGE = {
    7: {
        0: words(231, 0xFFFF, 0),
        3: words(160, 0xFFFB, 0),
        6: words(0, 0x86A1, 0x0001),
        14: words(6, 32),
        24: words(0xCD15, 0x075B),
        39: words(1234, 5, 0x5678, 0x1234, 1, 0),
    }
}
