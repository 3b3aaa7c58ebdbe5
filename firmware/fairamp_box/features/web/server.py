"""The box on the network, for people a page, for scripts the live values as JSON; values of the house from outside."""

import asyncio

from microdot import Microdot, Request

from fairamp import commands, view
from fairamp.addresses import is_numeric
from fairamp.journal import words
from fairamp.refusals import CHECK_RUNS, NO_DOUBT, NO_MEMORY, NOTHING_SHED
from fairamp.status import status
from fairamp_box.heap import drop
from fairamp_box.io.clock import Clock
from fairamp_box.io.json_body import parse_once
from fairamp_box.io.places import Guest, Places
from fairamp_box.io.streams import check, peer, shut

# As the log calls who asks here.
WHO = "http"
STATUS = {CHECK_RUNS: 409, NOTHING_SHED: 409, NO_DOUBT: 409, NO_MEMORY: 503}
FOREIGN = {"error": "asked by the page of another site"}, 403
STRANGE = (
    {"error": "asked by a name that is not of this network; use the address of the box, or its name in .local"},
    421,
)
TOO_LITTLE_MEMORY = {"error": "too little memory is free for this; use the cable"}, 503
PAGE = "fairamp_box.features.web.page"
# They change nothing.
LOOKING = ("GET", "HEAD", "OPTIONS")
# Of request line and headers together.
MOST_HEAD = 2048
MOST_LINES = 40
# Microdot makes several objects of every part of a query.
MOST_REQUEST_LINE = 256
# All headers that are looked at, here and by Microdot; the others are not kept.
HEADERS = (b"host", b"origin", b"content-type", b"content-length", b"authorization")
CHUNK = 256
SETTINGS = "/api/settings"
MANAGED = (
    ("/api/login", ["POST"]),
    (SETTINGS, ["GET", "PATCH"]),
    ("/api/backup", ["GET", "PUT"]),
    ("/api/changes", ["GET"]),
    ("/api/restart", ["POST"]),
    ("/api/factory", ["POST"]),
)
LOOK_MS = 500
MOST_CONNECTIONS = 6
# For a whole request and its answer.
PATIENCE_MS = 10000
# For what still comes after a refusal.
LINGER_MS = 500
# Programs on the way may read another length in these, and take a part of the body for a request of its own.
AMBIGUOUS = (
    b"HTTP/1.0 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 95\r\n\r\n"
    b'{"error": "send the length of the body in one header Content-Length, and no Transfer-Encoding"}'
)
TOO_LONG = b"HTTP/1.0 431 Request Header Fields Too Large\r\nContent-Length: 0\r\n\r\n"
# Connection reset by peer: Microdot ends a request for it without a word on the console.
GONE = 104


class WebServer:
    """The web application of one box. `inlets`, `outlets`: see `App`.

    `app`: of which settings may be changed; None = nothing can be changed here.
    `places`: shared with the other servers of the box; None = it has no others.
    """

    def __init__(self, box, inlets=(), clock=None, places=None, outlets=(), app=None):
        self._clock = clock or Clock()  # of people, however fast the box of a twin lives
        self._connections = 0
        self._owner = app
        self._manage = None  # once somebody wants to change settings
        self._basic = None
        self._places = places or Places()
        self.app = app = Microdot()
        # What is longer is not read into memory; Microdot refuses what is longer than it accepts at all.
        Request.max_body_length = max([0] + [most for _, _, most in inlets])

        # Handlers are coroutines, so that they run in the loop that owns the box on every runtime.
        @app.before_request
        async def guard(request):
            return _refused(request)

        @app.errorhandler(400)
        async def no_http(request):
            return {"error": "this is no HTTP request"}, 400

        @app.get("/")
        @app.get("/page.js")
        async def start_page(request):
            return _page(request.path)

        @app.route("/api/status")
        async def api_status(request):
            return status(box)

        @app.get("/api/check")
        async def api_check(request):
            return view.check(box) or {"step": "not started", "done": False}

        @app.post("/api/check")
        async def api_start_check(request):
            return _told(commands.start_check(box, WHO)) or (view.check(box), 202)

        @app.post("/api/reset")
        async def api_reset(request):
            return _told(commands.reset_shedding(box, WHO)) or ("", 204)

        @app.post("/api/meter/trust")
        async def api_trust_meter(request):
            return _told(commands.trust_meter(box, WHO)) or ("", 204)

        for path, give in outlets:
            app.get(path)(self._for_owner(_outlet(give)))
        for path, take, most in inlets:
            app.route(path, ["POST", "PUT"])(self._guarded(path, _inlet(take, most)))
        for path, methods in MANAGED if self._owner else ():
            app.route(path, methods)(self._managed)

    def _has_password(self):
        settings = self._owner and self._owner.settings
        return bool(settings and (settings["web.installer_password"] or settings["web.password"]))

    def _for_owner(self, look):
        """Who has charged, and what was told, is for the owner, where he has set a password."""

        async def for_owner(request):
            if not self._has_password():
                return await look(request)
            try:
                return await self._manager().refuse_look(request) or await look(request)
            except MemoryError:
                return TOO_LITTLE_MEMORY

        return for_owner

    def _guarded(self, path, take):
        """A better file for a box in safe mode is open to everybody, but not where a password holds."""
        if path != SETTINGS or not self._has_password():
            return take

        async def guarded(request):
            return await self._manager().refuse_file(request) or await take(request)

        return guarded

    async def _managed(self, request):
        try:
            return await self._manager().answer(request)
        except MemoryError:
            return TOO_LITTLE_MEMORY

    def _manager(self):
        if self._manage is None:
            # Only who changes settings needs it, and it takes space.
            from fairamp_box.features.web.manage import Manage

            self._manage = Manage(self._owner, self._clock, self._basic)
        return self._manage

    async def run(self, door, log) -> None:
        """Opens the door and serves until cancelled; whatever ends it sooner is raised."""
        listener = await self.start(door)
        log("web", "live values on port " + str(door.port) + " at /api/status")
        try:
            while True:
                await self._clock.sleep(LOOK_MS)
                check(listener)
        finally:
            listener.close()

    async def start(self, door):
        """Opens the door; OSError when it cannot. The listener is returned."""
        self._basic = door.basic
        for path, handler in door.routes:
            self.app.post(path)(handler)
        return await door.open(self._serve)

    async def _serve(self, reader, writer):
        """One connection, whatever the other side does with it."""
        exchange = guest = None
        self._connections += 1
        try:
            exchange = _Exchange(reader, writer)
            leave = asyncio.current_task().cancel  # type: ignore[union-attr]
            guest = Guest(peer(writer), self._clock.now(), leave, page=True)
            if self._connections <= MOST_CONNECTIONS and self._places.admit(guest):
                await self._clock.within(PATIENCE_MS, self._answer(exchange))
        except (OSError, asyncio.TimeoutError, MemoryError):
            pass  # it has gone, takes too long, or asks for too much
        finally:
            self._connections -= 1
            self._places.left(guest)
            if exchange is None or not exchange.closed:
                await shut(writer)

    async def _answer(self, exchange):
        whole = await exchange.take_head()
        if not whole or exchange.ambiguous:
            await exchange.awrite(AMBIGUOUS if whole else TOO_LONG)
            await self._clock.within(LINGER_MS, exchange.skip(4 * MOST_HEAD))
            return
        try:
            request = await Request.create(self.app, exchange, exchange, exchange.get_extra_info("peername"))
        except (ValueError, IndexError):
            request = None  # no HTTP; Microdot would print where it stumbled
        answer = await self.app.dispatch_request(request)  # type: ignore[arg-type]
        await answer.write(exchange)
        await exchange.aclose()


class _Exchange:
    """The streams of one connection as Microdot wants them, with bounds on what is kept of a request."""

    def __init__(self, reader, writer):
        self._reader = reader
        self._writer = writer
        self._lines = []
        self._ahead = b""  # what has come and was not taken yet
        self.ambiguous = False  # nobody can tell how long its body is
        self._measured = False  # a length of the body was told
        self.get_extra_info = writer.get_extra_info
        self.closed = False

    async def take_head(self):
        """Reads up to the empty line; False when that is too much."""
        left = MOST_HEAD
        for number in range(MOST_LINES):
            at = self._ahead.find(b"\n") + 1
            while not at:
                if len(self._ahead) >= left:
                    return False
                await self._more(CHUNK)
                at = self._ahead.find(b"\n") + 1
            left -= at
            if left < 0 or (not number and at > MOST_REQUEST_LINE):
                return False
            line, self._ahead = self._ahead[:at].strip(), self._ahead[at:]
            name, _, value = line.partition(b":")
            name = name.lower()
            if not number or name in HEADERS:
                self._lines.append(line)
            if number and name == b"content-length":
                self.ambiguous = self.ambiguous or self._measured or not value.strip().isdigit()
                self._measured = True
            elif number and name.strip() == b"transfer-encoding":
                self.ambiguous = True
            if not line:
                return True
        return False

    async def readline(self):
        return self._lines.pop(0) if self._lines else b""

    async def readexactly(self, count):
        if count < 0:
            raise ValueError  # Microdot takes any length from a header
        while len(self._ahead) < count:
            await self._more(count - len(self._ahead))
        return self._ahead[:count]

    async def read(self, count):
        piece, self._ahead = self._ahead[:count], self._ahead[count:]
        return piece or await self._reader.read(count)

    async def awrite(self, data):
        self._writer.write(data)
        await self._writer.drain()

    async def skip(self, most):
        """Who is still sending when the connection closes does not see the answer."""
        while most > 0:
            piece = await self.read(min(most, CHUNK))
            most = most - len(piece) if piece else 0

    async def aclose(self):
        self._writer.close()
        await self._writer.wait_closed()
        self.closed = True

    async def _more(self, count):
        piece = await self._reader.read(count)
        if not piece:
            raise OSError(GONE)
        self._ahead += piece


def _page(path):
    """A part of the page, which stays in memory no longer than it takes to send it."""
    try:
        from fairamp_box.features.web.page import answer
    except MemoryError:
        return TOO_LITTLE_MEMORY
    drop([PAGE])
    return answer(path)


def _outlet(give):
    """A route for what is too long to be in memory at once."""

    async def api_outlet(request):
        try:
            pieces = give(**{name: int(request.args[name]) for name in request.args})
        except (ValueError, TypeError):
            return {"error": "the query is names and whole numbers, such as ?limit=10"}, 400
        return pieces, 200, {"Content-Type": "application/json"}

    return api_outlet


def _inlet(take, most):
    """A route for JSON from outside, which goes to `take`."""

    async def api_inlet(request):
        if isinstance(take, str):
            return {"error": take}, 409
        error = await _refuse(request, most)
        if error is None:
            try:
                error = take(parse_once(request.body))
            except ValueError as wrong:
                error = str(wrong)
            except MemoryError:
                return TOO_LITTLE_MEMORY
        if not error:
            return "", 204
        return {"error" if isinstance(error, str) else "errors": error}, 400

    return api_inlet


def _told(refused):
    """The answer to who asked for what is not done; None = it is."""
    return ({"error": words(refused)}, STATUS[refused]) if refused else None


def _refused(request):
    """The answer to what a browser sends for the page of somebody else, whatever it asks for; None = it does not.

    Such a page may have given its own name the address of the box: then the browser takes both for the same site.
    """
    host, origin = request.headers.get("Host"), request.headers.get("Origin")
    if host is not None and not _is_near(host):
        return STRANGE
    # Scripts name no origin.
    if request.method not in LOOKING and origin is not None and origin.split("//")[-1] != host:
        return FOREIGN
    return None


def _is_near(host):
    """Is it an address, or a name that only this network knows? All others have a dot."""
    name = host.split(":")[0].lower()
    return host[:1] == "[" or "." not in name or name.endswith(".local") or is_numeric(name)


async def _refuse(request, most):
    """What is wrong with a request before its body is looked at; None = nothing."""
    left = request.content_length
    if left > most:
        await request.stream.skip(left)
        return "the body is longer than " + str(most) + " bytes"
    # Pages of other sites cannot send this type unasked.
    if (request.content_type or "").split(";")[0].strip().lower() != "application/json":
        return "the header Content-Type must be application/json"
    return None
