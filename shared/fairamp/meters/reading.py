"""What a meter says about three phases, in whole numbers."""


class Reading:
    """The latest believed values of one meter; kept and overwritten, so that a tick makes no garbage."""

    def __init__(self):
        self.current_ma = [0, 0, 0]  # signed: export is negative
        self.voltage_mv = [0, 0, 0]  # 0 = not told
        self.power_w = [0, 0, 0]  # signed like the current
        self.total_w = 0  # of all phases, as the meter itself says
        self.energy_wh = 0  # imported
        self.export_wh = 0  # counter of the other direction
        self.frequency_chz = 0  # 0 = not told
        self.contract_ma = 0  # the subscribed power, per phase; 0 = not told
        self.phases = 3  # how many are measured, from L1 on
        self.directed = True  # False: this source cannot tell export from import, all counts as import
        self.taken = 0  # moment of the last good reading
        self.number = 0  # of good readings; 0 = never had one
        self.late_ms = 5000  # older than this it is stale
        self.stale = False  # too old to act on; stays so until the next good reading
        self.where = ""  # model and address of the meter, in words; empty before the first reading
        self.problem = ""  # why the last attempt gave no reading, in words; empty = it gave one

    def accept(self, now: int) -> None:
        """The values are complete and plausible: from now on they count."""
        self.taken = now
        self.number += 1
        self.stale = False
        self.problem = ""
