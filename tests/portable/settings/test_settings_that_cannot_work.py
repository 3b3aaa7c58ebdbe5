"""Each value is possible, and together nothing would charge, or nothing would be measured: told before it starts."""

from checks import equal
from fairamp.settings import Settings
from fairamp.settings.kinds import INSTALLER

ONE_PHASE = {"model": "eastron_sdm120", "unit": 1, "baud": 9600}


def told(*texts, **sections):
    """Just these errors, each with its place and what to do."""
    errors = Settings().load(sections, "box")
    equal(len(errors), len(texts))
    for error, text in zip(errors, texts):
        assert text in error, error


def test_a_meter_of_one_phase_does_not_wait_for_three_for_ever():
    text = "[meter] model: eastron_sdm120 measures L1 only, but the charger uses L3: set [charger] mapping to L1"
    told(text, meter=ONE_PHASE)
    told(text.replace("L3", "L2"), meter=ONE_PHASE, charger={"mapping": "L2"})
    told(meter=ONE_PHASE, charger={"mapping": "L1"})


def test_a_charger_meter_sees_all_phases_of_its_charger():
    own = {"charger_model": "eastron_sdm120", "baud": 9600}
    told("[meter] charger_model: eastron_sdm120 measures one phase, and the charger has L1L2L3", meter=own)
    told(meter=own, charger={"mapping": "L2"})


def test_two_meters_on_one_line_have_to_speak_alike():
    """One of them would never be heard, and the box would wait for it for ever."""
    told(
        "[meter] charger_model: eastron_sdm630 leaves the factory with 9600 8N1, and inepro_pro380 on the same line "
        "with 9600 8E1: set both meters alike, and say how in parity",
        meter={"model": "inepro_pro380"},
    )
    pac = {"model": "siemens_pac2200", "unit": 1}
    told("on the same line with 19200 8N2: set both meters alike, and say how in baud, stop", meter=pac)
    told("say how in stop", meter=dict(pac, baud=19200))
    told(meter=dict(pac, baud=19200, stop=2))
    for own_line in ({"line": "ems"}, {"host": "192.168.1.20"}, {"charger_model": "siemens_pac3200"}):
        told(meter=dict(pac, **own_line))
    told(meter={"model": "dsmr_p1"})


def test_a_margin_that_leaves_too_little_is_refused_with_the_sums():
    told("[site] margin: 62 % of 25 A leaves 9.5 A, less than 10 A; at most 60 %", site={"margin": 62})
    told(site={"margin": 60})
    small = {"fuse": [25, 25, 10], "margin": 1}
    told("[site] margin: 1 % of 10 A leaves 9.9 A, less than 10 A; a fuse like this bears no margin: 0 %", site=small)
    told(site={"fuse": [6, 6, 6]})


def test_a_headroom_that_leaves_nothing_for_a_car():
    text = "[site] headroom: 20 A of 25 A on L1 leave 5 A, and a car needs 6 A, or the box never charges: at most 19 A"
    told(text, site={"headroom": 20, "safe_current": 0}, charger={"mapping": "L1"})
    told("leave nothing, and", site={"headroom": 30, "safe_current": 0}, charger={"mapping": "L1"})
    told(
        "[site] headroom: 10 A of 15 A on L1",
        site={"margin": 40, "headroom": 10, "safe_current": 0},
        charger={"mapping": "L1"},
    )
    told(site={"headroom": 19})


def test_a_feeder_that_carries_no_car():
    told("[site] feeder: 5.9 A on L3, and a car needs 6 A", site={"feeder": [16, 16, 5.9]})
    told(site={"feeder": [16, 0, 0]}, charger={"mapping": "L1"})


def test_steps_that_step_over_all_that_may_be_offered():
    text = "[sharing] step: offers in steps of 5 A begin at 10 A, more than [charger] max of 9 A"
    told(text, sharing={"step": 5}, charger={"max": 9})
    told("more than [charger] limit of 9.5 A", sharing={"step": 5}, charger={"limit": 9.5})
    told(sharing={"step": 5}, charger={"max": 10})
    settings = Settings()
    equal(settings.load({"sharing": {"step": 4}}, "box"), [])
    assert "begin at 8 A" in settings.change({"charger": {"limit": 7}}, INSTALLER)[0][0]


def test_currents_that_no_pilot_can_tell():
    for section, key in (
        ("sharing", "probe_current"),
        ("charger", "shed_current"),
        ("charger", "safe"),
        ("ems", "safe_current"),
        ("site", "safe_current"),
    ):
        for value in (3, 0.5, 5.9):
            told(
                "] " + key + ": " + str(value) + " is not possible; allowed: 0, or a number from 6 to ",
                **{section: {key: value}},
            )
        for value in (0, 6, 7.5):
            told(**{section: {key: value}})


def test_a_password_that_no_network_takes():
    told("[wifi] password: too short", wifi={"name": "home", "password": "seven77"})
    told(wifi={"name": "home", "password": "eight888"})


def test_a_mains_that_would_always_be_faulty():
    told("[site] voltage: must be between [site] least_voltage and most_voltage", site={"voltage": 120})
    told(site={"voltage": 120, "least_voltage": 100})


def test_a_downgrade_contact_that_lowers_nothing():
    contact = {"shed_function": "downgrade"}
    told("[sharing] downgrade: missing", "[sharing] operator_limit: missing", charger=contact)
    told("[sharing] operator_limit: missing", charger=contact, sharing={"downgrade": 6})
    told(charger=contact, sharing={"downgrade": 6, "operator_limit": [32, 32, 32]})


def test_clamps_that_clip_below_the_fuse():
    settings = Settings()

    def wrong(converter, fuse, **ct):
        settings.board = (True, True, 3, converter)
        return settings.load({"site": {"fuse": [fuse] * 3}, "meter": {"model": "ct"}, "ct": ct}, "box")

    esp32, rp2 = (4096, (150, 2450)), (3300, (0, 4095))
    (error,) = wrong(esp32, 125)
    for part in ("[ct] burden: 22 ohm show 110.", "less than the fuse of 125 A; take one of 19.5 ohm or less"):
        assert part in error, error
    equal(wrong(esp32, 125, burden=19.5), [])
    equal(wrong(esp32, 100), [])
    equal(wrong(rp2, 150), [])
    (error,) = wrong(rp2, 160, burden=1)
    assert "these clamps end at 150 A: take others, or a meter" in error, error
    settings.board = None
    equal(settings.load({"site": {"fuse": [160] * 3}, "meter": {"model": "ct"}}, "box"), [])


def test_what_is_wrong_by_itself_hides_nothing_else():
    told(
        "[site] voltage: 'x' is not possible",
        "[wifi] password: too short",
        "[site] margin: 62 %",
        site={"voltage": "x", "margin": 62},
        wifi={"password": "x"},
    )
    # Nobody knows the fuse, so nothing is said about what goes with it.
    told("[site] fuse: 5 is not possible", site={"fuse": 5, "safe_current": 50, "margin": 62})
    told("site must be a section", site=5)
    errors, _ = Settings().change({"site": {"headroom": -1, "margin": 62}}, INSTALLER)
    equal([error.split(":")[1] for error in errors], [" [site] headroom", " [site] margin"])


def test_a_transport_over_the_network_needs_an_address_and_the_gateway_of_a_line_a_meter_with_one():
    told("[meter] host: missing; eastron_sdm630 is reached over the network", meter={"transport": "rtu"})
    told("[meter] host: missing", meter={"transport": "udp"})
    there = {"transport": "rtu", "host": "192.168.1.20"}
    told(meter=there)
    text = "[meter] transport: socomec_e27 has no serial line: leave it out, or use udp"
    told(text, meter=dict(there, model="socomec_e27"))
    told(meter={"transport": "udp", "host": "192.168.1.20", "model": "socomec_e27"})
    told("[meter] unit: 255 is possible over TCP only", meter=dict(there, unit=255))


def test_phases_that_may_differ_by_less_than_a_car_needs():
    text = "[sharing] imbalance: 7 A are less than [charger] min of 13 A, or the box never charges: 0 or more"
    told(text, charger={"min": 13}, sharing={"imbalance": 7})
    for most in (0, 13, 20):
        told(charger={"min": 13}, sharing={"imbalance": most})


def test_what_has_no_meaning_for_a_meter_is_refused():
    for model in ("dsmr_p1", "tic_linky", "homewizard_p1"):
        here = {"host": "192.168.1.20"} if model == "homewizard_p1" else {}
        for transport in ("udp", "rtu"):
            text = "[meter] transport: is for Modbus on the network, and " + model + " speaks no Modbus: leave it out"
            told(text, meter=dict(here, model=model, transport=transport))
    for model in ("dsmr_p1", "tic_linky"):
        text = "[meter] host: " + model + " is read on a serial line: leave it out"
        told(text, meter={"model": model, "host": "192.168.1.20"})
