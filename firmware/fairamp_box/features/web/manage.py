"""Settings over the network, for who has logged in. Loaded when somebody asks for it."""

import asyncio
import gc
import json
import os
from binascii import a2b_base64, unhexlify

from fairamp import administration, commands, view
from fairamp.access import INSTALLER, MOST_NONCE, OWNER, Access
from fairamp_box.features.web.changes import Changes
from fairamp_box.io.json_body import parse

NAMES = {OWNER: "owner", INSTALLER: "installer"}
MOST_BYTES = 8192
MOST_LOGIN = 512
# Who is wrong waits so long, one after the other.
WRONG_MS = 1000
FIRST_STEP = {"error": "user: owner or installer; nonce: 1 to " + str(MOST_NONCE) + " letters without a comma"}
LOG_IN = {"error": "log in first: POST /api/login, or fairamp settings ... --password"}, 401
WRONG = {"error": "wrong password, or logged in too long ago"}, 401
TOO_MANY = {"error": "too many wrong tries; wait a minute"}, 429, {"Retry-After": "60"}
NOT_YOURS = {"error": "only the installer may do this"}, 403
NO_PASSWORD = (
    "nobody has set a password, so nobody changes settings over the network: fairamp settings /dev/ttyACM0 set "
)
CONFIRM = {"error": 'this removes all settings and passwords; if that is meant: {"confirm": "factory"}'}
HOW_IT_IS_SENT = {"error": "the header Content-Type must be application/json"}, 415
JSON = {"Content-Type": "application/json"}
TYPE = "application/json"


class Manage:
    """`basic`: what a door says of HTTP Basic, see Door."""

    def __init__(self, app, clock, basic=None):
        self._app = app
        self._box = app.box
        self._clock = clock
        self._basic = basic
        self._access = Access(app.settings)
        self._waiting = asyncio.Lock()
        self._changes = Changes(app.box, app.keeping.folder if app.keeping else None)
        if app.keeper:
            app.keeper.add(self._changes)
        administration.follow(app.box, self._changes.note)
        self._routes = {
            ("GET", "/api/settings"): (OWNER, self._show),
            ("PATCH", "/api/settings"): (OWNER, self._change),
            ("GET", "/api/backup"): (OWNER, self._backup),
            ("PUT", "/api/backup"): (INSTALLER, self._restore),
            ("GET", "/api/changes"): (OWNER, self._list),
            ("POST", "/api/restart"): (OWNER, self._restart),
            ("POST", "/api/factory"): (INSTALLER, self._factory),
        }

    async def answer(self, request):
        if request.path == "/api/login":
            return await self._login(request)
        method = "GET" if request.method == "HEAD" else request.method
        least, do = self._routes[method, request.path]
        role, refused = await self.role(request, least)
        if refused:
            return refused
        body = None
        if method != "GET":
            body, refused = await _body(request, MOST_BYTES)
            if refused:
                return refused
        return await do(role, body)

    # ---- who asks

    async def role(self, request, least):
        """(role, None) of who asks for what needs `least`, or (0, the answer to him)."""
        kind, _, value = (request.headers.get("Authorization") or "").partition(" ")
        if not kind:
            return 0, self._no_password(least) or LOG_IN
        role = 0
        try:
            if kind.lower() == "bearer":
                role = self._access.role(view.uptime_s(self._box), unhexlify(value.strip()))
            elif kind.lower() == "basic" and self._basic:
                user, _, password = a2b_base64(value).decode().partition(":")
                role = self._basic(request.client_addr, user, password, self._access)
        except ValueError:
            pass
        if not role:
            return 0, await self._wrong()
        if role < least:
            return 0, self._no_password(least) or NOT_YOURS
        return role, None

    async def refuse_look(self, request):
        """The answer to who may not look at what is the owner's; None = he may."""
        _, refused = await self.role(request, OWNER)
        return refused

    async def refuse_file(self, request):
        """The answer to who may not bring a whole file to a box in safe mode; None = he may."""
        _, refused = await self.role(request, INSTALLER if self._access.check_value(INSTALLER) else OWNER)
        return refused

    def _no_password(self, role):
        """Where nobody can have that role, how to give it to somebody."""
        key = "installer_password" if role == INSTALLER else "password"
        if self._access.check_value(role) or (role == OWNER and self._access.check_value(INSTALLER)):
            return None
        return {"error": NO_PASSWORD + "web." + key + " PASSWORD"}, 403

    async def _wrong(self):
        too_many = self._access.is_wrong(view.uptime_s(self._box))
        async with self._waiting:
            await self._clock.sleep(WRONG_MS)
        return TOO_MANY if too_many else WRONG

    async def _login(self, request):
        body, refused = await _body(request, MOST_LOGIN)
        if refused:
            return refused
        nonce, user, shown = body.get("nonce"), body.get("user"), body.get("proof")
        if not isinstance(nonce, str):
            return FIRST_STEP, 400
        if shown is None:
            try:
                found = self._access.begin(user, nonce, os.urandom(16)) if isinstance(user, str) else None
            except ValueError:
                found = None  # halves of letters
            if found:
                return found
            roles = [role for role in NAMES if NAMES[role] == user]
            refused = self._no_password(roles[0]) if roles else None
            return refused or (FIRST_STEP, 400)
        try:
            found = self._access.finish(view.uptime_s(self._box), nonce, a2b_base64(shown), os.urandom(16))
        except (ValueError, TypeError):
            found = None
        return found or await self._wrong()

    # ---- what is asked for

    def _later(self, job):
        return at_a_good_moment(self._app.control.errands, job)

    async def _show(self, role, body):
        return _as_json(self._box), 200, JSON

    async def _change(self, role, body):
        who = "http:" + NAMES[role]
        errors, waiting = await self._later(lambda: commands.change(self._box, who, role, body))
        return ({"errors": errors}, 422) if errors else {"restart": waiting}

    async def _backup(self, role, body):
        return administration.backup(self._box)

    async def _restore(self, role, body):
        errors = await self._later(lambda: administration.restore(self._box, "http:" + NAMES[role], body))
        return ({"errors": errors}, 422) if errors else ("", 202)

    async def _list(self, role, body):
        return {"changes": list(self._changes.newest_first())}

    async def _restart(self, role, body):
        commands.restart(self._box, "http:" + NAMES[role])
        return "", 202

    async def _factory(self, role, body):
        if body.get("confirm") != "factory":
            return CONFIRM, 400
        errors = await self._later(lambda: administration.reset(self._box, "http:" + NAMES[role]))
        return ({"errors": errors}, 500) if errors else ("", 202)


def _as_json(box):
    """In pieces: a small memory has no space for all of it at once."""
    before = "{"
    for section, shown in administration.shown(box):
        yield before + json.dumps(section) + ": " + json.dumps(shown)
        before = ", "
    yield "}\n"


async def _body(request, most):
    """(what was sent, None), or (None, the answer). Read only now: who may not send gets no memory."""
    left = request.content_length
    if left > most:
        await request.stream.skip(left)
        return None, ({"error": "the body is longer than " + str(most) + " bytes"}, 413)
    if (request.content_type or "").split(";")[0].strip().lower() != TYPE:
        return None, HOW_IT_IS_SENT
    try:
        return parse(request.body or (await request.stream.readexactly(left) if left else b"{}")), None
    except ValueError as wrong:
        return None, ({"error": str(wrong)}, 400)


async def at_a_good_moment(errands, job):
    """What job() returns. It is done right after a tick, while no frame is on its way: what writes to the flash."""
    done: list = []
    waits = asyncio.Event()

    def errand():
        gc.collect()  # what it loads for a moment shall not lie between what is gone anyway
        try:
            done.append((job(), None))
        except Exception as error:
            done.append((None, error))
        waits.set()

    errands.append(errand)
    try:
        await waits.wait()
    finally:
        if errand in errands:
            errands.remove(errand)  # nobody waits for it any more
    result, error = done[0]
    if error:
        raise error
    return result
