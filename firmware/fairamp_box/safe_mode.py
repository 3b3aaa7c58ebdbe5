"""A box whose settings are missing or wrong, or that fails again and again: nothing charges, it tells why again and
again, and takes a better file.
"""

import gc

from fairamp_box.io.store import MOST_BYTES

SETTINGS = "settings"
LIMIT = "safe mode"
EXAMPLE = 'the least that works, with your own values%s: {"site": {"fuse": [25, 25, 25]}, "charger": {"max": 16%s}}'
OF_SENSOR = ', "leakage": "contact"'
NO_SENSOR = ' (leakage is "none" where no sensor is wired to that input)'
NOT_STARTED = "safe mode, nothing charges: mend this and restart the box; `fairamp deploy --settings FILE` does both"
FAILS = "safe mode, nothing charges: the box has restarted several times in a row after a failure; the last one: "
TRIES = "it tries again in an hour, or when somebody restarts it; if that does not help, deploy again"
TRIES_AFTER = 360  # times of the next row
TELL_EVERY_MS = 10000
# For a new file over the network.
PATH = "/api/settings"
WHO = "http"
# Until the answer to who has sent it is on its way.
ANSWER_MS = 1000


def example(leakage: bool) -> str:
    """What to write. `leakage`: whether the board has an input for a leakage sensor."""
    return EXAMPLE % ((NO_SENSOR, OF_SENSOR) if leakage else ("", ""))


class SafeMode:
    """`errors`: all that is wrong with the settings; `failure`: where nothing is, how the box ends again and again.

    `below`: the values of the settings where a file says nothing.
    """

    def __init__(self, errors, failure, below, board, log):
        self._errors = errors or [FAILS + failure]
        self._advice = (example(board.has_leakage), NOT_STARTED) if errors else (TRIES,)
        self._fails = not errors
        self._below = below
        self._board = board
        self._log = log
        self.tell()

    def tell(self) -> None:
        for error in self._errors:
            self._log(SETTINGS, error)
        for advice in self._advice:
            self._log(SETTINGS, advice)

    def enter(self, app) -> None:
        """A limit that no command can lift; to be called before anybody can ask, and before all else."""
        self._app = app
        limits = app.box.point.limits
        limits.set(limits.add(LIMIT), 0)
        app.box.wrong_settings = self._errors
        app.inlets.append((PATH, self.take, MOST_BYTES))
        app.start(self._remind, SETTINGS)

    async def _remind(self):
        """So that it is found in the log whenever somebody looks."""
        told = 0
        while True:
            await self._app.clock.sleep(TELL_EVERY_MS)
            self.tell()
            told += 1
            if self._fails and told == TRIES_AFTER:
                await self._restart("safe mode")

    def take(self, sections):
        """A whole file in the place of the wrong one; all that is wrong with it, None = the box restarts with it."""
        settings = self._app.settings
        gc.collect()  # the tables of settings shall not lie between what is gone anyway
        store = settings.store()
        try:
            errors = store.take_new(settings, sections, self._below)
        finally:
            store.forget()
        if errors:
            return errors
        self._log(SETTINGS, "a new file has come, and holds")
        self._app.start(lambda: self._restart(WHO), SETTINGS)
        return None

    async def _restart(self, who):
        await self._app.clock.sleep(ANSWER_MS)
        # Not at the top: it would load the application while the tables of settings are still there.
        from fairamp import commands

        commands.restart(self._app.box, who)
