import asyncio

from recorder import Recorder, make, run

from boards.twin import TwinBoard
from checks import equal
from fairamp import commands
from fairamp.box import Box
from fairamp.charging import pilot
from fairamp.settings import Settings
from fairamp_box.control import Control
from fairamp_box.io.clock import Clock


def test_every_input_of_the_board_reaches_the_box():
    wires, box, clock, control = make()
    wires.enable_closed = False
    wires.shed_closed = wires.leakage = wires.leakage_error = True
    wires.output_live = wires.locked = True
    wires.proximity_ohm, wires.temperature_dc = 220, 333
    run(control, clock, 500)
    inputs = box.inputs
    equal((inputs.enable_closed, inputs.shed_closed, inputs.leakage), (False, True, True))
    equal((inputs.leakage_test_failed, inputs.output_live, inputs.locked), (True, True, True))
    equal((inputs.proximity_ohm, inputs.temperature_dc, inputs.count), (220, 333, 128))
    assert inputs.chance != 0


def test_every_decision_reaches_the_board():
    wires, box, clock, control = make()
    wires.done.clear()

    def weld():
        wires.output_live = True
        box.point.phases.three = False

    run(control, clock, 4000, weld)
    for done in (("relay", True), ("relay", False), ("trip", True), ("lock", True)):
        assert done in wires.done, (done, wires.done)


def test_a_contactor_that_the_board_opened_is_told_and_not_held_closed():
    wires, box, clock, control = make()
    told = []
    control._log = lambda where, text: told.append(text)
    fell = [True, False]
    box.balance = lambda now: box.point.limits.grant(16000)

    async def all_of_it():
        task = asyncio.create_task(control.run())
        await clock.sleep(6000)
        assert wires.contactor
        control._board.contactor_fell = lambda: fell.pop(0) if len(fell) > 1 else False
        await clock.sleep(200)
        task.cancel()

    asyncio.run(all_of_it())
    assert not box.point.contactor
    equal([text for text in told if "at once" in text], ["contactor opened at once: the pilot line left C"])


def test_a_reading_is_acted_on_without_waiting_for_the_tick():
    wires, box, _, control = make()
    box.balance = lambda now: box.point.limits.grant(10000)
    box.point.started = True
    box.point.pilot_line.letter = "B"
    box.point.session.plug(0, 0)
    control.act()
    equal(wires.duty, 1666)


def test_what_would_delay_a_tick_is_done_behind_it_one_at_a_time():
    _, _, clock, control = make()
    done = []

    class Keeper:
        def step(self, now, heap):
            done.append("kept")

    control._keeper = Keeper()
    step = control._step
    control._step = lambda now: (step(now), done.append("tick"))
    control.errands += [lambda: done.append("first"), lambda: done.append("second")]
    run(control, clock, 200)
    equal(done[:6], ["tick", "first", "tick", "second", "tick", "kept"])


def test_while_a_frame_is_on_its_way_nothing_delays_it():
    _, _, clock, control = make()
    done = []

    class Heap:
        def tidy(self, now):
            return False

        def quiet(self):
            return False

    control._heap = Heap()
    control.errands.append(lambda: done.append("errand"))
    run(control, clock, 200)
    equal((done, len(control.errands)), ([], 1))


def test_a_reading_just_before_a_tick_waits_for_it_and_no_longer():
    _, box, clock, control = make()
    decided = []
    box.balance = lambda now: decided.append(now)
    box.point.started = True
    control._due = clock.now() + 5
    control.act()
    equal(decided, [])
    run(control, clock, 10)
    equal((len(decided), control._waits), (1, False))


def test_temperature_and_cable_are_looked_at_however_fast_the_meter_is_read():
    wires, box, clock, control = make()

    async def all_of_it():
        task = asyncio.create_task(control.run())
        await clock.sleep(50)
        wires.temperature_dc = 700
        for _ in range(40):
            await clock.sleep(10)
            control.act()
        task.cancel()

    asyncio.run(all_of_it())
    equal(box.inputs.temperature_dc, 700)


def test_the_relay_rests_until_all_rests():
    wires, _, clock, control = make()
    wires.done.clear()
    run(control, clock, 1000)
    assert ("relay", True) not in wires.done


def test_safe_means_safe_whatever_failed_before():
    wires, box, clock, control = make()

    def broken(on):
        raise OSError("lock")

    wires.lock_changed = broken
    box.point.contactor = True
    box.point.step = lambda now, inputs: None
    try:
        run(control, clock, 500)
        raise AssertionError("the failure was hidden")
    except OSError:
        pass
    assert wires.contactor
    control.make_safe()
    equal((wires.contactor, wires.duty), (False, 10000))


def test_the_contactor_is_watched_from_the_start():
    board, seen = TwinBoard(Recorder()), []
    board.watch_contactor = lambda *levels: seen.append(levels)
    settings = Settings()
    Control(board, Box(settings), Clock(10), lambda where, text: None)
    ((border, bottom, top),) = seen
    for high_mv, charging in ((12000, False), (9000, False), (6000, True), (3000, True), (0, False)):
        equal((high_mv, border < pilot.code(high_mv) and bottom <= pilot.code(high_mv) <= top), (high_mv, charging))


def test_a_restart_that_is_asked_for_withdraws_the_offer_first():
    wires, box, clock, control = make()
    box.balance = lambda now: box.point.limits.grant(16000)
    offered, resets = [], []
    control._board.reset = lambda: resets.append((wires.contactor, box.restart_for))

    def ask():
        offered.append((wires.contactor, box.point.offer_ma))
        commands.restart(box, "test")

    run(control, clock, 6000, ask)
    equal((offered, resets), ([(True, 16000)], [(False, "")]))
    # Nobody has stopped it: it goes on after the reset.
    assert not box.point.session.stopped


def test_a_restart_that_is_taken_back_leaves_all_as_it_was():
    wires, box, clock, control = make()
    box.balance = lambda now: box.point.limits.grant(16000)
    control._board.reset = lambda: resets.append(True)
    resets = []

    def ask():
        commands.restart(box, "test")
        control._step(clock.now())
        control._restart_if_asked()
        # The contactor is closed for 6 s after an offer ends.
        equal((box.point.offer_ma, resets), (0, []))
        commands.restart(box, "test", False)

    run(control, clock, 6000, ask)
    equal((resets, box.point.session.stopped, wires.contactor, box.point.offer_ma), ([], False, True, 16000))


class Order:
    """What follows what in a tick."""

    def __init__(self, board):
        self.done = []
        board.feed_watchdog = lambda: self.done.append("fed")

    def tidy(self, now):
        self.done.append("tidied")


def test_garbage_is_seen_to_after_each_tick():
    board, settings, clock = TwinBoard(Recorder()), Settings(), Clock(10)
    order = Order(board)
    run(Control(board, Box(settings), clock, lambda where, text: None, order), clock, 500)
    ticks = len(order.done) // 2
    assert ticks > 3, order.done
    equal(order.done[: 2 * ticks], ["fed", "tidied"] * ticks)


def test_in_safe_mode_a_fault_names_no_cure_beside_the_real_one():
    for wrong, cure in (((), True), (("[charger] leakage must be named",), False)):
        wires, box, clock, control = make()
        told = []
        control._log = lambda where, text, told=told: told.append(text)
        box.wrong_settings = wrong
        wires.leakage_error = True
        run(control, clock, 500)
        text = " ".join(told)
        assert "the leakage sensor failed its test" in text, told
        equal("set [charger] leakage to none" in text, cure)
