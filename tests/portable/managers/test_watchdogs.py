"""When an energy manager's silence begins to count: with its first write, and never by reading alone."""

from client import Clients, box_with

from checks import equal
from fairamp.charging.limits import NO_LIMIT
from registers import ems_limit

NEAR_THE_END = 0x3FFFFFFF - 3000
# Map, its set-point, another register that can be written and a value for it, one that is read, its time-out in s.
SILENT = (
    ("teltocharge", 15, 20, 8, 9, 30),
    ("mennekes", 1000, 131, 8, 122, 60),
    ("vestel", 5004, 2000, 8, 1000, 20),
)


def test_a_scanner_or_a_monitor_that_stops_throttles_nothing():
    for name, point, _, _, read, timeout in SILENT:
        box = box_with()
        clients = Clients(box, name)
        for _ in range(3):
            assert clients.read(read) >= 0
            assert clients.read(point) == 32
            clients.wait(1)
        # What is refused changes nothing either.
        equal((clients.write(point, 99), clients.write(read, 1)), (3, 2))
        clients.wait(2 * timeout)
        equal((name, ems_limit(box)), (name, NO_LIMIT))


def test_the_first_write_of_any_register_arms_the_watchdog():
    for name, point, other, value, _, timeout in SILENT:
        for address, written in ((point, 16), (other, value)):
            box = box_with(start=NEAR_THE_END)
            clients = Clients(box, name)
            equal(clients.write(address, written), 0)
            clients.wait(timeout - 1)
            equal((name, ems_limit(box)), (name, 16000 if address == point else NO_LIMIT))
            clients.wait(1)
            equal((name, ems_limit(box)), (name, 6000 if address == point else 8000))


def test_who_holds_the_set_point_feeds_it_by_reading_and_nobody_else_does():
    for name, point, other, value, read, timeout in SILENT[:2]:
        box = box_with()
        clients = Clients(box, name)
        clients.write(other, value, who="script")
        clients.write(point, 16, who="manager")
        for _ in range(3):
            clients.wait(timeout - 1)
            clients.read(read, who="manager")
        equal(ems_limit(box), 16000)
        clients.wait(timeout - 1)
        clients.read(read, who="monitor")
        clients.write(other, value, who="script")
        clients.wait(1)
        equal((name, ems_limit(box)), (name, 8000))
        clients.read(read, who="manager")
        clients.wait(1)
        equal((name, ems_limit(box)), (name, 16000))


def test_before_a_set_point_is_written_whoever_wrote_something_feeds():
    for name, _, other, value, read, timeout in SILENT[:2]:
        box = box_with()
        clients = Clients(box, name)
        clients.write(other, value, who="manager")
        clients.wait(timeout - 1)
        clients.read(read, who="manager")
        clients.wait(timeout - 1)
        equal((name, ems_limit(box)), (name, NO_LIMIT))
        clients.read(read, who="monitor")
        clients.wait(1)
        equal((name, ems_limit(box)), (name, 8000))
        # Another one takes over.
        clients.write(other, 10, who="another")
        clients.wait(1)
        equal((name, ems_limit(box)), (name, NO_LIMIT))


def test_a_set_point_that_came_with_a_refused_register_gives_nobody_else_its_care():
    box = box_with(ems={"allow_start_stop": False})
    clients = Clients(box, "teltocharge")
    box.point.session.plug(0, 0)
    equal(clients.write(15, 10, 1, who="manager"), 2)
    clients.read(9, who="monitor")
    clients.wait(1)
    equal(ems_limit(box), 10000)
    clients.write(15, 10, who="manager")
    for _ in range(3):
        clients.wait(9)
        clients.read(9, who="monitor")
    clients.wait(3)
    equal(ems_limit(box), 6000)


def test_a_vestel_master_that_never_writes_alive_trips_too():
    box = box_with()
    clients = Clients(box, "vestel")
    for address, value in ((2000, 10), (2002, 20), (5004, 16)):
        equal(clients.write(address, value), 0)
    for _ in range(19):
        clients.wait(1)
        clients.read(1000)
        clients.write(5004, 16)
    equal(ems_limit(box), 16000)
    clients.wait(1)
    equal(ems_limit(box), 10000)
    clients.write(5004, 16)
    clients.wait(1)
    equal(ems_limit(box), 10000)
    clients.write(6000, 1)
    clients.wait(1)
    equal(ems_limit(box), 16000)


def test_required_the_failsafe_holds_until_somebody_writes():
    for name, point, _, _, read, _ in SILENT:
        box = box_with(ems={"required": True})
        clients = Clients(box, name)
        clients.read(read)
        clients.wait(1)
        equal((name, ems_limit(box)), (name, 6000))
        clients.write(point, 20)
        clients.wait(1)
        equal((name, ems_limit(box)), (name, 20000))
