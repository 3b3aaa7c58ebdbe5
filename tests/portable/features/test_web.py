"""What somebody on the network may do to the page of a box: nothing that fills its memory."""

import asyncio
import sys

from free_port import free_port

from checks import equal
from fairamp.journal import Journal
from fairamp_box.features.web.server import WebServer
from fairamp_box.io.clock import Clock
from fairamp_box.io.streams import Door, shut

SPEED = 5
PORT = free_port(15046)
# As the page has them.
MOST_HEAD = 2048
MOST_LINES = 40
MOST_CONNECTIONS = 6
PATIENCE_MS = 10000
PAGE = "fairamp_box.features.web.page"
GET = b"GET /api/check HTTP/1.1\r\n"
POST = b"POST /api/meter HTTP/1.1\r\nContent-Type: application/json\r\n"
END = b"\r\n"


class Box:
    """As much of one as is asked for here. Its house meter is doubted, until somebody is believed."""

    check = None
    now = 0

    def __init__(self):
        self.coordinator = self.witness = self
        self.journal = Journal()
        self.problem = "the cars contradict it"

    def trust(self):
        doubted, self.problem = self.problem, ""
        return bool(doubted)


class Site:
    """A page; `requests`: what Microdot made of those that came through."""

    def __init__(self):
        self.clock = Clock(SPEED)
        self.pushed = []
        self.requests = []
        self.web = WebServer(Box(), [("/api/meter", self.pushed.append, 1024)], self.clock)

        @self.web.app.before_request
        async def look(request):
            self.requests.append(request)

    async def send(self, *pieces, pause_ms=0):
        """Status of the answer; 0 = the connection was closed without one."""
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                if pause_ms:
                    await self.clock.sleep(pause_ms)
            return await self.status(reader)
        except OSError:
            return 0
        finally:
            await shut(writer)

    async def fetch(self, request):
        """(head, body) of the whole answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(request)
        await writer.drain()
        answer = await self.clock.within(PATIENCE_MS, reader.read(-1))
        await shut(writer)
        head, _, body = answer.partition(b"\r\n\r\n")
        return head, body

    async def status(self, reader):
        answer = b""
        while b"\r\n\r\n" not in answer:
            piece = await self.clock.within(3 * PATIENCE_MS, reader.read(1000))
            if not piece:
                return 0
            answer += piece
        return int(answer.split()[1])

    def run(self, story):
        async def all_of_it():
            listener = await self.web.start(Door("web", "127.0.0.1", PORT))
            try:
                await story(self)
                while self.web._connections:
                    await self.clock.sleep(100)
            finally:
                listener.close()
                await listener.wait_closed()

        asyncio.run(all_of_it())


def header(size):
    """One line of so many bytes."""
    return b"X: " + b"x" * (size - 5) + END


def test_a_head_that_is_too_long_is_refused():
    room = MOST_HEAD - len(GET + END)

    async def story(site):
        for head in (
            GET + header(room) + END,
            GET + header(room - 100) + header(100) + END,
            GET + b"A: b\r\n" * (MOST_LINES - 2) + END,
            b"GET /api/check HTTP/1.1\n\n",
            b"GET /api/check?" + b"x" * 200 + b" HTTP/1.1\r\n\r\n",
        ):
            equal((await site.send(head), head[:20]), (200, head[:20]))
        equal(len(site.requests), 5)
        for head in (
            GET + header(room + 1) + END,
            GET + header(room - 99) + header(100) + END,
            GET + header(room + 5000),
            GET + header(100) * 60,
            b"x" * MOST_HEAD,
            GET + b"A: b\r\n" * (MOST_LINES - 1) + END,
            b"GET /api/check?" + b"a&" * 200 + b" HTTP/1.1\r\n\r\n",
        ):
            equal((await site.send(head), head[:20]), (431, head[:20]))
        equal(len(site.requests), 5)
        equal(await site.send(GET + END), 200)

    Site().run(story)


def test_an_endless_head_ends():
    async def story(site):
        for piece in (b"x" * 1000, b"A: b\r\n" * 100):
            assert await site.send(GET, *[piece] * 2000) in (0, 431)
        equal(site.requests, [])

    Site().run(story)


def test_of_the_headers_only_those_in_use_are_kept():
    async def story(site):
        others = b"Cookie: a=1;b=2;c\r\nX: y\r\nno colon\r\n"
        head = POST + b"HOST: box\r\n" + others + b"origin: http://box\r\ncontent-length: 2\r\n"
        equal(await site.send(head + END + b"{}"), 204)
        request = site.requests[0]
        equal(len(request.headers), 4)
        equal((request.headers["host"], request.headers["Origin"], request.cookies), ("box", "http://box", {}))

    Site().run(story)


def test_no_page_of_another_site_is_answered():
    """It may have let its own name lead to the box, and then a browser takes both for one site."""
    far = (
        b"evil.example",
        b"evil.example:15046",
        b"1.2.3.4.evil.example",
        b"xlocal.example",
        b"127.0.0.1.",
        b"1.2.3",
        b".",
    )
    near = (b"127.0.0.1:15046", b"localhost", b"box", b"FairAmp-192-168-1-20.Local:80", b"[::1]:80", b"twin:8080")
    body = b"content-length: 2\r\n\r\n{}"

    async def story(site):
        for host in far:
            name = b"Host: " + host + END
            equal((host, await site.send(GET + name + END)), (host, 421))
            equal((host, await site.send(POST + name + b"Origin: http://" + host + END + body)), (host, 421))
            # Another name in the address bar than in the request: only its own page may act.
            equal((host, await site.send(POST + b"Host: box\r\nOrigin: http://" + host + END + body)), (host, 403))
        equal(await site.send(POST + b"Host: box\r\nOrigin: null\r\n" + body), 403)
        equal(site.pushed, [])
        for host in near:
            name = b"Host: " + host + END
            equal((host, await site.send(GET + name + END)), (host, 200))
            equal((host, await site.send(POST + name + b"Origin: http://" + host + END + body)), (host, 204))
        # Who is no browser needs no names.
        equal(await site.send(POST + body), 204)
        equal(len(site.pushed), 1 + len(near))

    Site().run(story)


def test_what_is_no_http_is_refused_and_told_to_nobody_else():
    """A traceback for each would fill the log of a box."""
    printed = []

    async def story(site):
        for what in (
            b"\r\n",
            b"GET\r\n\r\n",
            b"GET / HTTP\r\n\r\n",
            b"GET / HTTP/1.1 x\r\n\r\n",
            b"\xff\xfe\x00 / HTTP/1.1\r\n\r\n",
            b"GET /?a=%zz HTTP/1.1\r\n\r\n",
            b"GET /api/check HTTP/1.1\r\nHost\r\n\r\n",
            b"GET /api/check HTTP/1.1\r\nHost: \xff\r\n\r\n",
            b"POST /api/check HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        ):
            equal((what, await site.send(what)), (what, 400))
        equal(await site.send(GET + END), 200)

    from microdot import microdot as library

    before = library.print_exception
    library.print_exception = printed.append
    try:
        Site().run(story)
    finally:
        library.print_exception = before
    equal(printed, [])


def test_pieces_of_any_size():
    body = b'{"current_a": [1]}'
    whole = POST + b"Content-Length: " + str(len(body)).encode() + END + END + body

    async def story(site):
        for step in (1, 7, 50, len(whole)):
            pieces = [whole[at : at + step] for at in range(0, len(whole), step)]
            equal(await site.send(*pieces, pause_ms=5), 204)
        equal(site.pushed, [{"current_a": [1]}] * 4)

    Site().run(story)


def test_who_takes_too_long_is_cut_off():
    announced = POST + b"Content-Length: 1000\r\n\r\n"
    discarded = POST + b"Content-Length: 9000\r\n\r\n"

    async def slow(site, begin):
        begun = site.clock.now()
        equal((await site.send(begin, *[b"x"] * 24, pause_ms=500), begin), (0, begin))
        assert site.clock.now() - begun >= PATIENCE_MS, begin

    async def story(site):
        begins = (b"", GET, GET + b"X:", announced, discarded)
        await asyncio.gather(*[slow(site, begin) for begin in begins])
        equal(site.pushed, [])

    Site().run(story)


def test_who_leaves_is_forgotten():
    async def story(site):
        for begin in (
            b"",
            GET,
            POST + b"Content-Length: 10\r\n\r\n{",
            POST + b"Content-Length: 5000\r\n\r\n{",
            GET + END,
        ):
            for _ in range(MOST_CONNECTIONS):
                _, writer = await asyncio.open_connection("127.0.0.1", PORT)
                writer.write(begin)
                await writer.drain()
                await shut(writer)
            begun = site.clock.now()
            while site.web._connections:
                await site.clock.sleep(50)
            assert site.clock.now() - begun < PATIENCE_MS, begin
        equal(await site.send(GET + END), 200)

    Site().run(story)


def test_a_length_that_cannot_be():
    async def story(site):
        for length, more, wanted in (
            (b"-1", b"x", (400,)),
            (b"-5", b"xxxxx", (400,)),
            (b"99999999999999999999", b"", (0, 400, 413)),
        ):
            begun = site.clock.now()
            status = await site.send(POST + b"Content-Length: " + length + END + END + b"{}" + more)
            assert status in wanted, (length, status)
            assert site.clock.now() - begun < PATIENCE_MS, length
        equal(site.pushed, [])

    Site().run(story)


def test_no_more_connections_than_the_memory_has_room_for():
    async def story(site):
        held = []
        for _ in range(MOST_CONNECTIONS):
            reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
            writer.write(GET)
            await writer.drain()
            held.append((reader, writer))
        await site.clock.sleep(1000)
        equal(await site.send(GET + END), 0)
        held[0][1].write(END)
        await held[0][1].drain()
        equal(await site.status(held[0][0]), 200)
        equal(await site.send(GET + END), 200)
        for _, writer in held:
            await shut(writer)

    Site().run(story)


def test_a_browser_that_opens_the_box_sees_a_page():
    """It is whole in itself: the network of a house may have no way out."""

    async def story(site):
        head, page = await site.fetch(b"GET / HTTP/1.1\r\nHost: box\r\n\r\n")
        assert b"200" in head and b"text/html" in head and b"default-src 'none'" in head, head
        links = [part.split(b'"')[0] for part in page.split(b'="')[1:] if part[:1] == b"/"]
        equal(links, [b"/api/status", b"/api/check", b"/page.js"])
        assert b"//" not in page.replace(b"<!DOCTYPE", b""), page
        head, script = await site.fetch(b"GET /page.js HTTP/1.1\r\n\r\n")
        assert b"200" in head and b"text/javascript" in head, head
        assert b"'/api/status'" in script and b"//" not in script and b"innerHTML" not in script
        # It is no door for others: only looked at.
        equal(await site.send(b"POST / HTTP/1.1\r\n\r\n"), 405)
        assert PAGE not in sys.modules

    Site().run(story)


def test_a_person_says_that_the_doubted_house_meter_is_put_right():
    async def story(site):
        request = b"POST /api/meter/trust HTTP/1.0\r\nContent-Length: 0\r\n\r\n"
        # Not the page of another site, in the browser of somebody here.
        equal(await site.send(request[:-2] + b"Host: 192.168.1.20\r\nOrigin: http://bad.example\r\n\r\n"), 403)
        equal(await site.send(request), 204)
        head, body = await site.fetch(request)
        equal((head.split()[1], b"no car has contradicted" in body), (b"409", True))

    Site().run(story)
