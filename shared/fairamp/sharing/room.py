"""What is left on each way while steps are handed out."""

from fairamp.sharing.evenness import Evenness


class Room:
    """The budget without what is reserved, the steps left of it per way, and the evenness of the loads."""

    def __init__(self, budget_ma, reserved_ma, background_ma, step: int, imbalance_ma: int):
        self.budget_ma = [max(0, budget_ma[way] - reserved_ma[way]) for way in range(len(budget_ma))]
        self.left = [ma // step for ma in self.budget_ma]
        self.even = Evenness(imbalance_ma, background_ma, step)

    def bears(self, ways) -> int:
        """How many steps more go there."""
        steps = self.even.bears(ways)
        for way in ways:
            steps = min(steps, self.left[way])
        return steps

    def fits(self, member) -> bool:
        """Its minimum, whatever evenness says."""
        for way in member.ways:
            if self.left[way] < member.least:
                return False
        return True

    def give(self, member, steps: int) -> None:
        """So many more for this member, or less."""
        member.got += steps
        for way in member.ways:
            self.left[way] -= steps
        if self.even.limited:
            self.even.give(member.ways, steps)

    def may_rise(self, member) -> bool:
        """Can it have one step more?"""
        return member.got < member.most and self.bears(member.ways) > 0
