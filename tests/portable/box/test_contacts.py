from checks import equal
from fairamp import commands
from fairamp.box import Box
from fairamp.settings import Settings

# What a downgrade contact lowers.
LIMITS = {"operator_limit": [32, 32, 32], "downgrade": 6}


def wired(enable_closed, shed_closed, **charger):
    settings = Settings()
    equal(settings.load({"charger": charger, "sharing": LIMITS}, "test"), [])
    box = Box(settings)
    commands.contacts(box, enable_closed, shed_closed)
    one = box.coordinator
    return box.inputs.enable_closed, box.inputs.shed_closed, one.downgraded, one.suspended


def test_as_they_are_named():
    equal(wired(True, False), (True, False, False, False))
    equal(wired(False, True), (False, True, False, False))


def test_other_functions():
    equal(wired(True, True, shed_function="downgrade"), (True, False, True, False))
    equal(wired(True, False, shed_function="downgrade"), (True, False, False, False))
    equal(wired(True, True, shed_function="suspend"), (True, False, False, True))
    # Nothing enables any more: then nothing forbids.
    equal(wired(False, False, enable_function="suspend"), (True, False, False, False))
    equal(wired(True, False, enable_function="suspend"), (True, False, False, True))
    # Two contacts that enable: both have to be closed.
    equal(wired(True, False, shed_function="enable"), (False, False, False, False))
    equal(wired(True, True, shed_function="enable"), (True, False, False, False))


def test_polarity():
    equal(wired(False, False, enable_inverted=True), (True, False, False, False))
    equal(wired(True, False, enable_inverted=True), (False, False, False, False))
    equal(wired(True, False, shed_inverted=True), (True, True, False, False))
    equal(wired(True, False, shed_function="suspend", shed_inverted=True), (True, False, False, True))


def test_a_change_is_told_and_nothing_else():
    box = Box(Settings())
    told = []
    box.journal.log = lambda where, text: told.append(where + ": " + text)
    for closed in ((True, False), (True, False), (False, False), (False, True), (False, True), (True, False)):
        commands.contacts(box, *closed)
        equal((box.inputs.enable_closed, box.inputs.shed_closed), closed)
    enable = ["contact: enable contact open", "contact: enable contact closed"]
    equal(told, [enable[0], "contact: shed contact closed", enable[1], "contact: shed contact open"])
