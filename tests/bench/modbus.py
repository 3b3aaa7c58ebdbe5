"""Requests per second and latency of Modbus TCP servers, all asked by the same client in the same run."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests import runtimes
from tests.conftest import HELPERS, PROGRAMS, micropython_path, run_program

PEERS = Path(__file__).parent / "peers"
REQUEST = bytes([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 10])
REPLY_SIZE = 29
REQUESTS = 4000
ROUNDS = 5
SERVE = str(PROGRAMS / "serve_modbus.py")


def servers() -> dict[str, list[str]]:
    """Name -> command, the port to be appended."""
    micropython = [*runtimes.command("mp64"), SERVE]
    return {
        "bare asyncio": [sys.executable, SERVE, "PORT", "bare"],
        "ours": [sys.executable, SERVE, "PORT", "ours"],
        "pymodbus": [sys.executable, str(PEERS / "pymodbus_server.py"), "PORT"],
        "umodbus": [sys.executable, str(PEERS / "umodbus_server.py"), "PORT"],
        "bare asyncio, MicroPython": [*micropython, "PORT", "bare"],
        "ours, MicroPython": [*micropython, "PORT", "ours"],
    }


@contextmanager
def serving(command: list[str]):
    """A connection to the server of this command."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {**os.environ, "MICROPYPATH": micropython_path("mp64"), "PYTHONPATH": str(HELPERS)}
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [str(port) if part == "PORT" else part for part in command],
            env=environment,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            yield connect(port, process)
        finally:
            process.kill()
            process.communicate()


def connect(port: int, process) -> socket.socket:
    for _ in range(100):
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=5)
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(process.stderr.read().decode()) from None
            time.sleep(0.1)
            continue
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection
    raise RuntimeError(f"no server on port {port}")


def ask(connection, count: int) -> list[float]:
    """Seconds that each request took."""
    took = []
    for _ in range(count):
        begun = time.perf_counter()
        connection.sendall(REQUEST)
        got = 0
        while got < REPLY_SIZE:
            got += len(connection.recv(256))
        took.append(time.perf_counter() - begun)
    return took


def run() -> None:
    commands = servers()
    best: dict[str, tuple[float, float]] = {}
    # In turns, so that a busy moment of the machine meets them all.
    for _ in range(ROUNDS):
        for name, command in commands.items():
            with serving(command) as connection:
                ask(connection, 200)
                took = ask(connection, REQUESTS)
                connection.close()
            rate = REQUESTS / sum(took)
            if name not in best or rate > best[name][0]:
                best[name] = (rate, statistics.median(took))
    print(f"reads of 10 registers over one TCP connection, best of {ROUNDS} rounds of {REQUESTS}")
    for name, (rate, median) in best.items():
        limit = best["bare asyncio, MicroPython" if "MicroPython" in name else "bare asyncio"][0]
        print(f"  {name:26} {rate:8.0f} requests/s  median {median * 1e6:5.0f} us  {rate / limit:5.2f} of bare")
    print(f"  ours / pymodbus            {best['ours'][0] / best['pymodbus'][0]:8.2f}")
    for runtime in ("mp32", "mp64"):
        for line in run_program(runtime, "cost_of_request").splitlines():
            print(f"  {runtime} {line}")
    print_serial_latency()


def print_serial_latency() -> None:
    """From the last byte of a request to the first of the answer, on a pseudo-terminal."""
    from tests.bench.serial_line import latencies

    took = latencies()
    print(
        f"  RTU on a pseudo-terminal, 9600 baud: first byte of the answer after {statistics.median(took) * 1e3:.1f} ms "
        f"(median; 3.5 characters are 4.0 ms), {max(took) * 1e3:.1f} ms at most"
    )
