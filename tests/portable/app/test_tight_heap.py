"""Memory runs short while a box charges: what is optional is refused, and the control goes on."""

import gc
import sys

from recorder import make, run

from checks import equal
from fairamp import commands, refusals
from fairamp.box import Box
from fairamp.settings import Settings

CHARGING_MS = 6000


def no_memory(*_):
    raise MemoryError


def charging():
    """A box whose car has 16 A, after CHARGING_MS; and what it tells."""
    wires, box, clock, control = make()
    told = []
    control._log = lambda where, text: told.append(where + ": " + text)
    for socket in box.coordinator.sockets:
        socket.grant.ma, socket.grant.vacant = 16000, False
        socket.report.allowed_ma = 16000
    box.balance = lambda now: box.point.limits.grant(16000)
    return wires, box, clock, control, told


def test_a_balance_without_memory_falls_to_the_safe_current_and_is_told_once():
    wires, box, clock, control, told = charging()
    seen = []

    def fill():
        seen.append((wires.contactor, box.point.offer_ma))
        box.balance = no_memory

    run(control, clock, CHARGING_MS, fill)
    equal((seen, wires.contactor, box.point.offer_ma), ([(True, 16000)], True, 6000))
    equal([text for text in told if "memory" in text and "safe current" in text], [told[-1]])


def test_what_is_less_than_the_safe_current_stays_what_it_is():
    _, box, _, control, _ = charging()
    box.coordinator.sockets[0].grant.ma = 0
    box.balance = no_memory
    control._balance(0)
    equal(box.point.limits.offer(), 0)


def test_a_step_without_memory_opens_the_contactor_and_the_next_one_with_memory_charges_again():
    wires, box, clock, control, told = charging()
    step, failed = box.step, []

    def broken(now):
        failed.append(wires.contactor)
        if len(failed) > 10:
            box.step = step
        raise MemoryError

    def fill():
        box.step = broken

    run(control, clock, CHARGING_MS, fill)
    # The third one in a row made all safe; nothing kept the car from its energy afterwards.
    equal(failed, [True] * 3 + [False] * 8)
    equal((wires.contactor, wires.closures, box.point.offer_ma), (True, 2, 16000))
    equal(len([text for text in told if "memory" in text]), 1)


def test_neither_the_log_nor_a_look_at_the_board_ends_the_control():
    for name in ("_tell", "_look", "_restart_if_asked"):
        wires, box, clock, control, told = charging()

        def fill(control=control, name=name):
            setattr(control, name, no_memory)

        run(control, clock, CHARGING_MS, fill)
        equal((wires.contactor, box.point.offer_ma), (True, 16000))
        assert "memory" in told[-1], told


def test_a_reading_that_finds_no_memory_does_not_end_the_task_of_its_meter():
    _, box, _, control, told = charging()
    box.balance = box.step = no_memory
    control.act()
    equal(len(told), 1)


def test_a_check_that_runs_out_of_memory_ends_and_leaves_the_offer_alone():
    box, told = Box(Settings()), []
    box.journal.log = lambda where, text: told.append(where + ": " + text)
    equal(commands.start_check(box, "http"), refusals.DONE)
    box.balance(0)
    box.check.step = no_memory
    box.balance(200)
    equal((box.check, "too little memory" in told[-1]), (None, True))
    # It can be asked for again.
    equal(commands.start_check(box, "http"), refusals.DONE)


def test_a_check_is_refused_while_too_little_memory_is_free():
    if sys.maxsize > 0x7FFFFFFF:
        return  # there, the heap grows
    box = Box(Settings())
    taken = []
    try:
        gc.collect()
        while gc.mem_free() > 10000:
            taken.append(bytearray(1024))
    except MemoryError:
        pass
    equal((commands.start_check(box, "http"), box.check), (refusals.NO_MEMORY, None))
    taken = None
    gc.collect()
    equal(commands.start_check(box, "http"), refusals.DONE)
