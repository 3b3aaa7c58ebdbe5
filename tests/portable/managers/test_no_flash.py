"""Energy managers and settings: what a user has set is seen by them, and what they write never reaches the flash."""

from client import Clients, box_with

from checks import equal
from fairamp import commands, view
from fairamp.settings.kinds import OWNER


class Store:
    """Of the flash; a change of a setting comes here, and nothing else may."""

    def __init__(self):
        self.file = {}
        self.writes = 0

    def save(self, sections):
        self.writes += 1
        for name in sections:
            self.file.setdefault(name, {}).update(sections[name])
        return []

    def forget(self):
        pass


def make(name, unit=1):
    box, store = box_with(), Store()
    box.settings.store = lambda: store
    return box, store, Clients(box, name, unit)


def test_who_writes_every_second_does_not_wear_the_flash():
    writes = {"teltocharge": (15, 19, 20, 14, 18), "vestel": (5004, 2000), "mennekes": (613, 614, 615, 1000)}
    for name, unit in (("teltocharge", 1), ("vestel", 255), ("mennekes", 255)):
        box, store, wire = make(name, unit)
        before = dict(box.settings.values)
        taken = 0
        for second in range(30):
            for address in writes[name]:
                taken += not wire.write(address, 6 + second % 10)
            wire.wait(1)
        assert taken > 20, (name, taken)
        equal((name, store.writes, store.file, box.settings.values == before), (name, 0, {}, True))


def test_the_limiter_of_the_user_is_seen_by_managers_and_the_last_value_counts_after_a_restart_too():
    box, store, wire = make("teltocharge")
    for amps in (20, 10, 13):
        equal(commands.change(box, "http:owner", OWNER, {"charger": {"limit": amps}}), ([], []))
        equal((wire.read(29), view.user_limit_ma(box)), (amps, 1000 * amps))
    # A manager lowers the offer, and does not lift it above.
    equal((wire.write(15, 32), wire.read(15), wire.read(29)), (0, 32, 13))
    equal((store.file, store.writes), ({"charger": {"limit": 13}}, 3))
    again = box_with(**store.file)
    equal(Clients(again, "teltocharge").read(29), 13)
    # The same once more is no change, and no writing.
    equal(commands.change(box, "http:owner", OWNER, {"charger": {"limit": 13}}), ([], []))
    equal(store.writes, 3)


def test_the_operator_limit_that_was_set_holds_after_a_restart_and_that_of_a_manager_is_lost():
    box, store, wire = make("mennekes", 255)
    change = {"sharing": {"operator_limit": [10, 10, 10]}}
    equal(commands.change(box, "http:owner", OWNER, change), ([], []))
    equal((wire.write(613, 8, 8, 8), wire.read(613, 3)), (0, [8, 8, 8]))
    again = box_with(**store.file)
    after = Clients(again, "mennekes", 255)
    equal(again.settings["sharing.operator_limit"], [10000] * 3)
    assert after.read(613, 3) != [8, 8, 8]
    # So who comes back writes it again; until then what was set holds.
    equal((after.write(613, 20, 20, 20), after.wait(1), again.point.limits.offer()), (0, None, 10000))
