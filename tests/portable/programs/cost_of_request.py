"""Prints how many bytes one request leaves behind, in the session alone."""

import gc

from fairamp.box import Box
from fairamp.managers import load
from fairamp.modbus.frames import seal
from fairamp.modbus.server import RtuSession, Server
from fairamp.modbus.tcp_session import TcpSession
from fairamp.settings import Settings

COUNT = 500
READ = bytes([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 10])
WRITE = bytes([0, 1, 0, 0, 0, 6, 1, 6, 0, 15, 0, 10])


def nothing(buffer, size):
    pass


def measure(name, act):
    act()
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(COUNT):
        act()
    spent = gc.mem_alloc() - before
    gc.enable()
    print(name, spent // COUNT, "bytes per request")


box = Box(Settings())
server = Server(load("teltocharge").banks(box))
tcp = TcpSession(server)
rtu = RtuSession(server)
frame = bytearray(READ[6:]) + bytearray(2)
seal(frame, 6)
measure("tcp read of 10", lambda: tcp.take(READ, 0, len(READ), nothing))
measure("tcp write of 1", lambda: tcp.take(WRITE, 0, len(WRITE), nothing))
measure("rtu read of 10", lambda: rtu.feed(frame, len(frame)))
