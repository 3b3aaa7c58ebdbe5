"""What is left on each conductor while steps are handed out."""

from fairamp.sharing.evenness import Evenness


class Supply:
    """The budget without what is reserved, the steps left of it per conductor, and the evenness of the loads."""

    def __init__(self, budget_ma, reserved_ma, background_ma, step: int, imbalance_ma: int):
        self.budget_ma = [max(0, budget_ma[conductor] - reserved_ma[conductor]) for conductor in range(len(budget_ma))]
        self.left = [ma // step for ma in self.budget_ma]
        self.even = Evenness(imbalance_ma, background_ma, step)

    def bears(self, conductors) -> int:
        """How many steps more go there."""
        steps = self.even.bears(conductors)
        for conductor in conductors:
            steps = min(steps, self.left[conductor])
        return steps

    def fits(self, member) -> bool:
        """Its minimum, whatever evenness says."""
        for conductor in member.conductors:
            if self.left[conductor] < member.least:
                return False
        return True

    def give(self, member, steps: int) -> None:
        """So many more for this member, or less."""
        member.got += steps
        for conductor in member.conductors:
            self.left[conductor] -= steps
        if self.even.limited:
            self.even.give(member.conductors, steps)

    def may_rise(self, member) -> bool:
        """Can it have one step more?"""
        return member.got < member.most and self.bears(member.conductors) > 0
