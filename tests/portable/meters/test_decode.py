import struct

from checks import equal, raises
from fairamp import meters
from fairamp.meters.decode import Decoder, blocks
from fairamp.meters.draft import Draft
from fairamp.meters.model import CURRENT, READ_HOLDING, VOLTAGE, Model, row
from fairamp.meters.sieve import Half, Implausible


def decoded(volts=(230.5, 231.0, 229.0), amps=(1.0, 2.5, 16.0), watts=(230.0, -577.0, 3600.0)):
    decoder = Decoder(meters.find("eastron_sdm630"))
    equal([(block.first, block.count) for block in decoder.fast], [(0, 18)])
    decoder.fast[0].take(struct.pack(">9f", *(tuple(volts) + tuple(amps) + tuple(watts))), 0)
    draft = Draft()
    decoder.fill(draft)
    return draft


def test_a_good_answer():
    draft = decoded()
    equal(draft.current_ma, [1000, 2500, 16000])
    equal(draft.voltage_mv, [230500, 231000, 229000])
    equal(draft.power_w, [230, -577, 3600])
    equal((draft.energy_wh, draft.total_w), (None, None))


def test_what_is_no_number_is_named():
    for bad in (float("nan"), float("inf"), -float("inf"), 1e12):
        with raises(Implausible, "current L2"):
            decoded(amps=(1.0, bad, 2.0))
    # A voltage is not needed to protect a fuse.
    equal(decoded(volts=(230.0, float("nan"), 230.0)).voltage_mv, [230000, None, 230000])


def test_nothing_before_the_answer():
    with raises(Half, "current"):
        Decoder(meters.find("eastron_sdm630")).fill(Draft())


def test_as_few_requests_as_can_be():
    equal(blocks([(12, 2), (14, 2), (18, 2)], 50, 10), [(12, 8)])
    equal(blocks([(12, 2), (14, 2), (18, 2)], 50, 1), [(12, 4), (18, 2)])
    equal(blocks([(18, 2), (12, 2), (14, 2)], 6, 10), [(12, 4), (18, 2)])
    equal(blocks([], 6, 10), [])
    # One value inside another's block makes it no longer.
    equal(blocks([(0, 8), (2, 2)], 8, 0), [(0, 8)])


def test_a_plan_without_holes():
    decoder = Decoder(meters.find("eastron_sdm630"))
    equal([(block.first, block.count) for block in decoder.slow], [(70, 6)])
    assert decoder.split()
    equal([(block.first, block.count) for block in decoder.slow], [(0, 6), (70, 6)])
    assert not decoder.split()


def test_addresses_that_have_no_even_step():
    model = Model(
        *row("x", "x", 3, READ_HOLDING, 50, ((CURRENT, (5, 1, 9), 0, "u16", 0.1), (VOLTAGE, 50, 0, "u16", 1)))
    )
    decoder = Decoder(model)
    decoder.fast[0].take(struct.pack(">9H", 10, 0, 0, 0, 20, 0, 0, 0, 30), 0)
    draft = Draft()
    decoder.fill(draft)
    equal(draft.current_ma, [2000, 1000, 3000])
    equal(draft.resolution_ma, 100)


def test_every_family_loads_and_every_row_can_be_planned():
    for _, models in meters.FAMILIES:
        for id in models.split():
            model = meters.find(id)
            equal(model.id, id)
            assert Decoder(model).fast, id
    equal(meters.find("nobody"), None)
    equal(meters.find(None), None)
