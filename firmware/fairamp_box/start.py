"""What happens after a reset: settings first, then the application, which fills the memory of a small chip."""

import asyncio
import os
import time

from fairamp.settings import Settings
from fairamp_box.heap import for_making, forget, start_small
from fairamp_box.io.clock import Clock
from fairamp_box.io.log import Log, traced
from fairamp_box.keeping.boots import MOST_WORDS
from fairamp_box.keeping.kept import FOLDER, Keeping

WATCHDOG_MS = 5000
# Left by an interrupted program: after the reset that follows, the chip stays in its prompt.
HOLD_FILE = "hold"
TOO_MUCH = "settings.json: more than this board can check in its memory; a few lines are enough"
# Time for a Ctrl-C, where it fails again and again.
PAUSE_S = 5
HELD = "held by Ctrl-C: nothing runs and nothing charges; reset to start"


def main(board, defaults={}) -> None:  # noqa: B006
    """Runs the box for ever. Ctrl-C makes it safe and, after a reset, leaves the chip in its prompt.

    `defaults`: settings of this board that differ from the usual ones, as a settings file has them.
    """
    if _held():
        print(HELD)
        return
    start_small()
    clock = Clock()
    log = Log(clock)
    settings = Settings(store=store)
    settings.load(defaults, board.name)
    settings.defaults = defaults
    try:
        converter = (board.ct_span_mv, board.ct_ends) if board.cts else None
        errors = store().load_settings(
            settings,
            radio=board.has_wifi,
            leakage=board.has_leakage,
            cts=board.cts,
            converter=converter,
            tell=lambda text: log("settings", text),
        )
        store().renew_copy()
    except MemoryError:
        errors = [TOO_MUCH]
    except OSError as error:
        log("settings", "no copy can be written (" + str(error) + "); is the flash full?")
    keeping = Keeping(FOLDER, board.reset_cause())
    safe_mode = _safe_mode(errors, keeping.boots, settings, board, log)
    forget(store().for_settings())
    try:
        # Not before: the table of settings and the application do not fit beside each other.
        from fairamp_box.app import App

        app = App(board, settings, clock, log, safe_mode=safe_mode, keeping=keeping)
    except Exception as error:
        words = traced(error, MOST_WORDS)
        keeping.boots.ends(True, words)
        log("app", "cannot start, and tries again in " + str(PAUSE_S) + " s: " + words)
        time.sleep(PAUSE_S)
        board.reset()
        return
    forget(for_making())
    board.start_watchdog(WATCHDOG_MS)
    try:
        asyncio.run(app.run())
    except KeyboardInterrupt:
        app.control.make_safe()
        app.leave("held by Ctrl-C")
        log("app", "interrupted: outputs are safe; resetting into the prompt")
        with open(HOLD_FILE, "w"):
            pass
    except Exception as error:
        app.control.make_safe()
        words = traced(error, MOST_WORDS)
        app.leave(words, failed=True)
        log("app", "failed, and restarts: " + words)
    finally:
        app.control.make_safe()
    board.reset()


def _safe_mode(errors, boots, settings, board, log):
    """What the box does while its settings are wrong, or when it has failed again and again; None = it works."""
    if not errors and not boots.failing:
        return None
    from fairamp_box.safe_mode import SafeMode

    failure = "" if errors else boots.reason
    safe_mode = SafeMode(errors, failure, settings.values, board, log)
    if errors:
        store().salvage(settings)
    return safe_mode


def store():
    """Needed for a moment only, and then forgotten as well."""
    from fairamp_box.io import store

    return store


def _held():
    try:
        os.remove(HOLD_FILE)
    except OSError:
        return False
    return True
