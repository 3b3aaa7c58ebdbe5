"""The least that a socket offers: 6 A, or what its settings say for cars that need more."""

from client import Clients, box_with
from parked_car import flows, park

from checks import equal
from fairamp import view
from fairamp.settings import Settings
from fairamp.sharing.coordinator import Coordinator
from fairamp.sharing.socket import Socket


def live(box, seconds, house):
    """A car is there and takes what it is offered; the meters are fresh. All offers that it saw."""
    own, grid = box.own, box.coordinator.grid

    def read():
        own.current_ma[:] = [flows(box)] * 3
        grid.current_ma[:] = [1000 * house + flows(box)] * 3
        own.accept(box.now)
        grid.accept(box.now)

    return park(box, seconds, read)


def make(least, **sections):
    box = box_with(charger=dict({"min": least}, **sections.pop("charger", {})), **sections)
    box.inputs.count = 128
    return box


def test_a_car_is_offered_its_minimum_or_nothing():
    box = make(13)
    equal(sorted(live(box, 20, 15)), [0])
    equal(box.point.limits.offer(), 0)
    assert 13000 in live(box, 60, 12)
    # The house takes more: 12 A would be left, and that is nothing to this car.
    live(box, 10, 13)
    equal(box.point.offer_ma, 0)


def test_no_limit_makes_it_less():
    box = make(8)
    live(box, 20, 5)
    equal(box.point.offer_ma, 20000)
    equal(Clients(box, "teltocharge").write(15, 7), 0)
    equal(sorted(live(box, 10, 5))[0], 0)
    equal(box.point.offer_ma, 0)
    equal(Clients(box, "teltocharge").write(15, 8), 0)
    live(box, 20, 5)
    equal(box.point.offer_ma, 8000)


def test_who_needs_more_waits_for_it_and_the_others_have_it_meanwhile():
    settings = Settings()
    equal(settings.load({"sharing": {"mode": "fifo"}, "meter": {"witness": False}}, "test"), [])
    sockets = [Socket(0, [0, 1, 2]), Socket(1, [0, 1, 2], least_ma=13000)]
    one = Coordinator(settings, sockets, None)
    for number, socket in enumerate(sockets):
        report = socket.report
        report.connected = report.ready = report.asking = report.measured = True
        report.allowed_ma, report.session = 32000, 1 + number
    one.grid.current_ma[0] = 7000
    for now in range(0, 30000, 1000):
        one.grid.accept(now)
        one.update(now)
    # 18 A: not enough for 6 and 13 together.
    equal([socket.commitment.offered_ma for socket in sockets], [18000, 0])
    equal((sockets[0].member.waits, sockets[1].member.waits), (False, True))


def test_what_is_less_is_shown_as_nothing_before_a_car_comes_too():
    box = make(13)
    box.coordinator.grid.current_ma[0] = 15000
    box.coordinator.grid.accept(box.now)
    box.balance(box.now)
    # 10 A are left.
    equal((box.socket.grant.ma, view.limit_ma(box)), (10000, 0))


def test_energy_managers_read_it():
    equal(Clients(make(8), "vestel", 255).read(1102), 8)
    equal(Clients(make(13), "mennekes").read(712), 13)
    equal(Clients(make(6), "mennekes").read(712), 6)


def refused(text, **sections):
    errors = Settings().load(sections, "test")
    equal(len(errors), 1)
    assert text in errors[0], errors


def test_a_minimum_that_is_above_what_there_may_be_is_refused():
    refused("[charger] min: 13 A are more than [charger] max of 10 A", charger={"min": 13, "max": 10})
    refused("[charger] min: 13 A are more than [charger] limit of 8 A", charger={"min": 13, "limit": 8})
    refused(
        "[charger] min: 13 A are more than the 10 A that fuse",
        site={"fuse": [25, 10, 25]},
        charger={"min": 13, "mapping": "L1L2L3"},
    )
    refused("[charger] safe: 8 A are less than [charger] min of 13 A", charger={"min": 13, "safe": 8})
    refused("a car needs 13 A", site={"headroom": [13, 0, 0]}, charger={"min": 13})
    refused("[site] feeder: 10 A on L1", site={"feeder": [10, 32, 32]}, charger={"min": 13})
    equal(Settings().load({"charger": {"min": 13, "safe": 13}}, "test"), [])


def safe_current(amps, fuse=50):
    settings = Settings()
    equal(settings.load({"site": {"fuse": [fuse] * 3}, "meter": {"witness": False}}, "test"), [])
    sockets = [Socket(0, [0, 1, 2], None), Socket(1, [0, 1, 2], None, least_ma=1000 * amps)]
    one = Coordinator(settings, sockets, None)
    one.grid.accept(0)
    one.update(0)
    return [socket.safe_ma for socket in sockets], [socket.grant.safe_ma for socket in sockets]


def test_without_the_network_it_keeps_that_much_where_all_fits_and_else_nothing():
    equal(safe_current(13), ([6000, 13000], [6000, 13000]))
    equal(safe_current(13, fuse=18), ([0, 0], [0, 0]))
    equal(safe_current(6, fuse=18), ([6000, 6000], [6000, 6000]))
