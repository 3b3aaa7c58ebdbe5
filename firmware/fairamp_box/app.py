"""Starts the tasks, watches over them, and leaves the box safe when they end."""

import asyncio

from fairamp import VERSION
from fairamp.box import Box
from fairamp_box.control import Control
from fairamp_box.heap import Heap
from fairamp_box.io.rs485 import PARITIES, Rs485
from fairamp_box.supervisor import Supervisor

RESTART_MS = 5000
# Of values that somebody sends.
MOST_VALUES = 1024
WITHOUT = "; the box runs without it: deploy again, or switch off what takes memory"


class App:
    """All tasks of one box, and what its features may ask of it.

    box, settings, clock, log, board
    network     None without a radio, or without a network to join
    outlets     [(path, give)]: give(**numbers) of a query returns pieces of JSON, one after the other
    inlets      [(path, take, most bytes)] for JSON from outside. take(data) returns what is wrong with it, one text or
                a list, None = nothing. Where nothing is taken now, a text in the place of `take` says when it would be.
    """

    def __init__(self, board, settings, clock, log, others=(), doors=None, safe_mode=None, keeping=None):
        """`others`: sockets of further boxes that this one shares the current with. `doors`: see network.Network.

        `safe_mode`: where the settings are wrong. `keeping`: what outlasts a restart; None = nothing does.
        """
        self.board = board
        self.clock = clock
        self.log = log
        self.box = Box(settings, phase_relay=board.has_phase_relay, others=others)
        self.box.journal.log = log
        self.settings = settings
        log("app", "Fairamp " + VERSION + " on " + board.name)
        if others:
            # Only a box with neighbours needs it, and it takes space.
            from fairamp.settings.safe import tell

            tell(self.box.coordinator.safe, log)
        self._wanted: list = []  # (run, name) of the tasks with which it starts
        self._tasks: "list | None" = None  # while it runs, as (run, name, task)
        self.supervisor = Supervisor(clock, log, self._begin_anew, self._give_up)
        self.start(self.supervisor.run, "supervisor")
        self.keeping = keeping
        self.keeper = self._keep_energy() if keeping else None
        # A chip forgets it when all is made.
        from fairamp_box.meters.lines import MeterLines

        meters = MeterLines(board, settings, self.box, clock, log, self._act)
        self.meter_tasks = meters.tasks
        for task in meters.tasks:
            settings.follow(task.settle)
            run = task.run
            self.start(run, "meter")
            self.supervisor.watch(task.names(), run, task, lambda: settings["meter.period"])
        self.outlets: list = []
        self.inlets = [("/api/meter", meters.push, MOST_VALUES)]
        self.meter_on_network = meters.on_network
        self._lines = meters.lines()
        self._for_managers = None if meters.uses("ems") else board.ems_port
        self._asked = None
        self.network = self._on_network(doors)
        if safe_mode:
            safe_mode.enter(self)
        self._start_features()
        if self.network:
            self.start(self.network.run, "network")
        heap = Heap(self._lines, self._asked, clock.now())
        self.control = Control(board, self.box, clock, log, heap, self.keeper, self.leave, self.supervisor)

    def _act(self):
        self.control.act()

    def _keep_energy(self):
        """The keeper, when there is something to be kept."""
        keeping, log = self.keeping, self.log
        boots = keeping.boots
        self.box.boot = boots.count
        self.box.boot_reason = boots.reason
        log("app", "start " + str(boots.count) + ": " + boots.reason)
        energy = keeping.energy(self.box)
        if keeping.problem:
            log("storage", keeping.problem)
        if not keeping.folder:
            return None
        from fairamp_box.keeping.keeper import Keeper

        keeper = Keeper(log, self.clock.now())
        if energy:
            keeper.add(energy)
        self.start(self._runs_well, "app")
        return keeper

    async def _runs_well(self):
        from fairamp_box.keeping.boots import WELL_S

        await self.clock.sleep(1000 * WELL_S)
        self.keeping.boots.runs_well()

    def leave(self, words: str, failed: bool = False) -> None:
        """To be called before the box restarts: writes what is to be kept, and why."""
        if self.keeper:
            self.keeper.finish(self.clock.now())
        if self.keeping:
            self.keeping.boots.ends(failed, words)

    def _on_network(self, doors):
        if not (self.board.has_wifi and self.settings["wifi.name"]):
            return None
        try:
            # Boards without a radio have no sockets, and nothing that needs them may be loaded there.
            from fairamp_box.network import Network

            return Network(self, doors)
        except Exception as error:
            self.box.offline = True
            self._tell("network", "left out: ", error, WITHOUT)
            return None

    def _start_features(self):
        """None of them takes another one along, nor the charging."""
        # A chip forgets the list when all is made.
        from fairamp.features import wanted

        for name in wanted(self.settings):
            try:
                __import__("fairamp_box.features." + name, None, None, ("start",)).start(self)
            except Exception as error:
                self._tell(name, "left out: ", error, WITHOUT)

    # ---- for features

    def when_session_ends(self, take) -> None:
        """`take(record)` is called with what charging.record makes of it, while others wait: it only notes that."""
        self.box.when_ended = take

    def line_for_managers(self, baud, parity):
        """The serial line on which energy managers may ask; None where a meter has it."""
        if self._for_managers is None:
            return None
        self._asked = Rs485(self._for_managers, self.clock, baud, PARITIES[parity])
        self._lines.append(self._asked)
        return self._asked

    def start(self, run, name):
        """A task that is kept as long as the box runs."""
        if self._tasks is None:
            self._wanted.append((run, name))
        else:
            self._tasks.append((run, name, asyncio.create_task(self.keep(run, name))))

    # ----

    async def run(self) -> None:
        """Controls until cancelled, or until the control loop itself fails."""
        tasks: list = []
        self._tasks = tasks
        for run, name in self._wanted:
            self.start(run, name)
        try:
            await self.control.run()
        finally:
            self.control.make_safe()
            self._tasks = None
            for _, _, task in tasks:
                task.cancel()

    def _begin_anew(self, run):
        tasks = self._tasks or []
        for index, (known, name, task) in enumerate(tasks):
            if known is run:
                task.cancel()
                tasks[index] = (run, name, asyncio.create_task(self.keep(run, name)))

    def _give_up(self, words):
        """Restarts the box: what stands still does so whatever is done."""
        self.control.make_safe()
        self.log("app", words + "; the box restarts")
        self.leave(words, failed=True)
        self.board.reset()

    async def keep(self, run, name):
        """Runs a task until it has come to its end: one that fails is told of and begins anew."""
        failed = False
        while True:
            try:
                if failed:
                    await self.clock.sleep(RESTART_MS)
                await run()
                return
            except Exception as error:
                failed = True
                self._tell(name, "failed: ", error, "; starts again in " + str(RESTART_MS // 1000) + " s")

    def _tell(self, name, what, error, then):
        try:
            self.log(name, what + repr(error) + then)
        except Exception:
            pass  # where memory is short, this takes some, too; that the task begins anew counts for more
