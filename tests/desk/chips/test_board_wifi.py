"""The Wi-Fi of the boards that have it."""


def test_wifi(wired, chip):
    module, board, _ = wired
    assert (board.address(), board.dns()) == (None, None)
    board.join_wifi("home", "secret", "carport")
    if not module.WIFI:
        assert not chip.wlans
        return
    (wlan,) = chip.wlans
    assert wlan.on
    assert chip.events[-1] == ("host", "", "carport")
    assert wlan.power_save == wlan.PM_NONE
    assert wlan.joining == ("home", "secret")
    assert board.address() is None
    # While the first attempt still runs.
    board.join_wifi("open", "", "carport")
    assert wlan.joining == ("open", None)
    wlan.own_address = "192.168.1.7"
    assert (board.address(), board.dns()) == ("192.168.1.7", "192.168.1.1")
    wlan.name_server = "0.0.0.0"
    assert board.dns() is None
