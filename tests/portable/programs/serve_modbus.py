"""A server to be measured: `serve_modbus.py PORT ours|bare`; `bare` answers canned bytes, the limit of the loop."""

import asyncio
import sys

REPLY = bytes([0, 1, 0, 0, 0, 23, 1, 3, 20]) + bytes(20)


async def bare(reader, writer):
    while True:
        data = await reader.read(512)
        if not data:
            return
        writer.write(REPLY)
        await writer.drain()


async def main(port, what):
    if what == "bare":
        await asyncio.start_server(bare, "127.0.0.1", port)
    else:
        from fairamp.box import Box
        from fairamp.managers import load
        from fairamp.settings import Settings
        from fairamp_box.features.registers.tcp_server import TcpServer
        from fairamp_box.io.clock import Clock
        from fairamp_box.io.streams import Door

        settings = Settings()
        server = TcpServer(load("teltocharge"), Box(settings), settings, Clock(), print)
        await server.start(Door("teltocharge", "127.0.0.1", port))
    await asyncio.sleep(60)


asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
