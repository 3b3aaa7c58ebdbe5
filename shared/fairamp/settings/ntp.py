"""Servers that are asked for the time."""

from fairamp.addresses import is_numeric
from fairamp.settings.kinds import LIVE, OWNER, TEXT

ROWS: tuple = (("clock.ntp", OWNER, LIVE, TEXT, "pool.ntp.org", 130),)
HELP = {"ntp": "one or two time servers (SNTP), by name or address, with a comma; empty = none is asked"}
NEEDS = {"ntp": "wifi.name"}
MOST = 2
DIGITS = "0123456789"
LABEL = "abcdefghijklmnopqrstuvwxyz-" + DIGITS


def is_name(host) -> bool:
    """Can it be one of a host? What ends with a number is an address, perhaps with a slip of the pen."""
    labels = host.split(".")
    for label in labels:
        if not 0 < len(label) < 64 or label[0] == "-" or label[-1] == "-" or label.lower().strip(LABEL):
            return False
    return labels[-1].strip(DIGITS) != ""


def check_servers(values, where, errors):
    hosts = [host.strip() for host in values["clock.ntp"].split(",") if host.strip()]
    place = where + ": [clock] ntp: "
    if len(hosts) > MOST:
        errors.append(place + "one or two servers are asked, and these are " + str(len(hosts)))
    for host in hosts:
        if not is_name(host) and not is_numeric(host):
            text = " is no name and no address; write such as pool.ntp.org, 192.168.1.1"
            errors.append(place + repr(host[:40]) + text)


RULES = (check_servers,)
