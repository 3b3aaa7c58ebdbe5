"""Settings over the network: who may, and what he gets."""

import asyncio
import json
import sys

from client import box_with
from free_port import free_port
from logging_in import SALTED, owner_and_installer

from checks import equal
from fairamp import scram
from fairamp_box.features.web import manage
from fairamp_box.features.web.server import WebServer
from fairamp_box.heap import forget
from fairamp_box.io.clock import Clock
from fairamp_box.io.store import for_settings
from fairamp_box.io.streams import Door, shut

SPEED = 10
PORT = free_port(15066)


class App:
    """What the page asks of the box; it does at once what waits for a good moment there."""

    keeping = keeper = None

    def __init__(self, **sections):
        self.box = box_with(**sections)
        self.settings = self.box.settings
        self.jobs = 0
        self.control = self
        self.errands = self

    def append(self, errand):
        self.jobs += 1
        errand()

    def __contains__(self, errand):
        return False


class Store:
    """Of a file in memory."""

    def __init__(self):
        self.file = {"site": {"fuse": [25, 25, 25]}, "wifi": {"name": "home", "password": "secret12"}}
        self.problem = []

    def save(self, sections):
        for name in sections if not self.problem else ():
            self.file.setdefault(name, {}).update(sections[name])
        return self.problem

    def whole(self):
        return self.file

    def take_new(self, settings, sections, below):
        self.file = sections
        return [] if "fuse" in sections.get("site", {}) else ["[site] fuse is missing"]

    def reset(self):
        self.file = None
        return []

    def forget(self):
        forget(for_settings())  # as a box does it


class Site:
    def __init__(self, web=None, inlets=(), **sections):
        self.clock = Clock(SPEED)
        self.owner = App(web=owner_and_installer() if web is None else web, **sections)
        self.box = self.owner.box
        self.store = Store()
        self.box.settings.store = lambda: self.store
        self.store.forget()
        self.web = WebServer(self.box, inlets, self.clock, app=self.owner)

    async def ask(self, method, path, body=None, token="", kind="application/json", more=""):
        """(status, what the answer says)"""
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        head = method + " " + path + " HTTP/1.0\r\nContent-Type: " + kind + "\r\n" + more
        if token:
            head += "Authorization: " + (token if " " in token else "Bearer " + token) + "\r\n"
        writer.write((head + "Content-Length: " + str(len(text)) + "\r\n\r\n" + text).encode())
        await writer.drain()
        answer = await self.clock.within(60000, reader.read(-1))
        await shut(writer)
        head, _, text = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(text) if text[:1] == b"{" else None

    async def log_in(self, user, salted=None):
        """(status, the answer) of the second step, or of the first where that is refused."""
        status, first = await self.ask("POST", "/api/login", {"user": user, "nonce": "abc"})
        if status != 200:
            return status, first
        signed = scram.message(user, "abc", first["nonce"], first["salt"], first["count"])
        proof = scram.text_of(scram.proof(salted or SALTED[user], signed))
        return await self.ask("POST", "/api/login", {"nonce": first["nonce"], "proof": proof})

    async def token(self, user):
        status, found = await self.log_in(user)
        equal((status, found["role"]), (200, user))
        return found["token"]

    def run(self, story):
        async def all_of_it():
            listener = await self.web.start(Door("web", "127.0.0.1", PORT))
            try:
                await story(self)
            finally:
                listener.close()
                await listener.wait_closed()

        asyncio.run(all_of_it())


# From files, the tables of settings do not fit beside all else there: then the answer is 503, and the cable is left.
SMALL = sys.maxsize <= 0x7FFFFFFF

DOORS = (
    ("GET", "/api/settings"),
    ("PATCH", "/api/settings"),
    ("GET", "/api/backup"),
    ("PUT", "/api/backup"),
    ("GET", "/api/changes"),
    ("POST", "/api/restart"),
    ("POST", "/api/factory"),
)
OF_INSTALLER = (("PUT", "/api/backup"), ("POST", "/api/factory"))


def test_every_door_is_closed_for_who_has_not_logged_in():
    async def story(site):
        for method, path in DOORS:
            for token in ("", "Bearer 00", "Bearer " + "0" * 32, "Basic b3duZXI6c2VjcmV0", "x y", "Bearer zz"):
                site.web._manage = None  # the counter of wrong tries begins anew
                status, said = await site.ask(method, path, {"confirm": "factory"}, token)
                equal((method, path, token, status), (method, path, token, 401))
                assert "error" in said, said
        equal((site.store.file["site"], site.box.restart_for, site.owner.jobs), ({"fuse": [25, 25, 25]}, "", 0))
        equal((await site.ask("GET", "/api/status"))[0], 200)
        equal((await site.ask("DELETE", "/api/settings"))[0], 405)
        equal((await site.ask("HEAD", "/api/settings"))[0], 401)

    Site().run(story)


def test_the_owner_may_not_do_what_is_the_installers():
    if SMALL:
        return

    async def story(site):
        token = await site.token("owner")
        for method, path in OF_INSTALLER:
            status, said = await site.ask(method, path, {"confirm": "factory"}, token)
            equal((status, said), (403, {"error": "only the installer may do this"}))
        status, said = await site.ask("PATCH", "/api/settings", {"site": {"margin": 5}}, token)
        equal((status, said), (422, {"errors": ["change: [site] margin: only the installer may change this"]}))
        installer = await site.token("installer")
        equal(await site.ask("PATCH", "/api/settings", {"site": {"margin": 5}}, installer), (200, {"restart": []}))
        equal(site.box.settings["site.margin"], 5)

    Site().run(story)


def test_without_a_password_nobody_changes_anything_and_is_told_how_to_set_one():
    async def story(site):
        for method, path in DOORS:
            status, said = await site.ask(method, path, {"confirm": "factory"})
            equal((method, path, status), (method, path, 403))
            assert "fairamp settings /dev/ttyACM0 set web." in said["error"], said
        status, said = await site.log_in("owner")
        assert status == 403 and "web.password PASSWORD" in said["error"], said
        status, said = await site.log_in("installer")
        assert status == 403 and "web.installer_password PASSWORD" in said["error"], said

    Site(web={}).run(story)


def test_a_change_is_taken_told_and_listed():
    if SMALL:
        return
    told = []

    async def story(site):
        site.box.journal.log = lambda where, text: told.append(where + ": " + text)
        token = await site.token("owner")
        change = {"charger": {"limit": 10, "wake": False}}
        equal(await site.ask("PATCH", "/api/settings", change, token), (200, {"restart": ["[charger] wake"]}))
        equal((site.box.settings["charger.limit"], site.owner.jobs), (10000, 1))
        equal(site.store.file["charger"], {"limit": 10, "wake": False})
        status, shown = await site.ask("GET", "/api/settings", None, token)
        # What waits for a restart is what the file says.
        equal((status, shown["charger"]["limit"], shown["charger"]["wake"]), (200, 10, False))
        status, found = await site.ask("GET", "/api/changes", None, token)
        changes = sorted([(one["name"], one["old"], one["new"], one["who"]) for one in found["changes"]])
        equal(changes, [("charger.limit", "80", "10", "http:owner"), ("charger.wake", "true", "false", "http:owner")])
        assert "uptime_s" in found["changes"][0] and "boot" in found["changes"][0], found
        equal(told, ["http:owner: charger.limit: 80 -> 10", "http:owner: charger.wake: True -> False"])

    Site().run(story)


def test_all_that_is_wrong_is_told_and_nothing_is_taken():
    if SMALL:
        return

    async def story(site):
        token = await site.token("installer")
        wrong = {"charger": {"limit": 500, "colour": 1}, "toast": {}}
        status, said = await site.ask("PATCH", "/api/settings", wrong, token)
        equal((status, len(said["errors"])), (422, 3))
        site.store.problem = ["settings.json: cannot be written"]
        status, said = await site.ask("PATCH", "/api/settings", {"charger": {"limit": 10}}, token)
        equal((status, said, site.box.settings["charger.limit"]), (422, {"errors": site.store.problem}, 80000))
        for body, status in (("[]", 400), ("{", 400), ("", 200), ('{"a": ' + "1" * 9000 + "}", 413)):
            equal((body[:3], (await site.ask("PATCH", "/api/settings", body, token))[0]), (body[:3], status))
        equal((await site.ask("PATCH", "/api/settings", {}, token, "text/plain"))[0], 415)
        equal((await site.ask("PATCH", "/api/settings", {}, token, more="Origin: http://elsewhere\r\n"))[0], 403)
        long = {
            "box": {"name": "x" * 32},
            "ems": {"peers": "10.0.0.1," * 20 + "10.0.0.2"},
            "sharing": {"profile": [[hour, hour + 6] for hour in range(24)]},
        }
        long["web"] = owner_and_installer()
        site.store.problem = []
        equal(await site.ask("PATCH", "/api/settings", long, token), (200, {"restart": ["[ems] peers"]}))

    Site().run(story)


def test_no_secret_is_ever_shown():
    if SMALL:
        return
    secrets = list(owner_and_installer().values()) + ["secret12"]

    async def story(site):
        token = await site.token("installer")
        new = {"wifi": {"password": "secret12"}, "web": {"password": scram.check_value(b"n" * 32, "AAAA", 9)}}
        equal((await site.ask("PATCH", "/api/settings", new, token))[0], 200)
        for path in ("/api/settings", "/api/backup", "/api/changes", "/api/status"):
            status, shown = await site.ask("GET", path, None, token)
            text = json.dumps(shown)
            equal(status, 200)
            for secret in secrets + [new["web"]["password"]]:
                assert secret not in text, (path, secret)
            if path == "/api/settings":
                equal(shown["wifi"], {"name": "", "password": {"set": True}})

    Site().run(story)


def test_a_backup_is_restored_with_the_secrets_that_are_there():
    if SMALL:
        return

    async def story(site):
        token = await site.token("installer")
        status, kept = await site.ask("GET", "/api/backup", None, token)
        equal((status, kept), (200, {"site": {"fuse": [25, 25, 25]}, "wifi": {"name": "home"}}))
        status, said = await site.ask("PUT", "/api/backup", {"charger": {"max": 16}}, token)
        equal((status, said, site.box.restart_for), (422, {"errors": ["[site] fuse is missing"]}, ""))
        site.store.file = {"web": {"port": 81}, "wifi": {"name": "other", "password": "secret12"}}
        equal(await site.ask("PUT", "/api/backup", kept, token), (202, None))
        equal(site.store.file, {"site": {"fuse": [25, 25, 25]}, "wifi": {"name": "home", "password": "secret12"}})
        equal(site.box.restart_for, "http:installer")

    Site().run(story)


def test_a_restart_and_a_factory_reset_that_is_meant():
    async def story(site):
        owner, installer = await site.token("owner"), await site.token("installer")
        equal(await site.ask("POST", "/api/restart", {}, owner), (202, None))
        equal(site.box.restart_for, "http:owner")
        for body in ({}, {"confirm": True}, {"confirm": "yes"}):
            equal((await site.ask("POST", "/api/factory", body, installer))[0], 400)
        assert site.store.file
        equal(await site.ask("POST", "/api/factory", {"confirm": "factory"}, installer), (202, None))
        equal(site.store.file, None)

    Site().run(story)


def test_wrong_passwords_are_slow_and_after_ten_of_them_one_has_to_wait_but_the_right_one_passes():
    if SMALL:
        return

    async def story(site):
        begun = site.clock.now()
        for _ in range(9):
            equal((await site.log_in("owner", b"x" * 32))[0], 401)
        assert site.clock.now() - begun >= 9 * manage.WRONG_MS
        # At whatever door.
        equal((await site.ask("GET", "/api/settings", None, "0" * 32))[0], 429)
        # Those who come together wait one after the other.
        begun = site.clock.now()
        many = await asyncio.gather(*[site.ask("GET", "/api/settings", None, "1" * 32) for _ in range(3)])
        equal([status for status, _ in many], [429] * 3)
        assert site.clock.now() - begun >= 3 * manage.WRONG_MS
        equal((await site.ask("GET", "/api/settings", None, await site.token("owner")))[0], 200)

    Site().run(story)


def test_what_is_no_log_in():
    async def story(site):
        for body in (
            {},
            {"user": "owner"},
            {"user": 5, "nonce": "a"},
            {"user": "owner", "nonce": 5},
            {"user": "x", "nonce": "a"},
            {"user": "owner", "nonce": "a" * 65},
        ):
            equal((body, (await site.ask("POST", "/api/login", body))[0]), (body, 400))
        for body in ({"nonce": "a", "proof": 5}, {"nonce": "a", "proof": "!"}, {"nonce": "a", "proof": "AAAA"}):
            equal((body, (await site.ask("POST", "/api/login", body))[0]), (body, 401))
        equal((await site.ask("POST", "/api/login", "x" * 600))[0], 413)

    Site().run(story)


def test_a_box_in_safe_mode_takes_a_file_from_who_knows_its_password():
    taken = []

    async def story(site):
        equal((await site.ask("PUT", "/api/settings", {"a": 1}))[0], 401)
        equal((await site.ask("PUT", "/api/settings", {"a": 1}, await site.token("owner")))[0], 403)
        equal(taken, [])
        equal((await site.ask("PUT", "/api/settings", {"a": 1}, await site.token("installer")))[0], 204)
        equal(taken, [{"a": 1}])

    async def without(site):
        equal((await site.ask("PUT", "/api/settings", {"a": 2}))[0], 204)

    inlet = ("/api/settings", taken.append, 8192)
    Site(inlets=[inlet]).run(story)
    Site(web={}, inlets=[inlet]).run(without)


def test_where_memory_is_short_nothing_changes_and_the_cable_is_named():
    async def story(site):
        token = await site.token("owner")

        def short(sections, who, noted):
            raise MemoryError

        site.box.settings.change = short
        status, said = await site.ask("PATCH", "/api/settings", {"charger": {"limit": 10}}, token)
        assert status == 503 and "use the cable" in said["error"], said
        equal(site.box.settings["charger.limit"], 80000)

    Site().run(story)
