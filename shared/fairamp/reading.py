"""What a meter says about three phases, in whole numbers."""


class Reading:
    """The latest values of one meter; kept and overwritten, so that a tick makes no garbage."""

    def __init__(self):
        self.current_ma = [0, 0, 0]  # signed: export is negative
        self.voltage_mv = [0, 0, 0]
        self.power_w = [0, 0, 0]
        self.energy_wh = 0
        self.taken = 0
        self.number = 0  # of good readings; 0 = never had one
        self.stale = False  # too old to act on; stays so until the next good reading

    def accept(self, now: int) -> None:
        """The values are complete and plausible: from now on they count."""
        self.taken = now
        self.number += 1
        self.stale = False
