import asyncio

from running import start

from checks import equal


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
