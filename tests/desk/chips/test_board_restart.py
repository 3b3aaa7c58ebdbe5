"""What restarts a board: its watchdog, and its reset."""


def test_watchdog(wired, chip):
    module, board, _ = wired
    board.feed_watchdog()
    assert not chip.watchdogs
    board.start_watchdog(5000)
    (watchdog,) = chip.watchdogs
    assert watchdog.timeout == 5000
    board.feed_watchdog()
    assert watchdog.fed == 1
    board.start_watchdog(20000)
    assert chip.watchdogs[-1].timeout == (8388 if module.CHIP.startswith("rp2") else 20000)


def test_reset(wired, chip):
    _, board, _ = wired
    board.reset()
    assert chip.events[-1][0] == "reset"
