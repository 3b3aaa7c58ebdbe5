"""Espressif ESP32-S3-DevKitC-1 with octal PSRAM: the board to take for everything at once."""

CHIP = "esp32s3"
NAME = "ESP32-S3-DevKitC-1"
IMAGE = "ESP32_GENERIC_S3-SPIRAM_OCT"
WIFI = True
DEFAULTS: dict = {}
PSRAM = True
PINS = (
    ("pilot_adc", 4, "pilot line through 120 k; 27 k to 3V3, 22 k and 1 nF to GND"),
    ("ct_l1", 5, "current transformer of L1 with burden, biased to 1.3 V"),
    ("ct_l2", 6, "current transformer of L2 with burden, biased to 1.3 V"),
    ("ct_l3", 7, "current transformer of L3 with burden, biased to 1.3 V"),
    ("proximity_adc", 8, "proximity contact, 1 k from it to 3V3, 100 nF to GND; fixed cable: 220 ohm to GND for 32 A"),
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
    ("leakage", 39, "leakage sensor, normally closed to GND (a broken wire trips); if none: charger.leakage = none"),
    ("leakage_error", 40, "error output of that sensor, normally closed to GND; a sensor without one: a wire to GND"),
    ("output_live", 41, "closed to GND while voltage is behind the contactor; without such a part: delete this row"),
    ("locked", 42, "contact of the socket lock, closed to GND while locked; without a lock: a wire to GND"),
    ("trip", 21, "gate of the driver that trips the breaker, 10 k to GND"),
    ("lock", 47, "gate of the driver of the socket lock, 10 k to GND"),
    ("rgb_light", 48, "light on the board"),
)
NOTE = (
    "Take one with R8 in the name of its module (N8R8, N16R8), which stands for PSRAM: without it, little "
    "fits into the memory. It takes pins 35 to 37. On boards of version 1.1 the light is at pin 38. A "
    "module with R8V or R16V in its name drives pin 47 with 1.8 V only: put the lock elsewhere. The "
    "converter is straight from 0.15 to 2.45 V only, hence the bias of 1.3 V. While the chip resets, its "
    "pins let go: the 10 k resistor at pin 13 then keeps the contactor open, and the one at pin 12 keeps "
    "the pilot at steady +12 V, which offers no current. Do not leave them out, nor those of trip and "
    "lock."
)


def connect():
    from boards.chips import esp32

    return esp32.Board(NAME, PINS, WIFI)
