"""How meters and energy manager do, as data for programs."""

from client import Clients, box_with

from checks import equal
from fairamp import commands
from fairamp.sharing.socket import Socket
from fairamp.status import status
from fairamp.units import later
from registers import look, run


def links(box):
    return status(box)["links"]


def link(state, peer, age_s):
    return {"state": state, "peer": peer, "age_s": age_s}


def test_a_meter_is_unknown_then_live_then_lost_and_tells_where_it_is():
    box = box_with(start=0)
    box.coordinator.grid.where = "Eastron SDM630 at address 1"
    look(box, 5000)
    equal(links(box)["meter"], link("live", "Eastron SDM630 at address 1", 0))
    for second in range(6, 25):
        box.own.accept(1000 * second)
        box.balance(1000 * second)
    equal(links(box)["meter"], link("lost", "Eastron SDM630 at address 1", 19))
    equal(links(box)["charger_meter"], link("live", "", 0))
    from fairamp.box import Box

    box = Box(box.settings)
    for second in range(1, 10):
        box.balance(1000 * second)
    equal(links(box)["meter"], link("unknown", "", 8))
    equal(links(box)["charger_meter"], link("unknown", "", 8))


def test_a_manager_is_idle_then_in_use_then_silent():
    box = box_with(start=0)
    ems = Clients(box, "teltocharge")
    now = run(box, 0, 10)
    equal(ems.read(3), 0)
    equal(links(box)["ems"], link("idle", "", 10))
    equal(ems.write(15, 10), 0)
    now = run(box, now, 12)
    equal(links(box)["ems"], link("in use", "ems:teltocharge", 12))
    equal(ems.read(3), 0)
    equal(links(box)["ems"]["age_s"], 0)
    now = run(box, now, 40)
    equal(links(box)["ems"], link("silent", "ems:teltocharge", 40))


def test_of_several_managers_the_one_that_was_heard_last_is_told():
    box = box_with(start=0)
    one, other = Clients(box, "teltocharge"), Clients(box, "mennekes")
    equal(one.write(15, 10), 0)
    run(box, 0, 5)
    equal(other.write(1000, 12), 0)
    equal(links(box)["ems"], link("in use", "ems:mennekes", 0))
    run(box, 5000, 3)
    equal(one.write(15, 11), 0)
    equal(links(box)["ems"], link("in use", "ems:teltocharge", 0))


def test_what_is_lost_for_weeks_does_not_look_fresh_again():
    box, other = box_with(start=0), Socket(2, (0,))
    box.coordinator.sockets.append(other)
    manager = Clients(box, "teltocharge")
    equal(manager.write(15, 10), 0)
    now = run(box, 0, 40)
    other.online = False
    age = 0
    for hour in range(1, 24 * 30):
        now = later(now, 3600000)
        box.balance(now)
        shown = status(box)
        ages = [shown["links"][name]["age_s"] for name in ("meter", "charger_meter", "ems")] + [
            shown["sockets"][1]["age_s"]
        ]
        assert min(ages) >= age, (hour, ages)
        age = min(ages)
    equal((ages, shown["links"]["meter"]["state"]), ([6 * 86400] * 4, "lost"))
    equal(links(box)["ems"]["state"], "silent")


def test_a_car_that_comes_while_a_contact_suspends_waits_and_is_told_that_it_goes_on():
    box = box_with(start=0, charger={"shed_function": "suspend", "shed_inverted": True}, sharing={"probe_current": 0})
    session = box.point.session
    commands.contacts(box, True, False)
    session.connected, session.number, session.authorised = True, 1, True
    now = run(box, 0, 5)
    found = status(box)["charger"]
    equal(box.point.limits.offer(), 0)
    equal(found["why"], "suspended by a contact, goes on by itself afterwards")
    commands.contacts(box, True, True)
    now = run(box, now, 5)
    assert box.point.limits.offer() >= 6000, box.point.limits.offer()
    # And one that charges pauses at once.
    commands.contacts(box, True, False)
    look(box, later(now, 1000))
    equal(box.point.limits.offer(), 0)
