import asyncio

from still_clock import StillClock

from checks import equal
from fairamp import meters
from fairamp.meters import probes
from fairamp.meters.search import Search
from fairamp.modbus.frames import READ_HOLDING, READ_INPUT, put16, seal
from fairamp_box.io import tcp_link
from fairamp_box.tools import meter_search


def words(*values):
    data = bytearray(2 * len(values))
    for at, value in enumerate(values):
        put16(data, 2 * at, value)
    return bytes(data)


class Registers:
    """A meter as (function, register) -> word; what lies between is 0, where nothing is gets exception 2."""

    def __init__(self, blocks):
        self.words = {}
        for function, register, values in blocks:
            for at, value in enumerate(values):
                self.words[(function, register + at)] = value

    def answer(self, function, register, count):
        known = [at for at in range(count) if (function, register + at) in self.words]
        if not known:
            return 2
        return words(*[self.words.get((function, register + at), 0) for at in range(count)])


def em340(code=341, hertz=500, volts=2301):
    """Low word first; L1 takes 2 A, 150 W."""
    values = [volts, 0] * 3 + [0] * 6 + [2000, 0, 0, 0, 0, 0] + [1500, 0, 0, 0, 0, 0]
    return Registers(
        (
            (READ_INPUT, 0, values),
            (READ_INPUT, 11, (code,)),
            (READ_INPUT, 40, (1500, 0)),
            (READ_INPUT, 51, (hertz, 1234, 0)),
            (READ_INPUT, 78, (0, 0)),
        )
    )


def follow(search, devices, watch=None):
    """Answers a search from devices by (unit, line), and shows the questions to `watch`; how many there were."""
    count = 0
    while search.question is not None:
        count += 1
        assert count < 10000, "it does not end"
        line, unit, function, register, size = search.question
        assert function in (READ_HOLDING, READ_INPUT)
        if watch:
            watch(line, unit, function, register)
        device = devices.get((unit, line))
        search.tell(device.answer(function, register, size) if device else None)
    return count


def found(search):
    return [(one.model.id, one.unit, one.line) for one in search.found]


N9600 = (9600, "N", 1)
E9600 = (9600, "E", 1)


def test_a_meter_at_its_factory_settings_is_found_at_once():
    search = Search()
    equal(search.question, (N9600, 1, READ_INPUT, 11, 1))
    assert follow(search, {(1, N9600): em340()}) < 5
    equal(found(search), [("cg_em340", 1, N9600)])
    assert "Garo GNM3D" in search.found[0].note
    equal(dict(search.found[0].settings()), {"model": "cg_em340", "unit": 1, "baud": 9600, "parity": "N", "stop": 1})


def places():
    """Where a search has to look, in this order."""
    likely = [(N9600, 1), (N9600, 2), (N9600, 43), (E9600, 1), ((38400, "E", 1), 43), ((2400, "N", 1), 1)]
    for place in likely + [((19200, "N", 2), 126)]:
        yield place
    for line in probes.LINES:
        for unit in range(1, 248):
            yield line, unit


def test_the_order_of_a_search_that_finds_nobody():
    search = Search()
    expected = places()
    now = None

    def watch(line, unit, function, register):
        nonlocal now
        if now != (line, unit):
            now = next(expected)
            equal((line, unit), now)

    follow(search, {}, watch)
    equal((search.found, search.strangers, search.done), ([], [], search.total))
    equal((search.total, list(expected)), (7 + 247 * len(probes.LINES), []))
    equal((probes.LINES[0], len(set(probes.LINES))), (N9600, len(probes.LINES)))


def test_a_changed_address_and_parity():
    search = Search()
    follow(search, {(17, E9600): em340()})
    equal(found(search), [("cg_em340", 17, E9600)])


def test_it_stops_at_the_first_one_or_goes_on():
    devices = {(9, N9600): em340(), (12, N9600): em340(332), (3, E9600): em340()}
    search = Search()
    follow(search, devices)
    equal(found(search), [("cg_em340", 9, N9600)])
    search = Search(all=True)
    follow(search, devices)
    equal(found(search), [("cg_em340", 9, N9600), ("cg_em330", 12, N9600), ("cg_em340", 3, E9600)])
    equal(search.done, search.total)


def test_values_that_no_mains_has_are_not_believed():
    there = []
    gone = []

    def watch(line, unit, function, register):
        if (line, unit) != (N9600, 1):
            gone[:] = [True]
        else:
            assert not gone, "it comes back to who is not known"
            there.append((function, register))

    for device, text in (
        (em340(hertz=440), "frequency = 44.0 Hz"),
        (em340(hertz=0), "frequency"),
        (em340(volts=890), "voltage L1 = 89.0 V"),
        (em340(volts=2910), "voltage L1 = 291.0 V"),
    ):
        there.clear()
        gone.clear()
        search = Search()
        follow(search, {(1, N9600): device}, watch)
        equal(found(search), [])
        equal(len(search.strangers), 1)
        assert "address 1, 9600 8N1, that is none of the table: use custom" in search.strangers[0], search.strangers
        assert "Carlo Gavazzi EM340" in search.strangers[0] and text in search.strangers[0], search.strangers
        # Everything there is to ask was asked there, before the search went on.
        for probe in probes.ALL:
            assert (probe.function, probe.register) in there, probe.register
    for device in (em340(hertz=451), em340(hertz=649), em340(volts=900), em340(volts=2900)):
        search = Search()
        follow(search, {(1, N9600): device})
        equal(found(search), [("cg_em340", 1, N9600)])


def test_an_exception_is_an_answer():
    class Refusing:
        def __init__(self, code):
            self.code = code

        def answer(self, function, register, count):
            return self.code

    search = Search()
    follow(search, {(5, E9600): Refusing(1)})
    equal(search.strangers, ["a Modbus device at address 5, 9600 8E1, that is none of the table: use custom"])
    for code in (10, 11):
        search = Search()
        follow(search, {(5, E9600): Refusing(code)})
        equal(search.strangers, [])


def test_a_code_that_nobody_knows_is_no_hindrance():
    search = Search()
    follow(search, {(1, N9600): em340(999)})
    equal(found(search), [("cg_em340", 1, N9600)])
    assert "Carlo Gavazzi EM330" in search.found[0].note, search.found[0].note


def test_a_lost_frame_of_somebody_who_was_heard_is_asked_again():
    class Forgetful:
        """Every second question gets lost, once it was heard."""

        def __init__(self, meter):
            self.meter = meter
            self.count = 0

        def answer(self, *question):
            self.count += 1
            return self.meter.answer(*question) if self.count % 2 else None

    search = Search()
    follow(search, {(1, N9600): Forgetful(em340())})
    equal(found(search), [("cg_em340", 1, N9600)])


def test_constant_words_are_no_meter():
    class Constant:
        def __init__(self, word):
            self.word = word

        def answer(self, function, register, count):
            return words(*[self.word] * count)

    for word in (0, 1, 17, 42, 71, 332, 500, 1000, 2301, 5000, 0x7FFF, 0x8000, 0xFFFF, 0x4248):
        search = Search()
        follow(search, {(1, N9600): Constant(word)})
        equal((word, found(search)), (word, []))
        equal(len(search.strangers), 1)


def test_on_a_network_the_usual_unit_is_the_one_found():
    class Anywhere:
        """Answers at every unit."""

        def get(self, place):
            return em340(1650)

    search = Search(network=True)
    follow(search, Anywhere())
    equal(found(search), [("cg_em24_tcp", 1, None)])
    equal(dict(search.found[0].settings()), {"model": "cg_em24_tcp", "unit": 1})
    search = Search(network=True)
    units = []
    follow(search, {(126, None): em340()}, lambda line, unit, function, register: units.append(unit))
    equal(found(search), [("cg_em340", 126, None)])  # behind a gateway
    equal(units[:12], [5, 1, 1, 1, 1, 1, 1, 2, 2, 5, 5, 126])


def test_every_model_of_the_probes_is_in_the_table():
    named = set()
    for probe in probes.ALL:
        for row in probe.meanings:
            named.update(row[-1])
    modbus = set()
    for _, models in meters.FAMILIES:
        modbus.update(models.split())
    equal(named, modbus)
    for line, units, questions in probes.LIKELY:
        assert line in probes.LINES and max(units) <= probes.LAST_UNIT
        for probe in questions:
            assert probe in probes.ALL


class JumpingClock(StillClock):
    """In leaps."""

    async def sleep(self, ms):
        self.ms += ms if ms > 1 else 100


class Port:
    """A serial port with one meter behind it."""

    def __init__(self, meter, unit, way):
        self.meter = meter
        self.unit = unit
        self.wanted = way
        self.way = None
        self.waiting = b""
        self.stream = None

    def init(self, baud, parity, stop):
        self.way = (baud, parity, stop)

    def any(self):
        return len(self.waiting)

    def readinto(self, buffer):
        count = min(len(buffer), len(self.waiting))
        buffer[:count] = self.waiting[:count]
        self.waiting = self.waiting[count:]
        return count

    def send(self, data):
        unit, function = data[0], data[1]
        assert function in (READ_HOLDING, READ_INPUT), "it writes"
        if unit != self.unit or self.way != self.wanted:
            return
        answer = self.meter.answer(function, data[2] << 8 | data[3], data[4] << 8 | data[5])
        if isinstance(answer, int):
            frame = bytearray([unit, function | 0x80, answer, 0, 0])
        else:
            frame = bytearray([unit, function, len(answer)]) + answer + bytearray(2)
        seal(frame, len(frame) - 2)
        self.waiting = bytes(frame)

    def sent(self):
        return True

    def listen(self):
        pass


def test_over_a_serial_port():
    seen = [0, ""]

    def progress(done, total, text):
        equal(done, seen[0] + 1)
        seen[:] = [done, text]

    clock = JumpingClock()
    search = asyncio.run(meter_search.on_line(Port(em340(), 3, (9600, 0, 1)), clock, progress))
    equal(found(search), [("cg_em340", 3, E9600)])
    equal(seen, [search.done, "address 3, 9600 8E1"])
    # Two questions of 300 ms at each of the addresses before.
    assert 250 * 600 < clock.ms < 250 * 600 + 90000, clock.ms


def test_on_the_board_itself():
    class Board:
        meter_port = Port(em340(), 1, (9600, None, 1))

    meter_search.here(Board())


class Silence:
    def __init__(self):
        self.opened = 0

    async def fetch(self, unit, function, register, count):
        raise meter_search.BadReply("no answer")


def test_on_a_network_every_silence_has_a_new_connection():
    made = []

    def link(host, port, clock, timeout):
        made.append((host, port))
        return Silence()

    before = tcp_link.TcpLink
    tcp_link.TcpLink = link
    try:
        search = asyncio.run(meter_search.on_network("10.0.0.5", 502, JumpingClock(), lambda *_: None))
    finally:
        tcp_link.TcpLink = before
    equal((search.found, search.strangers), ([], []))
    equal(made, [("10.0.0.5", 502)] * (len(probes.LIKELY_NETWORK) + 2 * len(probes.UNITS)))
