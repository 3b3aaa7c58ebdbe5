"""The one door: who may do what, what the log tells of it, and how each dialect says no."""

from asked import EMS, WHY_NOT, make

from checks import equal
from fairamp import commands, refusals, view
from fairamp.charging import limits
from fairamp.charging.limits import NO_LIMIT
from fairamp.managers import NAMES, answer, load


def session(box):
    return view.authorised(box), view.stopped(box)


def write_everything(box, name):
    """Every value that may be written to any register of a map, each of them."""
    codes = []
    for bank in load(name).banks(box).values():
        for row in bank.rows:
            for value in values(row) if row.set else ():
                codes.append((row.name, row.set(box, value)))
    return codes


def values(row):
    if row.kind == "ascii":
        return ("04A1B2C3",)
    found = []
    for item in row.allowed or ((0, 1),):
        found += [item] if isinstance(item, int) else list(range(item[0], min(item[1], 8) + 1))
    return found


def test_who_may_not_start_and_stop_cannot_do_it_in_any_dialect():
    for name in NAMES:
        box, _ = make(allow=False, start="request")
        if not load(name).banks(box).popitem()[1].rows:
            return  # what is compiled for a chip has no names of rows
        codes = dict(write_everything(box, name))
        equal((name, session(box)), (name, (0, 0)))
        box.point.session.authorise()
        write_everything(box, name)
        equal((name, session(box)), (name, (1, 0)))
        box.point.session.stop()
        write_everything(box, name)
        equal((name, session(box)), (name, (1, 1)))
        for register in ("request_stop_charging", "request_authorize", "write_idtag"):
            equal((register, codes.get(register, 2)), (register, 2))


def test_teltocharge_obeys_the_setting():
    for allow, code in ((True, 0), (False, 2)):
        box, _ = make(allow, start="request")
        bank = load("teltocharge").banks(box).popitem()[1]
        equal(bank.write(17, 1, b"\x00\x01", 0), code)
        equal(session(box), (int(allow), 0))
        equal(bank.write(16, 1, b"\x00\x01", 0), code)
        equal(session(box), (int(allow), int(allow)))
        # What asks for nothing is no wish that could be refused.
        equal((bank.write(16, 1, b"\x00\x00", 0), bank.write(17, 1, b"\x00\x00", 0)), (0, 0))
        equal(bank.write(16, 1, b"\x00\x02", 0), code)
        equal(session(box), (int(allow), 0))


def test_mennekes_obeys_the_setting():
    for allow, code in ((True, 0), (False, 2)):
        box, _ = make(allow, start="request")
        bank = load("mennekes").banks(box).popitem()[1]
        for wanted in ((1, 0), (1, 1), (1, 0)):
            equal(bank.write(1110, 10, b"            04A1B2C3", 0), code)
            equal(session(box), wanted if allow else (0, 0))


def test_alfen_and_vestel_have_nothing_to_start_or_stop_with():
    for name in ("alfen", "vestel"):
        box, _ = make(allow=True, start="request")
        write_everything(box, name)
        equal((name, session(box)), (name, (0, 0)))
        box.point.session.authorise()
        write_everything(box, name)
        equal((name, session(box)), (name, (1, 0)))


def test_the_setting_binds_managers_only():
    box, told = make(allow=False)
    equal(commands.stop(box, EMS), refusals.NOT_ALLOWED)
    equal((commands.stop(box, "contact"), session(box)), (refusals.DONE, (1, 1)))
    equal((commands.start(box, "page:owner"), session(box)), (refusals.DONE, (1, 0)))
    equal(told, [EMS + ": stop refused: " + WHY_NOT, "contact: stop", "page:owner: start"])


def test_who_may_not_stop_cannot_take_it_out_of_service_either():
    box, told = make(allow=False)
    equal(commands.serve(box, EMS, False), refusals.NOT_ALLOWED)
    equal((commands.serve(box, EMS, True), view.in_service(box)), (refusals.DONE, 1))
    equal(told, [EMS + ": out of service refused: " + WHY_NOT])
    equal((commands.serve(box, "page:owner", False), view.in_service(box)), (refusals.DONE, 0))
    equal((commands.serve(box, EMS, True), view.in_service(box)), (refusals.NOT_ALLOWED, 0))


def test_no_check_begins_while_the_settings_are_wrong():
    box, _ = make()
    box.wrong_settings = ["settings.json: missing"]
    equal((commands.start_check(box, "http"), box.check), (refusals.SAFE_MODE, None))


def test_settings_change_at_the_door():
    box, told = make()
    equal(
        commands.change(box, "twin", 2, {"charger": {"limit": 10}, "site": {"fuse": [20] * 3}}), ([], ["[site] fuse"])
    )
    equal(box.settings["charger.limit"], 10000)
    wanted = ["twin: charger.limit: 80 -> 10", "twin: site.fuse: [25, 25, 25] -> [20, 20, 20]"]
    equal(sorted(told), wanted)
    errors, waiting = commands.change(box, "page:owner", 1, {"site": {"fuse": [63] * 3}})
    equal((len(errors), waiting, len(told)), (1, [], 2))
    box.wrong_settings = ["settings.json: missing"]
    assert "a whole file has to take their place" in commands.change(box, "twin", 2, {"charger": {"limit": 9}})[0][0]
    equal(box.settings["charger.limit"], 10000)


def test_out_of_service_there_is_no_offer_and_the_reason_is_named():
    box, _ = make()
    commands.serve(box, "page:owner", False)
    equal((view.in_service(box), view.available(box), view.limit_ma(box), view.why(box)), (0, 0, 0, "out of service"))
    commands.serve(box, "page:owner", True)
    equal((view.in_service(box), view.available(box), box.point.limits.get(box.service)), (1, 1, NO_LIMIT))


def test_load_shedding_that_stays_can_be_reset():
    box, told = make(shed_latch=True)
    equal(commands.reset_shedding(box, "http"), refusals.NOTHING_SHED)
    box.inputs.shed_closed = True
    box.step(20)
    equal(commands.reset_shedding(box, "http"), refusals.NOTHING_SHED)
    box.inputs.shed_closed = False
    box.step(40)
    equal(box.point.limits.get(limits.SHEDDING), 8000)
    equal(commands.reset_shedding(box, "http"), refusals.DONE)
    box.step(60)
    equal((box.point.limits.get(limits.SHEDDING), told[-1]), (NO_LIMIT, "http: end of load shedding"))


def test_a_wish_for_one_phase_leaves_with_the_one_who_had_it():
    box, _ = make(relay=True, phase_switch=True)
    equal(commands.phases(box, "ems:one", False), refusals.DONE)
    commands.leave(box, "ems:two")
    equal(box.three_soon, False)
    commands.leave(box, "ems:one")
    equal(box.three_soon, True)
    # The newest wish counts.
    equal(
        (commands.phases(box, "ems:two", False), box.three_soon, box.one_phase_for), (refusals.DONE, False, "ems:two")
    )


def test_who_repeats_the_wish_of_another_has_no_part_in_it():
    box, _ = make(relay=True, phase_switch=True)
    equal((commands.phases(box, "ems:one", False), commands.phases(box, "ems:two", False)), (refusals.DONE,) * 2)
    commands.leave(box, "ems:two")
    equal(box.three_soon, False)
    commands.leave(box, "ems:one")
    equal(box.three_soon, True)


def test_a_restart_can_be_taken_back():
    box, told = make()
    for _ in range(2):
        equal((commands.restart(box, EMS), view.restarts(box), view.limit_ma(box)), (refusals.DONE, 1, 0))
    equal((box.restart_for, view.why(box)), (EMS, "restart"))
    for _ in range(2):
        equal((commands.restart(box, EMS, False), view.restarts(box)), (refusals.DONE, 0))
    equal((box.point.limits.get(box.restarting), told), (NO_LIMIT, [EMS + ": restart", EMS + ": no restart"]))


def test_a_check_that_runs_is_not_begun_again():
    box, told = make()
    equal(commands.start_check(box, "http"), refusals.DONE)
    equal(commands.start_check(box, "http"), refusals.CHECK_RUNS)
    equal(told[0], "http: check")
    assert told[1].startswith("http: check refused: a check is running")


def test_every_refusal_has_words_and_an_exception():
    for reason in range(1, len(refusals.WORDS)):
        assert refusals.WORDS[reason]
        equal(answer(reason) in (2, 3, 6), True)
    equal(answer(refusals.DONE), None)
