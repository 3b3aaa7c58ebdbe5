from checks import equal
from fairamp import cause, reasons, view, words
from fairamp.box import Box
from fairamp.charging import faults, limits
from fairamp.charging.limits import Limits
from fairamp.settings import Settings
from fairamp.sharing.socket import Socket
from fairamp.status import status
from fairamp.units import later


def test_each_reason_has_its_words():
    equal(words.text(limits.TEMPERATURE), "temperature")
    equal(words.text(reasons.FAULT, (faults.TEMPERATURE,)), "too hot")
    equal(words.text(reasons.PHASES, ("pilot off",)), "phases are changed: pilot off")
    alone = set(range(reasons.LOCKED_OUT, reasons.PHASES)) | {reasons.FINISHED}
    alone |= set(range(reasons.NO_READING, reasons.ENOUGH + 1)) - {reasons.TURN_OF}
    texts = [words.text(reason) for reason in alone]
    equal(len(set(texts)), len(alone))
    assert "rising again, slowly" in texts and "the car has finished" in texts, texts


def test_numbers_and_words_of_reasons_are_what_others_were_told():
    """They are public: programs know them by these numbers."""
    for number, name, said in (
        (10, "FAULT", "%s"),
        (11, "LOCKED_OUT", "waiting after a fault"),
        (12, "NO_VENTILATION", "no ventilation here"),
        (13, "STOPPED", "stopped by the user"),
        (14, "DELAYED", "start is delayed"),
        (15, "UNAUTHORISED", "waiting for permission"),
        (16, "PHASES", "phases are changed: %s"),
        (17, "FINISHED", "the car has finished"),
        (18, "NO_READING", "waiting for the first meter reading"),
        (19, "SHARED", "load balance"),
        (20, "NO_NETWORK", "no network: keeps its safe current"),
        (21, "SUSPENDED", "suspended by a contact, goes on by itself afterwards"),
        (22, "METER_LOST", "meter lost, safe current"),
        (23, "TURN_OF", "waiting: turn of %s for %d min"),
        (24, "NO_POWER", "waiting for power"),
        (25, "PROBING", "probing what the car needs"),
        (26, "CLIMBING", "rising again, slowly"),
        (27, "FOLLOWING", "waiting until others have reduced"),
        (28, "ENOUGH", "the car draws no more"),
        (29, "ADDED", "%s"),
        (30, "PROFILE", "profile of the day"),
        (31, "OPERATOR", "operator limit"),
        (32, "DOWNGRADED", "operator limit, downgraded by a contact"),
        (33, "FEEDER", "feeder of the chargers"),
        (34, "UNEVEN", "phases must not differ more"),
        (35, "FALLBACK", "meter lost, load to expect"),
        (36, "NETWORK_SET", "energy management of all chargers"),
        (37, "EMS_SILENT", "energy manager silent, failsafe current"),
        (38, "LOOKING", "less for a moment: does the house meter show it?"),
        (39, "EMS_AWAITED", "waiting until an energy manager sets a current"),
    ):
        equal((name, getattr(reasons, name, number), words.WORDS[number]), (name, number, said))
    equal(len(words.WORDS), 40)


def test_what_the_charge_point_itself_has_to_say():
    point = Box(Settings()).point
    guard = point.guard
    equal(cause.of_point(point), (limits.BALANCE, ()))
    point.session.finished = True
    equal(cause.of_point(point), (reasons.FINISHED, ()))
    point.phases.stage = "pilot off"
    equal((point.phases.holds_offer(), cause.of_point(point)), (True, (reasons.PHASES, ("pilot off",))))
    guard.allows = lambda: False
    equal(cause.of_point(point), (reasons.NO_VENTILATION, ()))
    guard.locked_out = True
    equal(cause.of_point(point), (reasons.LOCKED_OUT, ()))


def test_whose_turn_it_is():
    for ids, said in (((3,), "3"), ((0, 2), "0 and 2"), ((0, 1, 2, 9), "0, 1, 2 and 9"), (range(5), "5 others")):
        equal(words.text(reasons.TURN_OF, (ids, 7)), "waiting: turn of " + said + " for 7 min")


def test_the_lowest_limit_is_the_reason_and_of_equal_ones_an_own_one():
    found = Limits()
    equal((found.cause(), found.offer(), found.own_ma()), (limits.BALANCE, 0, limits.NO_LIMIT))
    found.set(limits.EMS, 10000)
    found.set(limits.CABLE, 13000)
    found.grant(10000)
    equal((found.cause(), found.offer(), found.own_ma()), (limits.EMS, 10000, 10000))
    found.grant(9999)
    equal((found.cause(), found.offer(), found.own_ma()), (limits.BALANCE, 9999, 10000))
    found.set(limits.CABLE, 9998)
    equal((found.cause(), found.offer(), found.own_ma()), (limits.CABLE, 9998, 9998))


class Wallbox:
    """One box with a car that would take all; what the house meter and its own show, when they show anything."""

    def __init__(self):
        settings = Settings()
        equal(settings.load({"site": {"fuse": [25, 25, 25]}}, "test"), [])
        self.box = Box(settings)
        self.now = 0
        session = self.box.point.session
        session.connected, session.number, session.authorised = True, 1, True
        self.run(2)

    def run(self, seconds, house=True, own=True):
        for _ in range(5 * seconds):
            self.now = later(self.now, 200)
            if house:
                self.box.coordinator.grid.accept(self.now)
            if own:
                self.box.own.accept(self.now)
            self.box.balance(self.now)


def test_an_offer_is_what_was_granted_to_the_last_milliampere():
    one = Wallbox()
    socket, own = one.box.socket, one.box.point.limits
    assert socket.takes_part
    equal((own.offer(), own.cause()), (25000, limits.GRID))
    # Nobody knows what the car draws: the safe current, and not 1 mA more.
    one.run(10, own=False)
    equal((socket.report.allowed_ma, own.offer(), own.cause()), (6000, 6000, limits.BALANCE))


def test_a_lost_meter_is_said_once():
    one = Wallbox()
    equal(view.why(one.box), "maximum from the grid")
    one.run(10, own=False)
    equal(view.why(one.box).count("meter lost, safe current"), 1)
    assert view.why(one.box) != "meter lost, safe current"
    one.run(10, house=False)
    equal((cause.of_box(one.box)[0], view.why(one.box)), (reasons.METER_LOST, "meter lost, safe current"))


def test_before_the_first_reading():
    box = Box(Wallbox().box.settings)
    box.balance(200)
    equal((cause.of_box(box)[0], box.socket.grant.reason), (reasons.NO_READING, reasons.NO_READING))
    equal(view.why(box), "waiting for the first meter reading: house meter and charger meter")


def test_the_meter_that_is_waited_for_is_named():
    for meter, silent in ((0, "house meter"), (1, "charger meter")):
        box = Box(Wallbox().box.settings)
        (box.own, box.coordinator.grid)[meter].accept(200)
        box.balance(200)
        equal((cause.of_box(box)[0], status(box)["charger"]["reason"]["values"]), (reasons.NO_READING, ()))
        equal(view.why(box), "waiting for the first meter reading: " + silent)


def test_programs_are_told_reasons_as_numbers():
    one = Wallbox()
    one.box.point.guard.faults.report(faults.LOCK, True)
    one.box.point.guard.faults.report(faults.LEAKAGE, True)
    other = Socket(2, (0,))
    other.grant.reason, other.grant.values = reasons.TURN_OF, ((3, 4), 7)
    one.box.coordinator.sockets = [one.box.socket, other]
    found = status(one.box)
    own, other = found["sockets"]
    for shown in (found["charger"], own):
        equal(shown["reason"], {"code": 10, "values": (faults.LEAKAGE,)})
        equal(shown["why"], faults.FAULTS[faults.LEAKAGE][2])
    equal(other["reason"], {"code": 23, "values": ((3, 4), 7)})
    equal(other["why"], "waiting: turn of 3 and 4 for 7 min")


def test_what_a_socket_does_that_is_not_heard_is_unknown_and_since_when_is_told():
    one = Wallbox()
    other = Socket(2, (0,))
    other.report.connected = other.report.charging = True
    other.report.draw_ma[:] = [16000, 0, 0]
    one.box.coordinator.sockets = [one.box.socket, other]
    shown = status(one.box)["sockets"][1]
    equal((shown["charging"], shown["draw_ma"], shown["age_s"]), (True, [16000, 0, 0], 0))
    other.online, other.lost_at = False, later(one.box.now, -5000)
    shown = status(one.box)["sockets"][1]
    equal((shown["connected"], shown["charging"], shown["draw_ma"], shown["age_s"]), (None, None, None, 5))
    equal(shown["offer_ma"], None)


def test_the_limit_that_holds_is_told_beside_the_fuse():
    settings = Settings()
    equal(settings.load({"site": {"fuse": [80, 80, 80], "headroom": [0, 2, 0], "margin": 10}}, "test"), [])
    box = Box(settings)
    for contract, limits_ma in (
        (0, [72000, 70000, 72000]),
        (60000, [54000, 52000, 54000]),
        (90000, [72000, 70000, 72000]),
    ):
        box.coordinator.grid.contract_ma = contract
        box.coordinator.grid.accept(box.now)
        box.balance(box.now)
        shown = status(box)
        equal((shown["limit_ma"], shown["allowed_ma"]), ([80000] * 3, limits_ma))
