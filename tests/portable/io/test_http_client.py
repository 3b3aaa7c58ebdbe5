"""Pages over HTTP: every way to answer, and all that goes wrong with it."""

import asyncio
import socket

from free_port import free_port
from http_site import HEAD, HOST, NEVER, SPEED, TIMEOUT_MS, Site

from checks import equal, raises
from fairamp_box.io.clock import Clock
from fairamp_box.io.http_client import HttpError, get

PORT = free_port(15048)
NOBODY = 15042
FULL = 15044
BODY = b'{"answer": 42}'
GOOD = HEAD + b"Content-Length: 14\r\n\r\n" + BODY


def fetched(*parts, timeout_ms=TIMEOUT_MS):
    return Site(PORT, parts).run(lambda site: site.get(timeout_ms))


def fails(text, *parts, timeout_ms=TIMEOUT_MS):
    with raises(HttpError, text):
        fetched(*parts, timeout_ms=timeout_ms)


def test_asks_as_the_standard_wants():
    site = Site(PORT, (GOOD,))
    body = site.run(lambda site: site.get())
    equal((body, type(body)), (BODY, bytes))
    request = site.requests[0]
    assert request.startswith(b"GET /page?id=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n"), request
    assert b"\r\nConnection: close\r\n" in request and request.endswith(b"\r\n\r\n"), request


def test_all_ways_to_tell_the_length():
    equal(fetched(HEAD + b"CONTENT-LENGTH:14 \r\n\r\n" + BODY), BODY)
    equal(fetched(HEAD + b"\r\n" + BODY), BODY)
    equal(fetched(b"HTTP/1.0 200\n\n" + BODY), BODY)
    chunks = b'5\r\n{"ans\r\n9;note=1\r\nwer": 42}\r\n0\r\nTrailer: x\r\n\r\n'
    equal(fetched(HEAD + b"Transfer-Encoding: Chunked\r\n\r\n" + chunks), BODY)
    big = b"A" * 8191 + b"\r\n"
    equal(len(fetched(HEAD + b"transfer-encoding: chunked\r\n\r\n1FfF\r\n" + big + b"00\r\n\r\n")), 8191)
    equal(fetched(HEAD + b"Content-Length: 0\r\n\r\n"), b"")
    # What follows the announced length is of no interest, and neither is a connection that stays open.
    equal(fetched(GOOD + b"more", NEVER), BODY)


def test_answers_in_pieces():
    for step in (1, 7):
        pieces = []
        for at in range(0, len(GOOD), step):
            pieces.append(GOOD[at : at + step])
            pieces.append(2)
        equal(fetched(*pieces, timeout_ms=60000), BODY)


def test_refusals_say_what_to_do():
    for status, text in (
        (b"401 Unauthorized", "a password is set on the meter: take it off"),
        (b"403 Forbidden", "switch on the local API of the meter in its app"),
        (b"404 Not Found", "check model and address"),
        (b"301 Moved", "HTTP status 301"),
        (b"500 Internal Server Error", "HTTP status 500"),
        (b"204 No Content", "HTTP status 204"),
        (b"100 Continue", "HTTP status 100"),
    ):
        fails(text, b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n{}")


def test_what_is_cut_off_is_told():
    for end in (0, 5, 20, len(HEAD), len(GOOD) - len(BODY), len(GOOD) - 1):
        fails("closed the connection before the end", GOOD[:end])
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    for rest in (b"", b"5", b"5\r\n", b"5\r\n{}", b"2\r\n{}", b"2\r\n{}\r\n"):
        fails("closed the connection before the end", chunked + rest)


def test_what_is_no_http_is_told():
    for garbage in (
        b"SSH-2.0-dropbear\r\n",
        b"\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"\0\xff\xfe\n",
    ):
        fails("does not speak HTTP", garbage)
    for status in (b"20", b"2000", b"-10", b"abc", b"0x1", b"+20"):
        fails("does not speak HTTP", b"HTTP/1.1 " + status + b" OK\r\n\r\n")
    for length in (b"-1", b"+14", b"14 14", b"0x0e", b"", b"1_4", b"1.4", b"\xff"):
        fails("does not speak HTTP", HEAD + b"Content-Length: " + length + b"\r\n\r\n" + BODY)
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    for size in (b"", b"-1", b"g", b"0x2", b"2 2"):
        fails("does not speak HTTP", chunked + size + b"\r\n{}\r\n0\r\n\r\n")
    fails("chunks are longer", chunked + b"2\r\n{}}\r\n0\r\n\r\n")
    fails("a way that is not known", HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n")


def test_what_is_huge_is_not_taken():
    fails("longer than 8192 bytes", HEAD + b"Content-Length: 8193\r\n\r\n", NEVER)
    fails("longer than 8192 bytes", HEAD + b"Content-Length: " + b"9" * 500 + b"\r\n\r\n", NEVER)
    fails("longer than 8192 bytes", HEAD + b"\r\n", *[b"x" * 1000] * 30)
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    fails("longer than 8192 bytes", chunked + b"2001\r\n", NEVER)
    fails("longer than 8192 bytes", chunked + b"fffffffffffffffffffff\r\n", NEVER)
    fails("longer than 8192 bytes", chunked, *[b"400\r\n" + b"x" * 1024 + b"\r\n"] * 20)
    fails("header line of more than", HEAD + b"X: ", *[b"x" * 1000] * 30)
    fails("header line of more than", *[b"HTTP/1.1 200 " + b"x" * 1000] * 2)
    fails("more than 64 header lines", HEAD, *[b"X: y\r\n"] * 200)


def test_who_never_comes_to_an_end_is_left():
    late = "no answer within 500 ms"
    fails(late, NEVER, timeout_ms=500)
    fails(late, GOOD[:-1], NEVER, timeout_ms=500)
    # A byte now and then does not help: the whole exchange has a time.
    fails(late, *[b"x", 100] * 50, timeout_ms=500)
    fails(late, HEAD + b"\r\n", *[b"x", 100] * 50, timeout_ms=500)


def test_nobody_is_there():
    clock = Clock(SPEED)
    with raises(HttpError, "no connection: nobody listens there: is it on"):
        asyncio.run(get(HOST, NOBODY, "/", clock, TIMEOUT_MS))
    for host in ("meter.local", "", "1.2.3", "1.2.3.256", "1.2.3.4.5", "::1", "1.2.3.-4", "x" * 99):
        with raises(HttpError, "enter the address in numbers"):
            asyncio.run(get(host, NOBODY, "/", clock, TIMEOUT_MS))


def next_number():
    """Of the next file or socket that opens: each one that was left open makes it greater."""
    line = socket.socket()
    number = line.fileno()
    line.close()
    return number


def test_no_connection_stays_open():
    """Neither after good answers, nor after bad ones, nor after those that never came."""

    async def story(site):
        before = next_number()
        for _ in range(60):
            try:
                await site.get(300)
            except HttpError:
                pass
        await site.clock.sleep(1000)
        equal((next_number(), site.open), (before, 0))

    answers = ((GOOD,), (b"garbage\r\n\r\n",), (HEAD + b"Content-Length: 14\r\n\r\n", NEVER)) * 20
    Site(PORT, *answers).run(story)


def test_a_connection_that_does_not_come_about_is_given_up():
    full = socket.socket()
    full.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    address = socket.getaddrinfo(HOST, FULL)[0][-1]
    full.bind(address)
    full.listen(0)
    waiting = []
    for _ in range(3):
        line = socket.socket()
        line.setblocking(False)
        try:
            line.connect(address)
        except OSError:
            pass
        waiting.append(line)
    try:
        before = next_number()
        for _ in range(5):
            with raises(HttpError, "no answer within 300 ms"):
                asyncio.run(get(HOST, FULL, "/", Clock(SPEED), 300))
        equal(next_number(), before)
    finally:
        for line in waiting:
            line.close()
        full.close()
