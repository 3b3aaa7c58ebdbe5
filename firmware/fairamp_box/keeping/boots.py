"""How often and why the box has started, and how its last run ended."""

import struct

# Version, starts, runs in a row that ended in a failure, how the last one ended; its words follow.
FORM = "<BIBB"
VERSION = 1
HEAD = struct.calcsize(FORM)
MOST_WORDS = 300
# How a run ended: nobody said anything, somebody asked for it, something failed.
SILENT, ASKED, FAILED = 0, 1, 2
# After so many failures in a row the box starts in safe mode.
MOST_FAILURES = 3
# Whoever has run for so long has left the failure behind.
WELL_S = 600
POWER = "power"
STOOD_STILL = "the program stood still, and the watchdog has restarted the box"


class Boots:
    """`pair`: where it is kept, None = nowhere; `cause`: what the chip says about its reset."""

    def __init__(self, pair, cause: str):
        self._pair = pair
        self.count = 1
        self.problem = ""  # why this start could not be written down; then nothing else can either
        self.failures = 0  # runs in a row that ended in a failure
        self.reason = "power on" if cause == POWER else "restart"
        data = pair.load() if pair else None
        if data and len(data) >= HEAD and data[0] == VERSION:
            self._follow(cause, data)
        self._save(SILENT, "")

    def _follow(self, cause, data):
        _, count, failures, end = struct.unpack(FORM, data[:HEAD])
        self.count = (count + 1) & 0xFFFFFFFF
        words = _words(data[HEAD:])
        if end == SILENT and cause != POWER:
            end, words = FAILED, STOOD_STILL
        if end != SILENT:
            self.reason = words
        if end == FAILED:
            self.failures = min(failures + 1, 255)

    @property
    def failing(self) -> bool:
        return self.failures >= MOST_FAILURES

    def ends(self, failed: bool, words: str) -> None:
        """The run is over, and this is why."""
        self._save(FAILED if failed else ASKED, words)

    def runs_well(self) -> None:
        if self.failures:
            self.failures = 0
            self._save(SILENT, "")

    def _save(self, end, words):
        if not self._pair:
            return
        data = struct.pack(FORM, VERSION, self.count, self.failures, end) + words.encode()[:MOST_WORDS]
        try:
            self._pair.save(data)
        except OSError as error:
            self.problem = str(error)


def _words(data):
    try:
        return data.decode()
    except (ValueError, UnicodeError):
        return "unknown"
