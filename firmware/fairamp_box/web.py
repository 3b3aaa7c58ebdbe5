"""The box on the network for people and scripts: the live values as JSON."""

import asyncio

from microdot import Microdot

from fairamp.status import status


class WebServer:
    """The web application of one box."""

    def __init__(self, box):
        self._app = app = Microdot()

        # Handlers are coroutines, so that they run in the loop that owns the box on every runtime.
        @app.route("/api/status")
        async def api_status(request):
            return status(box)

    async def start(self, host: str, port: int):
        """Opens the port; OSError when it cannot. The listener is returned."""
        self._task = asyncio.create_task(self._app.start_server(host, port))
        while self._app.server is None:
            if self._task.done():
                await self._task
            await asyncio.sleep(0)
        return self._app.server
