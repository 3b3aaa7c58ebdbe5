"""Without a house meter: within fixed limits, or by what an energy manager allows. A lost meter is something else."""

from client import Clients, box_with
from parked_car import flows, park

from checks import equal
from fairamp import commands, view
from fairamp.refusals import NO_METER
from fairamp.settings import Settings
from fairamp.sharing.socket import Socket
from fairamp.units import later


def make(mode="static", **sections):
    sections["supply"] = {"mode": mode}
    box = box_with(**sections)
    box.inputs.count = 128
    box.coordinator.grid.number = 0  # nobody reads it
    return box


def live(box, seconds, own=True):
    """A car is there and takes what it is offered."""

    def read():
        box.own.current_ma[:] = [flows(box)] * 3
        if own:
            box.own.accept(box.now)

    park(box, seconds, read)


def group(**sections):
    """Such a box, and the socket of another one with a car that asks for all."""
    settings = Settings()
    equal(settings.load(dict(sections, sharing={"probe_current": 0}), "test"), [])
    from fairamp.box import Box

    other = Socket(1, [0, 1, 2])
    box = Box(settings, others=[other])
    box.inputs.count = 128
    box.own.voltage_mv[:] = [230000] * 3
    report = other.report
    report.connected = report.ready = report.asking = report.charging = report.measured = True
    report.allowed_ma, report.session = 32000, 1
    return box, other


def errors(mode, **sections):
    sections["supply"] = {"mode": mode}
    return Settings().load(sections, "test")


def test_the_fuse_less_margin_is_for_the_charger():
    box = make(site={"fuse": [20, 20, 20], "margin": 10})
    live(box, 30)
    equal((view.charging(box), box.point.offer_ma), (True, 18000))
    equal(view.meter(box), "no house meter: the fuse is for the chargers alone")
    equal((view.ready(box), view.why(box)), (True, "load balance"))


def test_it_goes_on_for_hours_as_nothing_is_lost():
    box = make()
    live(box, 20)
    box.now = later(box.now, 6 * 3600000)
    live(box, 20)
    equal((box.point.offer_ma, view.meter(box)), (25000, "no house meter: the fuse is for the chargers alone"))


def test_a_house_meter_that_is_silent_is_not_no_house_meter():
    box = box_with()
    box.inputs.count = 128
    box.coordinator.grid.number = 0
    live(box, 30)
    equal((box.point.offer_ma, view.why(box)), (0, "waiting for the first meter reading: house meter"))


def test_without_any_meter_a_car_charges_within_the_limits():
    box = make(meter={"charger_model": "none"}, site={"fuse": [16, 16, 16]})
    live(box, 20)
    equal((view.charging(box), box.point.offer_ma, view.power_w(box)), (True, 16000, 3 * 16 * 230))


def test_the_limits_of_a_group_are_shared():
    box, other = group(supply={"mode": "static"})
    live(box, 30)
    equal((box.point.offer_ma, other.commitment.offered_ma), (13000, 12000))


def test_the_charger_meter_still_has_to_answer():
    box = make()
    box.own.number = 0
    live(box, 10, own=False)
    equal((box.point.offer_ma, view.why(box)), (0, "waiting for the first meter reading: charger meter"))


def test_an_energy_manager_alone_says_what_there_is():
    box = make("ems", ems={"safe_current": 8})
    live(box, 30)
    equal((box.point.offer_ma, view.charging(box)), (0, False))
    manager = Clients(box, "teltocharge")
    equal((view.why(box), manager.read(36)), ("waiting until an energy manager sets a current", 5))
    equal(view.meter(box), "no house meter: an energy manager says what there is")
    equal(manager.write(14, 6), 0)  # three phases: that is no current
    live(box, 10)
    equal(box.point.offer_ma, 0)
    equal(manager.write(15, 16), 0)
    live(box, 10)
    equal((box.point.offer_ma, view.charging(box)), (16000, True))
    live(box, 40)
    # Silent for longer than its watchdog allows.
    equal((box.point.offer_ma, view.why(box)), (8000, "energy manager silent, failsafe current"))


def test_an_energy_manager_never_lifts_the_limits():
    box = make("ems", site={"fuse": [13, 13, 13]})
    equal(Clients(box, "teltocharge").write(15, 32), 0)
    live(box, 20)
    equal(box.point.offer_ma, 13000)


def test_what_a_manager_allows_is_for_the_whole_group():
    box, other = group(supply={"mode": "ems"}, ems={"safe_current": 12})
    live(box, 10)
    equal((box.point.offer_ma, other.commitment.offered_ma), (0, 0))
    equal([view.why_of(box, one) for one in view.sockets(box)], ["waiting until an energy manager sets a current"] * 2)
    equal(Clients(box, "teltocharge").write(15, 16), 0)
    live(box, 20)
    equal((box.point.offer_ma, other.commitment.offered_ma), (8000, 8000))
    equal(view.why_of(box, other), "energy management of all chargers")
    live(box, 31)
    equal((view.why(box), view.why_of(box, other)), ("energy manager silent, failsafe current",) * 2)


def test_a_house_meter_in_the_settings_is_refused_with_what_to_do():
    for section, key, value in (
        ("meter", "model", "inepro_pro380"),
        ("meter", "host", "192.168.1.20"),
        ("meter", "location", "excluding"),
        ("meter", "fallback", [10, 10, 10]),
        ("sharing", "imbalance_at", "meter"),
    ):
        found = errors("static", **{section: {key: value}})
        equal(len(found), 1)
        assert "[" + section + "] " + key + ": is for a house meter" in found[0], found
        assert "or set [supply] mode = dynamic" in found[0], found


def test_a_manager_that_may_not_write_cannot_be_the_only_one_who_allows():
    found = errors("ems", ems={"read_only": True})
    equal(len(found), 1)
    assert "[ems] read_only: nobody could allow the chargers anything" in found[0], found


def test_the_charger_meter_may_have_the_address_of_a_house_meter_that_is_not_there():
    equal(errors("static", meter={"charger_unit": 1, "charger_model": "inepro_pro380"}), [])


def test_the_check_of_the_installation_needs_two_meters():
    equal(commands.start_check(make(), "page"), NO_METER)


def test_a_current_for_a_phase_that_the_charger_does_not_use_allows_it_nothing():
    box = make("ems", charger={"mapping": "L2"})
    manager = Clients(box, "alfen", 200)
    equal(manager.write_float(1417, 10), 0)
    live(box, 10)
    equal((box.point.offer_ma, box.managers.network_limit(box.now, 1)), (0, 0))
    equal(manager.write_float(1419, 12), 0)
    live(box, 10)
    equal(box.point.offer_ma, 12000)


def test_the_silence_of_the_one_who_allows_cannot_be_without_end():
    box = make("ems")
    equal(Clients(box, "teltocharge").write(19, 0), 3)
    equal(Clients(make("static"), "teltocharge").write(19, 0), 0)
