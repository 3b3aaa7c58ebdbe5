"""Raspberry Pi Pico."""

CHIP = "rp2040"
NAME = "Raspberry Pi Pico"
IMAGE = "RPI_PICO"
# The maker allows 200 MHz at 1.15 V, and every millisecond of the control loop counts.
CLOCK_HZ = 200000000
WIFI = False
DEFAULTS: dict = {}
PINS = (
    ("meter_tx", 0, "DI of the RS485 transceiver of the meter"),
    ("meter_rx", 1, "RO of the RS485 transceiver of the meter (3.3 V level)"),
    ("meter_de", 2, "DE and /RE of the RS485 transceiver of the meter"),
    ("ems_tx", 4, "DI of the RS485 transceiver of the EMS"),
    ("ems_rx", 5, "RO of the RS485 transceiver of the EMS (3.3 V level)"),
    ("ems_de", 6, "DE and /RE of the RS485 transceiver of the EMS"),
    ("leakage", 10, "leakage sensor, normally closed to GND (a broken wire trips); if none: charger.leakage = none"),
    ("leakage_error", 11, "error output of that sensor, normally closed to GND; a sensor without one: a wire to GND"),
    ("output_live", 12, "closed to GND while voltage is behind the contactor; without such a part: delete this row"),
    ("trip", 13, "gate of the driver that trips the breaker, 10 k to GND"),
    ("lock", 14, "gate of the driver of the socket lock, 10 k to GND"),
    ("locked", 15, "contact of the socket lock, closed to GND while locked; without a lock: a wire to GND"),
    ("pilot_pwm", 16, "input of the pilot amplifier (high = +12 V, low = -12 V), 10 k to 3V3"),
    ("contactor", 17, "gate of the contactor driver, 10 k to GND"),
    ("phase_relay", 18, "gate of the driver of the relay that adds L2 and L3, 10 k to GND"),
    ("enable", 20, "enable contact to GND (closed = may charge)"),
    ("shed", 21, "load shedding contact to GND (closed = reduce)"),
    ("light", 25, "green LED on the board"),
    ("pilot_adc", 26, "pilot line through 120 k; 27 k to 3V3, 22 k and 1 nF to GND"),
    ("ct_l1", 27, "current transformer of L1 with burden, biased to half of 3V3"),
    ("ct_l2", 28, "current transformer of L2 with burden, biased to half of 3V3"),
)
NOTE = (
    "Three analogue pins are free: the pilot and two transformers. GP29 measures the supply, so a house "
    "with three phases needs a Modbus meter or a P1 port instead of transformers. A socket without a fixed "
    "cable needs proximity_adc, at pin 28 instead of ct_l2. While the chip resets, its pins let go: the "
    "10 k resistor at pin 17 then keeps the contactor open, and the one at pin 16 keeps the pilot at "
    "steady +12 V, which offers no current. Do not leave them out, nor those of trip and lock."
)


def connect():
    from boards.chips import rp2

    return rp2.Board(NAME, PINS, WIFI, CHIP, CLOCK_HZ)
