"""`fairamp registers` for tests: what it is asked, and what it prints."""

import re

from fairamp_desk.registers import map as register_map

LINE = re.compile(r"\s*(\d+)  (\w+)  +(.*?)  +(R|W|R/W)( +filler)?")


def of_map(twin, name):
    return f"127.0.0.1:{twin.ports[name]}", "--map", name


def parse(table):
    """The lines of a table by name: address, value, access, filler."""
    found = {}
    for line in table.splitlines():
        if match := LINE.fullmatch(line):
            found[match[2]] = (int(match[1]), match[3], match[4], bool(match[5]))
    return found


def rows_of(name):
    return [row for rows in register_map.units(name).values() for row in rows]
