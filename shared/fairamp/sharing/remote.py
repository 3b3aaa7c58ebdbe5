"""The coordinator's end of a network: a socket whose charge point is on another box."""

from fairamp.sharing.hearing import Hearing
from fairamp.units import PHASES, elapsed, later


class Remote:
    """Writes what is heard into the socket that the coordinator knows, and whether anything is heard at all.

    The answer to a report is `socket.grant`. What does not report gets none: it has fallen to its safe current.
    """

    def __init__(self, socket):
        self.socket = socket
        self._hearing = Hearing()
        socket.online = False

    def hear(self, now: int, report, sent: int) -> None:
        """A report has come. `sent`: when, on the clock of its box, which is another than that of `now`."""
        self._hearing.note(now)
        known = self.socket.report
        known.connected = report.connected
        known.session = report.session
        known.ready = report.ready
        known.asking = report.asking
        known.charging = report.charging
        known.allowed_ma = report.allowed_ma
        known.terminals = report.terminals
        known.three = report.three
        known.switched = report.switched
        known.measured = report.measured
        for terminal in PHASES:
            known.draw_ma[terminal] = report.draw_ma[terminal]
        known.read_at = later(now, -elapsed(sent, report.read_at))

    def look(self, now: int) -> None:
        """To be called before the coordinator decides."""
        self.socket.online = self._hearing.lasts(now)
