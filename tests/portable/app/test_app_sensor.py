import asyncio
import gc

from running import limited, start

from checks import equal


def charges(word):
    """(does the contactor close without a sensor, does the log say what to do?) with this setting."""
    gc.collect()
    wires, app = start({"leakage": word})
    wires.leakage = wires.leakage_error = True
    seen = []

    async def look():
        await app.clock.sleep(15000)
        seen.append(wires.contactor)

    async def all_of_it():
        looking = asyncio.create_task(look())
        await limited(app, 16)
        await looking

    asyncio.run(all_of_it())
    # The log is where somebody looks first.
    return seen[0], any("set [charger] leakage to none" in line for line in app.log.entries)


def test_a_sensor_that_is_not_wired_stops():
    equal(charges("contact"), (False, True))


def test_a_sensor_that_is_not_wired_does_not_stop_where_the_settings_say_so():
    equal(charges("none"), (True, False))
