"""Prints how much heap the running application takes."""

import asyncio
import gc


def used():
    gc.collect()
    return gc.mem_alloc()


before = used()

from boards.twin import TwinBoard  # noqa: E402
from fairamp.settings import Settings  # noqa: E402
from fairamp_box.app import App  # noqa: E402
from fairamp_box.clock import Clock  # noqa: E402
from fairamp_box.log import Log  # noqa: E402
from fairamp_box.store import forget  # noqa: E402
from standin import Wires  # noqa: E402

imported = used()
clock = Clock(10)
app = App(TwinBoard(Wires()), Settings(), clock, Log(clock, lambda line: None))
forget("fairamp.settings_rows")
built = used()


async def run():
    try:
        await clock.within(20000, app.run())
    except asyncio.TimeoutError:
        pass


asyncio.run(run())
print("imports ", imported - before, "bytes")
print("objects ", built - imported, "bytes")
print("running ", used() - before, "bytes in all,", gc.mem_free(), "free")
