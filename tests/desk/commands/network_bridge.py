"""A serial-to-Ethernet gateway as the trade sells it: what comes on one side goes out on the other."""

import os
import select
import socket
import threading
from contextlib import contextmanager


@contextmanager
def bridged(name):
    """The TCP port behind which the serial line of this name is."""
    listening = socket.create_server(("127.0.0.1", 0))
    line = os.open(name, os.O_RDWR | os.O_NOCTTY)
    over = threading.Event()

    def carry():
        clients = []
        while not over.wait(0):
            ready, _, _ = select.select([listening, line, *clients], [], [], 0.05)
            for end in ready:
                if end is listening:
                    clients.append(listening.accept()[0])
                elif end is line:
                    data = os.read(line, 256)
                    for client in clients:
                        client.sendall(data)
                else:
                    data = end.recv(256)
                    if data:
                        os.write(line, data)
                    else:
                        clients.remove(end)
                        end.close()
        for client in clients:
            client.close()

    carrier = threading.Thread(target=carry)
    carrier.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        carrier.join()
        os.close(line)
        listening.close()
