"""Lifetime energy and the session that runs, over a restart."""

from fairamp.charging.record import OPEN, readable

# So much may flow before it is written again; a loss of power costs no more than that.
STEP_WH = 250


class KeptEnergy:
    """One of the keeper."""

    def __init__(self, pair, box):
        self._pair = pair
        self._box = box
        self._saved = ()  # what was so when it was written last

    def load(self, newest: bool = True) -> bool:
        """To be called before the first step; False when there is something that this version cannot read.

        `newest`: see Box.recall.
        """
        data = self._pair.load()
        if data is None:
            return True
        if not readable(data):
            return False
        self._box.recall(data, newest)
        return True

    def due(self, now: int) -> bool:
        saved = self._saved
        if self._box.point.session.interrupted:
            # The start: what was kept is more than what is known now.
            return False
        if not saved:
            # After a start it is known again how the session goes on.
            return True
        is_so = self._now()
        return is_so[:4] != saved[:4] or is_so[4] - saved[4] >= STEP_WH

    def changed(self) -> bool:
        return not self._box.point.session.interrupted and self._saved != self._now()

    def save(self) -> None:
        self._pair.save(self._box.record(OPEN))
        self._saved = self._now()

    def _now(self):
        session = self._box.point.session
        energy = session.lifetime
        return (session.connected, session.permitted, session.stopped, session.number, energy.wh, energy.rest_mj)
