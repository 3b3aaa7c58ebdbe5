"""Finds the zero of the clamps, for a person at the prompt of the board."""

import asyncio
import json

from fairamp.meters.sieve import Doubt
from fairamp.settings import Settings
from fairamp_box.io.clock import Clock
from fairamp_box.io.store import load_settings
from fairamp_box.meters.ct_source import CtSource


def here(board=None) -> None:
    """Measures the noise of the clamps of this board, and prints the settings to use."""
    if board is None:
        from board import connect

        board = connect()
    for line in find(board, Clock()):
        print(line)


def find(board, clock):
    """What to tell the person, line by line."""
    settings = Settings()
    errors = load_settings(settings, leakage=board.has_leakage, cts=board.cts)
    if errors:
        return errors
    try:
        floors = asyncio.run(CtSource(board, settings, clock).calibrate())
    except Doubt as doubt:
        return ["no zero found: " + str(doubt)]
    return [
        "noise of the clamps, in A, for settings.json:",
        json.dumps({"ct": {"floor": [floor / 1000 for floor in floors]}}),
    ]
