"""A box with a car, and what its log tells of those who ask for something."""

from checks import equal

EMS = "ems:test"
WHY_NOT = "the setting [ems] allow_start_stop is off"


def make(allow=True, relay=False, **charger):
    """(box with a car, its log)"""
    # Not at the top: one file deeper, that is too much for the stack of the small runtime.
    from fairamp.box import Box
    from fairamp.settings import Settings
    from registers import look

    settings = Settings()
    equal(settings.load({"ems": {"allow_start_stop": allow}, "charger": charger}, "test"), [])
    box = Box(settings, phase_relay=relay)
    told = []
    box.journal.log = lambda where, text: told.append(where + ": " + text)
    look(box, 0)
    box.point.session.plug(0, 0)
    return box, told
