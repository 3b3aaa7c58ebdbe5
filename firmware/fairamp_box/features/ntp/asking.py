"""One question over UDP, and the answer that is one."""

import select
import socket

from fairamp.units import elapsed
from fairamp_box.io.streams import socket_address

TIMEOUT_MS = 3000
POLL_MS = 10
LONGEST = 520
# So many datagrams that are no answer are passed over.
MOST = 8


async def ask(address, port, question, understand, clock):
    """What understand(datagram, ms since the question) makes of the answer. OSError, or the ValueError of the last
    datagram that was none, says why there is none."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        line.setblocking(False)
        # Nobody else's datagrams are taken from now on.
        line.connect(socket_address(address, port))
        poller = select.poll()
        poller.register(line, select.POLLIN)
        begun = clock.now()
        line.send(question)
        problem = ValueError("no answer in " + str(TIMEOUT_MS // 1000) + " s")
        others = 0
        while others < MOST and elapsed(clock.now(), begun) < TIMEOUT_MS:
            if not poller.poll(0):
                await clock.sleep(POLL_MS)
                continue
            try:
                return understand(line.recv(LONGEST), elapsed(clock.now(), begun))
            except ValueError as wrong:
                problem = wrong
            others += 1
            # A flood must not hold up the other tasks.
            await clock.sleep(0)
        raise problem
    finally:
        line.close()
