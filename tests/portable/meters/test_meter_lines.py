"""The sources that read over wires, with a clock that only sleeping moves."""

import asyncio

from still_clock import StillClock

from checks import equal, raises
from fairamp import meters
from fairamp.box import Box
from fairamp.meters.draft import Draft
from fairamp.meters.sieve import Frozen, Silent
from fairamp.modbus.bank import Bank
from fairamp.modbus.client import BadReply
from fairamp.modbus.server import RtuSession, Server
from fairamp.modbus.table import Row
from fairamp.settings import Settings
from fairamp_box.io.rtu_link import RtuLink
from fairamp_box.io.streams import why
from fairamp_box.io.tcp_link import TcpLink, Waiting
from fairamp_box.meters.lines import MeterLines
from fairamp_box.meters.modbus_source import ModbusSource
from fairamp_box.meters.telegram_source import TelegramSource

PATIENCE_MS = 12000

# Where nobody listens.
CLOSED_PORT = 1


class Clock(StillClock):
    async def sleep(self, ms):
        await asyncio.sleep(0)
        self.ms += ms

    async def within(self, ms, awaitable):
        return await awaitable


class Port:
    """A line with a meter that takes its time; `formats`: how it was set up."""

    stream = None

    def __init__(self, clock, session=None):
        self.clock = clock
        self.session = session
        self.takes_ms = 100
        self.answers = []
        self.formats = []

    def init(self, baud, parity, stop):
        self.formats.append((baud, parity, stop))

    def listen(self):
        pass

    def sent(self):
        return True

    def send(self, data):
        reply = self.session.feed(data, len(data))
        if reply is not None:
            self.answers.append((self.clock.ms + self.takes_ms, bytes(reply)))

    def any(self):
        return sum([len(data) for due, data in self.answers if due <= self.clock.ms])

    def readinto(self, buffer):
        due, data = self.answers.pop(0)
        assert due <= self.clock.ms and len(data) <= len(buffer)
        buffer[: len(data)] = data
        return len(data)


def meter(clock, model):
    """A meter with 230 V, 5 A in and 8 A out."""
    shown = {0: 230, 1: (5, 8, 2), 2: (1150, -1840, 460)}
    rows = []
    for value in model.values[:3]:
        for phase in range(3):
            told = shown[value[0]]
            raw = round((told if value[0] == 0 else told[phase]) / value[4])
            rows.append(Row(value[1] + 2 * phase, "x", value[3], lambda _, raw=raw: raw))
    return Port(clock, RtuSession(Server({1: Bank(rows, None)})))


def test_an_answer_that_comes_too_late_is_not_taken_for_another_one():
    model = meters.find("abb_b23")
    for takes_ms in range(520, 1500, 20):
        clock = Clock()
        port = meter(clock, model)
        source = ModbusSource(RtuLink(port, clock, 9600, None, 1, 500), model, 1)
        draft = Draft()

        async def story(clock=clock, port=port, source=source, draft=draft, takes_ms=takes_ms):
            # Without holes, its three questions are of the same length.
            source._decoder.split()
            await source.read(draft)
            good = 0
            for attempt in range(12):
                port.takes_ms = takes_ms if attempt in (1, 2, 5) else 450
                try:
                    await source.read(draft)
                except BadReply:
                    continue
                equal((draft.current_ma, draft.power_w), ([5000, 8000, 2000], [1150, -1840, 460]))
                good += 1
            assert good > 6, (takes_ms, good)

        asyncio.run(story())


def test_whoever_asks_without_a_pause_waits_for_the_next_try():
    clock = Clock()
    link = TcpLink("127.0.0.1", CLOSED_PORT, clock, 500)

    async def story():
        with raises(BadReply, "no connection to 127.0.0.1: nobody listens there: is it on"):
            await link.fetch(1, 3, 0, 2)
        before = clock.ms
        # The status shows what came last: it says still why.
        with raises(Waiting, "the port right?; tries again in a moment"):
            await link.fetch(1, 3, 0, 2)
        assert clock.ms - before >= 10

    asyncio.run(story())


class Telegrams:
    """Port and parser in one: every byte is a telegram, `gap_ms` apart."""

    problem = ""

    def __init__(self, clock):
        self.clock = clock
        self.gap_ms = 1000
        self.due = 1000
        self.done = False

    def init(self, baud, parity, stop):
        pass

    def listen(self):
        pass

    def any(self):
        return self.clock.ms >= self.due

    def readinto(self, buffer):
        self.due = self.clock.ms + self.gap_ms
        return 1

    def feed(self, data, start, length):
        self.done = True
        return length

    def fill(self, draft):
        self.done = False


def test_a_line_that_gets_worse_does_not_make_old_telegrams_good():
    clock = Clock()
    line = Telegrams(clock)
    source = TelegramSource("P1", line, line, (115200, 9600), clock)

    async def story():
        for _ in range(10):
            await source.read(None)
            assert source.rhythm_ms <= PATIENCE_MS, source.rhythm_ms
            line.gap_ms = line.gap_ms * 14 // 10
        line.gap_ms = line.due = 100000000
        with raises(Silent):
            await source.read(None)

    asyncio.run(story())


def test_endless_bytes_leave_the_others_their_turn():
    clock = Clock()
    line = Telegrams(clock)
    line.any = lambda: 1
    line.feed = lambda data, start, length: length
    turns = []

    async def other():
        while True:
            turns.append(clock.ms)
            await asyncio.sleep(0)

    async def story():
        task = asyncio.create_task(other())
        with raises(Silent):
            await TelegramSource("P1", line, line, (115200, 9600), clock).read(None)
        task.cancel()

    asyncio.run(story())
    assert len(turns) > 100, len(turns)


class Board:
    def __init__(self):
        self.meter_port, self.ems_port = Port(None), Port(None)


def formats(**meter):
    """How the lines called meter and ems are set up."""
    settings, board = Settings(), Board()
    equal(settings.load({"meter": meter}, "test"), [])
    MeterLines(board, settings, Box(settings), Clock(), None)
    return board.meter_port.formats, board.ems_port.formats


def test_the_settings_of_a_line_are_those_of_the_house_meter():
    pac = [(19200, None, 2)]
    sdm = [(9600, None, 1)]
    equal(formats(model="siemens_pac2200", baud=19200, stop=2), (pac, []))
    # On a line of its own, the charger's meter is left as it is.
    equal(formats(model="siemens_pac2200", line="ems", parity="O"), (sdm, [(19200, 1, 2)]))
    # Alone on a Modbus line, it is the one that is meant.
    equal(formats(model="dsmr_p1", baud=2400), ([(115200, None, 1)], [(2400, None, 1)]))
    equal(formats(model="eastron_sdm630", host="192.168.1.2", parity="E"), ([(9600, 0, 1)], []))


def pushed(period, *gaps_ms):
    """How long values count (ms) that come with these gaps."""
    settings, clock = Settings(), Clock()
    equal(settings.load({"meter": {"model": "push", "period": period}}, "test"), [])
    box = Box(settings)
    lines = MeterLines(Board(), settings, box, clock, None)
    task = lines.tasks[-1]
    task._log = lambda where, text: None

    async def story():
        for gap_ms in gaps_ms:
            clock.ms += gap_ms
            equal(lines.push({"current_a": [gap_ms / 1000000, 0, 0]}), None)
            await task.read(task._meters[0])
            equal(box.coordinator.grid.problem, "")

    asyncio.run(story())
    equal(box.coordinator.grid.number, len(gaps_ms))
    return box.coordinator.grid.late_ms


def test_pushed_values_count_for_three_periods_and_at_most_two_minutes():
    equal(pushed(2, 0, 1000), 5500)
    equal(pushed(2, 0, 2000), 6000)
    equal(pushed(2, 0, 100000), 6000)
    equal(pushed(20, 0, 20000), 60000)
    for gap_ms in (60000, 100000, 1000000):
        equal(pushed(60, 0, gap_ms), 120000)
    # As for any meter, not less than this.
    for period in (0, 0.5):
        equal(pushed(period, 0, 3000), 5000)


def test_nobody_is_waited_for_longer_than_pushed_values_count():
    settings = Settings()
    equal(settings.load({"meter": {"model": "push", "period": 60}}, "test"), [])
    lines = MeterLines(Board(), settings, Box(settings), Clock(), None)
    waits = []

    class Waiting(Clock):
        async def within(self, ms, awaitable):
            waits.append(ms)
            raise asyncio.TimeoutError

    source = lines.tasks[-1]._meters[0].source
    source._clock = Waiting()
    source._news.wait = lambda: None

    async def story():
        with raises(Silent, "nobody has sent values for 120 s"):
            await source.read(Draft())

    asyncio.run(story())
    equal(waits, [120000])


def test_who_sends_what_cannot_be_is_told():
    """An answer that all is well, for values that nobody uses, would leave the sender in the dark."""
    settings = Settings()
    equal(settings.load({"meter": {"model": "push"}}, "test"), [])
    lines = MeterLines(Board(), settings, Box(settings), Clock(), None)
    for data, wanted in (
        ({"current_a": [900, 0, 0]}, "current L1 = 900000 mA cannot be (at most 125000)"),
        ({"current_a": [1, 2, 3], "power_w": [9000, 0, 0]}, "L1: 9000 W do not go with 1000 mA"),
        ({"current_a": [1, 2, 3], "voltage_v": [230, 400, 230]}, "voltage L2 = 400000 mV cannot be"),
    ):
        told = lines.push(data)
        assert told and wanted in told, told
    equal(lines.push({"current_a": [1, 2, 3]}), None)
    equal(lines.push({"power_w": [230, 460, 690]}), None)


def test_values_may_take_three_periods_of_the_settings_that_hold_now():
    settings = Settings()
    equal(settings.load({"meter": {"model": "push", "period": 10}}, "test"), [])
    lines = MeterLines(Board(), settings, Box(settings), Clock(), None)
    (house,) = [meter for task in lines.tasks for meter in task._meters if meter.most_late_ms is not None]
    equal(house.most_late_ms, 30000)
    for period, late in ((20, 60000), (60, 120000), (0, 5000)):
        equal(settings.change({"meter": {"period": period}}, 2), ([], []))
        for task in lines.tasks:
            task.settle(settings)
        equal(house.most_late_ms, late)


def test_a_shorter_period_counts_at_once():
    """Who reads once a minute and shall read every second does not sleep the minute out."""
    settings, clock = Settings(), Clock()
    equal(settings.load({"meter": {"model": "eastron_sdm630", "period": 60}}, "test"), [])
    box = Box(settings)
    (task,) = MeterLines(Board(), settings, box, clock, None).tasks
    equal(box.coordinator.grid.late_ms, 182500)
    asked = []

    async def read(meter):
        asked.append(clock.ms)

    async def story():
        running = asyncio.create_task(task.run())
        while clock.ms < 10000:
            await asyncio.sleep(0)
        equal(settings.change({"meter": {"period": 1}}, 2), ([], []))
        task.settle(settings)
        while clock.ms < 15000:
            await asyncio.sleep(0)
        running.cancel()

    task.read = read
    asyncio.run(story())
    # Two meters each time.
    equal([at for at in asked if at < 10000], [0, 0])
    equal(len(asked) >= 8, True)
    equal((box.coordinator.grid.late_ms, box.own.late_ms), (5500, 5500))


def test_a_house_meter_on_a_line_of_its_own_is_asked_once_per_period():
    """Asked without a pause, it would be acted on between the ticks, and the box would not see its car."""
    settings, clock = Settings(), Clock()
    equal(settings.load({"meter": {"line": "ems", "period": 2}}, "test"), [])
    tasks = MeterLines(Board(), settings, Box(settings), clock, None).tasks
    asked = [[] for _ in tasks]

    async def story():
        running = [asyncio.create_task(task.run()) for task in tasks]
        while clock.ms < 9000:
            await asyncio.sleep(0)
        for task in running:
            task.cancel()

    for task, moments in zip(tasks, asked):

        async def read(meter, moments=moments):
            moments.append(clock.ms)
            # As if it took a while: nobody else would get a turn.
            await asyncio.sleep(0)

        task.read = read
    asyncio.run(story())
    # Both move the clock, so that it may be one less.
    for moments in asked:
        equal(4 <= len(moments) <= 5, True)


def test_how_long_a_meter_may_show_the_same_is_a_setting_that_counts_at_once():
    settings = Settings()
    equal(settings.load({"meter": {"frozen": 40}}, "test"), [])
    box = Box(settings)
    (task,) = MeterLines(Board(), settings, box, Clock(), None).tasks
    house = task._meters[1]
    draft = Draft()
    draft.lively = True
    for phase in range(3):
        draft.current_ma[phase], draft.voltage_mv[phase], draft.power_w[phase] = 5000, 230000, 1150
    for ms in range(0, 40000, 2000):
        assert house.sieve.sift(draft, house.reading, ms)
    with raises(Frozen, "same values for 40 s"):
        house.sieve.sift(draft, house.reading, 40000)
    equal(settings.change({"meter": {"frozen": 100}}, 2), ([], []))
    task.settle(settings)
    assert house.sieve.sift(draft, house.reading, 42000)
    equal(settings.change({"meter": {"frozen": 0}}, 2), ([], []))
    task.settle(settings)
    with raises(Frozen, "same values for 10 s"):
        house.sieve.sift(draft, house.reading, 44000)


def test_a_reading_tells_where_its_meter_is():
    model = meters.find("abb_b23")
    clock = Clock()
    settings = Settings()
    equal(settings.load({"meter": {"model": "abb_b23", "transport": "rtu", "host": "192.168.1.2"}}, "test"), [])
    box = Box(settings)
    lines = MeterLines(Board(), settings, box, clock, lambda where, text: None)
    task = lines.tasks[-1]
    (house,) = task._meters
    equal(house.source.where(), "ABB B23, B24 at address 1 of 192.168.1.2:502")
    task._log = lambda where, text: None
    house.source = ModbusSource(RtuLink(meter(clock, model), clock, 9600, None, 1, 500), model, 1, " of x")
    house.source._decoder.split()
    equal(box.coordinator.grid.where, "")
    asyncio.run(task.read(house))
    equal(box.coordinator.grid.where, "ABB B23, B24 at address 1 of x")


def without_house_meter(**sections):
    """The lines of such a box, how that called meter is set up, and what the log says."""
    settings, board, told = Settings(), Board(), []
    equal(settings.load(sections, "test"), [])
    lines = MeterLines(board, settings, Box(settings), Clock(), lambda where, text: told.append(text))
    return lines, board.meter_port.formats, told


def test_without_a_house_meter_only_that_of_the_charger_is_read_as_it_left_the_factory():
    own = {"charger_model": "inepro_pro380"}
    lines, formats, told = without_house_meter(supply={"mode": "static"}, meter=own)
    equal([[meter.name for meter in task._meters] for task in lines.tasks], [["charger meter"]])
    equal(formats, [(9600, 0, 1)])
    equal(len(told), 1)
    assert "no house meter is read: the fuse is for the chargers alone" in told[0], told


def test_without_any_meter_nothing_is_read():
    lines, formats, told = without_house_meter(supply={"mode": "ems"}, meter={"charger_model": "none"})
    equal((lines.tasks, formats, len(told)), ([], [], 2))
    assert "an energy manager alone allows current" in told[0], told
    assert "the charger has no meter" in told[1], told


def test_values_of_one_phase_are_refused_where_the_charger_uses_others():
    # One box at a time fits into a small heap.
    for mapping, one, wanted in (("L1L2L3", "L3", True), ("L2", "L2", True), ("L1", "", False)):
        refused_for(mapping, one, wanted)


def refused_for(mapping, one, wanted):
    settings = Settings()
    equal(settings.load({"meter": {"model": "push"}, "charger": {"mapping": mapping}}, "test"), [])
    lines = MeterLines(Board(), settings, Box(settings), Clock(), None)
    told = lines.push({"current_a": [1]})
    equal(told, "L1 only, and the charger uses " + one + ": send lists of three numbers" if wanted else None)
    equal(lines.push({"current_a": [1, 2, 3]}), None)


def test_why_there_is_no_connection_is_told_in_words_on_every_platform():
    # Linux and the RP2, the ESP32, macOS.
    for number in (111, 61):
        assert "nobody listens there" in why(OSError(number, "")), number
    for number in (110, 113, 101, 116, 118, 114, 60, 65, 51):
        assert "is the address right?" in why(OSError(number, "")), number
    for number in (104, 103, 32, 54, 53):
        assert "do others take all its connections?" in why(OSError(number, "")), number
    equal(why(OSError("x is a name; enter the address in numbers")), "x is a name; enter the address in numbers")
    assert why(OSError())
