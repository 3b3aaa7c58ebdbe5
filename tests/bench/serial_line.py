"""How soon the answer begins on a serial line."""

import asyncio
import os
import time

from fairamp.box import Box
from fairamp.managers import load
from fairamp.modbus.server import Server
from fairamp.settings import Settings
from fairamp_box.features.registers.serial_server import SerialServer
from fairamp_box.io.clock import Clock
from fairamp_box.io.rs485 import Rs485
from fairamp_desk.twin.wires import PtyPort, open_line

REQUEST = bytes.fromhex("01030000000ac5cd")
COUNT = 100


def latencies() -> list[float]:
    """Seconds from the end of each request to the first byte of its answer."""
    far, near = open_line()
    os.set_blocking(far, True)
    took: list[float] = []

    def primary():
        for _ in range(COUNT):
            begun = time.perf_counter()
            os.write(far, REQUEST)
            answer = os.read(far, 256)
            took.append(time.perf_counter() - begun)
            while len(answer) < 25:
                answer += os.read(far, 256)
            # The line is busy for as long as the answer would take at 9600 baud.
            time.sleep(0.04)

    async def serve():
        clock = Clock()
        server = SerialServer(Server(load("teltocharge").banks(Box(Settings()))), Rs485(PtyPort(near), clock))
        task = asyncio.create_task(server.run())
        await asyncio.to_thread(primary)
        task.cancel()

    asyncio.run(serve())
    os.close(far)
    os.close(near)
    return took
