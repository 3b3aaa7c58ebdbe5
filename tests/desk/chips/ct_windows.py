"""Boards that sample their transformers, for tests: started, fed with waves, and looked at as the control loop does."""

from array import array

from fairamp.charging import pilot
from fairamp.meters.clamps import RATE, WINDOW
from fairamp_desk.commands import boards
from tests.desk.chips import fake_stream
from tests.desk.chips.board_parts import driver

RP2040 = ("pico", "pico_w", "rp2040_zero")
ESP32 = ("esp32_devkitc", "esp32s3_devkitc")
PERIOD_US = 1e6 / RATE


def wire(name, extra=()):
    module = boards.load(name)
    gpio = {role: pin for role, pin, _ in [*module.PINS, *extra]}
    board = driver(module).Board(module.NAME, [*module.PINS, *extra], False)
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


def wave(duty, high_mv, low_mv=-12000):
    """The pilot behind its divider, in microvolts, with the frequency that the chip makes."""

    def volts(us):
        line = high_mv if us * 1.000002 % 1000 < duty / 10 else low_mv
        return (line + 14667) * 99 / 1079 * 1000

    return volts


def pilot_of(board, count=128):
    """What the board reads there, in millivolts."""
    codes = array("H", [0] * 128)
    assert board.read_pilot(codes) == count
    return [pilot.ZERO_MV + code * board.pilot_span_mv / 4096 for code in codes[:count]]
