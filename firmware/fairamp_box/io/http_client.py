"""Fetches a small page over HTTP/1.1: one request, one answer, one connection."""

import asyncio

from fairamp.meters.sieve import Doubt
from fairamp_box.io.streams import connect, shut, why

MOST_BODY = 8192
MOST_LINE = 1024
MOST_LINES = 64
CHUNK = 512

REASONS = {
    401: "a password is set on the meter: take it off, this box cannot log in",
    403: "it refuses: switch on the local API of the meter in its app",
    404: "it does not know this page: check model and address",
}


class HttpError(Doubt):
    """No page; `status` is what the other side said, 0 = nothing."""

    kind = "no page"

    def __init__(self, text, status=0):
        super().__init__(text)
        self.status = status


async def get(host: str, port: int, path: str, clock, timeout_ms: int) -> bytes:
    """The body of the answer; HttpError with the reason when there is none."""
    try:
        return await clock.within(timeout_ms, _exchange(host, port, path, clock))
    except asyncio.TimeoutError:
        raise HttpError(
            "no answer within " + str(timeout_ms) + " ms; is the meter on, and is this its address?"
        ) from None
    except OSError as error:
        raise HttpError("no connection: " + why(error)) from None


async def _exchange(host, port, path, clock):
    reader, writer = await connect(host, port, clock)
    try:
        request = (
            "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
        )
        writer.write(request.encode())
        await writer.drain()
        return await _Answer(reader).body()
    finally:
        await shut(writer)


class _Answer:
    """Reads an answer in bounded pieces."""

    def __init__(self, reader):
        self._reader = reader
        self._ahead = b""  # what has come and was not taken yet

    async def body(self):
        words = (await self._line()).split(None, 2)
        if len(words) < 2 or words[0][:7] != b"HTTP/1." or len(words[1]) != 3:
            raise HttpError("it does not speak HTTP")
        status = _number(words[1], 10)
        length, chunked = await self._headers()
        if status != 200:
            text = "it answers with HTTP status " + str(status)
            raise HttpError(text + (": " + REASONS[status] if status in REASONS else ""), status)
        if chunked:
            return await self._chunks()
        if length is None:
            return await self._rest()
        _check_size(length)
        return await self._exactly(length)

    async def _headers(self):
        """(length of the body or None, does it come in chunks?)"""
        length, chunked = None, False
        for _ in range(MOST_LINES):
            line = await self._line()
            if not line:
                return length, chunked
            name, _, value = line.partition(b":")
            name = name.lower()
            if name == b"content-length":
                length = _number(value.strip(), 10)
            elif name == b"transfer-encoding":
                chunked = value.strip().lower() == b"chunked"
                if not chunked:
                    raise HttpError("it packs its answer in a way that is not known here")
        raise HttpError("more than " + str(MOST_LINES) + " header lines")

    async def _chunks(self):
        whole = bytearray()
        while True:
            size = _number((await self._line()).partition(b";")[0].strip(), 16)
            if not size:
                return bytes(whole)
            _check_size(len(whole) + size)
            whole += await self._exactly(size)
            if await self._line():
                raise HttpError("its chunks are longer than it says")

    async def _rest(self):
        """Up to the end of the connection."""
        while await self._more():
            _check_size(len(self._ahead))
        return self._ahead

    async def _exactly(self, count):
        while len(self._ahead) < count:
            await self._need()
        piece, self._ahead = self._ahead[:count], self._ahead[count:]
        return piece

    async def _line(self):
        while True:
            at = self._ahead.find(b"\n")
            if at > MOST_LINE or (at < 0 and len(self._ahead) > MOST_LINE):
                raise HttpError("a header line of more than " + str(MOST_LINE) + " bytes")
            if at >= 0:
                line, self._ahead = self._ahead[:at], self._ahead[at + 1 :]
                return line.strip()
            await self._need()

    async def _need(self):
        if not await self._more():
            raise HttpError("it closed the connection before the end of its answer")

    async def _more(self):
        piece = await self._reader.read(CHUNK)
        self._ahead += piece
        return bool(piece)


def _check_size(size):
    if size > MOST_BODY:
        raise HttpError("its answer is longer than " + str(MOST_BODY) + " bytes; is it the right device?")


def _number(text, base):
    """Digits only: int() takes signs, blanks and underscores too."""
    value = 0
    for sign in text.lower():
        digit = "0123456789abcdef".find(chr(sign))
        if not 0 <= digit < base:
            raise HttpError("it does not speak HTTP: " + repr(text[:20]) + " is no number")
        value = min(base * value + digit, 2 * MOST_BODY)
    if not text:
        raise HttpError("it does not speak HTTP: a number is missing")
    return value
