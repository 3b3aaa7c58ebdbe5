"""What can go wrong at a charge point: one row per fault, the same for registers, page, log and documents.

Bits are those of the registers 34 (warnings) and 35 (errors) of a TeltoCharge.
"""

(
    INPUT_VOLTAGE,
    WELDED,
    LEAKAGE_TEST,
    PILOT,
    OVERCURRENT,
    TEMPERATURE,
    PROXIMITY,
    LEAKAGE,
    LOCK,
    NO_OUTPUT,
    SENSOR_LOST,
    UNSTEADY,
) = range(12)

# When does a fault end, once its cause is gone?
AT_ONCE = "by itself, after the lock-out"
UNPLUGGED = "when the car is unplugged"
PAUSE = "after 300 s, and again"
REST = "after 30 s, later up to 300 s, and again"
REPAIRED = "after a repair, with a restart"

# name, error bit, what the user sees, how it ends, what a person has to do
FAULTS = (
    ("input voltage", 0, "mains voltage out of range", AT_ONCE, "have the supply checked if it comes back"),
    (
        "welded contactor",
        1,
        "voltage or current behind the open contactor",
        REPAIRED,
        "switch off at the mains, replace the contactor",
    ),
    (
        "leakage self-test",
        2,
        "the leakage sensor failed its test; if no sensor is wired: set [charger] leakage to none",
        UNPLUGGED,
        "replace the sensor if it comes back; for a sensor without that output: a wire from the input to GND",
    ),
    ("pilot", 3, "pilot line shorted, or no diode in the car", UNPLUGGED, "try another cable, then another car"),
    (
        "over-current",
        4,
        "code 302: the car draws more than it was offered",
        PAUSE,
        "nothing; the car may need a workshop",
    ),
    ("temperature", 5, "too hot", AT_ONCE, "let it cool; check the terminals"),
    ("proximity", 7, "the cable is not recognised", UNPLUGGED, "plug the cable in again, or use another"),
    (
        "leakage",
        8,
        "leakage current; if no sensor is wired: set [charger] leakage to none",
        UNPLUGGED,
        "unplug; if it comes back, have car and cable checked, and the wire to the sensor",
    ),
    ("socket lock", 9, "the socket does not lock", AT_ONCE, "push the plug in fully"),
    ("no output", 10, "no voltage behind the closed contactor", UNPLUGGED, "have the contactor and its driver checked"),
    ("temperature sensor", 5, "temperature not known", AT_ONCE, "check the sensor"),
    (
        "unsteady pilot",
        3,
        "the car begins and ends again and again: pilot line of car or cable unsteady",
        REST,
        "try another cable, then another car",
    ),
)

# Warnings: bit and what the user sees
WARN_TEMPERATURE = 1
WARN_OVERCURRENT = 2
WARN_VENTILATION = 3
WARN_CLOCK = 4
WARN_SIMPLE_DENIED = 5
WARN_SIMPLE = 6
WARN_VENTILATION_DENIED = 7
WARNINGS = {
    WARN_TEMPERATURE: "warm: charging may be reduced",
    WARN_OVERCURRENT: "the car draws more than it was offered",
    WARN_VENTILATION: "the car asks for ventilation",
    WARN_CLOCK: "the time is not known: the lowest current of the profile holds",
    WARN_SIMPLE_DENIED: "the car has a simplified pilot, which is not allowed here",
    WARN_SIMPLE: "the car has a simplified pilot: at most 10 A",
    WARN_VENTILATION_DENIED: "no ventilation here: this car cannot charge",
}


class Faults:
    """Which faults hold now. One whose cause is gone may have to wait for the car to be unplugged."""

    def __init__(self):
        self.active = 0  # bit mask of the faults that hold
        self.warnings = 0  # bit mask of the warnings
        self.connected = False  # a car is there: faults that end with unplugging wait for it to go

    def report(self, fault: int, there: bool) -> None:
        """Tells whether the cause of a fault is there now."""
        if there:
            self.active |= 1 << fault
        elif self.active & 1 << fault:
            ends = FAULTS[fault][3]
            if ends is not REPAIRED and (not self.connected or ends is not UNPLUGGED):
                self.active &= ~(1 << fault)

    def has(self, fault: int) -> bool:
        return bool(self.active & 1 << fault)

    def first(self) -> int:
        """The first fault that holds; only while there is one."""
        fault = 0
        while not self.has(fault):
            fault += 1
        return fault

    def stops(self) -> bool:
        """Is there a fault that holds the box in state F or E?"""
        return bool(self.active & ~(1 << OVERCURRENT | 1 << UNSTEADY))

    def errors(self) -> int:
        """Bit field of register 35."""
        bits = 0
        for fault in range(len(FAULTS)):
            if self.active & 1 << fault:
                bits |= 1 << FAULTS[fault][1]
        return bits

    def warn(self, bit: int, there: bool) -> None:
        if there:
            self.warnings |= 1 << bit
        else:
            self.warnings &= ~(1 << bit)

    def texts(self):
        """What the user sees, faults first."""
        shown = [FAULTS[fault][2] for fault in range(len(FAULTS)) if self.active & 1 << fault]
        return shown + [text for bit, text in sorted(WARNINGS.items()) if self.warnings & 1 << bit]
