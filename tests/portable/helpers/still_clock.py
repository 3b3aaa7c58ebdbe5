class StillClock:
    """Time that passes only when somebody waits; how, says who makes one of it."""

    def __init__(self):
        self.ms = 0

    def now(self):
        return self.ms

    def moment_us(self):
        return 1000 * self.ms

    def past_us(self, then):
        return 1000 * self.ms - then
