"""What /api/status tells, and when a box counts as ready."""

from checks import equal
from fairamp import view
from fairamp.box import Box
from fairamp.charging import faults
from fairamp.settings import Settings
from fairamp.sharing.socket import Socket
from fairamp.status import status
from registers import look


def make(others=()):
    settings = Settings()
    equal(settings.load({"site": {"fuse": [20, 20, 20]}, "sharing": {"probe_current": 0}}, "test"), [])
    return Box(settings, others=others)


def test_a_box_is_ready_once_both_meters_were_heard():
    for own, house in ((False, False), (True, False), (False, True), (True, True)):
        box = make()
        if own:
            box.own.accept(100)
        if house:
            box.coordinator.grid.accept(100)
        box.balance(200)
        equal((own, house, view.ready(box)), (own, house, own and house))


def test_what_the_house_has_exported_is_shown():
    box = make()
    box.coordinator.grid.export_wh, box.own.export_wh = 1234, 0
    look(box, 200)
    found = status(box)
    equal((found["grid"]["export_wh"], found["charger"]["draw"]["export_wh"]), (1234, 0))


def test_a_socket_that_is_not_heard_is_shown_as_such():
    other = Socket(3, [0, 1, 2])
    box = make([other])
    for there in (True, False, True):
        other.online = there
        look(box, 200)
        equal([(socket["id"], socket["online"]) for socket in status(box)["sockets"]], [(0, True), (3, there)])


def test_a_charger_with_a_fault_leaves_its_current_to_others():
    other = Socket(3, [0, 1, 2])
    box = make([other])
    report = other.report
    report.connected = report.ready = report.asking = report.measured = True
    report.session, report.allowed_ma = 1, 32000
    session = box.point.session
    session.connected, session.number, session.authorised = True, 1, True
    look(box, 200)
    equal([socket.commitment.offered_ma for socket in view.sockets(box)], [10000, 10000])
    box.point.guard.faults.report(faults.PILOT, True)
    for second in range(1, 12):
        look(box, 1000 * second)
    equal([socket.commitment.offered_ma for socket in view.sockets(box)], [0, 20000])
