"""What is left on each phase while steps are handed out."""

from fairamp.sharing.evenness import Evenness


class Room:
    """The budget without what is reserved, the steps left of it per phase, and the evenness of the loads."""

    def __init__(self, budget_ma, reserved_ma, background_ma, step: int, imbalance_ma: int):
        self.budget_ma = [max(0, budget_ma[phase] - reserved_ma[phase]) for phase in range(3)]
        self.left = [ma // step for ma in self.budget_ma]
        self.even = Evenness(imbalance_ma, background_ma, step)

    def bears(self, phases) -> int:
        """How many steps more go on these phases."""
        steps = self.even.bears(phases)
        for phase in phases:
            steps = min(steps, self.left[phase])
        return steps

    def fits(self, member) -> bool:
        """Its minimum, whatever evenness says."""
        for phase in member.phases:
            if self.left[phase] < member.least:
                return False
        return True

    def give(self, member, steps: int) -> None:
        """So many more for this member, or less."""
        member.got += steps
        for phase in member.phases:
            self.left[phase] -= steps
        if self.even.limited:
            self.even.give(member.phases, steps)

    def may_rise(self, member) -> bool:
        """Can it have one step more?"""
        return member.got < member.most and self.bears(member.phases) > 0
