import asyncio

from running import limited, start

from checks import equal


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
