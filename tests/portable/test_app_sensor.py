import asyncio

from boards.twin import TwinBoard
from checks import equal
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
