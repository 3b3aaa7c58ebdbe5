import asyncio
import json
import os
from array import array

from checks import equal, raises
from fairamp.meters.clamps import WINDOW, Clips, Flowing
from fairamp.meters.draft import Draft
from fairamp.meters.sieve import Silent
from fairamp.settings import Settings
from fairamp_box.io.clock import Clock
from fairamp_box.meters.ct_source import CtSource
from fairamp_box.tools import ct_zero

ZERO_WINDOWS = 25


class Board:
    """Has a window every second time it is asked: a wave of `size` codes on L1, half of it on L2."""

    name = "Test"
    has_leakage = False
    cts = 2
    ct_span_mv = 3300
    ct_ends = (0, 4095)
    ct_together = True

    def __init__(self, size=0):
        self.started = None
        self.size = size
        self.silent = False
        self.asked = 0

    def start_ct(self, phases, now):
        self.started = phases
        assert now() >= 0

    def ct_window(self):
        self.asked += 1
        if self.silent or self.asked % 2:
            return None
        codes = array("H")
        for size in (self.size, self.size // 2):
            for index in range(WINDOW):
                # Noise of one code, without a rhythm.
                jitter = index * index * 7 // 5 % 3 - 1
                codes.append(2048 + jitter + (size if index // 3 % 2 else -size))
        return codes


def source(board, count=2, floor=(0, 0, 0), burden=22000, solar=False):
    settings = {
        "ct.solar": solar,
        "site.voltage": 230,
        "ct.clamps": count,
        "ct.ratio": "3000:1",
        "ct.burden": burden,
        "ct.trim": [0, 0, 0],
        "ct.floor": floor,
        "site.fuse": [100000, 110000, 250000],
    }
    return CtSource(board, settings, Clock(100))


def test_a_reading_of_the_next_window():
    board = Board(100)
    clamps = source(board)
    equal((board.started, clamps.hints, clamps.where()), (2, [], "clamps"))
    draft = Draft()
    asyncio.run(clamps.read(draft))
    assert 10900 < draft.current_ma[0] < 11100, draft.current_ma
    assert 5400 < draft.current_ma[1] < 5600, draft.current_ma
    equal((draft.current_ma[2], draft.phases, draft.resolution_ma), (None, 2, 109))


def test_the_other_tasks_go_on():
    async def count_and_read():
        turns = [0]

        async def count():
            while True:
                turns[0] += 1
                await asyncio.sleep(0)

        counting = asyncio.create_task(count())
        await asyncio.sleep(0)
        before = turns[0]
        board = Board(100)
        board.asked = 1  # a window is there at once
        await source(board).read(Draft())
        counting.cancel()
        return turns[0] - before

    assert asyncio.run(count_and_read()) >= 2


def test_doubts_come_through():
    with raises(Clips, "L1 clips"):
        asyncio.run(source(Board(2047)).read(Draft()))
    board = Board(100)
    board.silent = True
    with raises(Silent, "no samples of the clamps"):
        asyncio.run(source(board).read(Draft()))
    board.silent = False
    asyncio.run(source(board).read(Draft()))


def test_more_clamps_than_inputs():
    board = Board()
    board.silent = True  # as a board is that nobody has started
    clamps = source(board, 3)
    equal(board.started, None)
    with raises(Silent, "Test has inputs for 2 clamps only"):
        asyncio.run(clamps.read(Draft()))


def test_house_and_sun():
    draft = Draft()
    asyncio.run(source(Board(100), solar=True).read(draft))
    assert 5400 < draft.current_ma[0] < 5600, draft.current_ma
    equal((draft.phases, draft.current_ma[1], draft.power_w[0]), (1, None, draft.current_ma[0] * 230 // 1000))


def test_a_board_that_cannot_compare_is_refused_for_the_sun():
    board = Board(100)
    board.ct_together = False
    clamps = source(board, solar=True)
    equal(board.started, None)
    board.silent = True
    with raises(Silent, "Test cannot compare two clamps at the same moment; use a meter for the sun"):
        asyncio.run(clamps.read(Draft()))


def test_a_fuse_beyond_the_clamps_is_told():
    equal(source(Board()).hints, [])
    (hint,) = source(Board(), burden=33000).hints
    assert hint.startswith("they show 106 A at most, and the main fuse has 110 A: use a smaller burden"), hint


def test_the_zero():
    board = Board(0)
    clamps = source(board)
    draft = Draft()
    asyncio.run(clamps.read(draft))
    shown = draft.current_ma[0]
    assert shown > 50
    board.asked = 0
    floors = asyncio.run(clamps.calibrate())
    equal((floors, board.asked), ([shown, shown, 0], 2 * ZERO_WINDOWS))
    asyncio.run(clamps.read(draft))
    equal(draft.current_ma, [0, 0, None])
    # Kept, and given again after the next start.
    other = source(board, floor=floors)
    asyncio.run(other.read(draft))
    equal(draft.current_ma, [0, 0, None])


def at_the_prompt(board, settings='{"site": {"fuse": [25, 25, 25]}, "ct": {"clamps": 2}}'):
    with open("settings.json", "w") as file:
        file.write(settings)
    try:
        return ct_zero.find(board, Clock(100))
    finally:
        os.remove("settings.json")


def test_the_zero_at_the_prompt():
    told, line = at_the_prompt(Board(0))
    floor = json.loads(line)["ct"]["floor"]
    assert told.endswith("for settings.json:") and 0.05 < floor[0] < 0.2 and floor[2] == 0, line
    settings = Settings()
    equal(settings.load(json.loads(line), "test"), [])
    assert abs(settings["ct.floor"][0] - 1000 * floor[0]) <= 1
    (refused,) = at_the_prompt(Board(100))
    assert refused.startswith("no zero found: L1: ") and "take the clamp off the cable" in refused, refused
    (refused,) = at_the_prompt(Board(0), "{}")
    assert "fuse of the house must be named" in refused, refused


def test_no_zero_while_current_flows():
    for size in (3, 100):
        board = Board(size)
        clamps = source(board, floor=(40, 40, 40))
        draft = Draft()
        asyncio.run(clamps.read(draft))
        before = list(draft.current_ma)
        with raises(Flowing, "L1: "):
            asyncio.run(clamps.calibrate())
        asyncio.run(clamps.read(draft))
        equal(draft.current_ma, before)
