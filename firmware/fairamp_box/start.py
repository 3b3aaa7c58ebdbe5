"""What happens after a reset: settings first, then the application, which fills the memory of a small chip."""

import asyncio
import os

from fairamp.settings import Settings
from fairamp_box.clock import Clock
from fairamp_box.heap import start_small
from fairamp_box.log import Log
from fairamp_box.store import forget, load_settings

WATCHDOG_MS = 5000
# Left by an interrupted program: after the reset that follows, the chip stays in its prompt.
HOLD_FILE = "hold"


def main(board) -> None:
    """Runs the box for ever. Ctrl-C makes it safe and, after a reset, leaves the chip in its prompt."""
    if _held():
        print("held by Ctrl-C: nothing runs and nothing charges; reset to start")
        return
    start_small()
    clock = Clock()
    log = Log(clock)
    settings = Settings()
    errors = load_settings(settings)
    forget("fairamp.settings_rows")
    for error in errors:
        log("settings", error)
    if errors:
        log("settings", "no charging until this is mended; then reset")
        return
    # Not before: the table of settings and the application do not fit beside each other.
    from fairamp_box.app import App

    app = App(board, settings, clock, log)
    board.start_watchdog(WATCHDOG_MS)
    try:
        asyncio.run(app.run())
    except KeyboardInterrupt:
        app.control.make_safe()
        log("app", "interrupted: outputs are safe; resetting into the prompt")
        with open(HOLD_FILE, "w"):
            pass
    finally:
        app.control.make_safe()
    board.reset()


def _held():
    try:
        os.remove(HOLD_FILE)
    except OSError:
        return False
    return True
