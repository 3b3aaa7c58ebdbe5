"""`fairamp registers` when the network or the other side fails: one line, and what to do."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from fairamp_desk.registers import modbus_link

COMMAND = "registers"


@contextmanager
def answering(reply):
    """A server that sends reply(request) to every request; nothing for None, and hangs up for b""."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                while request := connection.recv(300):
                    answer = reply(request)
                    if answer == b"":
                        break
                    if answer:
                        connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def reading(request, unit=None, transaction=None, function=None, words=b"\0\x07"):
    """A reply to a read of one word, right but for what is named."""
    body = bytes([unit or request[6], function or request[7], len(words)]) + words
    return (transaction or request[:2]) + b"\0\0" + len(body).to_bytes(2, "big") + body


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (lambda request: b"", "it closed the connection; perhaps another energy manager"),
        (lambda request: b"HTTP/1.0 400 Bad Request\r\n\r\n", "it does not speak Modbus TCP"),
        (lambda request: reading(request, unit=9), "it answers for unit 9 instead of 1"),
        (lambda request: reading(request, function=4), "it answers function 4 instead of 3"),
        (lambda request: reading(request, words=b"\0\0\0\0"), "it sent 4 bytes instead of 2"),
    ],
)
def test_replies_to_something_else_are_one_line(ask, reply, says):
    with answering(reply) as target:
        code, out, err = ask(target, "--map", "teltocharge", "read", "evse_id")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"fairamp: {target} unit 1: ")
    assert says in err


def test_the_wrong_echo_of_a_write_is_told(ask):
    with answering(lambda request: request[:-1] + b"\x09") as target:
        code, out, err = ask(target, "--map", "teltocharge", "write", "amps_to_use", "10")
    assert (code, out) == (1, "")
    assert err == f"fairamp: {target} unit 1: it confirms something else than was written\n"


def test_the_reply_to_another_request_is_skipped(ask):
    def late(request):
        return reading(request, transaction=b"\x77\x77", words=b"\0\x08") + reading(request)

    with answering(late) as target:
        assert ask(target, "--map", "teltocharge", "read", "evse_id") == (0, "7\n", "")


def test_silence_is_given_up_in_time(ask):
    with answering(lambda request: None) as target:
        begun = time.monotonic()
        code, out, err = ask(target, "--map", "teltocharge", "read")
        assert time.monotonic() - begun < 2
    assert (code, out) == (1, "")
    assert err == (
        f"fairamp: {target} unit 1: no answer in 1000 ms; "
        "check --unit, and whether another energy manager keeps the box busy\n"
    )


def test_replies_to_others_only_are_not_silence(ask, monkeypatch):
    monkeypatch.setattr(modbus_link, "ANSWER_S", 0.2)
    with answering(lambda request: reading(request, transaction=b"\x77\x77")) as target:
        code, _, err = ask(target, "--map", "teltocharge", "read", "evse_id")
    assert code == 1
    assert "11 bytes came, but no reply to this in 200 ms" in err


def test_nobody_there(ask):
    with socket.create_server(("127.0.0.1", 0)) as free:
        target = f"127.0.0.1:{free.getsockname()[1]}"
    code, out, err = ask(target, "--map", "alfen", "read")
    assert (code, out) == (1, "")
    assert err == f"fairamp: {target}: connection refused; is this the port that these registers are on?\n"


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (
            socket.gaierror(-2, "Name or service not known"),
            "box:502: nobody knows this host; write its address in numbers",
        ),
        (TimeoutError("timed out"), "box:502: no connection in 3000 ms; is it on, and is this its address?"),
        (OSError(113, "No route to host"), "box:502: No route to host"),
    ],
)
def test_no_way_to_the_host(ask, monkeypatch, trouble, says):
    def fail(*_):
        raise trouble

    monkeypatch.setattr(socket, "create_connection", fail)
    assert ask("box:502", "--map", "alfen", "read") == (1, "", f"fairamp: {says}\n")
