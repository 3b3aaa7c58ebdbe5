from checks import equal
from fairamp import reasons
from fairamp.settings import Settings
from fairamp.sharing import coordinator
from fairamp.sharing.coordinator import Coordinator
from fairamp.sharing.socket import Socket
from fairamp.units import TICKS_MASK, later

THREE = [0, 1, 2]


class House:
    """A house, its meter and cars that draw what the test says. `stations`: (number, mA) of each socket."""

    def __init__(self, mappings=(THREE,), start=0, stations=(), **sections):
        settings = Settings()
        equal(settings.load(sections, "test"), [])
        self.sockets = []
        for id, phases in enumerate(mappings):
            station, most = stations[id] if stations else (0, 0)
            self.sockets.append(Socket(id, phases, station=station, station_ma=most))
        self.one = Coordinator(settings, self.sockets)
        self.now = start
        for socket in self.sockets:
            socket.report.measured = True
            socket.report.ready = True
            socket.report.allowed_ma = 32000
            self.plug(socket.id)

    def plug(self, id):
        socket = self.sockets[id]
        socket.report.connected = socket.report.asking = socket.report.charging = True
        socket.report.session += 1

    def draw(self, id, *amps):
        for terminal in range(3):
            self.sockets[id].report.draw_ma[terminal] = int(1000 * amps[terminal]) if terminal < len(amps) else 0

    def follow(self, most=32):
        """All cars draw what they are offered."""
        for socket in self.sockets:
            amps = min(most, socket.commitment.offered_ma / 1000) if socket.report.connected else 0
            self.draw(socket.id, *[amps for _ in socket.grid_phases()])

    def read(self, seconds, *house, more=0, lead=50):
        """Time passes, and the meter shows the house and the cars. The offers, in A.

        `more`: what the first car draws on L1 since its own meter was read last. `lead`: so many ms before that of the
        house they are read.
        """
        self.now = later(self.now, int(1000 * seconds))
        grid = [int(1000 * amps) for amps in house]
        for socket in self.sockets:
            socket.report.read_at = socket.report.read_at if more else later(self.now, -lead)
            for terminal, phase in enumerate(socket.phases):
                grid[phase] += socket.report.draw_ma[terminal]
        grid[self.sockets[0].phases[0]] += int(1000 * more)
        for phase in range(3):
            self.one.grid.current_ma[phase] = grid[phase]
        self.one.grid.accept(self.now)
        return self.wait(0)

    def wait(self, seconds):
        """Time passes without a reading."""
        self.now = later(self.now, int(1000 * seconds))
        self.one.update(self.now)
        return [socket.commitment.offered_ma // 1000 for socket in self.sockets]


def test_nothing_before_the_first_reading():
    house = House()
    equal(house.wait(1), [0])
    equal(house.one.meter, coordinator.UNKNOWN)


def test_the_worst_phase_decides_in_whole_steps():
    house = House()
    equal(house.read(0, 4, 6.5, 3), [18])
    equal(house.one.budget_ma, [21000, 18500, 22000])


def test_the_own_draw_is_not_house():
    house = House()
    house.draw(0, 16, 16, 16)
    equal(house.read(0, 4, 6.5, 3), [18])
    house = House(meter={"location": "excluding"})
    house.draw(0, 16, 16, 16)
    equal(house.read(0, 4 - 16, 6.5 - 16, 3 - 16), [18])


def test_mapping_places_the_own_draw():
    house = House([[1]])
    house.draw(0, 16)
    equal(house.read(0, 4, 4, 24.5), [21])


def test_an_overload_is_answered_in_the_same_update_and_held():
    house = House()
    house.read(0, 5, 5, 5)
    house.draw(0, 16, 16, 16)
    equal(house.read(1, 14, 9, 9), [11])
    house.draw(0, 11, 11, 11)
    equal(house.read(1, 5, 5, 5), [11])
    equal(house.read(28, 5, 5, 5), [11])
    # Then it climbs, 1 A in 5 s.
    offers = []
    for _ in range(12):
        house.follow()
        offers += house.read(5, 5, 5, 5)
    equal(offers, [12, 13, 14, 15, 16, 17, 18, 19, 20, 20, 20, 20])


def test_without_an_overload_a_raise_goes_to_its_target():
    house = House()
    house.read(0, 5, 5, 5)
    equal(house.read(1, 9, 5, 5), [16])
    equal(house.read(6, 5, 5, 5), [20])


def test_no_two_raises_within_5_s():
    house = House()
    equal(house.read(0, 15, 5, 5), [10])
    equal(house.read(2, 10, 5, 5), [10])
    equal(house.read(3, 10, 5, 5), [15])


def test_less_than_6_a_is_nothing():
    house = House()
    equal(house.read(0, 19.5, 0, 0), [0])
    equal(house.read(1, 30, 0, 0), [0])
    equal(house.sockets[0].grant.reason, reasons.NO_POWER)


def test_acts_on_new_readings_only():
    house = House()
    house.read(0, 5, 5, 5)
    house.one.grid.current_ma[0] = 24000
    equal(house.wait(0.1), [20])


def test_a_lost_meter_means_the_safe_current_across_the_roll_over():
    house = House(start=TICKS_MASK - 1000)
    house.follow()
    house.read(0, 5, 5, 5)
    equal(house.wait(4), [20])
    equal(house.wait(2), [6])
    equal(house.one.meter, coordinator.LOST)
    # 12.4 days later the age looks fresh again; it is not.
    house.now = later(TICKS_MASK - 1000, 100)
    equal(house.wait(0), [6])
    equal(house.one.meter, coordinator.FAILED)


def test_after_a_lost_meter_the_offer_climbs_slowly_and_falls_at_once():
    house = House()
    house.read(0, 5, 5, 5)
    house.wait(6)
    offers = []
    for _ in range(16):
        house.follow()
        offers += house.read(5, 5, 5, 5)
    equal(offers, [min(20, 7 + number) for number in range(16)])
    equal(house.read(5, 15, 5, 5), [10])


def test_error_after_two_minutes_and_charging_goes_on():
    house = House()
    house.read(0, 5, 5, 5)
    equal([house.wait(seconds) for seconds in (4, 2, 54)], [[20], [6], [6]])
    equal(house.one.meter, coordinator.LOST)
    equal(house.wait(67), [6])
    equal(house.one.meter, coordinator.FAILED)
    house.read(1, 5, 5, 5)
    equal(house.one.meter, coordinator.LIVE)


def test_a_load_to_expect_instead_of_the_safe_current():
    house = House(meter={"fallback": [15, 12, 10]})
    house.read(0, 5, 5, 5)
    equal(house.wait(6), [10])
    # A phase without one falls back on the safe current.
    house = House(meter={"fallback": [15, 9999, 10]})
    house.read(0, 5, 5, 5)
    equal(house.wait(6), [6])


def test_a_safe_current_of_0_means_a_pause():
    house = House(site={"safe_current": 0})
    house.read(0, 5, 5, 5)
    equal(house.wait(6), [0])


def test_the_safe_current_is_for_all_together():
    house = House([THREE, THREE], site={"safe_current": 13})
    for _ in range(20):
        house.follow()
        house.read(5, 5, 5, 5)
    equal(sum(house.read(1, 5, 5, 5)), 20)
    house.follow()
    equal(sum(house.wait(6)), 13)


def test_a_phase_that_nobody_measures_is_not_used():
    house = House()
    house.one.grid.phases = 1
    equal(house.read(0, 5, 0, 0), [0])
    house = House([[0]])
    house.one.grid.phases = 1
    equal(house.read(0, 5, 0, 0), [20])


def test_a_slow_meter_is_late_later():
    house = House()
    house.one.grid.late_ms = 36000
    house.read(0, 5, 5, 5)
    equal(house.wait(20), [20])


def test_a_house_that_rises_while_a_car_stops_is_no_room_for_another():
    house = House([[0], [0]], sharing={"probe_current": 0})
    house.sockets[1].report.connected = False
    equal(house.read(0, 5, 0, 0), [20, 0])
    house.follow()
    house.read(1, 5, 0, 0)
    house.sockets[0].report.connected = False
    house.draw(0, 0)
    house.plug(1)
    house.read(1, 14, 0, 0)
    equal(house.wait(0.1), [0, 0])
    equal(house.wait(1), [0, 11])


def test_the_last_ampere_of_a_cut_is_not_given_away_before_it_is_free():
    house = House([[0], [0]], sharing={"probe_current": 0})
    house.sockets[1].report.connected = False
    equal(house.read(0, 5, 0, 0), [20, 0])
    house.follow()
    house.plug(1)
    house.read(1, 5, 0, 0)
    house.draw(0, 10.9)
    equal(house.read(1, 5, 0, 0), [10, 9])
    house.draw(0, 10)
    equal(house.read(5, 5, 0, 0), [10, 10])


def test_a_car_that_is_cut_on_its_way_up_may_still_reach_what_it_had():
    house = House([[0], [0]], sharing={"probe_current": 0})
    house.sockets[1].report.connected = False
    equal(house.read(0, 5, 0, 0), [20, 0])
    house.draw(0, 1)
    house.plug(1)
    equal(house.read(1, 5, 0, 0), [10, 0])
    equal(house.read(1, 5, 0, 0), [10, 0])
    house.draw(0, 15)
    equal(house.read(1, 5, 0, 0), [10, 0])
    house.draw(0, 10)
    house.read(1, 5, 0, 0)
    equal(house.wait(1), [10, 10])


def test_a_car_that_draws_more_than_it_is_offered_gets_so_much_less():
    house = House()
    house.read(0, 5, 5, 5)
    house.draw(0, 22, 22, 22)
    for _ in range(10):
        offers = house.read(1, 5, 5, 5)
    equal(offers, [18])
    house.draw(0, 19.8, 19.8, 19.8)
    for _ in range(100):
        offers = house.read(1, 5, 5, 5)
    equal(offers, [18])
    # Another car is not blamed for it.
    house.draw(0)
    house.plug(0)
    for _ in range(20):
        offers = house.read(5, 5, 5, 5)
        house.follow()
    equal(offers, [20])


def test_what_is_taken_from_one_is_given_to_another_only_when_it_is_free():
    house = House([[0], [0]], sharing={"probe_current": 0})
    house.sockets[1].report.connected = False
    equal(house.read(0, 5, 0, 0), [20, 0])
    house.follow()
    house.plug(1)
    # The first is cut at once, but its car has not followed yet.
    equal(house.read(1, 5, 0, 0), [10, 0])
    equal(house.read(3, 5, 0, 0), [10, 0])
    house.follow()
    equal(house.read(1, 5, 0, 0), [10, 10])


def test_after_6_s_the_cut_counts_even_if_the_car_does_not_follow():
    house = House([[0], [0]], sharing={"probe_current": 0})
    house.sockets[1].report.connected = False
    house.read(0, 5, 0, 0)
    house.draw(0, 20)
    house.plug(1)
    equal(house.read(1, 5, 0, 0), [10, 0])
    # It still draws 20 A of the 20 A that there are: nothing is free.
    equal(house.read(8, 5, 0, 0), [10, 0])
    house.draw(0, 10)
    equal(house.read(1, 5, 0, 0), [10, 10])


def test_what_is_cut_does_not_come_back_while_more_flows_than_there_is():
    house = House([[0], [0], [0]], sharing={"probe_current": 0, "operator_limit": [24] * 3, "downgrade": 6})
    house.sockets[2].report.connected = False
    house.read(0, 1, 0, 0)
    house.follow()
    equal(house.read(6, 1, 0, 0), [12, 12, 0])
    house.one.downgraded = True
    house.plug(2)
    equal(house.read(1, 1, 0, 0), [6, 6, 0])
    house.sockets[2].report.connected = False
    equal(house.read(1, 1, 0, 0), [6, 6, 0])
    house.follow()
    equal(house.read(1, 1, 0, 0), [9, 9, 0])


def test_what_a_car_leaves_goes_to_others_and_comes_back():
    house = House([[0], [0]], sharing={"probe_current": 0})
    for _ in range(8):
        house.draw(0, 6)
        house.draw(1, 10)
        offers = house.read(5, 5, 0, 0)
    # 6 A and a margin to climb.
    equal(offers, [8, 12])
    house.draw(0, 8)
    offers = house.read(5, 5, 0, 0)
    house.draw(1, 10)
    equal(house.read(6, 5, 0, 0), [10, 10])


def test_a_car_that_begins_late_is_not_taken_for_one_that_needs_little():
    house = House([[0], [0]], sharing={"probe_current": 0})
    for _ in range(9):
        house.draw(1, 10)
        offers = house.read(5, 5, 0, 0)
    equal(offers, [10, 10])
    house.draw(0, 10)
    for _ in range(9):
        offers = house.read(5, 5, 0, 0)
    equal(offers, [10, 10])


def test_turns_when_not_all_minimums_fit():
    house = House([THREE] * 3, sharing={"turn_period": 60, "probe_current": 0})
    seen = []
    for _ in range(300):
        house.follow()
        offers = house.read(1, 8, 8, 8)
        assert sum(offers) <= 17, offers
        if offers.count(0) == 1 and (not seen or seen[-1] != offers.index(0)):
            seen.append(offers.index(0))
    assert seen[:4] in ([0, 1, 2, 0], [1, 2, 0, 1]), seen
    assert any(socket.grant.reason == reasons.TURN_OF for socket in house.sockets)


def test_a_new_session_is_probed_for_a_minute():
    house = House([[0], [0]])
    house.sockets[0].report.connected = house.sockets[1].report.connected = False
    house.read(0, 5, 0, 0)
    house.plug(0)
    equal(house.read(1, 5, 0, 0), [14, 0])
    house.follow()
    for _ in range(16):
        house.read(4, 5, 0, 0)
    equal(house.read(5, 5, 0, 0), [20, 0])
    house.follow()
    house.plug(1)
    for _ in range(3):
        offers = house.read(3, 5, 0, 0)
        house.follow()
    equal(offers, [6, 14])
    for _ in range(20):
        offers = house.read(4, 5, 0, 0)
        house.follow()
    equal(offers, [10, 10])


def test_a_socket_without_network_keeps_its_safe_current_and_the_others_leave_it():
    house = House([[0], [0]], sharing={"probe_current": 0})
    for _ in range(4):
        house.follow()
        offers = house.read(5, 5, 0, 0)
    equal(offers, [10, 10])
    house.sockets[1].online = False
    house.draw(1, 0)
    for _ in range(6):
        house.draw(0, house.sockets[0].commitment.offered_ma / 1000)
        offers = house.read(5, 5, 0, 0)
    equal(offers[0], 14)


def test_each_loss_of_the_network_keeps_what_the_socket_had_for_6_s():
    house = House([[0], [0]], sharing={"probe_current": 0})
    for _ in range(3):
        for _ in range(20):
            house.follow()
            offers = house.read(5, 5, 0, 0)
        equal(offers, [10, 10])
        house.sockets[1].online = False
        equal([house.read(1, 5, 0, 0)[0] for _ in range(6)], [10] * 6)
        # Then it has cut to its safe current.
        house.draw(1, 6)
        house.read(1, 5, 0, 0)
        equal(house.read(1, 5, 0, 0)[0], 14)
        house.sockets[1].online = True


def test_the_next_car_at_a_lost_socket_may_use_all_of_its_phases():
    house = House([THREE, [1]], sharing={"probe_current": 0})
    house.sockets[0].report.terminals = 1
    house.sockets[0].online = False
    for _ in range(4):
        offers = house.read(5, 5, 5, 5)
    equal(offers, [0, 14])


def test_one_phase_when_three_do_not_fit_and_back():
    house = House()
    house.sockets[0].can_switch = True
    for _ in range(40):
        house.read(1, 5, 5, 22)
    assert house.sockets[0].grant.one_phase
    # A wish is not enough: as long as the relay stands on three, an offer would load them all.
    equal(house.read(1, 5, 5, 22), [0])
    house.sockets[0].report.three = False
    equal(house.read(1, 5, 5, 22), [20])
    for _ in range(320):
        house.read(1, 5, 5, 5)
    assert not house.sockets[0].grant.one_phase


def test_a_car_on_three_phases_is_even_however_little_unevenness_is_allowed():
    house = House([THREE, THREE], sharing={"imbalance": 5, "probe_current": 0})
    house.sockets[1].report.connected = False
    for _ in range(8):
        house.read(6, 5, 5, 5)
        house.follow(3)
    house.plug(1)
    for _ in range(8):
        offers = house.read(6, 5, 5, 5)
        house.follow(3)
    equal(offers, [6, 6])


def test_a_draw_that_is_gone_for_a_moment_upsets_no_phase():
    house = House([[0], [1], [2]], sharing={"imbalance": 10, "probe_current": 0})
    for _ in range(8):
        house.read(6, 5, 5, 5)
        house.follow()
    equal(house.read(6, 5, 5, 5), [20, 20, 20])
    house.draw(1, 0)
    equal(house.read(5, 5, 5, 5)[0], 20)
    for _ in range(12):
        offers = house.read(6, 5, 5, 5)
    equal(offers[0], 10)


def test_a_draw_that_is_never_quite_still_gets_what_the_house_leaves():
    house = House(sharing={"probe_current": 0})
    for number in range(12):
        house.draw(0, *[9.8 if number % 2 else 10.2] * 3)
        house.read(1, 14, 14, 14)
    equal(house.sockets[0].commitment.offered_ma, 11000)
    # An oven goes off.
    for number in range(8):
        house.draw(0, *[9.8 if number % 2 else 10.2] * 3)
        house.read(1, 4, 4, 4)
    assert house.sockets[0].commitment.offered_ma >= 20000, house.sockets[0].commitment.offered_ma


def test_the_end_of_a_ramp_that_a_late_meter_has_not_seen_is_no_room():
    house = House(sharing={"probe_current": 0})
    house.read(0, 11.2, 11.2, 11.2)
    equal(house.sockets[0].commitment.offered_ma, 13000)
    house.draw(0, 13, 13, 13)
    for _ in range(12):
        house.read(1, 11.2, 11.2, 11.2)
    # The draw is of now, what the meter shows of a moment ago: 0.4 A less.
    house.draw(0, 13.4, 13.4, 13.4)
    house.read(1, 10.8, 10.8, 10.8)
    equal(house.sockets[0].commitment.offered_ma, 13000)


def test_a_car_that_begins_before_its_own_meter_is_read_is_not_the_house():
    house = House([[0]], sharing={"probe_current": 0})
    equal(house.read(0, 12, 3, 3), [13])
    # All of it at once, and the own meter tells it two readings later.
    equal(house.read(0.4, 12, 3, 3, more=13), [13])
    equal(house.read(0.4, 12, 3, 3, more=13), [13])
    house.draw(0, 13)
    equal(house.read(0.4, 12, 3, 3), [13])
    # More than its offer cannot be the car, and more than the fuse is answered whoever it is.
    house = House([[0]], sharing={"probe_current": 0})
    house.read(0, 12, 3, 3)
    equal(house.read(0.4, 15, 3, 3, more=9), [13])
    equal(house.read(0.4, 15, 3, 3, more=12), [0])


def test_a_car_that_draws_less_before_its_own_meter_is_read_is_no_room():
    house = House([[0]], sharing={"probe_current": 0})
    house.read(0, 10, 3, 3)
    house.draw(0, 15)
    for _ in range(10):
        equal(house.read(1, 10, 3, 3), [15])
    for _ in range(3):
        equal(house.read(0.4, 10, 3, 3, more=-5), [15])
    # Now it is the house.
    house.read(0.4, 5, 3, 3)
    equal(house.read(0.4, 5, 3, 3), [20])


def test_a_house_that_rises_is_seen_when_the_own_meter_is_read():
    house = House([[0]], sharing={"probe_current": 0})
    house.read(0, 5, 3, 3)
    house.draw(0, 10)
    equal(house.read(1, 5, 3, 3), [20])
    # It may be the car, which does not use all that it is offered.
    equal(house.read(1, 5, 3, 3, more=4), [20])
    equal(house.read(1, 9, 3, 3), [16])


def test_limits_of_the_site_and_of_the_feeder():
    equal(House(site={"margin": 20}).read(0, 5, 5, 5), [15])
    equal(House(site={"margin": 80}).read(0, 0, 0, 0), [10])
    equal(House(site={"headroom": 3}).read(0, 5, 5, 5), [17])
    equal(House(site={"feeder": [16, 9, 16]}).read(0, 5, 5, 5), [9])
    equal(House(sharing={"operator_limit": [12, 12, 12]}).read(0, 0, 0, 0), [12])
    house = House(sharing={"operator_limit": [20, 20, 20], "downgrade": 12})
    equal(house.read(0, 0, 0, 0), [20])
    house.one.downgraded = True
    equal(house.read(1, 0, 0, 0), [8])


def test_a_car_that_is_never_quite_still_hides_no_house():
    for lead, late in ((50, 0), (300, 1), (900, 1)):
        house = House([[0]], sharing={"probe_current": 0})
        offers = []
        for number in range(10):
            house.draw(0, 10.1 if number % 2 else 9.9)
            offers += house.read(1, 5 if number < 5 else 14, 3, 3, lead=lead)
        equal(offers, [20] * (5 + late) + [11] * (5 - late))


def test_what_a_newcomer_and_a_greedy_car_mean_for_a_cable():
    stations = ((1, 16000), (1, 16000))
    house = House([THREE, THREE], stations=stations, site={"fuse": [63, 63, 63]}, sharing={"probe_current": 0})
    second = house.sockets[1]
    second.report.connected = second.report.ready = second.report.charging = False
    house.sockets[0].report.allowed_ma = 13000
    house.read(0, 10, 0, 0)
    house.draw(0, 13, 13, 13)
    house.read(1, 10, 0, 0)
    # 16 A of the cable, of which 13 are in use.
    equal((house.sockets[0].commitment.offered_ma, second.grant.ma), (13000, 3000))
    # It draws 4 A too much: nothing of the cable is left for another.
    house.draw(0, 17, 17, 17)
    for _ in range(12):
        house.read(1, 50, 0, 0)
    second.report.connected = second.report.ready = second.report.charging = True
    second.report.session += 1
    for _ in range(80):
        house.read(1, 0, 0, 0)
    equal(second.commitment.offered_ma, 0)


def test_a_queue_at_one_cable_is_none_at_another():
    stations = ((1, 6000), (1, 6000), (0, 0))
    house = House([THREE, THREE, [0]], stations=stations, site={"fuse": [63, 63, 63]}, sharing={"probe_current": 0})
    full = house.sockets[2]
    for second in range(400):
        house.follow()
        if second > 60:
            full.report.asking = False
            house.draw(2)
        house.read(1, 0, 0, 0)
    # Two take turns, and the car that is full keeps its offer.
    assert 0 in (house.sockets[0].commitment.offered_ma, house.sockets[1].commitment.offered_ma)
    equal((full.commitment.offered_ma, full.demand.idle, full.demand.aside), (32000, True, False))


def test_a_station_has_a_maximum_of_its_own():
    stations = ((4, 20000), (4, 24000), (0, 0))
    house = House([THREE, THREE, THREE], stations=stations, site={"fuse": [63, 63, 63]}, sharing={"probe_current": 0})
    equal(house.read(0, 3, 3, 3), [10, 10, 32])
    house.follow()
    equal(house.read(1, 3, 3, 3), [10, 10, 32])
    # What one leaves goes to the other at that cable, once it is free, and not beyond.
    house.sockets[0].report.connected = house.sockets[0].report.ready = False
    equal(house.read(1, 3, 3, 3), [0, 10, 32])
    house.draw(0)
    house.read(5, 3, 3, 3)
    equal(house.read(1, 3, 3, 3), [0, 20, 32])


def test_turns_at_a_station_while_others_charge():
    stations = ((1, 10000), (1, 10000), (0, 0))
    house = House([THREE, THREE, [1]], stations=stations, sharing={"probe_current": 0, "turn_period": 60})
    equal(house.read(0, 5, 5, 5), [0, 10, 10])
    house.sockets[2].report.connected = house.sockets[2].report.ready = False
    shares = []
    for _ in range(130):
        house.follow()
        shares.append(tuple(house.read(1, 5, 5, 5)[:2]))
        assert house.sockets[0].report.draw_ma[0] + house.sockets[1].report.draw_ma[0] <= 10000
    assert (10, 0) in shares and (0, 10) in shares, shares


def test_a_lost_socket_keeps_its_part_of_the_cable():
    stations = ((1, 20000), (1, 20000))
    house = House([THREE, THREE], stations=stations, site={"fuse": [63, 63, 63]}, sharing={"probe_current": 0})
    equal(house.read(0, 0, 0, 0), [10, 10])
    house.follow()
    house.sockets[1].online = False
    house.draw(1, 6, 6, 6)
    house.read(1, 0, 0, 0)
    house.read(7, 0, 0, 0)
    # 6 A of it are the lost one's.
    equal(house.read(6, 0, 0, 0)[0], 14)


def test_three_phases_or_one_at_a_station():
    stations = ((1, 11000), (1, 11000))
    house = House([THREE, [1]], stations=stations, site={"fuse": [63, 63, 63]}, sharing={"probe_current": 0})
    house.sockets[0].can_switch = True
    house.sockets[1].vip = house.sockets[1].member.vip = True
    for _ in range(40):
        house.follow()
        house.read(1, 0, 0, 0)
    equal(house.sockets[0].grant.one_phase, True)
    # The first phase of the cable has room.
    house.sockets[0].report.three = False
    for _ in range(40):
        house.follow()
        house.read(1, 0, 0, 0)
    equal([socket.commitment.offered_ma for socket in house.sockets], [11000, 11000])


def test_a_profile_of_the_day():
    profile = [[0, 32], [7, 16], [16, 6], [20, 25]]
    for hour, amps in ((0, 25), (6, 25), (7, 16), (15, 16), (16, 6), (19, 6), (20, 25), (23, 25), (None, 6)):
        house = House(sharing={"profile": profile})
        house.one.hour = hour
        equal(house.read(0, 0, 0, 0), [amps])
    house = House(sharing={"profile": [[7, 16], [20, 25]]})
    house.one.hour = 3
    equal(house.read(0, 0, 0, 0), [25])


def test_nobody_measures_the_car():
    house = House()
    house.sockets[0].report.measured = False
    equal(house.read(0, 5, 5, 5), [20])
    # The car follows; an overload appears: down to the least at once.
    house.draw(0, 20, 20, 20)
    equal(house.read(5, 12, 5, 5), [6])


def test_who_loses_all_of_it_again_and_again_rests_longer_each_time():
    house = House()
    house.read(0, 5, 5, 5)

    def rest():
        """The car stops, the house leaves too little for it, without an overload, and then enough again."""
        house.draw(0)
        house.read(1, 5, 5, 5)
        equal(house.read(1, 20, 5, 5), [0])
        seconds = 1
        while house.read(1, 5, 5, 5) == [0]:
            seconds += 1
        return seconds

    rests = []
    for _ in range(6):
        house.follow()
        equal(house.read(10, 5, 5, 5), [20])
        rests.append(rest())
    equal(rests, [30, 60, 120, 240, 240, 240])
    # A long charge, and it begins again with the shortest.
    house.follow()
    house.read(600, 5, 5, 5)
    equal(rest(), 30)


def test_a_limit_between_two_steps_is_reached_where_the_rest_is_free():
    for load, offer in ((5, 12500), (12.5, 12500), (13, 12000)):
        house = House()
        house.sockets[0].report.allowed_ma = 12500
        house.read(0, load, load, load)
        equal((load, house.sockets[0].commitment.offered_ma), (load, offer))
