"""What the log says when a meter falls silent, stays so, and comes back."""

import asyncio

from still_clock import StillClock

from checks import equal
from fairamp.meters.reading import Reading
from fairamp.modbus.client import BadReply
from fairamp.settings import Settings
from fairamp_box.meters.lines import house_meter
from fairamp_box.meters.task import MeterTask


class Source:
    """A meter that answers, or not."""

    rhythm_ms = 0
    hints = ()

    def __init__(self):
        self.silent = False

    def where(self):
        return "SDM630 at 192.168.1.5:502, address 7"

    async def read(self, draft):
        if self.silent:
            raise BadReply("no answer in 500 ms")
        draft.clear()
        draft.phases = 3
        for phase in range(3):
            draft.current_ma[phase] = 5000
            draft.voltage_mv[phase] = 230000


def test_a_warning_at_once_an_error_after_two_minutes_and_who_is_back():
    clock, told = StillClock(), []
    source, reading, settings = Source(), Reading(), Settings()
    meter = house_meter(source, settings, reading, None)
    task = MeterTask((meter,), settings, clock, lambda where, text: told.append((clock.ms // 1000, text)))

    def step():
        asyncio.run(task.read(meter))
        clock.ms += 2000

    step()
    source.silent = True
    for _ in range(100):
        step()
    source.silent = False
    step()
    where = "house meter (SDM630 at 192.168.1.5:502, address 7)"
    equal(told[0][1], where + ": readings arrive")
    lost = [(s, text) for s, text in told if "lost" in text]
    equal([text[:26] for _, text in lost], ["warning: house meter lost:", "error: house meter (SDM630"])
    # As soon as its values are too old to act on.
    assert lost[0][0] <= (reading.late_ms + 2000) // 1000, lost
    assert 120 <= lost[1][0] <= 124, lost
    equal(lost[1][1], "error: " + where + ": lost for 120 s: safe current of 6 A goes on")
    assert told[-1][1].startswith(where + ": back after 20"), told
