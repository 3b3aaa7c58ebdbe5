"""Espressif ESP32-S3-DevKitC-1."""

CHIP = "esp32s3"
NAME = "ESP32-S3-DevKitC-1"
WIFI = True
PINS = (
    ("pilot_adc", 4, "pilot line through 120 k; 27 k to 3V3, 22 k and 1 nF to GND"),
    ("ct_l1", 5, "current transformer of L1 with burden, biased to 1.3 V"),
    ("ct_l2", 6, "current transformer of L2 with burden, biased to 1.3 V"),
    ("ct_l3", 7, "current transformer of L3 with burden, biased to 1.3 V"),
    ("meter_tx", 15, "DI of the RS485 transceiver of the meter"),
    ("meter_rx", 16, "RO of the RS485 transceiver of the meter (3.3 V level)"),
    ("meter_de", 17, "DE and /RE of the RS485 transceiver of the meter"),
    ("ems_tx", 9, "DI of the RS485 transceiver of the EMS"),
    ("ems_rx", 10, "RO of the RS485 transceiver of the EMS (3.3 V level)"),
    ("ems_de", 11, "DE and /RE of the RS485 transceiver of the EMS"),
    ("pilot_pwm", 12, "input of the pilot amplifier (high = +12 V, low = -12 V), 10 k to 3V3"),
    ("contactor", 13, "gate of the contactor driver, 10 k to GND"),
    ("phase_relay", 14, "gate of the driver of the relay that adds L2 and L3, 10 k to GND"),
    ("enable", 1, "enable contact to GND (closed = may charge)"),
    ("shed", 2, "load shedding contact to GND (closed = reduce)"),
    ("rgb_light", 48, "light on the board"),
)
NOTE = (
    "On boards of version 1.1 the light is at pin 38. The converter is straight from 0.15 to 2.45 V only, "
    "hence the bias of 1.3 V. While the chip resets, its pins let go: the 10 k resistor at pin 13 then "
    "keeps the contactor open, and the one at pin 12 keeps the pilot at steady +12 V, which offers no "
    "current. Do not leave them out."
)


def connect():
    from boards.chips import esp32

    return esp32.Board(NAME, PINS, WIFI)
