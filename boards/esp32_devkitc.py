"""Espressif ESP32-DevKitC and the many boards like it, with a WROOM module."""

CHIP = "esp32"
NAME = "ESP32-DevKitC (WROOM-32)"
IMAGE = "ESP32_GENERIC"
WIFI = True
DEFAULTS = {"web": {"port": 0}}
PINS = (
    ("meter_tx", 17, "DI of the RS485 transceiver of the meter"),
    ("meter_rx", 16, "RO of the RS485 transceiver of the meter (3.3 V level)"),
    ("meter_de", 4, "DE and /RE of the RS485 transceiver of the meter"),
    ("ems_tx", 18, "DI of the RS485 transceiver of the EMS"),
    ("ems_rx", 19, "RO of the RS485 transceiver of the EMS (3.3 V level)"),
    ("ems_de", 21, "DE and /RE of the RS485 transceiver of the EMS"),
    ("pilot_pwm", 25, "input of the pilot amplifier (high = +12 V, low = -12 V), 10 k to 3V3"),
    ("contactor", 26, "gate of the contactor driver, 10 k to GND"),
    ("phase_relay", 27, "gate of the driver of the relay that adds L2 and L3, 10 k to GND"),
    ("enable", 22, "enable contact to GND (closed = may charge)"),
    ("shed", 23, "load shedding contact to GND (closed = reduce)"),
    ("light", 13, "LED through 1 k to GND"),
    ("pilot_adc", 34, "pilot line through 120 k; 27 k to 3V3, 22 k and 1 nF to GND"),
    ("ct_l1", 35, "current transformer of L1 with burden, biased to 1.3 V"),
    ("ct_l2", 32, "current transformer of L2 with burden, biased to 1.3 V"),
    ("ct_l3", 33, "current transformer of L3 with burden, biased to 1.3 V"),
    ("proximity_adc", 36, "proximity contact, 1 k from it to 3V3, 100 nF to GND; fixed cable: 220 ohm to GND for 32 A"),
)
NOTE = (
    "For WROOM modules: on a WROVER, pins 16 and 17 belong to the PSRAM. The converter is straight from "
    "0.15 to 2.45 V only, hence the bias of 1.3 V. While the chip resets, its pins let go: the 10 k "
    "resistor at pin 26 then keeps the contactor open, and the one at pin 25 keeps the pilot at steady "
    "+12 V, which offers no current. Do not leave them out."
)


def connect():
    from boards.chips import esp32

    return esp32.Board(NAME, PINS, WIFI)
