"""Serves registers to energy managers over TCP."""

import asyncio

from fairamp.modbus.server import TcpSession

CHUNK = 260


class TcpServer:
    def __init__(self, server):
        self._server = server

    async def start(self, host: str, port: int):
        """Opens the port; OSError when it cannot. The listener is returned."""
        return await asyncio.start_server(self._serve, host, port)

    async def _serve(self, reader, writer):
        session = TcpSession(self._server)

        def send(buffer, length):
            writer.write(bytes(memoryview(buffer)[:length]))

        try:
            while not session.broken:
                data = await reader.read(CHUNK)
                if not data:
                    break
                session.feed(data, len(data), send)
                await writer.drain()
        except OSError:
            pass  # the client is gone; there is nobody to tell
        finally:
            writer.close()
