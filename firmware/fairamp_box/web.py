"""The box on the network for people and scripts: the live values as JSON, and values of the house from outside."""

import asyncio

from microdot import Microdot, Request

from fairamp.status import status
from fairamp_box.json_body import parse

# Of a request that is sent to us; Microdot refuses what is longer than it accepts at all.
MOST_BODY = 1024


class WebServer:
    """The web application of one box. `push`: takes values of the house, None = a meter has them."""

    def __init__(self, box, push=None):
        self.app = app = Microdot()
        # What is longer is not read into memory.
        Request.max_body_length = MOST_BODY

        # Handlers are coroutines, so that they run in the loop that owns the box on every runtime.
        @app.route("/api/status")
        async def api_status(request):
            return status(box)

        @app.post("/api/meter")
        async def api_meter(request):
            if push is None:
                return {"error": "the house has a meter: values are taken when [meter] model is push"}, 409
            error = await _refuse(request)
            if error is None:
                try:
                    error = push(parse(request.body))
                except ValueError as wrong:
                    error = str(wrong)
            return ({"error": error}, 400) if error else ("", 204)

        @app.get("/api/check")
        async def api_check(request):
            return box.check.state() if box.check else {"step": "not started", "done": False}

        @app.post("/api/check")
        async def api_start_check(request):
            if _is_foreign(request):
                return {"error": "asked by the page of another site"}, 403
            try:
                if not box.start_check():
                    return {"error": "a check is running already: GET /api/check tells how far it is"}, 409
            except MemoryError:
                return {"error": "too little memory is free for a check; restart the box and ask again"}, 503
            return box.check.state(), 202

    async def start(self, host: str, port: int):
        """Opens the port; OSError when it cannot. The listener is returned."""
        self._task = asyncio.create_task(self.app.start_server(host, port))
        while self.app.server is None:
            if self._task.done():
                await self._task
            await asyncio.sleep(0)
        return self.app.server


def _is_foreign(request):
    """Does a browser send this for the page of somebody else? Scripts name no origin."""
    origin = request.headers.get("Origin")
    return origin is not None and origin.split("//")[-1] != request.headers.get("Host")


async def _refuse(request):
    """What is wrong with a request before its body is looked at; None = nothing."""
    left = request.content_length
    if left > MOST_BODY:
        # Who is still sending when the connection closes does not see the answer.
        while left > 0:
            piece = await request.stream.read(min(left, MOST_BODY))
            left = left - len(piece) if piece else 0
        return "the body is longer than " + str(MOST_BODY) + " bytes"
    # Pages of other sites cannot send this type unasked.
    if (request.content_type or "").split(";")[0].strip().lower() != "application/json":
        return "the header Content-Type must be application/json"
    return None
