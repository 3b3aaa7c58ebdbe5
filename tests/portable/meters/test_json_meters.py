import json

from checks import equal, raises
from fairamp.meters import PUSH
from fairamp.meters.draft import Draft
from fairamp.meters.json_meters import fill, fill_slow
from fairamp.meters.reading import Reading
from fairamp.meters.sieve import Half, Implausible, Sieve

PRO3EM, GEN1, HOMEWIZARD = "shelly_pro3em_http", "shelly_3em_http", "homewizard_p1"
INFINITE = float("inf")


def pro3em(**changes):
    data = json.loads(
        '{"id":0,"a_current":4.029,"a_voltage":236.1,"a_act_power":951.2,"a_aprt_power":951.9,"a_pf":1,"a_freq":50,'
        '"b_current":2.9,"b_voltage":230.4,"b_act_power":-640.3,"b_freq":50,'
        '"c_current":0,"c_voltage":231,"c_act_power":0,"c_freq":50,'
        '"n_current":null,"total_current":6.9,"total_act_power":310.9,"total_aprt_power":1600}'
    )
    data.update(changes)
    return data


def gen1(phase=0, **changes):
    emeter = '{"power":%s,"pf":0.9,"current":%s,"voltage":%s,"is_valid":true,"total":%s,"total_returned":%s}'
    emeters = [
        emeter % (1380.5, 6.01, 230.4, 1000.5, 1),
        emeter % (-690.2, 3.02, 231, 2000, 0.2),
        emeter % (0, 0.01, 229.9, 0.1, 0),
    ]
    data = json.loads('{"relays":[{"ison":false}],"emeters":[' + ",".join(emeters) + '],"total_power":690.3}')
    data["emeters"][phase].update(changes)
    return data


def homewizard(**changes):
    data = json.loads(
        '{"wifi_ssid":"x","smr_version":50,"total_power_import_kwh":13779.338,"total_power_export_kwh":45.5,'
        '"active_power_w":-543,"active_power_l1_w":-1066,"active_power_l2_w":133,"active_power_l3_w":390,'
        '"active_voltage_l1_v":230.1,"active_voltage_l2_v":231,"active_voltage_l3_v":229.9,'
        '"active_current_l1_a":-5,"active_current_l2_a":2,"active_current_l3_a":2,"external":[]}'
    )
    data.update(changes)
    return data


def filled(id, data):
    draft = Draft()
    fill(id, data, draft)
    return draft


def read(id, data):
    """What the box believes in the end."""
    reading = Reading()
    assert Sieve([25000] * 3, 230).sift(filled(id, data), reading, 0)
    return reading


def refused(id, data, kind, text):
    with raises(kind, text):
        filled(id, data)


def test_shelly_pro_3em():
    draft = filled(PRO3EM, pro3em())
    equal(draft.current_ma, [4029, 2900, 0])
    equal(draft.voltage_mv, [236100, 230400, 231000])
    equal(draft.power_w, [951, -640, 0])
    equal((draft.total_w, draft.frequency_chz, draft.phases, draft.resolution_ma), (311, 5000, 3, 1))
    equal(read(PRO3EM, pro3em()).current_ma, [4029, -2900, 0])
    fill_slow(PRO3EM, json.loads('{"id":0,"total_act":123456.78,"total_act_ret":9.6,"a_total_act_energy":1}'), draft)
    equal((draft.energy_wh, draft.export_wh, draft.current_ma[0]), (123457, 10, 4029))


def test_shelly_pro_3em_with_something_wrong():
    for changes, kind, text in (
        ({"errors": ["power_meter_failure"]}, Implausible, "errors: the meter reports power_meter_failure"),
        ({"errors": ["phase_sequence", "x" * 99]}, Implausible, "phase_sequence, " + 40 * "x"),
        ({"b_errors": ["out_of_range:current", {"x": 1}]}, Implausible, "b_errors: the meter reports out_of_range:cur"),
        ({"c_errors": "odd"}, Implausible, "c_errors: the meter reports odd"),
        ({"a_errors": True}, Implausible, "a_errors: the meter reports true or false"),
        ({"a_current": "4.029"}, Implausible, "a_current is text, not a number"),
        ({"a_current": True}, Implausible, "a_current is true or false, not a number"),
        ({"a_current": [4]}, Implausible, "a_current is a list, not a number"),
        ({"a_current": {"value": 4}}, Implausible, "a_current is an object, not a number"),
        ({"b_current": float("nan")}, Implausible, "b_current = nan cannot be"),
        ({"b_current": 1e300}, Implausible, "b_current = "),
        ({"b_voltage": -1}, Implausible, "b_voltage = -1 cannot be"),
        ({"c_voltage": INFINITE}, Implausible, "c_voltage = inf cannot be"),
        ({"c_act_power": -INFINITE}, Implausible, "c_act_power = -inf cannot be"),
        ({"c_act_power": 10**60}, Implausible, "c_act_power = 1000000000000000000"),
        ({"total_act_power": 1e9}, Implausible, "total_act_power"),
        ({"a_freq": -50}, Implausible, "a_freq = -50"),
        ({"a_current": None, "a_act_power": None}, Half, "a_current is missing: set the profile of the Shelly to tri"),
    ):
        refused(PRO3EM, pro3em(**changes), kind, text)
    # One of both is enough, and what does not count may be missing.
    draft = filled(PRO3EM, pro3em(a_current=None, a_freq=None, total_act_power=None, errors=[], a_errors=None))
    equal((draft.current_ma[0], draft.frequency_chz, draft.total_w), (None, None, None))
    equal(read(PRO3EM, pro3em(a_current=None)).current_ma[0], 4027)


def test_the_other_profile_is_named():
    one = {"id": 0, "current": 4.029, "voltage": 236.1, "act_power": 951.2}
    refused(PRO3EM, one, Half, "profile of the Shelly to triphase")
    refused(PRO3EM, {"code": 404, "message": "No handler for EM.GetStatus"}, Half, "triphase")


def test_shelly_3em():
    draft = filled(GEN1, gen1())
    equal(draft.current_ma, [6010, 3020, 10])
    equal(draft.voltage_mv, [230400, 231000, 229900])
    equal((draft.power_w[1], draft.total_w, draft.phases, draft.resolution_ma), (-690, 690, 3, 10))
    # Each phase is rounded by itself.
    assert abs(draft.energy_wh - 3000) <= 1, draft.energy_wh
    equal(draft.export_wh, 1)
    equal(read(GEN1, gen1()).current_ma, [6010, -3020, 10])


def test_shelly_3em_with_something_wrong():
    for phase, changes, kind, text in (
        (0, {"is_valid": False}, Half, "emeters.0.is_valid is not true"),
        (1, {"is_valid": None}, Half, "emeters.1.is_valid"),
        (2, {"is_valid": 1}, Half, "emeters.2.is_valid"),
        (2, {"is_valid": "true"}, Half, "emeters.2.is_valid"),
        (0, {"power": "1"}, Implausible, "emeters.0.power is text"),
        (1, {"current": False}, Implausible, "emeters.1.current is true or false"),
        (1, {"current": INFINITE}, Implausible, "emeters.1.current = inf"),
        (1, {"current": None, "power": None}, Half, "emeters.1.current is missing"),
        (2, {"voltage": [230]}, Implausible, "emeters.2.voltage is a list"),
        (2, {"total": -1}, Implausible, "emeters.2.total = -1"),
        (2, {"total_returned": {}}, Implausible, "emeters.2.total_returned is an object"),
        (0, {"voltage": 1e300}, Implausible, "emeters.0.voltage"),
    ):
        refused(GEN1, gen1(phase, **changes), kind, text)
    for emeters in (
        None,
        {},
        "text",
        3,
        True,
        [],
        [1, 2, 3],
        [None] * 3,
        gen1()["emeters"][:2],
        {"0": {}},
        [[], [], []],
    ):
        data = gen1()
        data["emeters"] = emeters
        refused(GEN1, data, Half, "emeters.")
    # An energy that is not whole is none.
    equal(filled(GEN1, gen1(1, total=None)).energy_wh, None)


def test_homewizard_with_whole_amperes():
    draft = filled(HOMEWIZARD, homewizard())
    # 1066 W at 230.1 V, 2 A less a half, 390 W at 229.9 V.
    equal(draft.current_ma, [4632, 1500, 1696])
    equal((draft.resolution_ma, draft.phases, draft.total_w), (1000, 3, -543))
    assert abs(draft.energy_wh - 13779338) <= 1 and draft.export_wh == 45500
    equal(read(HOMEWIZARD, homewizard()).current_ma, [-4632, 1500, 1696])
    # Without a voltage, as older meters have it.
    none = {"active_voltage_l1_v": None, "active_voltage_l2_v": None, "active_voltage_l3_v": None}
    equal(filled(HOMEWIZARD, homewizard(**none)).current_ma, [4634, 1500, 1695])


def test_homewizard_with_fine_amperes():
    data = homewizard(active_current_l1_a=-4.63, active_frequency_hz=49.98)
    draft = filled(HOMEWIZARD, data)
    equal((draft.current_ma, draft.resolution_ma, draft.frequency_chz), ([-4630, 2000, 2000], 10, 4998))
    equal(read(HOMEWIZARD, data).current_ma, [-4630, 2000, 2000])


def test_homewizard_with_one_phase():
    data = {"active_power_w": -678, "active_power_l1_w": -676, "active_voltage_l1_v": 231, "active_current_l1_a": -2.95}
    draft = filled(HOMEWIZARD, data)
    equal((draft.phases, draft.current_ma, draft.power_w), (1, [-2950, None, None], [-676, None, None]))
    equal(read(HOMEWIZARD, data).current_ma, [-2950, 0, 0])
    for name in ("power_l2_w", "voltage_l2_v", "current_l2_a", "power_l3_w", "voltage_l3_v", "current_l3_a"):
        data["active_" + name] = None
    equal(filled(HOMEWIZARD, data).phases, 1)
    # Its own kWh meter leaves the number of the phase away.
    kwh = {"active_power_w": 28, "active_power_l1_w": 28, "active_voltage_v": 233.7, "active_current_a": 0.312}
    draft = filled(HOMEWIZARD, kwh)
    equal((draft.phases, draft.current_ma[0], draft.voltage_mv[0], draft.power_w[0]), (1, 312, 233700, 28))
    # With three phases these are sums.
    equal(filled(HOMEWIZARD, homewizard(active_current_a=9, active_voltage_v=230)).current_ma[0], 4632)


def test_homewizard_with_something_wrong():
    for changes, kind, text in (
        ({"active_current_l1_a": "5"}, Implausible, "active_current_l1_a is text"),
        ({"active_current_l2_a": False}, Implausible, "active_current_l2_a is true or false"),
        ({"active_current_l3_a": 1001}, Implausible, "active_current_l3_a = 1001 cannot be"),
        ({"active_power_l1_w": []}, Implausible, "active_power_l1_w is a list"),
        ({"active_power_l2_w": INFINITE}, Implausible, "active_power_l2_w = inf"),
        ({"active_voltage_l1_v": {}}, Implausible, "active_voltage_l1_v is an object"),
        ({"active_voltage_l2_v": -230}, Implausible, "active_voltage_l2_v = -230"),
        ({"total_power_import_kwh": -1}, Implausible, "total_power_import_kwh = -1"),
        ({"total_power_export_kwh": 1e7}, Implausible, "total_power_export_kwh"),
        ({"active_frequency_hz": "50"}, Implausible, "active_frequency_hz is text"),
        ({"active_current_l2_a": None, "active_power_l2_w": None}, Half, "active_current_l2_a is missing"),
        ({"active_current_l3_a": None, "active_power_l3_w": None}, Half, "active_current_l3_a is missing"),
    ):
        refused(HOMEWIZARD, homewizard(**changes), kind, text)
    gone = {"active_current_l2_a": None, "active_power_l2_w": None, "active_voltage_l2_v": None}
    refused(HOMEWIZARD, homewizard(**gone), Half, "active_current_l2_a is missing")
    # An old meter that tells nothing but the sum.
    refused(HOMEWIZARD, {"active_power_w": 4560, "total_power_import_kwh": 1}, Half, "no single phases cannot protect")
    refused(HOMEWIZARD, {"active_voltage_l1_v": 230}, Half, "active_current_l1_a is missing")


def test_what_is_no_object_is_refused_by_all():
    deep = []
    for _ in range(50):
        deep = [deep]
    for id in (PRO3EM, GEN1, HOMEWIZARD, PUSH):
        for data in (None, True, 3, 1.5, float("nan"), "text", [], [1, 2], [{}], deep):
            refused(id, data, Implausible, "not an object with names")
        refused(id, {}, Half, "")


def test_every_value_may_be_of_every_kind():
    odd = (None, True, -1, 0, 10**30, 1e300, float("nan"), -INFINITE, "", "x" * 999, [], [[]], [None] * 3, {}, {"0": 1})
    for id, make in ((PRO3EM, pro3em), (GEN1, gen1), (HOMEWIZARD, homewizard)):
        for name in make():
            for value in odd:
                try:
                    filled(id, make(**{name: value}))
                except (Half, Implausible) as doubt:
                    assert len(str(doubt)) < 200, str(doubt)


def test_pushed_currents_have_a_direction():
    data = {"current_a": [1.2, -3, 0.5]}
    draft = filled(PUSH, data)
    equal(
        (draft.current_ma, draft.power_w, draft.phases, draft.resolution_ma),
        ([1200, -3000, 500], [276, -690, 115], 3, 10),
    )
    reading = read(PUSH, data)
    equal((reading.current_ma, reading.directed), ([1200, -3000, 500], True))
    equal(filled(PUSH, {"current_a": [10.0], "voltage_v": [120]}).power_w, [1200, None, None])


def test_pushed_powers_are_enough():
    reading = read(PUSH, {"power_w": [690.4, -230, 0], "energy_kwh": 1.2})
    equal((reading.current_ma, reading.power_w, reading.energy_wh), ([3000, -1000, 0], [690, -230, 0], 1200))
    draft = filled(PUSH, {"power_w": [460], "current_a": None})
    equal((draft.phases, draft.power_w, draft.current_ma[0]), (1, [460, None, None], None))


def test_pushed_currents_with_powers():
    data = {"current_a": [3, 4, 5], "power_w": [-600, 900, 1100], "voltage_v": [230, 231, 229.5]}
    draft = filled(PUSH, data)
    equal((draft.current_ma, draft.resolution_ma, draft.voltage_mv[2]), ([3000, 4000, 5000], 1000, 229500))
    equal(read(PUSH, data).current_ma, [-3000, 4000, 5000])


def test_pushed_values_with_something_wrong():
    for data, kind, text in (
        (
            {"current_a": [1], "amps": 3},
            Implausible,
            "amps is unknown; known: current_a, voltage_v, power_w, energy_kwh",
        ),
        ({"x" * 99: 1}, Implausible, "x" * 40 + " is unknown"),
        ({}, Half, "current_a or power_w of each phase is needed"),
        ({"energy_kwh": 1, "voltage_v": [230]}, Half, "current_a or power_w"),
        ({"current_a": 1}, Implausible, "current_a must be a list of 1 or 3 numbers"),
        ({"current_a": "1.2,3,4"}, Implausible, "current_a must be a list"),
        ({"current_a": {"0": 1}}, Implausible, "current_a must be a list"),
        ({"current_a": []}, Implausible, "current_a must be a list"),
        ({"current_a": [1, 2]}, Implausible, "current_a must be a list"),
        ({"current_a": [1, 2, 3, 4]}, Implausible, "current_a must be a list"),
        ({"current_a": [1, None, None]}, Implausible, "current_a must be a list"),
        ({"power_w": [1, 2, None]}, Implausible, "power_w must be a list"),
        ({"current_a": [1, 2, 3], "power_w": [1]}, Half, "power_w has not as many numbers as current_a"),
        ({"power_w": [1], "voltage_v": [1, 2, 3]}, Half, "not as many numbers"),
        ({"current_a": [1, "2", 3]}, Implausible, "current_a.1 is text"),
        ({"current_a": [1, 2, [3]]}, Implausible, "current_a.2 is a list"),
        ({"current_a": [True]}, Implausible, "current_a.0 is true or false"),
        ({"current_a": [float("nan")]}, Implausible, "current_a.0 = nan"),
        ({"current_a": [1e300, 0, 0]}, Implausible, "current_a.0 = "),
        ({"power_w": [-1e7]}, Implausible, "power_w.0 = "),
        ({"current_a": [1], "voltage_v": [-230]}, Implausible, "voltage_v.0 = -230"),
        ({"current_a": [1], "energy_kwh": [1]}, Implausible, "energy_kwh is a list"),
        ({"current_a": [1], "energy_kwh": -0.1}, Implausible, "energy_kwh = -0.1"),
    ):
        refused(PUSH, data, kind, text)
