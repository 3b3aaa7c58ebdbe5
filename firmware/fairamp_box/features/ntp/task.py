"""Keeps the time right: asks one server after the other, seldom while all is well, and ever more seldom while not."""

import os

from fairamp import commands, dns
from fairamp.addresses import is_numeric
from fairamp.clock import sntp
from fairamp.clock.timekeeper import SNTP
from fairamp_box.features.ntp.asking import ask

NTP_PORT = 123
DNS_PORT = 53
HOUR_MS = 3600000
# The first pause after a failure; each one is twice as long as the one before.
SHORTEST_MS = 16000
# Other servers in the settings count so soon.
LOOK_MS = 2000
NO_DNS = "the network names no server for names; write addresses in [clock] ntp, such as 192.168.1.1"


class NtpTask:
    """Runs while the box has an address."""

    def __init__(self, app, ntp_port=NTP_PORT, dns_port=DNS_PORT):
        self._app = app
        self._clock = app.clock
        self._ports = ntp_port, dns_port
        self._pause_ms = SHORTEST_MS  # after the next failure
        self._told = False  # that there is no time

    async def run(self) -> None:
        """Until cancelled."""
        settings = self._app.settings
        while True:
            servers = settings["clock.ntp"]
            pause = HOUR_MS
            if servers.strip(" ,") and not await self._round(servers):
                pause = self._pause_ms
                self._pause_ms = min(2 * pause, HOUR_MS)
            while pause > 0 and settings["clock.ntp"] == servers:
                await self._clock.sleep(min(pause, LOOK_MS))
                pause -= LOOK_MS
            if settings["clock.ntp"] != servers:
                self._pause_ms = SHORTEST_MS

    async def _round(self, servers):
        """One try with each, up to the first that is believed."""
        problems, doubted = [], False
        for host in servers.split(","):
            host = host.strip()
            if not host:
                continue
            try:
                utc_s, ms = await self._ask(host)
            except sntp.Kiss as kiss:
                # Who does not obey is not answered any more.
                self._pause_ms = HOUR_MS
                problems.append(host + ": " + str(kiss))
            except (OSError, ValueError) as error:
                problems.append(host + ": " + str(error))
            else:
                if commands.tell_time(self._app.box, self._clock.now(), SNTP, utc_s, ms):
                    self._succeeded(host)
                    return True
                doubted = True
        if problems and not doubted and not self._told:
            self._told = True
            self._app.log("clock", "no time from " + "; ".join(problems) + "; asks again, less and less often")
        return False

    def _succeeded(self, host):
        self._pause_ms = SHORTEST_MS
        if self._told:
            self._told = False
            self._app.log("clock", "time from " + host + " again")

    async def _ask(self, host):
        """(seconds since 1970, ms), now."""
        address = host if is_numeric(host) else await self._look_up(host)
        stamp = os.urandom(sntp.STAMP)

        def understand(packet, waited_ms):
            return sntp.answer(packet, stamp, waited_ms)

        return await ask(address, self._ports[0], sntp.request(stamp), understand, self._clock)

    async def _look_up(self, name):
        """The address: MicroPython's own way holds up all tasks."""
        server = self._app.board.dns()
        if not server:
            raise ValueError(NO_DNS)
        question = dns.question(os.urandom(2), name)

        def understand(packet, _waited_ms):
            return dns.answer(packet, question)

        try:
            return await ask(server, self._ports[1], question, understand, self._clock)
        except (OSError, ValueError) as error:
            raise ValueError("its address is not known: " + server + ": " + str(error)) from None
