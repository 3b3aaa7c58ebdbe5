"""The check of a board file finds every mistake in its table, and lets pass what is harmless."""

import pytest

from fairamp_desk.commands import boards
from tests.desk.chips.board_parts import changed

FREE = "a wire"
BROKEN = {
    "unknown chip": (changed("pico", CHIP="z80"), "unknown chip 'z80'; known: rp2040, rp2350, esp32, esp32s3"),
    "no note": (changed("pico", NOTE=" "), "NOTE is empty"),
    "no image": (changed("pico", IMAGE=None), "IMAGE is missing"),
    "no name": (changed("pico", NAME=""), "NAME is empty"),
    "nothing said of Wi-Fi": (changed("pico", WIFI=None), "WIFI is missing"),
    "no chip": (changed("pico", CHIP=None), "CHIP is missing"),
    "nothing to connect": (changed("pico", connect=None), "connect is missing"),
    "row too short": (changed("pico", extra=[("light", 22)]), "PINS: ('light', 22) is not"),
    "unknown role": (changed("pico", extra=[("horn", 22, FREE)]), "horn: unknown role"),
    "missing role": (changed("pico", {"contactor": None}), "contactor: missing"),
    "missing contact": (changed("pico", {"shed": None}), "shed: missing"),
    "role named twice": (changed("pico", extra=[("shed", 22, FREE)]), "shed: named 2 times"),
    "pin used twice": (changed("pico", {"shed": 20}), "pin 20: used by enable and shed"),
    "no wiring": (changed("pico", extra=[("rgb_light", 22, " ")]), "rgb_light: nothing says what to wire"),
    "hole in the transformers": (changed("rp2040_zero", {"ct_l2": None}), "ct_l3: without ct_l2"),
    "pin that does not exist": (changed("pico", {"shed": 30}), "shed at pin 30: rp2040 has no such pin"),
    "gap in the pins": (changed("esp32_devkitc", {"shed": 24}), "shed at pin 24: esp32 has no such pin"),
    "gap in the pins of an S3": (changed("esp32s3_devkitc", {"shed": 22}), "pin 22: esp32s3 has no such pin"),
    "output on an input": (changed("esp32_devkitc", {"ems_de": 36}), "ems_de at pin 36: cannot be an output"),
    "contact without pull-up": (changed("esp32_devkitc", {"shed": 39}), "shed at pin 39: has no pull-up"),
    "flash": (changed("esp32_devkitc", {"ems_de": 6}), "ems_de at pin 6: belongs to the flash"),
    "flash of an S3": (changed("esp32s3_devkitc", {"ems_de": 33}), "ems_de at pin 33: belongs to the flash"),
    "PSRAM": (changed("esp32_wrover", {"ems_de": 16}), "ems_de at pin 16: belongs to the PSRAM"),
    "PSRAM of an S3": (changed("esp32s3_devkitc", {"ems_de": 35}), "ems_de at pin 35: belongs to the PSRAM"),
    "ADC2": (changed("esp32_devkitc", {"ct_l1": 4, "meter_de": 35}), "ct_l1 at pin 4: no analogue input"),
    "ADC2 of an S3": (
        changed("esp32s3_devkitc", {"pilot_adc": 18}),
        "pilot_adc at pin 18: no analogue input",
    ),
    "proximity at ADC2": (
        changed("esp32_devkitc", {"proximity_adc": 27, "phase_relay": None}),
        "proximity_adc at pin 27: no analogue input",
    ),
    "half a sensor": (changed("pico", {"leakage": None}), "leakage_error: without leakage"),
    "sensor without pull-up": (
        changed("esp32_devkitc", extra=[("leakage", 39, FREE)]),
        "leakage at pin 39: has no pull-up",
    ),
    "trip on an input": (changed("esp32_devkitc", extra=[("trip", 39, FREE)]), "trip at pin 39: cannot be"),
    "no ADC": (changed("pico", {"ct_l1": 22}), "ct_l1 at pin 22: no analogue input"),
    "strapping": (changed("esp32_devkitc", {"contactor": 12}), "contactor at pin 12: read at reset"),
    "strapping input": (changed("esp32_devkitc", {"shed": 0}), "shed at pin 0: read at reset"),
    "strapping of an S3": (changed("esp32s3_devkitc", {"ems_de": 46}), "ems_de at pin 46: read at reset"),
    "contactor moves at boot": (changed("esp32_devkitc", {"contactor": 14}), "contactor at pin 14: moves"),
    "relay moves at boot": (changed("esp32_devkitc", {"phase_relay": 14}), "phase_relay at pin 14: moves"),
    "trip moves at boot": (changed("esp32s3_devkitc", {"trip": 18}), "trip at pin 18: moves"),
    "lock moves at boot": (changed("esp32_devkitc", extra=[("lock", 14, FREE)]), "lock at pin 14: moves"),
    "pilot moves at boot": (changed("esp32s3_devkitc", {"pilot_pwm": 18}), "pilot_pwm at pin 18: moves"),
    "console": (changed("esp32_devkitc", {"shed": 3}), "shed at pin 3: belongs to USB or the console"),
    "USB": (changed("esp32s3_devkitc", {"shed": 19}), "shed at pin 19: belongs to USB or the console"),
    "no UART sends": (changed("pico", {"meter_tx": 3}), "meter_tx at pin 3: no UART sends there"),
    "no UART receives": (changed("pico", {"ems_rx": 7}), "ems_rx at pin 7: no UART receives there"),
    "two UARTs for one port": (changed("pico", {"ems_rx": 13}), "ems: sends on UART1, but receives on UART0"),
    "one UART for two ports": (changed("pico", {"ems_tx": 12, "ems_rx": 13}), "meter and ems: both on UART0"),
    "named light without radio": (changed("pico", {"light": "LED"}), "light at pin LED: only the light of a"),
    "named contactor": (changed("pico_w", {"contactor": "LED"}), "contactor at pin LED: only the light of a"),
    "unknown name": (changed("pico_w", {"light": "LAMP"}), "light at pin LAMP: only the light of a"),
    "named light elsewhere": (changed("esp32_devkitc", {"light": "LED"}), "light at pin LED: only the light"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_check_finds(name):
    board, expected = BROKEN[name]
    problems = boards.check(board)
    assert any(problem.startswith(expected) or expected in problem for problem in problems), problems


def test_noisy_pins_may_carry_what_is_harmless():
    assert boards.check(changed("esp32_devkitc", {"ems_de": 14})) == []


def test_without_psram_its_pins_are_free():
    assert boards.check(changed("esp32s3_devkitc", {"ems_de": 35}, PSRAM=False)) == []


def test_the_uarts_of_an_rp2350_reach_more_pins():
    moved = {"meter_tx": 2, "meter_rx": 3, "meter_de": 0}
    assert boards.check(changed("pico2", moved)) == []
    assert "meter_tx at pin 2: no UART sends there" in boards.check(changed("pico", moved))[0]


def test_the_rules_name_pins_that_exist():
    for rules in boards.CHIPS.values():
        for key in ("input_only", "flash", "psram", "adc", "strapping", "noisy", "console"):
            assert set(rules[key]) <= set(rules["exist"]), key
