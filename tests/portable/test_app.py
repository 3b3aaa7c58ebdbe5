import asyncio
import gc

from boards.twin import TwinBoard
from checks import equal
from fairamp import limits
from fairamp.settings import Settings
from fairamp_box.app import App
from fairamp_box.clock import Clock
from fairamp_box.log import Log
from standin import Wires

SPEED = 10


def start(charger=None, **meter):
    wires = Wires()
    clock = Clock(SPEED)
    settings = Settings()
    equal(settings.load({"meter": meter, "charger": charger or {}}, "test"), [])
    return wires, App(TwinBoard(wires), settings, clock, Log(clock, lambda line: None))


async def limited(app, seconds):
    try:
        await app.clock.within(1000 * seconds, app.run())
    except asyncio.TimeoutError:
        pass


def test_boots_controls_for_30_seconds_and_stops_safe():
    wires, app = start()
    gc.collect()
    seen = []

    async def look():
        await app.clock.sleep(15000)
        seen.append((wires.duty, wires.contactor))
        app.box.ems.teltocharge.write(10000)
        await app.clock.sleep(5000)
        seen.append((wires.duty, wires.contactor))

    async def all_of_it():
        looking = asyncio.create_task(look())
        await limited(app, 30)
        await looking

    asyncio.run(all_of_it())
    # 25 A fuse, 5 A house: 20 A for the car, then 10 A as the energy manager asks.
    equal(seen, [(3333, True), (1666, True)])
    equal((wires.duty, wires.contactor, wires.closures), (10000, False, 1))
    assert wires.fed > 100, wires.fed
    assert any("readings arrive" in line for line in app.log.lines), app.log.lines


def test_a_sensor_that_is_not_wired_stops_unless_the_settings_say_so():
    for word, charges in (("contact", False), ("none", True)):
        wires, app = start({"leakage": word})
        wires.leakage = wires.leakage_error = True
        seen = []

        async def look(app=app, wires=wires, seen=seen):
            await app.clock.sleep(15000)
            seen.append(wires.contactor)

        async def all_of_it(app=app, look=look):
            looking = asyncio.create_task(look())
            await limited(app, 16)
            await looking

        asyncio.run(all_of_it())
        equal(seen, [charges])
        # The log is where somebody looks first.
        equal(any("set [charger] leakage to none" in line for line in app.log.lines), not charges)


def test_a_silent_meter_is_told_and_leaves_the_safe_current():
    wires, app = start()

    async def all_of_it():
        running = asyncio.create_task(limited(app, 40))
        await app.clock.sleep(10000)
        wires.meter_port.silent = True
        await app.clock.sleep(15000)
        silent = wires.duty
        wires.meter_port.silent = False
        await app.clock.sleep(10000)
        running.cancel()
        return silent

    equal(asyncio.run(all_of_it()), 1000)

    def often(text):
        return len([line for line in app.log.lines if text in line])

    assert often("house meter (Eastron SDM630 at address 1): no answer in 500 ms"), app.log.lines
    equal(often("readings arrive"), 2)
    equal(often("warning: house meter lost: safe current of 6 A; no good answer"), 1)
    equal(often("house meter (Eastron SDM630 at address 1): back after 1"), 1)


def test_a_meter_on_the_line_of_the_energy_manager_is_told():
    def told(**meter):
        _, app = start(**meter)
        asyncio.run(limited(app, 1))
        return [line.split(" ", 1)[1] for line in app.log.lines if " serial: " in line]

    equal(told(), [])
    # Nobody is sent to a network that this box is not on.
    text = "serial: a meter is on the line called ems: no registers are served there"
    equal(told(line="ems"), [text])
    # The charger's own meter makes way for a telegram.
    equal(told(model="dsmr_p1"), [text])
    equal(told(model="dsmr_p1", line="ems"), [text])


def test_a_control_loop_that_fails_leaves_the_box_safe():
    wires, app = start()

    def broken(now):
        if app.box.point.contactor:
            raise ValueError("broken")
        app.box.point.limits.set(limits.BALANCE, 16000)

    app.box.balance = broken
    try:
        asyncio.run(limited(app, 30))
        raise AssertionError("the failure was hidden")
    except ValueError:
        pass
    equal((wires.duty, wires.contactor, wires.closures), (10000, False, 1))


def test_the_line_driver_is_never_left_on():
    wires, app = start()
    asyncio.run(limited(app, 3))
    assert not wires.meter_port.sending

    def fail(data):
        raise OSError("broken port")

    wires.meter_port.send = fail
    asyncio.run(limited(app, 3))
    assert not wires.meter_port.sending
    assert any("failed: OSError" in line for line in app.log.lines), app.log.lines


def test_a_task_lives_on_whatever_fails_while_it_is_told_of():
    _, app = start()
    started = []

    async def fail():
        started.append(1)
        raise MemoryError

    async def end():
        started.append(2)

    def no_memory(where, text):
        raise MemoryError

    async def story(run):
        try:
            await app.clock.within(12000, app.keep(run, "meter"))
        except asyncio.TimeoutError:
            pass

    app.log = no_memory
    asyncio.run(story(fail))
    equal(started, [1, 1, 1])
    # What has come to its end is left in peace.
    asyncio.run(story(end))
    equal(started, [1, 1, 1, 2])


def test_a_task_whose_pause_fails_lives_on():
    _, app = start()
    sleep, told = app.clock.sleep, []

    def no_sleep(ms):
        app.clock.sleep = sleep
        raise MemoryError

    async def fail_twice():
        told.append(1)
        if len(told) < 3:
            app.clock.sleep = no_sleep
            raise ValueError("broken")

    async def story():
        await app.clock.within(20000, app.keep(fail_twice, "meter"))

    asyncio.run(story())
    equal(len(told), 3)
