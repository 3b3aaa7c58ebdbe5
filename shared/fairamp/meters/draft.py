"""What a source said, before it is believed: every source fills a draft, and the sieve makes a reading of it."""


class Draft:
    """None = not told. The sign of a current does not count, that of its power does."""

    def __init__(self):
        self.current_ma = [None, None, None]
        self.voltage_mv = [None, None, None]
        self.power_w = [None, None, None]
        self.clear()

    def clear(self) -> None:
        for phase in range(3):
            self.current_ma[phase] = self.voltage_mv[phase] = self.power_w[phase] = None
        self.total_w = None
        self.energy_wh = None
        self.export_wh = None
        self.frequency_chz = None
        self.contract_ma = None  # what the house has subscribed to, on each phase
        self.stamp = None  # the source's own clock or counter: the same again means the same data again
        # Its clock on the wall, where it has one: YYMM, doubled and one more in summer time, and DDhhmmss.
        self.month = self.moment = None
        self.phases = 3  # how many the source measures, from L1 on
        self.resolution_ma = 1  # how coarse the currents are
        self.lively = False  # its digits never all stand still: when they do, it is frozen
        self.urgent = False  # an alarm: some values are missing, those that are there count at once
