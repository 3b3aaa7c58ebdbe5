"""What evcc calls, in its real order: phases first, then the limit. After an error at the phases there is no limit."""

from client import WRITE_MANY, Clients, box_with

from checks import equal
from registers import ems_limit

RELAY = {"relay": True, "charger": {"phase_switch": True}}
ONE_PHASE = {"charger": {"mapping": "L2"}}
BUSY = 6


class Alfen:
    """As much of evcc's driver as reaches the box."""

    def __init__(self, **site):
        self.box = box_with(**site)
        self.wire = Clients(self.box, "alfen")
        # At the start: does it have three phases?
        volts = [self.wire.read_float(address) for address in (306, 308, 310)]
        self.three = not [one for one in volts if not one > 0]

    def enabled(self):
        return self.wire.read_float(1210) > 0

    def limit(self, amps):
        return self.wire.write_float(1210, amps)

    def phases(self, count):
        return self.wire.write(1215, count)


class Vestel:
    def __init__(self, **site):
        self.box = box_with(**site)
        self.wire = Clients(self.box, "vestel", 255)
        self.three = self.wire.read(404) == 1
        equal(self.wire.read(2002), 20)

    def enabled(self):
        return self.wire.read(5004) > 0

    def limit(self, amps):
        return self.wire.write(5004, amps)

    def phases(self, count):
        return self.wire.write(405, int(count == 3))


def wait(evcc, seconds):
    """The set-point and the heartbeat are repeated in time."""
    for _ in range(seconds // 5):
        evcc.wire.wait(5)
        if isinstance(evcc, Vestel):
            equal(evcc.wire.write(6000, 1), 0)


def fast(evcc, amps=16):
    """Mode now, a plan, minimum charge, a cheap tariff: all of them so. The first code that is no success ends it."""
    return (evcc.three and evcc.phases(3)) or evcc.limit(amps)


def surplus(evcc, count, amps):
    """Mode pv with phases that fit the sun."""
    return (evcc.three and evcc.phases(count)) or evcc.limit(amps)


def allowed(evcc):
    evcc.wire.wait(1)
    return ems_limit(evcc.box)


def test_every_fast_mode_sets_its_limit_on_a_box_without_a_relay():
    for kind in (Alfen, Vestel):
        evcc = kind()
        equal(evcc.three, True)
        for amps in (16, 6, 10, 0, 16):
            equal((fast(evcc, amps), allowed(evcc), evcc.enabled()), (0, 1000 * amps, amps > 0))
        # What it cannot have is refused, and does not stand in the way of what comes next.
        equal((evcc.phases(1), allowed(evcc), fast(evcc, 8), allowed(evcc)), (3, 16000, 0, 8000))


def test_a_one_phase_box_is_not_taken_for_a_three_phase_one():
    for kind in (Alfen, Vestel):
        evcc = kind(**ONE_PHASE)
        equal(evcc.three, False)
        equal((fast(evcc), allowed(evcc)), (0, 16000))
        # Set up for phases by hand:
        equal((evcc.phases(3), evcc.phases(1), evcc.limit(10), allowed(evcc)), (3, 0, 0, 10000))


def test_with_a_relay_it_goes_to_one_phase_and_back_when_it_may():
    for kind in (Alfen, Vestel):
        evcc = kind(**RELAY)
        equal((evcc.three, fast(evcc)), (True, 0))
        equal((surplus(evcc, 1, 7), allowed(evcc)), (0, 7000))
        # Once more before the relay has moved, and after it.
        equal(surplus(evcc, 1, 8), 0)
        wait(evcc, 20)
        equal((evcc.box.point.phases.three, surplus(evcc, 1, 9), allowed(evcc)), (False, 0, 9000))
        equal(fast(evcc), BUSY)
        wait(evcc, 320)
        equal(fast(evcc), 0)
        wait(evcc, 20)
        equal((evcc.box.point.phases.three, fast(evcc), allowed(evcc)), (True, 0, 16000))


def test_the_drivers_write_as_they_do():
    """Function 6 for phases, 16 for a float and for one word of a MENNEKES."""
    wire = Clients(box_with(), "mennekes", 255)
    # Probes for what is not here, alone; then the limit.
    equal([wire.read(address) for address in (730, 1001, 1002)], [-2, -2, -2])
    equal((wire.read(142) > 0, wire.read(740)), (True, 0))
    equal((wire.write(1000, 13, function=WRITE_MANY), wire.read(1000)), (0, 13))
    wire.wait(1)
    equal(ems_limit(wire.box), 13000)
