"""Reads JSON from a file or from the network, where anything may come."""

import json

# Settings need half of it. What is deeper would fill the memory of a chip, and stay there for a while.
MOST_DEPTH = 12


def parse(body):
    """The object with names in these bytes; ValueError when they hold something else, or not all of it."""
    # MicroPython forgives a missing end: the rest may be on its way, or lost.
    text = body.strip()
    if text[:1] != b"{" or text[-1:] != b"}":
        raise ValueError("not a JSON object")
    try:
        if text.count(b"[") + text.count(b"{") <= MOST_DEPTH or _walk(text)[0] <= MOST_DEPTH:
            return json.loads(text)
    except (ValueError, MemoryError):
        pass
    raise ValueError("not valid JSON")


def parse_once(body):
    """The same; ValueError, too, when a name is there twice: who sends it may mean the other one."""
    found = parse(body)
    names = _names(found)
    # There are more colons than names: usually they are in strings.
    if body.count(b":") != names and _walk(body)[1] != names:
        raise ValueError("not valid JSON: a name is there twice")
    return found


def _names(found):
    """How many names the objects in it have."""
    if isinstance(found, dict):
        return len(found) + sum([_names(each) for each in found.values()])
    return sum([_names(each) for each in found]) if isinstance(found, list) else 0


def _walk(text):
    """How deep the brackets of a JSON text are nested, and how many colons it has; those of its strings are none."""
    depth = most = at = colons = 0
    while at < len(text):
        code = text[at]
        if code == 0x22:  # "
            at += 1
            while at < len(text) and text[at] != 0x22:
                at += 2 if text[at] == 0x5C else 1  # \\
        elif code == 0x5B or code == 0x7B:  # [ {
            depth += 1
            most = max(most, depth)
        elif code == 0x5D or code == 0x7D:
            depth -= 1
        elif code == 0x3A:  # :
            colons += 1
        at += 1
    return most, colons
