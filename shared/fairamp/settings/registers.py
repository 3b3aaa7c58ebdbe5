"""Registers for energy managers: which ones, where, and for whom."""

from fairamp.addresses import is_numeric
from fairamp.settings.kinds import CHOICE, FLAG, LIVE, NUMBER, OWNER, RESTART, TEXT, WHOLE, S

ROWS: tuple = (
    ("ems.alfen_validity", OWNER, RESTART, NUMBER, 60, "s", 1, 86400, S),
    ("ems.disclose_card", OWNER, LIVE, FLAG, False),
    ("ems.read_only", OWNER, RESTART, FLAG, False),
    ("ems.peers", OWNER, RESTART, TEXT, "", 200),
    ("ems.teltocharge_port", OWNER, RESTART, WHOLE, 502, "", 0, 65535),
    ("ems.alfen_port", OWNER, RESTART, WHOLE, 0, "", 0, 65535),
    ("ems.vestel_port", OWNER, RESTART, WHOLE, 0, "", 0, 65535),
    ("ems.mennekes_port", OWNER, RESTART, WHOLE, 0, "", 0, 65535),
    ("ems.serial_map", OWNER, RESTART, CHOICE, "teltocharge", ("teltocharge", "alfen", "vestel", "mennekes")),
    ("ems.serial_unit", OWNER, RESTART, WHOLE, 1, "", 1, 247),
    ("ems.serial_baud", OWNER, RESTART, WHOLE, 9600, "baud", 1200, 115200),
    ("ems.serial_parity", OWNER, RESTART, CHOICE, "N", ("N", "E", "O")),
)
HELP = {
    "alfen_validity": "how long a set-point of Alfen's holds",
    "disclose_card": "energy managers may read which card has started a session",
    "read_only": "energy managers may read, but not write",
    "peers": "network addresses that may connect, with commas; empty = all",
    "teltocharge_port": "Modbus TCP port of the TeltoCharge registers, 0 = off",
    "alfen_port": "Modbus TCP port of the Alfen registers, 0 = off",
    "vestel_port": "Modbus TCP port of the Vestel registers, 0 = off",
    "mennekes_port": "Modbus TCP port of the MENNEKES registers, 0 = off",
    "serial_map": "registers on the serial line",
    "serial_unit": "Modbus address on the serial line",
    "serial_baud": "speed of the serial line",
    "serial_parity": "parity of the serial line",
}
NEEDS = {
    "alfen_validity": "ems.alfen_port, or ems.serial_map = alfen",
    "peers": "wifi.name",
    "serial_map": "no meter on the line ems",
    "serial_unit": "no meter on the line ems",
    "serial_baud": "no meter on the line ems",
    "serial_parity": "no meter on the line ems",
}


def check_peers(values, where, errors):
    """A box cannot look up names, and compares whole addresses."""
    for peer in values["ems.peers"].split(","):
        if peer.strip() and not is_numeric(peer.strip()):
            text = " is no address in numbers, so it could never connect; write such as 192.168.1.20, 192.168.1.21"
            errors.append(where + ": [ems] peers: " + repr(peer.strip()) + text)


def check_alone(values, where, errors):
    """A manager that may not write cannot be the only one who allows current."""
    if values["supply.mode"] == "ems" and values["ems.read_only"]:
        text = (
            ": nobody could allow the chargers anything, as [supply] mode is ems: switch it off, or take another mode"
        )
        errors.append(where + ": [ems] read_only" + text)


RULES = (check_peers, check_alone)
