import asyncio
import json

from free_port import free_port

from checks import equal, raises
from fairamp.meters.draft import Draft
from fairamp.meters.sieve import Silent
from fairamp_box.features.web.server import AMBIGUOUS, WebServer
from fairamp_box.io.clock import Clock
from fairamp_box.io.streams import Door, shut
from fairamp_box.meters.lines import NOT_PUSHED
from fairamp_box.meters.push_source import PushSource

SPEED = 10
PORT = free_port(15043)
TIMEOUT_MS = 3000
JSON = b"application/json"


class Site:
    """A source and a page that feeds it; `in_use`: False = the house has another meter."""

    def __init__(self, in_use=True):
        self.clock = Clock(SPEED)
        self.source = PushSource(self.clock, TIMEOUT_MS // 3)
        self.web = WebServer(None, [("/api/meter", self.source.push if in_use else NOT_PUSHED, 1024)])
        self.draft = Draft()

    async def post(self, body, kind=JSON, length=None):
        """(status, content) of the answer."""
        head = b"POST /api/meter HTTP/1.1\r\nHost: box\r\n"
        if kind is not None:
            head += b"Content-Type: " + kind + b"\r\n"
        head += b"Content-Length: " + str(len(body) if length is None else length).encode() + b"\r\n\r\n"
        return await self.exchange(head + body)

    async def exchange(self, request):
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(request)
        await writer.drain()
        answer = b""
        while True:
            piece = await self.clock.within(20000, reader.read(1000))
            if not piece:
                break
            answer += piece
        await shut(writer)
        head, _, content = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), content

    async def refused(self, text, body, kind=JSON, status=400):
        found, content = await self.post(body, kind)
        error = json.loads(content)
        assert found == status and list(error) == ["error"] and text in error["error"], (found, content)

    def run(self, story):
        async def all_of_it():
            listener = await self.web.start(Door("web", "127.0.0.1", PORT))
            try:
                await story(self)
            finally:
                listener.close()
                await listener.wait_closed()

        asyncio.run(all_of_it())


def test_a_name_twice_is_refused():
    async def story(site):
        await site.refused("a name is there twice", b'{"current_a": [1], "current_a": [0]}')

    Site().run(story)


def test_a_body_of_which_nobody_can_tell_the_length_is_refused():
    head = b"POST /api/meter HTTP/1.1\r\nHost: box\r\nContent-Type: application/json\r\n"
    body = b'{"current_a": [1]}'
    length = b"Content-Length: " + str(len(body)).encode() + b"\r\n"

    async def story(site):
        for more in (
            length + length,
            length + b"content-length: 2\r\n",
            length + b"Transfer-Encoding: chunked\r\n",
            b"transfer-encoding: chunked\r\n",
            b"Transfer-Encoding : chunked\r\n" + length,
            b"Content-Length: +" + length[16:],
            b"Content-Length: 1_8\r\n",
            b"Content-Length: -1\r\n",
        ):
            status, content = await site.exchange(head + more + b"\r\n" + body)
            equal((status, more), (400, more))
            assert "one header Content-Length" in json.loads(content)["error"], content
        equal((await site.exchange(head + length + b"\r\n" + body))[0], 204)
        # And of the refusal everybody can.
        told, _, content = AMBIGUOUS.partition(b"\r\n\r\n")
        assert told.endswith(b"Content-Length: " + str(len(content)).encode())

    Site().run(story)


def test_values_travel_from_the_page_to_the_draft():
    async def story(site):
        equal(await site.post(b'{"current_a": [1.2, -3, 0.5], "energy_kwh": 1.2}'), (204, b""))
        await site.source.read(site.draft)
        equal((site.draft.current_ma, site.draft.energy_wh), ([1200, -3000, 500], 1200))
        equal((await site.post(b' {"power_w": [690]}\n', b"application/JSON; charset=utf-8"))[0], 204)
        await site.source.read(site.draft)
        equal((site.draft.power_w, site.draft.phases), ([690, None, None], 1))

    Site().run(story)


def test_what_is_wrong_is_told_and_changes_nothing():
    async def story(site):
        for text, body in (
            ("not a JSON object", b""),
            ("not a JSON object", b"current_a=1"),
            ("not a JSON object", b"[1, 2, 3]"),
            ("not a JSON object", b'{"current_a": [1'),
            ("not valid JSON", b"{current_a: [1]}"),
            ("not valid JSON", b"{\xff}"),
            ("not valid JSON", b"{" + b"[" * 900 + b"}"),
            ("current_a or power_w of each phase", b"{}"),
            ("amps is unknown", b'{"amps": [1]}'),
            ("current_a must be a list of 1 or 3", b'{"current_a": [1, 2]}'),
            ("current_a.2 is text", b'{"current_a": [1, 2, "3"]}'),
            ("current_a.0 = ", b'{"current_a": [1e99, 2, 3]}'),
            ("longer than 1024 bytes", b'{"current_a": [1]}' + b" " * 1007),
            ("longer than 1024 bytes", b" " * 9000),
        ):
            await site.refused(text, body)
        for kind in (None, b"text/plain", b"application/x-www-form-urlencoded", b"", b"application/jsonp"):
            await site.refused("Content-Type must be application/json", b'{"current_a": [1]}', kind)
        equal((await site.post(b"", length=20000))[0], 413)
        equal((await site.exchange(b"GET /api/meter HTTP/1.1\r\n\r\n"))[0], 405)
        with raises(Silent, "nobody has sent values for 3 s"):
            await site.source.read(site.draft)
        equal((await site.post(b'{"current_a": [1]}' + b" " * 1006))[0], 204)

    Site().run(story)


def test_with_another_meter_nothing_is_taken():
    async def story(site):
        await site.refused("when [meter] model is push", b'{"current_a": [1]}', status=409)
        await site.refused("when [meter] model is push", b"rubbish", b"text/plain", 409)
        with raises(Silent):
            await site.source.read(site.draft)

    Site(in_use=False).run(story)


def test_a_read_waits_for_the_next_values():
    async def story():
        clock, draft = Clock(SPEED), Draft()
        source = PushSource(clock, TIMEOUT_MS // 3)
        order = []

        async def send():
            for amps in (1, 2):
                await clock.sleep(1000)
                order.append("sent")
                equal(source.push({"current_a": [amps]}), None)
                equal(source.push({"current_a": amps}), "current_a must be a list of 1 or 3 numbers")

        sending = asyncio.create_task(send())
        for amps in (1, 2):
            await source.read(draft)
            order.append("read")
            equal(draft.current_ma, [1000 * amps, None, None])
        await sending
        equal(order, ["sent", "read", "sent", "read"])
        assert 900 <= source.rhythm_ms <= TIMEOUT_MS, source.rhythm_ms
        # Each counts once.
        with raises(Silent):
            await source.read(draft)

    asyncio.run(story())


def test_the_last_values_count_and_old_ones_do_not():
    async def story():
        clock, draft = Clock(SPEED), Draft()
        source = PushSource(clock, TIMEOUT_MS // 3)
        for amps in (1, 2, 3):
            source.push({"current_a": [amps, 0, 0]})
        await source.read(draft)
        equal(draft.current_ma[0], 3000)
        source.push({"current_a": [4]})
        await clock.sleep(TIMEOUT_MS + 500)
        with raises(Silent):
            await source.read(draft)
        source.push({"current_a": [5]})
        await source.read(draft)
        equal(draft.current_ma[0], 5000)
        # However seldom somebody sends: the rhythm does not make old values fresh.
        equal(source.rhythm_ms, TIMEOUT_MS)

    asyncio.run(story())
