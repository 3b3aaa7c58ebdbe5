import asyncio
import gc

from running import limited, start

from checks import equal


def test_boots_controls_for_30_seconds_and_stops_safe():
    wires, app = start()
    gc.collect()
    seen = []

    async def look():
        await app.clock.sleep(15000)
        seen.append((wires.duty, wires.contactor))
        app.box.managers.point("teltocharge", 0).write(10000)
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
    assert any("readings arrive" in line for line in app.log.entries), app.log.entries


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
        return len([line for line in app.log.entries if text in line])

    assert often("house meter (Eastron SDM630 at address 1): no answer in 500 ms"), app.log.entries
    equal(often("readings arrive"), 2)
    equal(often("warning: house meter lost: safe current of 6 A; no good answer"), 1)
    equal(often("house meter (Eastron SDM630 at address 1): back after 1"), 1)


def test_a_control_loop_that_fails_leaves_the_box_safe():
    wires, app = start()

    def broken(now):
        if app.box.point.contactor:
            raise ValueError("broken")
        app.box.point.limits.grant(16000)

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
    assert any("failed: OSError" in line for line in app.log.entries), app.log.entries
