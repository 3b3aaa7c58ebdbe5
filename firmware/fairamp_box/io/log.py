"""The log: what, where and what to do next, newest entries kept for whoever asks."""

import sys

from fairamp.units import elapsed

KEPT = 20
# Ready made, as nothing can be made then.
NO_MEMORY = "log: no memory for this line; the older ones are given up"


class Log:
    """Entries of (ms since start, text); `echo` shows each as it comes."""

    def __init__(self, clock, echo=print):
        self.entries = []
        self._clock = clock
        self._start = clock.now()
        self._echo = echo
        self._take = None

    def follow(self, take) -> None:
        """From now on take(where, text) is called with what is told, and with what was told so far."""
        self._take = take
        for entry in self.entries:
            _, _, said = entry.partition(" ")
            where, _, text = said.partition(": ")
            take(where, text)

    def __call__(self, where: str, text: str) -> None:
        """Never fails for want of memory: whoever tells something has more to do than that."""
        try:
            self._tell(where, text)
        except MemoryError:
            self.entries.clear()
            self._echo(NO_MEMORY)

    def _tell(self, where, text):
        ms = elapsed(self._clock.now(), self._start)
        entry = str(ms // 1000) + "." + str(ms % 1000 + 1000)[1:] + " " + where + ": " + text
        self.entries.append(entry)
        if len(self.entries) > KEPT:
            self.entries.pop(0)
        self._echo(entry)
        if self._take:
            self._take(where, text)


def traced(error, most: int) -> str:
    """Where an error came from, at most so long: its end tells the most."""
    try:
        if not hasattr(sys, "print_exception"):
            import traceback

            return "".join(traceback.format_exception(error))[-most:]
        from io import StringIO

        text = StringIO()
        sys.print_exception(error, text)
        return text.getvalue()[-most:]
    except MemoryError:
        return "MemoryError"
