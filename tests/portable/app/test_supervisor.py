"""A task that stands still is begun anew; when that does not help the box restarts and says which one it was."""

import asyncio

from running import start
from still_clock import StillClock

from checks import equal
from fairamp.units import TICKS_MASK, later
from fairamp_box.supervisor import LOOK_MS, MOST_RESTARTS, PERIODS, STILL_MS, WATCHES_MS, Supervisor

PERIOD = 1000
# The first look after that.
STILL = (STILL_MS + PERIODS * PERIOD) // LOOK_MS * LOOK_MS + LOOK_MS


class Task:
    rounds = 0


class Watch:
    """A supervisor of one task, and what it did."""

    def __init__(self, now=0):
        self.clock, self.task, self.done, self.told = StillClock(), Task(), [], []
        self.clock.ms = now
        give_up = lambda words: self.done.append(words)  # noqa: E731
        log = lambda where, text: self.told.append(text)  # noqa: E731
        self.supervisor = Supervisor(self.clock, log, lambda run: self.done.append(run), give_up)
        self.supervisor.watch("meter", "run", self.task, lambda: PERIOD)

    def run(self, ms, moves):
        for _ in range(ms // LOOK_MS):
            self.clock.ms = later(self.clock.ms, LOOK_MS)
            self.task.rounds += moves
            self.supervisor.look(self.clock.ms)
        return self.done


def test_who_does_its_rounds_is_left_in_peace():
    for now in (0, TICKS_MASK - 10 * LOOK_MS):
        watch = Watch(now)
        equal(watch.run(10 * STILL, 1), [])
        equal(watch.told, [])


def test_who_stands_still_is_begun_anew_and_named():
    for now in (0, TICKS_MASK - 10 * LOOK_MS):
        watch = Watch(now)
        watch.run(20000, 1)
        equal(watch.run(STILL - LOOK_MS, 0), [])
        equal(watch.run(LOOK_MS, 0), ["run"])
        equal(watch.told, ["meter: stood still for 65 s; it is begun anew"])
        equal(watch.run(10 * STILL, 1), ["run"])


def test_who_stands_still_again_and_again_costs_a_restart():
    watch = Watch()
    watch.run(MOST_RESTARTS * (STILL + LOOK_MS), 0)
    equal(watch.done, ["run"] * MOST_RESTARTS)
    watch.run(STILL + LOOK_MS, 0)
    assert watch.done[-1].startswith("meter: stood still for") and "again and again" in watch.done[-1], watch.done


def test_nobody_watches_any_more():
    watch = Watch()
    assert watch.supervisor.watches(WATCHES_MS - 1)
    assert not watch.supervisor.watches(WATCHES_MS)


def test_a_meter_task_that_hangs_is_begun_anew_and_the_box_charges_on():
    wires, app = start()
    (task,) = app.meter_tasks
    supervisor, read, hangs = app.supervisor, task.read, []

    async def story():
        running = asyncio.create_task(app.run())
        await app.clock.sleep(12000)
        assert wires.contactor

        async def hang(meter):
            hangs.append(1)
            await asyncio.Event().wait()

        task.read = hang
        await app.clock.sleep(12000)
        # Nobody knows what flows: the safe current is left.
        assert hangs and wires.duty == 1000, wires.duty
        task.read = read
        for watched in supervisor._watched:
            watched.since = later(app.clock.now(), -STILL)
            watched.rounds = task.rounds
        await app.clock.sleep(30000)
        assert [line for line in app.log.entries if "begun anew" in line], app.log.entries
        assert wires.contactor and wires.duty > 1000, wires.duty
        equal(len(hangs), 1)
        running.cancel()

    asyncio.run(story())


def test_without_a_supervisor_the_watchdog_is_not_fed():
    wires, app = start()

    async def story():
        running = asyncio.create_task(app.run())
        await app.clock.sleep(1000)
        assert wires.fed
        app.supervisor.watches = lambda now: False
        await app.clock.sleep(1000)
        before = wires.fed
        await app.clock.sleep(1000)
        equal(wires.fed, before)
        running.cancel()

    asyncio.run(story())


def test_what_does_not_get_going_restarts_the_box_with_its_outputs_safe():
    wires, app = start()

    async def story():
        running = asyncio.create_task(app.run())
        await app.clock.sleep(12000)
        assert wires.contactor
        app._give_up("meter: stood still for 64 s, again and again")
        equal((wires.contactor, wires.duty, wires.resets), (False, 10000, 1))
        running.cancel()

    asyncio.run(story())
