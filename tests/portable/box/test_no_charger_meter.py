"""A charger without a meter of its own: it charges, and what it tells is estimated and says so."""

from client import Clients, box_with
from parked_car import flows, park
from waves import fill

from checks import equal
from fairamp import commands, view
from fairamp.refusals import NO_METER
from fairamp.settings import Settings
from fairamp.status import status
from fairamp.units import later

NONE = {"charger_model": "none"}


def make(**meter):
    box = box_with(meter=dict(NONE, **meter))
    box.inputs.count = 128
    return box


def live(box, seconds, house, draws=32):
    """A car is there and takes what it is offered, at most so many A on three phases; 0 = it stays in B."""
    grid = box.coordinator.grid

    def read():
        grid.current_ma[:] = [1000 * house + min(1000 * draws, flows(box))] * 3
        grid.accept(box.now)

    park(box, seconds, read, draws > 0)


def test_a_car_charges_and_every_map_tells_what_it_may_draw():
    box = make()
    live(box, 20, 5)
    equal((view.charging(box), box.point.offer_ma), (True, 20000))
    equal((Clients(box, "teltocharge").read(3), Clients(box, "teltocharge").read(38)), (200, 13800))
    equal((Clients(box, "alfen").read_float(320), Clients(box, "alfen").read_float(344)), (20.0, 13800.0))
    equal((Clients(box, "vestel", 255).read(1008), Clients(box, "vestel", 255).read(1021)), (20000, 13800))
    equal((Clients(box, "mennekes").read(213), Clients(box, "mennekes").read(221)), (20000, 13800))


def test_before_a_car_charges_nothing_is_drawn():
    box = make()
    equal((Clients(box, "teltocharge").read(38), view.charging(box)), (0, False))
    equal(Clients(box, "alfen").read_float(344), 0.0)


def test_energy_is_counted_and_marked_as_estimated():
    box = make()
    live(box, 130, 5)
    wh = view.session_wh(box)
    # 20 A on three phases for about two minutes.
    assert 400 < wh < 13800 * 130 // 3600, wh
    assert 0 <= wh - view.energy_wh(box) <= 1
    told = status(box)["charger"]
    equal((told["estimated"], told["draw"]["total_w"]), (True, 13800))
    equal(Clients(box, "alfen").read(305), 4)


def test_a_charger_with_a_meter_estimates_nothing():
    equal(status(box_with())["charger"]["estimated"], False)
    equal(Clients(box_with(), "alfen").read(305), 0)


def test_what_the_house_meter_shows_of_the_car_is_told():
    box = make()
    live(box, 20, 5, draws=13)
    equal((Clients(box, "teltocharge").read(3), view.power_w(box)), (130, 3 * 13 * 230))
    equal(view.budget_ma(box, 0), 20000)


def test_a_meter_that_does_not_see_the_cars_leaves_the_offer_as_the_estimate():
    box = make(location="excluding")
    grid = box.coordinator.grid

    def read():
        grid.current_ma[:] = [9000] * 3
        grid.accept(box.now)

    park(box, 20, read)
    equal((box.point.offer_ma, Clients(box, "teltocharge").read(3)), (16000, 160))


def test_a_car_that_ends_by_itself_has_had_enough():
    box = make()
    live(box, 20, 5)
    for _ in range(100):
        box.now = later(box.now, 20)
        fill(box.inputs.codes, 9000, -12000, box.point.duty)
        box.step(box.now)
    equal((view.charging(box), view.finished(box)), (False, True))


def test_the_check_of_the_installation_is_refused_with_the_reason():
    equal(commands.start_check(make(), "page"), NO_METER)


def test_a_relay_for_phases_needs_a_meter_that_shows_that_nothing_flows():
    errors = Settings().load({"meter": NONE, "charger": {"phase_switch": True}}, "test")
    equal(len(errors), 1)
    assert "[charger] phase_switch: a relay for phases needs a meter of the charger" in errors[0], errors


def test_two_meters_at_one_address_are_no_matter_where_there_is_only_one():
    equal(Settings().load({"meter": dict(NONE, unit=2)}, "test"), [])
    equal(Settings().load({"meter": dict(NONE, model="inepro_pro380")}, "test"), [])


def test_an_offer_behind_an_open_contactor_is_no_draw_and_no_energy():
    box = make()
    live(box, 20, 5)
    before = view.session_wh(box)
    # The car goes back to B, and the offer stays.
    live(box, 30, 5, draws=0)
    assert box.point.offer_ma and not box.point.contactor
    equal((view.power_w(box), box.own.current_ma), (0, [0, 0, 0]))
    assert view.session_wh(box) - before <= 2, (before, view.session_wh(box))
