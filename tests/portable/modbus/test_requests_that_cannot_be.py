"""Requests whose lengths and addresses contradict each other: an exception each, and nothing is written."""

from checks import equal
from fairamp.modbus.bank import Bank
from fairamp.modbus.frames import get16
from fairamp.modbus.server import Server
from fairamp.modbus.table import Row

VALUE, ADDRESS, FUNCTION = 3, 2, 1


class Served:
    """Two registers that can be written, and the last one that there is; what was written, and what was refused."""

    def __init__(self):
        self.written = []
        self.refused = []
        rows = [Row(at, "x", "u16", lambda _: 7, self.setter(at)) for at in (10, 11, 65535)]
        rows.append(Row(12, "only to be written", "u16", None, self.setter(12)))
        self.server = Server({1: Bank(rows, None)}, refused=lambda address, code: self.refused.append((address, code)))

    def setter(self, at):
        return lambda _, value: self.written.append((at, value))

    def ask(self, *pdu):
        """The words of an answer, [] for a write that was done; the exception code."""
        reply = bytearray(260)
        done = self.server.answer(1, self.server.bank(1), bytes(pdu), 0, len(pdu), reply, 0)
        if reply[0] & 0x80:
            equal(done, 2)
            return reply[1]
        return [get16(reply, at) for at in range(2, done, 2)] if pdu[0] in (3, 4, 23) else []


def test_a_read_ends_at_the_last_register():
    served = Served()
    equal(served.ask(3, 0xFF, 0xFF, 0, 1), [7])
    equal(served.ask(3, 0xFF, 0xFF, 0, 2), ADDRESS)
    equal(served.ask(3, 0, 10, 0), VALUE)
    equal(served.ask(3, 0, 10, 0, 1, 0), VALUE)
    equal(served.refused, [])


def test_a_write_of_many_tells_its_length_three_times_alike():
    served = Served()
    for pdu in (
        (16, 0, 10, 0, 2, 2, 0, 1, 0, 2),
        (16, 0, 10, 0, 2, 4, 0, 1, 0),
        (16, 0, 10, 0, 2, 4, 0, 1, 0, 2, 0),
        (16, 0, 10, 0, 1, 4, 0, 1, 0, 2),
        (16, 0, 10, 0, 0, 0),
        (16, 0, 10, 0, 0, 0, 0),
        (16, 0, 10, 0, 1),
        (16, 0, 10, 0, 1, 2),
        (16, 0, 10, 0, 124, 248) + (0,) * 248,
    ):
        equal((pdu[:10], served.ask(*pdu)), (pdu[:10], VALUE))
    equal(served.written, [])
    equal(served.refused, [(10, VALUE)] * 9)
    equal(served.ask(16, 0, 10, 0, 2, 4, 0, 1, 0, 2), [])
    equal(served.written, [(10, 1), (11, 2)])


def test_a_write_ends_at_the_last_register():
    served = Served()
    equal(served.ask(16, 0xFF, 0xFF, 0, 2, 4, 0, 1, 0, 2), ADDRESS)
    equal((served.written, served.refused), ([], [(65535, ADDRESS)]))
    equal(served.ask(16, 0xFF, 0xFF, 0, 1, 2, 0, 9), [])
    equal(served.written, [(65535, 9)])


def test_a_read_with_a_write_checks_both_before_it_writes():
    served = Served()

    def both(read, count, write, words, size, *data):
        head = (23, read >> 8, read & 0xFF, 0, count, write >> 8, write & 0xFF, 0, words, size)
        return served.ask(*head, *data)

    for asked, code in (
        ((10, 1, 11, 1, 4, 0, 5), VALUE),
        ((10, 1, 11, 1, 2, 0, 5, 0), VALUE),
        ((10, 1, 11, 2, 4, 0, 5), VALUE),
        ((10, 1, 11, 0, 0, 0, 5), VALUE),
        ((10, 0, 11, 1, 2, 0, 5), VALUE),
        ((10, 1, 11, 122, 244) + (0,) * 244, VALUE),
        ((65535, 2, 11, 1, 2, 0, 5), ADDRESS),
        ((10, 1, 65535, 2, 4, 0, 5, 0, 6), ADDRESS),
        ((12, 1, 11, 1, 2, 0, 5), ADDRESS),
        ((90, 1, 11, 1, 2, 0, 5), ADDRESS),
    ):
        equal((asked[:7], both(*asked)), (asked[:7], code))
        # Told is the register that was to be written.
        equal(served.refused.pop(), (asked[2], code))
    equal(served.ask(23, 0, 10, 0, 1, 0, 11, 0, 1, 2), VALUE)
    equal(served.written, [])
    equal(both(65535, 1, 11, 1, 2, 0, 5), [7])
    equal(both(10, 1, 65535, 1, 2, 0, 6), [7])
    equal(served.written, [(11, 5), (65535, 6)])


def test_a_mask_needs_a_register_that_can_be_read():
    served = Served()
    equal(served.ask(22, 0, 12, 0, 0, 0, 5), ADDRESS)
    equal(served.ask(22, 0, 10, 0, 0, 0), VALUE)
    equal(served.written, [])
    equal(served.ask(22, 0, 10, 0, 0, 0, 5), [])
    equal(served.written, [(10, 5)])


def test_what_is_too_short_to_name_a_register_is_refused_without_one():
    served = Served()
    equal((served.ask(6), served.ask(6, 0), served.ask(6, 0, 10)), (VALUE, VALUE, VALUE))
    equal(served.refused, [(10, VALUE)])
    # Another function is none that tells who it is, whatever it asks.
    equal(served.ask(99, 14, 1, 0), FUNCTION)
