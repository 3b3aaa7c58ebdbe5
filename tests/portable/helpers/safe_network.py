"""A box in safe mode on a network of the desk, and somebody who asks it."""

import asyncio
import json

from safe_box import SafeBox

from fairamp_box import network
from fairamp_box.features.announce import port
from fairamp_box.io.streams import shut
from standin import Wires


class Radio(Wires):
    has_wifi = True

    def wifi_wanted(self, name, password, host):
        self.address = "127.0.0.1"


def taken():
    raise OSError("in use")


def start(sections, story):
    before = port.open_port, network.HOST
    port.open_port, network.HOST = taken, "127.0.0.1"
    try:
        SafeBox(Radio()).run(json.dumps(sections), story)
    finally:
        port.open_port, network.HOST = before


async def ready(box, text):
    """Waits for this line of the log."""
    await box.until(lambda: box.told(text))


async def answer(box, where, request, most=1000000):
    """What comes from that port, at most so many bytes or until the box closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", where)
    writer.write(request)
    await writer.drain()
    found = b""
    try:
        while len(found) < most:
            piece = await box.clock.within(20000, reader.read(1000))
            found += piece
            if not piece:
                break
        return found
    finally:
        await shut(writer)
