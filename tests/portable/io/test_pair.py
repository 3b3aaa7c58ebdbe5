"""Two files that take turns: whatever the power does to one of them, the other one is whole."""

import os

from empty_folder import empty
from power import Chip, Files

from checks import equal
from fairamp_box.io import pair
from fairamp_box.io.pair import Pair


def fresh():
    return empty("pairs") + "/energy"


def content(path):
    with open(path, "rb") as file:
        return file.read()


def put(path, data):
    with open(path, "wb") as file:
        file.write(data)


def test_what_was_kept_last_is_found_again():
    path = fresh()
    equal(Pair(path).load(), None)
    kept = Pair(path)
    for number in range(5):
        kept.save(b"value %d" % number)
        equal(Pair(path).load(), b"value %d" % number)
    equal(sorted(os.listdir("pairs")), ["energy.0", "energy.1"])


def test_a_restart_goes_on_where_it_was():
    path = fresh()
    for number in range(5):
        again = Pair(path)
        again.load()
        again.save(bytes([number]))
    equal(Pair(path).load(), b"\4")


def test_a_writing_that_was_cut_off_anywhere_leaves_the_one_before():
    path = fresh()
    kept = Pair(path)
    kept.save(b"old")
    kept.save(b"new")
    whole = content(path + ".1")
    for length in range(len(whole)):
        put(path + ".1", whole[:length])
        equal(Pair(path).load(), b"old")


def test_each_damaged_byte_is_found():
    path = fresh()
    kept = Pair(path)
    kept.save(b"old")
    kept.save(b"new")
    whole = content(path + ".1")
    for index in range(len(whole)):
        damaged = bytearray(whole)
        damaged[index] ^= 0x10
        put(path + ".1", damaged)
        equal(Pair(path).load(), b"old")
    put(path + ".0", b"")
    equal(Pair(path).load(), None)


def test_after_a_damage_the_good_file_is_not_the_one_that_is_written():
    path = fresh()
    kept = Pair(path)
    kept.save(b"old")
    kept.save(b"new")
    put(path + ".1", b"damaged")
    again = Pair(path)
    equal(again.load(), b"old")
    again.save(b"newer")
    assert b"old" in content(path + ".0")
    equal(Pair(path).load(), b"newer")


def test_what_cannot_be_written_is_an_error_and_loses_nothing():
    path = fresh()
    kept = Pair(path)
    kept.save(b"old")

    def full(path, mode):
        raise OSError(28)

    pair.open = full
    try:
        kept.save(b"new")
        raise AssertionError("nothing was raised")
    except OSError:
        pass
    finally:
        del pair.open
    equal(Pair(path).load(), b"old")
    kept.save(b"newer")
    equal(Pair(path).load(), b"newer")


def test_a_power_cut_at_any_byte_leaves_the_old_or_the_new():
    for before in range(4):
        count = 0
        while True:
            path = fresh()
            kept = Pair(path)
            for number in range(before):
                kept.save(b"old %d" % number)
            old = b"old %d" % (before - 1) if before else None
            ended = Files(count).cuts(pair, lambda: kept.save(b"new one"))  # noqa: B023
            equal(Pair(path).load(), old if ended else b"new one")
            again = Pair(path)
            again.load()
            again.save(b"newer")
            equal(Pair(path).load(), b"newer")
            if not ended:
                break
            count += 1
        equal(count, len(b"new one") + 8)


def test_hundreds_of_power_cuts_on_the_file_system_of_a_chip():
    chip = Chip()
    if not chip.there:
        return
    seed, last, cuts = 3, None, 0

    def save(data):
        kept = Pair("energy")
        kept.load()
        kept.save(data)

    for number in range(300):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        data = b"energy %d" % number
        _, lasted = chip.mounted(lambda: save(data), (seed >> 8) % 12)  # noqa: B023
        cuts += not lasted
        found, _ = chip.mounted(lambda: Pair("energy").load())
        assert found == data or (found == last and not lasted), (number, found, last)
        last = found
    assert 30 < cuts < 280, cuts
