"""Announces services by multicast DNS and answers who asks for them."""

import select
import socket

from fairamp import VERSION
from fairamp.mdns import GROUP, MOST_BYTES, PORT, Responder
from fairamp.units import elapsed
from fairamp_box.features.announce.port import open_port, option
from fairamp_box.io.streams import socket_address

POLL_MS = 200
# The standard wants a second between two multicasts of the same record.
QUIET_MS = 1000
# Of Modbus TCP.
USUAL_PORT = 502
# A flood must not hold up the other tasks, which come in after each one.
MOST_PACKETS = 8


def services(name: str, address: str, ports, web_port: int = 0, serial: str = ""):
    """What to announce: ourselves with all that is served, and an Alfen where it is one to whoever takes it for one.

    The port of ours is that of the page, those of the registers stand beside it.
    """
    # Two boxes that nobody named would take each other's records away.
    name += "-" + address.rpartition(".")[2]
    found: list = []
    if ports.get("alfen") == USUAL_PORT:
        # Who looks for an Alfen asks there, whatever the port.
        found.append((name, "_alfen._tcp", ports["alfen"], []))
    texts = [("version", VERSION), ("serial", serial), ("model", "Fairamp")]
    if web_port:
        texts.append(("path", "/"))
    for dialect in sorted(ports):
        texts.append((dialect, str(ports[dialect])))
    port = web_port or min(ports.values()) if ports else web_port
    if port:
        found.append((name, "_fairamp._tcp", port, texts))
    return found


class MdnsTask:
    """services: see fairamp.mdns.Responder. A new address needs a new task."""

    def __init__(self, address: str, services, clock, log, interface: str = "0.0.0.0"):
        self._address = address
        self._services = services
        self._interface = interface
        self._clock = clock
        self._log = log
        self._due = 0

    async def run(self) -> None:
        """Until cancelled. Where the platform cannot do it, one line in the log and the end."""
        udp = None
        try:
            try:
                # A name that holds the address is taken by nobody else, so there is no need to probe for it.
                host = "fairamp-" + self._address.replace(".", "-")
                responder = Responder(host, self._address, self._services)
                udp = open_port()
                self._join(udp)
                waiting = _watch(udp)
                everyone = socket_address(GROUP, PORT)
                udp.sendto(responder.announcement(), everyone)
            except (AttributeError, OSError, ValueError) as error:
                why = str(error) or repr(error)
                self._log("network", "cannot announce by mDNS: " + why + "; enter the address by hand")
                return
            try:
                await self._serve(udp, responder, waiting, everyone)
            finally:
                _send(udp, responder.goodbye(), everyone)
        finally:
            if udp:
                udp.close()

    def _join(self, udp):
        interface = _bytes(self._interface)
        udp.setsockopt(0, getattr(socket, "IP_ADD_MEMBERSHIP", 35), _bytes(GROUP) + interface)
        if self._interface != "0.0.0.0":
            option(udp, 0, "IP_MULTICAST_IF", 32, interface)
        option(udp, 0, "IP_MULTICAST_TTL", 33, b"\xff")
        option(udp, 0, "IP_MULTICAST_LOOP", 34, b"\1")

    async def _serve(self, udp, responder, waiting, everyone):
        sent = self._clock.now()
        # The second announcement, for those who missed the first.
        self._due = responder.everything
        while True:
            await self._clock.sleep(POLL_MS)
            may_alone = True
            for _ in range(MOST_PACKETS):
                if not waiting():
                    break
                if self._take(udp, responder, may_alone):
                    may_alone = False
                await self._clock.sleep(0)
            now = self._clock.now()
            if self._due and elapsed(now, sent) >= QUIET_MS:
                _send(udp, responder.reply(self._due), everyone)
                self._due = 0
                sent = now

    def _take(self, udp, responder, may_alone):
        """Takes one packet. True when its sender alone was answered; else everyone will be told."""
        try:
            packet, sender = udp.recvfrom(MOST_BYTES)
        except OSError:
            return False
        asked = responder.asked(packet)
        if asked is None:
            return False
        records, alone = asked
        if alone and may_alone:
            _send(udp, responder.reply(records), sender)
            return True
        self._due |= records
        return False


def _send(udp, packet, to):
    try:
        udp.sendto(packet, to)
    except OSError:
        pass  # the network is gone for the moment; who wants to know asks again


def _bytes(address):
    return bytes([int(part) for part in address.split(".")])


def _watch(udp):
    """A function that tells whether a packet is there, without garbage where that counts."""
    poller = select.poll()
    poller.register(udp, select.POLLIN)
    look = getattr(poller, "ipoll", None) or poller.poll

    def waiting():
        for _ in look(0):
            return True
        return False

    return waiting
