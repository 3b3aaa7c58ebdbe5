"""What writes to the flash waits for a good moment, and who asked for it hears what came of it."""

import asyncio

from running import limited, start

from checks import equal
from fairamp_box.features.web.manage import at_a_good_moment


def test_who_waits_for_a_good_moment_gets_what_came_of_it():
    _, app = start()
    found = []

    async def all_of_it():
        running = asyncio.create_task(limited(app, 20))
        found.append(await at_a_good_moment(app.control.errands, lambda: 5))
        try:
            await at_a_good_moment(app.control.errands, lambda: 1 // 0)
        except ZeroDivisionError:
            found.append("told")
        # Who has left is not served any more.
        app.control._do_rest = lambda now: None
        waiting = asyncio.create_task(at_a_good_moment(app.control.errands, lambda: found.append("late")))
        await app.clock.sleep(1000)
        equal(len(app.control.errands), 1)
        waiting.cancel()
        await app.clock.sleep(1000)
        equal(len(app.control.errands), 0)
        running.cancel()

    asyncio.run(all_of_it())
    equal(found, [5, "told"])
