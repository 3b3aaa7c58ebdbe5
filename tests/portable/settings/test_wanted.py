"""Which features the settings ask for: all that one needs has to be set."""

from checks import equal
from fairamp.features import FEATURES, wanted
from fairamp.settings import Settings


def asked(**sections):
    settings = Settings()
    equal(settings.load(sections, "test"), [])
    return set(wanted(settings))


def test_a_page_needs_a_network_and_a_port():
    equal("web" in asked(wifi={"name": "home"}, web={"port": 80}), True)
    equal("web" in asked(wifi={"name": "home"}, web={"port": 0}), False)
    equal("web" in asked(web={"port": 80}), False)


def test_without_a_network_nothing_is_announced():
    equal(("announce" in asked(wifi={"name": "home"}), "announce" in asked()), (True, False))


def test_no_feature_runs_while_something_that_it_needs_is_not_set():
    values = {key: True for _, _, needs, _, _ in FEATURES for key in needs}
    for name, _, needs, _, _ in FEATURES:
        assert needs, name
        equal(name in wanted(values), True)
        for key in needs:
            # What is compiled for a chip has numbers in the place of names.
            others = dict(values)
            others[key] = 0
            equal((name, key, name in wanted(others)), (name, key, False))
