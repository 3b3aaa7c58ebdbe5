"""`fairamp meter` for tests: the real command, and meters on a pseudo-terminal or on the network that it finds."""

import asyncio
import os
import pty
import subprocess
import threading
import tty
from contextlib import contextmanager, suppress

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from fairamp.modbus.frames import seal, sealed
from tests.desk.meters.facts_meters import METERS, FactsMeter
from tests.desk.twin.twin_process import FAIRAMP

WAIT_S = 60


def fairamp(*args):
    """The real command: exit code, output, errors."""
    done = subprocess.run([*FAIRAMP, "meter", *map(str, args)], capture_output=True, text=True, timeout=WAIT_S)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@contextmanager
def on_a_line(devices, stray=b""):
    """The name of a pseudo-terminal with these devices behind it, by address; `stray`: noise before every answer."""
    far, near = pty.openpty()
    for end in (far, near):
        tty.setraw(end)

    def serve():
        waiting = b""
        while True:
            try:
                waiting += os.read(far, 256)
            except OSError:
                return  # the test is over
            while len(waiting) >= 8:
                request, waiting = waiting[:8], waiting[8:]
                device = devices.get(request[0])
                reply = device.reply(request[1:6]) if device and sealed(request, 0, 8) else None
                if reply:
                    frame = bytearray(request[:1] + reply + bytes(2))
                    seal(frame, len(frame) - 2)
                    os.write(far, stray + bytes(frame))

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield os.ttyname(near)
    finally:
        os.close(near)
        os.close(far)


@contextmanager
def telegrams(telegram, every_s):
    """The name of a pseudo-terminal on which this comes again and again."""
    far, near = pty.openpty()
    for end in (far, near):
        tty.setraw(end)
    os.set_blocking(far, False)
    over = threading.Event()

    def send():
        while not over.wait(every_s):
            with suppress(BlockingIOError):  # nobody reads
                os.write(far, telegram)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield os.ttyname(near)
    finally:
        over.set()
        sender.join()
        os.close(near)
        os.close(far)


@contextmanager
def on_the_network(*devices, make=lambda devices: ModbusTcpServer(devices, address=("127.0.0.1", 0))):
    """Port of a pymodbus server with these devices."""
    started = threading.Event()
    holder = {}

    async def main():
        server = make(list(devices))
        await server.serve_forever(background=True)
        transport = server.transport
        # That of datagrams has one socket.
        bound = getattr(transport, "sockets", None) or [transport.get_extra_info("socket")]
        holder.update(port=bound[0].getsockname()[1], loop=asyncio.get_running_loop())
        holder["end"] = asyncio.Event()
        started.set()
        await holder["end"].wait()
        await server.shutdown()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield holder["port"]
    finally:
        holder["loop"].call_soon_threadsafe(holder["end"].set)
        thread.join(10)


def stranger(id, house=None):
    """A meter of the facts as a device of pymodbus, which knows nothing of ours."""
    facts = METERS[id]
    blocks = []
    for address, word in sorted(FactsMeter(id, house).words().items()):
        blocks.append(SimData(address, values=word, datatype=DataType.REGISTERS))
    return SimDevice(id=facts["tcp"]["unit"], simdata=blocks)


PRESET = {
    "name": "Odd meter",
    "function": 3,
    "unit": 4,
    "word_order": "low_first",
    "registers": {"current": {"address": [0, 10, 20], "type": "float32"}},
}


def failure(done):
    code, out, err = done
    assert (code, out) == (1, "")
    assert err.startswith("fairamp: ") and err.count("\n") == 1
    return err


def wrong_use(done):
    code, out, err = done
    assert (code, out) == (2, "")
    return err
