"""A port that nobody on this computer serves, for a test that serves there."""

import socket

# So far apart that the ports of the tests, which run side by side, do not meet.
STEP = 200
TRIES = 20


def free_port(first: int) -> int:
    """This one, or one above it."""
    for port in range(first, first + STEP * TRIES, STEP):
        one = socket.socket()
        try:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(socket.getaddrinfo("127.0.0.1", port)[0][-1])
            return port
        except OSError:
            pass
        finally:
            one.close()
    raise OSError("no port is free here")
