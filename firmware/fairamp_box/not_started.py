"""What a box does whose settings are missing or wrong: it says so, again and again, and nothing charges."""

import time

SETTINGS = "settings"
EXAMPLE = 'the least that works, with your own values: {"site": {"fuse": [25, 25, 25]}, "charger": {"max": 16%s}}'
OF_SENSOR = ', "leakage": "contact"'
NOT_STARTED = "not started, nothing charges: mend this and restart the box; `fairamp deploy --settings FILE` does both"
TELL_EVERY_S = 10


def example(leakage: bool) -> str:
    """What to write. `leakage`: whether the board has an input for a leakage sensor."""
    return EXAMPLE % (OF_SENSOR if leakage else "")


def tell(errors, board, log) -> None:
    """Until Ctrl-C, so that it is found in the log whenever somebody looks. The light blinks."""
    seconds = 0
    try:
        while True:
            if seconds % TELL_EVERY_S == 0:
                for error in errors:
                    log(SETTINGS, error)
                log(SETTINGS, example(board.has_leakage))
                log(SETTINGS, NOT_STARTED)
            board.set_light(seconds % 2 == 0)
            time.sleep(1)
            seconds += 1
    except KeyboardInterrupt:
        board.set_light(False)
