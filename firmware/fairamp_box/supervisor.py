"""Watches that the tasks without which nothing may charge for long do their rounds.

One that stands still is begun anew; when that does not help the box restarts, and tells which one it was. The watchdog
of the chip is fed only while somebody watches.
"""

from fairamp.units import elapsed

LOOK_MS = 5000
# However slow a meter is, and whatever its line goes through, it has been asked once in this time and four periods.
STILL_MS = 60000
PERIODS = 4
# Who stands still so often does so again.
MOST_RESTARTS = 2
# For so long after its last look somebody watches.
WATCHES_MS = 4 * LOOK_MS


class Supervisor:
    """`restart(run)`: begins a task anew. `give_up(words)`: restarts the box."""

    def __init__(self, clock, log, restart, give_up):
        self._clock = clock
        self._log = log
        self._restart = restart
        self._give_up = give_up
        self._watched: list = []
        self._looked = clock.now()

    def watch(self, name: str, run, task, period) -> None:
        """`run` was started, and `task` counts its `rounds`; `period()`: the time between them, in ms."""
        self._watched.append(Watched(name, run, task, period, self._clock.now()))

    def watches(self, now: int) -> bool:
        return elapsed(now, self._looked) < WATCHES_MS

    async def run(self) -> None:
        while True:
            await self._clock.sleep(LOOK_MS)
            self.look(self._clock.now())

    def look(self, now: int) -> None:
        self._looked = now
        for watched in self._watched:
            if watched.rounds != watched.task.rounds:
                watched.rounds, watched.since = watched.task.rounds, now
            elif elapsed(now, watched.since) >= STILL_MS + PERIODS * watched.period():
                self._help(now, watched)

    def _help(self, now, watched):
        still = watched.name + ": stood still for " + str(elapsed(now, watched.since) // 1000) + " s"
        watched.since = now
        watched.restarts += 1
        if watched.restarts > MOST_RESTARTS:
            self._give_up(still + ", again and again")
            return
        self._log("app", still + "; it is begun anew")
        self._restart(watched.run)


class Watched:
    """One task, and how its rounds went."""

    def __init__(self, name, run, task, period, now):
        self.name = name
        self.run = run
        self.task = task
        self.period = period
        self.rounds = task.rounds  # at the last look
        self.since = now  # when they were seen to change
        self.restarts = 0
