"""A time server and a name server on this computer, right or wrong as a test wants them."""

import select
import socket
import struct

from free_port import STEP, TRIES

TO_1970 = 2208988800
HOST = "127.0.0.1"


def line(first):
    """(a socket, its port), which is this one or one above it."""
    for port in range(first, first + STEP * TRIES, STEP):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            one.setblocking(False)
            one.bind(socket.getaddrinfo(HOST, port)[0][-1])
            return one, port
        except OSError:
            one.close()
    raise OSError("no port is free here")


class Server:
    """`replies(question)`: the datagrams that it sends back. It is looked at with `step`."""

    def __init__(self, first, replies):
        self.replies = replies
        self.questions = []
        self._line, self.port = line(first)
        self._poller = select.poll()
        self._poller.register(self._line, select.POLLIN)

    def step(self):
        while self._poller.poll(0):
            question, sender = self._line.recvfrom(520)
            self.questions.append(question)
            for reply in self.replies(question):
                self._line.sendto(reply, sender)

    def close(self):
        self._line.close()


def time_of(second, first=0x24, stratum=1, code=b"\0\0\0\0"):
    """Replies of a time server whose time is `second()`."""

    def replies(question):
        stamp = struct.pack(">II", (second() + TO_1970) & 0xFFFFFFFF, 0)
        return [bytes([first, stratum, 6, 0xEC]) + bytes(8) + code + bytes(8) + question[40:48] + stamp + stamp]

    return replies


def address_of(*parts, code=0, flip=0):
    """Replies of a name server; `flip`: of the number of the question."""

    def replies(question):
        head = bytes([question[0] ^ flip, question[1], 0x81, 0x80 | code, 0, 1, 0, 1, 0, 0, 0, 0])
        return [head + question[12:] + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + bytes(parts)]

    return replies
