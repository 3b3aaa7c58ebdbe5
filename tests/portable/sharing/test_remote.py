"""A charge point and its coordinator on two boxes: what passes between them, and what each does when it is lost."""

from checks import equal
from fairamp.charging.limits import BALANCE
from fairamp.charging.point import ChargePoint, Inputs
from fairamp.connection import make_socket, measure
from fairamp.local import Local
from fairamp.meters.reading import Reading
from fairamp.settings import Settings
from fairamp.sharing.commitment import FOLLOW_MS
from fairamp.sharing.hearing import NETWORK_MS
from fairamp.sharing.messages import Grant, Report
from fairamp.sharing.remote import Remote
from fairamp.sharing.socket import Socket
from fairamp.units import TICKS_MASK, later

START = TICKS_MASK - 500  # the roll-over is near
DAY_MS = 86400000


class Ends:
    """Both ends of one charger, each with its own clock; `lost`: nothing comes through. The network may lose some."""

    def __init__(self, ahead=0, **charger):
        settings = Settings()
        equal(settings.load({"charger": charger}, "test"), [])
        self.settings = settings
        self.now = START
        self._ahead = ahead
        self.lost = False
        self.own, self.inputs = Reading(), Inputs()
        self.point = ChargePoint(settings, phase_relay=True)
        self.socket = make_socket(settings, True)
        self.remote = Remote(self.socket)
        self.local = Local(settings, self.point, self.inputs, self.socket.can_switch)
        self.own.accept(self.there())

    def there(self):
        return later(self.now, self._ahead)

    def grant(self, ma, one_phase=False, safe=None):
        """As the coordinator does it: what is safe is no more than what is granted. `safe`: else, or without a car."""
        grant = self.socket.grant
        grant.ma, grant.one_phase, grant.vacant = ma, one_phase, safe is not None
        grant.safe_ma = min(ma, self.socket.safe_ma or 0) if safe is None else safe
        return self.live(200)

    def live(self, ms, own=True):
        """Messages pass five times per second; what the charge point may offer then."""
        for _ in range(ms // 200):
            self.now = later(self.now, 200)
            if own:
                self.own.accept(self.there())
            measure(self.there(), self.own, self.inputs)
            self.local.tell()
            if not self.lost:
                self.remote.hear(self.now, self.local.report, self.there())
            self.remote.look(self.now)
            if not self.lost:
                self.local.hear(self.there(), self.socket.grant)
            self.local.step(self.there())
        return self.point.limits.get(BALANCE)


def test_a_charge_point_obeys_over_a_network():
    ends = Ends(safe=8)
    equal(ends.grant(16000), 16000)
    equal(ends.grant(0), 0)
    equal(ends.live(60000), 0)
    assert ends.socket.online


def test_it_stays_as_it_is_for_a_moment_and_then_keeps_at_most_its_safe_current():
    for granted, kept in ((0, 0), (6000, 6000), (32000, 8000)):
        ends = Ends(safe=8, ahead=77777)
        ends.grant(granted)
        ends.lost = True
        equal(ends.live(NETWORK_MS - 200), granted)
        assert ends.socket.online
        # What it would be granted now does not reach it.
        equal(ends.grant(13000), kept)
        assert not ends.socket.online
        equal(ends.live(60000), kept)
        ends.lost = False
        equal(ends.live(200), 13000)
        assert ends.socket.online


def test_a_car_that_comes_while_the_network_is_lost_waits_until_the_others_have_given_way():
    ends = Ends(safe=8)
    ends.grant(32000, safe=6000)
    ends.lost = True
    ends.live(NETWORK_MS + FOLLOW_MS - 400)
    assert ends.point.limits.vacant
    equal(ends.live(400), 6000)
    assert not ends.point.limits.vacant


def test_it_is_never_told_more_than_its_own_settings_say():
    ends = Ends(safe=6)
    ends.grant(32000, safe=13000)
    ends.lost = True
    equal(ends.live(60000), 6000)


def test_what_names_no_safe_current_keeps_what_it_was_told_and_nothing_before():
    ends = Ends()
    ends.lost = True
    equal(ends.live(60000), 0)
    ends.lost = False
    ends.socket.safe_ma = 6000
    ends.grant(16000)
    ends.lost = True
    equal(ends.live(60000), 6000)


def test_days_without_a_word_do_not_look_like_a_moment():
    ends = Ends(safe=8)
    ends.grant(16000)
    ends.lost = True
    for _ in range(13):
        ends.live(NETWORK_MS - 200)
        equal(ends.live(200), 8000)
        assert not ends.socket.online
        ends.now = later(ends.now, DAY_MS - NETWORK_MS)
    # Here the clock shows again what it showed when the last word came.
    ends.now = START
    equal(ends.live(600), 8000)
    assert not ends.socket.online


def test_single_messages_that_are_lost_do_no_harm():
    ends = Ends(safe=8)
    ends.grant(16000)
    for _ in range(50):
        ends.lost = True
        equal(ends.live(NETWORK_MS - 200), 16000)
        ends.lost = False
        equal(ends.live(200), 16000)
        assert ends.socket.online


def test_a_socket_that_was_never_heard_is_not_there():
    ends = Ends(safe=8)
    assert not ends.socket.online
    ends.lost = True
    # It may have been there a moment ago, before a restart: the others have to notice, and to give way.
    equal(ends.live(NETWORK_MS + FOLLOW_MS), 0)
    equal(ends.live(200), 8000)
    assert not ends.socket.online


def test_without_network_and_without_a_reading_of_its_own_meter_nothing_is_offered():
    ends = Ends(safe=8)
    ends.own = Reading()
    ends.lost = True
    equal(ends.live(60000, own=False), 0)
    equal(ends.live(200), 8000)


def test_a_lost_meter_of_its_own_is_told():
    ends = Ends(safe=8)
    ends.own = Reading()
    ends.point.pilot_line.letter = "C"
    ends.point.session.connected = True
    ends.live(1000, own=False)
    equal((ends.socket.report.measured, ends.socket.report.ready), (False, False))
    ends.live(200)
    equal((ends.socket.report.measured, ends.socket.report.ready), (True, True))
    allowed = ends.socket.report.allowed_ma
    assert allowed > ends.settings["site.safe_current"]
    ends.live(6000, own=False)
    equal((ends.socket.report.measured, ends.socket.report.ready), (False, True))
    equal(ends.socket.report.allowed_ma, ends.settings["site.safe_current"])
    ends.live(200)
    equal(ends.socket.report.allowed_ma, allowed)


def test_the_wish_for_one_phase_is_carried_out_and_told():
    ends = Ends(phase_switch=True)
    ends.point.started = True
    assert ends.point.phases.three
    ends.grant(6000, one_phase=True)
    ends.live(200)
    equal((ends.socket.report.three, ends.socket.report.switched), (False, True))


def test_moments_are_told_in_the_time_of_the_coordinator():
    report, socket = Report(), Socket(3, [0, 1, 2])
    report.measured = True
    report.read_at = later(123, -300)
    # Each clock rolls over when it does.
    Remote(socket).hear(START, report, 123)
    equal(socket.report.read_at, later(START, -300))
    report.read_at = later(START, -700)
    Remote(socket).hear(200, report, START)
    equal(socket.report.read_at, later(200, -700))


def others(message):
    """All that a message says, and each time something else than a fresh one."""
    fresh = type(message)()
    names = sorted(fresh.__dict__)
    assert len(names) > 3
    for number, name in enumerate(names):
        value = getattr(fresh, name)
        if isinstance(value, bool):
            value = not value
        elif isinstance(value, int):
            value += 100 + number
        else:
            value = [100, 200, 300]
        setattr(message, name, value)
    return names


def test_all_of_a_report_and_of_a_grant_arrives_as_it_was_sent():
    report, socket = Report(), Socket(3, [0, 1, 2])
    names = others(report)
    Remote(socket).hear(1000, report, 1000)
    for name in names:
        equal((name, getattr(socket.report, name)), (name, getattr(report, name)))
    report.draw_ma[0] = 7
    equal(socket.report.draw_ma, [100, 200, 300])
    ends, grant = Ends(), Grant()
    names = others(grant)
    ends.local.hear(1000, grant)
    for name in names:
        equal((name, getattr(ends.local.grant, name)), (name, getattr(grant, name)))


def test_that_the_fuse_is_over_is_told_to_a_neighbour_and_forgotten_when_nobody_tells_any_more():
    ends = Ends(safe=8)
    for over in (True, False, True):
        ends.socket.grant.over = over
        ends.grant(16000)
        equal(ends.point.guard.overcurrent.over, over)
    ends.lost = True
    ends.live(NETWORK_MS)
    equal(ends.point.guard.overcurrent.over, False)
