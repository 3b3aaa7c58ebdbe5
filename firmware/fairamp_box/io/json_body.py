"""Reads JSON from the network, where anything may come."""

import json


def parse(body):
    """The object with names in a body; ValueError when it holds something else, or not all of it."""
    # MicroPython forgives a missing end: the rest may be on its way, or lost.
    text = body.strip()
    if text[:1] != b"{" or text[-1:] != b"}":
        raise ValueError("not a JSON object")
    try:
        return json.loads(text)
    except (ValueError, RuntimeError, MemoryError):
        # The last two: too deep for CPython, and for the heap of a chip.
        raise ValueError("not valid JSON") from None
