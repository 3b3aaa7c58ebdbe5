"""The meters of house and charger: which they are, and where."""

from fairamp import meters
from fairamp.settings.kinds import CHOICE, FLAG, INSTALLER, LIVE, NUMBER, PER_PHASE, PRESET, RESTART, TEXT, WHOLE, A, S

ROWS: tuple = (
    ("meter.model", INSTALLER, RESTART, CHOICE, "eastron_sdm630", meters.IDS),
    ("meter.custom", INSTALLER, RESTART, PRESET, None),
    ("meter.line", INSTALLER, RESTART, CHOICE, "meter", ("meter", "ems")),
    ("meter.unit", INSTALLER, RESTART, WHOLE, None, "", 1, 255),
    ("meter.charger_model", INSTALLER, RESTART, CHOICE, "eastron_sdm630", meters.IDS),
    ("meter.charger_unit", INSTALLER, RESTART, WHOLE, 2, "", 1, 247),
    ("meter.baud", INSTALLER, RESTART, WHOLE, None, "baud", 1200, 115200),
    ("meter.parity", INSTALLER, RESTART, CHOICE, None, ("N", "E", "O")),
    ("meter.stop", INSTALLER, RESTART, WHOLE, None, "", 1, 2),
    ("meter.host", INSTALLER, RESTART, TEXT, "", 64),
    ("meter.port", INSTALLER, RESTART, WHOLE, None, "", 1, 65535),
    ("meter.transport", INSTALLER, RESTART, CHOICE, "tcp", ("tcp", "rtu", "udp")),
    ("meter.location", INSTALLER, RESTART, CHOICE, "including", ("including", "excluding")),
    ("meter.period", INSTALLER, LIVE, NUMBER, 2, "s", 0, 60, S),
    ("meter.timeout", INSTALLER, RESTART, NUMBER, 0.5, "s", 0.05, 10, S),
    ("meter.frozen", INSTALLER, LIVE, NUMBER, 0, "s", 0, 3600, S, 5),
    ("meter.witness", INSTALLER, LIVE, FLAG, False),
    ("meter.fallback", INSTALLER, LIVE, PER_PHASE, (9999, 9999, 9999), "A", 0, 9999, A),
    ("meter.climb", INSTALLER, LIVE, NUMBER, 0.2, "A/s", 0.01, 100, A),
)
HELP = {
    "model": "the meter of the house",
    "custom": "registers of a meter that is not in the table",
    "line": "serial line of the house meter",
    "unit": "its Modbus address; none = as it left the factory",
    "charger_model": "the charger's own meter",
    "charger_unit": "Modbus address of the charger's own meter",
    "baud": "speed of the meter line; none = that of the meter",
    "parity": "parity of the meter line; none = that of the meter",
    "stop": "its stop bits; none = those of the meter",
    "host": "network address of a meter with Modbus TCP or HTTP",
    "port": "its port; none = 502 for Modbus, 80 for HTTP",
    "transport": "how Modbus reaches it on the network; rtu = a gateway that passes the bytes of a serial line on",
    "location": "does the meter see the chargers?",
    "period": "time between readings; 0 = as fast as it goes; pushed values count for three, at most 120 s",
    "timeout": "how long an answer may take",
    "frozen": "so long a meter may show the very same values; 0 = 10 s when it tells mA or mV, else 60 s or 30 periods",
    "witness": "changes of the cars have to show at it, else the safe current holds; not beside a battery",
    "fallback": "load to expect while the meter is lost; 9999 = the safe current holds instead",
    "climb": "how fast offers rise after a lost meter",
}
NEEDS = {
    "witness": "meter.location = including",
    "custom": "meter.model = custom",
    "line": "a house meter on a serial line",
    "unit": "a house meter with Modbus",
    "baud": "a Modbus meter on a serial line",
    "parity": "a Modbus meter on a serial line",
    "stop": "a Modbus meter on a serial line",
    "host": "a house meter on the network",
    "port": "meter.host",
    "transport": "meter.host, and a meter with Modbus",
}
