import asyncio

from running import start

from checks import equal

INSTALLER = 2


def test_the_pace_of_the_meters_changes_while_the_box_runs():
    _, app = start(period=5)
    (task,) = app.meter_tasks
    reads, read = [], task.read

    def counted(meter):
        reads.append(meter)
        return read(meter)

    async def seconds(count):
        before = len(reads)
        await app.clock.sleep(1000 * count)
        return len(reads) - before

    async def story():
        running = asyncio.create_task(app.run())
        task.read = counted
        slow = await seconds(10)
        equal(app.settings.change({"meter": {"period": 0.5}}, INSTALLER), ([], []))
        await seconds(6)  # the pause that had begun
        fast = await seconds(10)
        running.cancel()
        return slow, fast

    slow, fast = asyncio.run(story())
    assert 2 <= slow <= 6 and fast >= 2 * slow, (slow, fast)
    # How old values may be follows.
    equal(app.box.coordinator.grid.late_ms, 5000)


def test_what_a_lost_meter_means_is_told_with_the_new_number():
    _, app = start()
    equal(app.settings.change({"site": {"safe_current": 13}}, INSTALLER), ([], []))
    equal([task._safe() for task in app.meter_tasks], ["safe current of 13 A"] * len(app.meter_tasks))
