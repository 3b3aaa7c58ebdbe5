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
        if text.count(b"[") + text.count(b"{") <= MOST_DEPTH or _depth(text) <= MOST_DEPTH:
            return json.loads(text)
    except (ValueError, MemoryError):
        pass
    raise ValueError("not valid JSON")


def _depth(text):
    """How deep the brackets of a JSON text are nested; those of its strings count for nothing."""
    depth = most = at = 0
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
        at += 1
    return most
