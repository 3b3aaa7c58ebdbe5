"""How far the loads of the phases may differ from each other."""

PAIRS = ((0, 1), (0, 2), (1, 2))
ANY = 1 << 29


class Evenness:
    """Watches the loads while steps are given and taken. `most_ma`: 0 = no limit."""

    def __init__(self, most_ma: int, background_ma, step: int):
        self.limited = most_ma > 0  # False: phases may differ as they like
        self._step = step
        self._load = list(background_ma)  # of each phase, with what was given so far
        # What is uneven by itself may stay so, but not get worse.
        self._most = [max(most_ma, abs(background_ma[one] - background_ma[other])) for one, other in PAIRS]

    def give(self, conductors, steps: int) -> None:
        for conductor in conductors:
            if conductor < 3:
                self._load[conductor] += steps * self._step

    def bears(self, conductors) -> int:
        """How many steps more there keep the loads of the phases even enough."""
        if not self.limited:
            return ANY
        most = ANY
        for index in range(3):
            one, other = PAIRS[index]
            if (one in conductors) != (other in conductors):
                if other in conductors:
                    one, other = other, one
                most = min(most, (self._most[index] - self._load[one] + self._load[other]) // self._step)
        return most

    def broken(self, more=(0, 0, 0)):
        """(phase with too much, phase with too little) after so many steps more on each; None when all is well."""
        if not self.limited:
            return None
        for index in range(3):
            one, other = PAIRS[index]
            over = self._load[one] - self._load[other] + (more[one] - more[other]) * self._step
            if abs(over) > self._most[index]:
                return (one, other) if over > 0 else (other, one)
        return None
