"""The log: what, where and what to do next, newest lines kept for whoever asks."""

KEPT = 40


class Log:
    """Lines of (ms since start, text); `echo` shows each as it comes."""

    def __init__(self, clock, echo=print):
        self.lines = []
        self._clock = clock
        self._echo = echo

    def __call__(self, where: str, text: str) -> None:
        now = self._clock.now()
        line = str(now // 1000) + "." + str(now % 1000 + 1000)[1:] + " " + where + ": " + text
        self.lines.append(line)
        if len(self.lines) > KEPT:
            self.lines.pop(0)
        self._echo(line)
