"""Our multicast DNS beside one that nobody here wrote: the zeroconf package reads our packets and we read its."""

import asyncio
import itertools
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import zeroconf
from zeroconf import const

from fairamp.mdns import GROUP, PORT, Responder
from fairamp_box.features.announce.task import MdnsTask
from fairamp_box.io.clock import Clock
from tests import conftest, runtimes

LOOPBACK = "127.0.0.1"
ALFEN = "_alfen._tcp.local."
# Tests that run at the same time on this machine hear each other.
INSTANCE = f"Carport {os.getpid()}"
BOX = f"{INSTANCE}.{ALFEN}"
TEXTS = [("version", "0.1.0"), ("map", "alfen")]
SERVICES = [(INSTANCE, "_alfen._tcp", 15502, TEXTS), (INSTANCE, "_fairamp._tcp", 8080, [])]
BOUND_S = 8

# Runs the task until a file called stop appears, on any interpreter. What it logs is all that it prints.
PROGRAM = f"""
import asyncio
import os
from fairamp_box.io.clock import Clock
from fairamp_box.features.announce.task import MdnsTask

async def main():
    task = MdnsTask("{LOOPBACK}", {SERVICES!r}, Clock(), print, "{LOOPBACK}")
    running = asyncio.create_task(task.run())
    for _ in range(300):
        await asyncio.sleep(0.1)
        if "stop" in os.listdir():
            break
    running.cancel()
    try:
        await running
    except asyncio.CancelledError:
        pass

asyncio.run(main())
"""


def member(port: int) -> socket.socket:
    """A socket that hears and speaks to the group, on the loopback interface only."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    line.bind(("", port))
    group, loopback = socket.inet_aton(GROUP), socket.inet_aton(LOOPBACK)
    line.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + loopback)
    line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, loopback)
    line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
    return line


@pytest.fixture(scope="module")
def multicast() -> None:
    try:
        with member(0) as line:
            line.settimeout(2)
            line.sendto(b"here", (GROUP, line.getsockname()[1]))
            assert line.recv(10) == b"here"
    except OSError as error:
        pytest.fail(f"the loopback interface of this machine carries no multicast ({error}): these tests need it")


def until(condition, what: str):
    end = time.monotonic() + BOUND_S
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.02)
    pytest.fail(f"{what}: not within {BOUND_S} s")


class Browser:
    """An energy manager that looks for Alfen stations on the loopback interface."""

    def __init__(self):
        self.there: set[str] = set()
        self._zeroconf = zeroconf.Zeroconf(interfaces=[LOOPBACK])
        zeroconf.ServiceBrowser(self._zeroconf, ALFEN, handlers=[self._changed])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._zeroconf.close()

    def _changed(self, name, state_change, **_):
        change = self.there.discard if state_change is zeroconf.ServiceStateChange.Removed else self.there.add
        change(name)

    def find(self) -> None:
        until(lambda: BOX in self.there, "the service is found")
        info = self._zeroconf.get_service_info(ALFEN, BOX, 3000)
        assert info is not None
        assert info.parsed_addresses() == [LOOPBACK]
        assert (info.port, info.server) == (15502, "fairamp-127-0-0-1.local.")
        assert info.decoded_properties == {"version": "0.1.0", "map": "alfen"}


@pytest.mark.parametrize("runtime", ["cpython", *runtimes.RUNTIMES])
def test_a_browser_finds_the_box_and_sees_it_leave(multicast: None, runtime: str, tmp_path: Path) -> None:
    start, env = [sys.executable], {**os.environ}
    if runtime != "cpython":
        start = [*runtimes.command(runtime)]
        env["MICROPYPATH"] = conftest.micropython_path(runtime)
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    with Browser() as early:
        time.sleep(0.3)  # its first question goes unanswered, so it hears the announcement
        running = subprocess.Popen(
            [*start, str(program)], cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            early.find()
            time.sleep(1.5)  # both announcements are over: who comes now has to ask
            with Browser() as late:
                late.find()
                (tmp_path / "stop").touch()
                until(lambda: BOX not in late.there, "the goodbye is heard")
            until(lambda: BOX not in early.there, "the goodbye is heard by the first browser too")
            assert running.communicate(timeout=BOUND_S)[0] == ""
            assert running.returncode == 0
        finally:
            running.kill()
            running.wait()


def answers(packet: bytes) -> dict:
    incoming = zeroconf.DNSIncoming(packet)
    assert incoming.valid
    assert incoming.is_response()
    return {(record.name, record.type): record for record in incoming.answers()}


def test_zeroconf_reads_our_packets() -> None:
    box = Responder("box", "192.0.2.7", SERVICES)
    here = answers(box.announcement())
    assert len(here) == 7
    pointer, where = here[ALFEN, const._TYPE_PTR], here[BOX, const._TYPE_SRV]
    assert (pointer.alias, pointer.unique, pointer.ttl) == (BOX, False, 4500)
    assert (where.server, where.port, where.unique, where.ttl) == ("box.local.", 15502, True, 120)
    text, address = here[BOX, const._TYPE_TXT], here["box.local.", const._TYPE_A]
    assert (text.text, text.unique) == (b"\x0dversion=0.1.0\x09map=alfen", True)
    assert (address.address, address.unique) == (socket.inet_aton("192.0.2.7"), True)
    gone = answers(box.goodbye())
    assert {name: record.ttl for name, record in gone.items()} == dict.fromkeys(here, 0)


def asked_by_zeroconf(*questions: zeroconf.DNSQuestion, known: tuple[zeroconf.DNSRecord, ...] = ()) -> bytes:
    out = zeroconf.DNSOutgoing(const._FLAGS_QR_QUERY)
    for question in questions:
        out.add_question(question)
    for record in known:
        out.add_answer_at_time(record, 0)
    [packet] = out.packets()
    return packet


def question(name: str, kind: int, alone: bool = False) -> zeroconf.DNSQuestion:
    made = zeroconf.DNSQuestion(name, kind, const._CLASS_IN)
    made.unicast = alone
    return made


def test_we_read_what_zeroconf_asks() -> None:
    box = Responder("box", "192.0.2.7", SERVICES)

    def told(*questions, known=()):
        asked = box.asked(asked_by_zeroconf(*questions, known=known))
        return asked and (set(answers(box.reply(asked[0]))), asked[1])

    everything = {(ALFEN, 12), (BOX, 33), (BOX, 16), ("box.local.", 1)}
    pointer = question(ALFEN, const._TYPE_PTR)
    assert told(pointer) == (everything, False)
    assert told(question(ALFEN, const._TYPE_PTR, alone=True)) == (everything, True)
    # Zeroconf shortens the names of all but the first question.
    both = told(question(BOX, const._TYPE_SRV), question(BOX, const._TYPE_TXT))
    assert both == (everything - {(ALFEN, 12)}, False)
    assert told(question("box.local.", const._TYPE_ANY)) == ({("box.local.", 1)}, False)
    assert told(question("another.local.", const._TYPE_A)) is None
    kinds = "_services._dns-sd._udp.local."
    assert told(question(kinds, const._TYPE_PTR)) == ({(kinds, 12)}, False)
    for seconds, expected in ((4500, None), (2250, None), (2000, (everything, False))):
        known = zeroconf.DNSPointer(ALFEN, const._TYPE_PTR, const._CLASS_IN, seconds, BOX)
        assert told(pointer, known=(known,)) == expected
    service = zeroconf.DNSService(BOX, const._TYPE_SRV, const._CLASS_IN, 120, 0, 0, 15502, "box.local.")
    assert told(question(BOX, const._TYPE_SRV), known=(service,)) is None


def test_a_flood_of_questions_gets_few_answers(multicast: None) -> None:
    pointer = asked_by_zeroconf(question(ALFEN, const._TYPE_PTR))
    alone = asked_by_zeroconf(question(ALFEN, const._TYPE_PTR, alone=True))
    heard: list[float] = []
    got_alone: list[bytes] = []

    async def story() -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(MdnsTask(LOOPBACK, SERVICES, Clock(), print, LOOPBACK).run())
        with member(PORT) as group, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as single:
            group.setblocking(False)
            single.setblocking(False)
            single.bind((LOOPBACK, 0))
            single.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(LOOPBACK))
            end = loop.time() + 3.5
            while loop.time() < end:
                await asyncio.sleep(0.02)
                # Not to the end, so that what was put off can come.
                for packet in (pointer, alone) if loop.time() < end - 1.5 else ():
                    single.sendto(packet, (GROUP, PORT))
                for line, note in ((group, lambda _: heard.append(loop.time())), (single, got_alone.append)):
                    try:
                        while True:
                            packet = line.recv(9000)
                            if INSTANCE.encode() in packet and packet[2] & 0x80:
                                note(packet)
                    except BlockingIOError:
                        pass
        task.cancel()

    asyncio.run(story())
    assert 3 <= len(heard) <= 5, "two hundred questions: the announcement and one answer per second"
    assert min(later - sooner for sooner, later in itertools.pairwise(heard)) > 0.5
    assert 3 <= len(got_alone) <= 18, "at most one answer per poll to a single asker"
    assert (BOX, const._TYPE_SRV) in answers(got_alone[0])


@pytest.mark.parametrize(("name", "interface"), [("Carport", "203.0.113.1"), ("", LOOPBACK), ("I" * 64, LOOPBACK)])
def test_what_cannot_be_announced_makes_one_line_and_the_end(name: str, interface: str) -> None:
    log: list[tuple[str, str]] = []
    task = MdnsTask(LOOPBACK, [(name, "_alfen._tcp", 1, [])], Clock(), lambda *line: log.append(line), interface)
    asyncio.run(asyncio.wait_for(task.run(), 2))
    [(where, text)] = log
    assert where == "network"
    assert text.startswith("cannot announce by mDNS: ") and text.endswith("; enter the address by hand")
