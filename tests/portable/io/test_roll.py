"""Records in files of one block each: the newest first, and the oldest go when there are too many."""

import os

from empty_folder import empty
from power import Chip, Files

from checks import equal
from fairamp_box.io import roll
from fairamp_box.io.roll import BLOCK, Roll

SIZE = 512
PER_FILE = BLOCK // SIZE


def record(number):
    return b"%08d" % number + b"." * (SIZE - 8)


def numbers(kept):
    return [int(data[:8]) for data in kept.newest_first()]


def filled(count, most_files=3):
    kept = Roll(empty("rolls"), "sessions", SIZE, most_files)
    for number in range(count):
        kept.append(record(number))
    return kept


def again(most_files=3):
    return Roll("rolls", "sessions", SIZE, most_files)


def test_nothing_yet():
    equal(numbers(filled(0)), [])


def test_the_newest_come_first_over_a_restart_too():
    for count in (1, PER_FILE - 1, PER_FILE, PER_FILE + 1, 2 * PER_FILE + 3):
        kept = filled(count)
        equal(numbers(kept), list(range(count - 1, -1, -1)))
        equal(numbers(again()), numbers(kept))
        more = again()
        more.append(record(count))
        equal(numbers(more), list(range(count, -1, -1)))


def test_the_oldest_go_and_no_file_is_longer_than_a_block():
    kept = filled(10 * PER_FILE + 1)
    found = numbers(kept)
    equal(found[0], 10 * PER_FILE)
    equal(len(found), 2 * PER_FILE + 1)
    sizes = [os.stat("rolls/" + name)[6] for name in os.listdir("rolls")]
    assert len(sizes) == 3 and max(sizes) <= BLOCK, sizes


def test_a_record_that_was_cut_off_is_left_behind():
    filled(3)
    with open("rolls/sessions.1", "ab") as file:
        file.write(b"half")
    kept = again()
    equal(numbers(kept), [2, 1, 0])
    kept.append(record(3))
    equal(numbers(again()), [3, 2, 1, 0])


def test_strange_names_beside_them_do_no_harm():
    filled(2)
    for name in ("sessions", "sessions.x", "sessions.1.bak", "energy.0"):
        with open("rolls/" + name, "wb") as file:
            file.write(b"strange")
    equal(numbers(again()), [1, 0])


def test_a_full_flash_is_an_error_and_changes_nothing():
    kept = filled(PER_FILE)

    def full(path, mode):
        raise OSError(28)

    roll.open = full
    try:
        kept.append(record(99))
        raise AssertionError("nothing was raised")
    except OSError:
        pass
    finally:
        del roll.open
    kept.append(record(PER_FILE))
    equal(numbers(again()), list(range(PER_FILE, -1, -1)))


def test_who_reads_while_the_oldest_goes_gets_the_rest():
    kept = filled(3 * PER_FILE)
    reading = kept.newest_first()
    found = [int(next(reading)[:8])]
    for number in range(PER_FILE):
        kept.append(record(1000 + number))
    found += [int(data[:8]) for data in reading]
    equal(found, list(range(3 * PER_FILE - 1, PER_FILE - 1, -1)))


def test_a_power_cut_at_any_byte_loses_no_record_and_none_comes_after_the_next():
    for before in (0, 1, PER_FILE, 2 * PER_FILE, 3 * PER_FILE):
        for count in (0, 1, 7, SIZE - 1, SIZE, SIZE + 1, None):
            kept = filled(before)
            files = Files(1000000 if count is None else count)
            ended = files.cuts(roll, lambda: kept.append(record(before)))  # noqa: B023
            found = numbers(again())
            whole = [before] if not ended or count >= SIZE else []
            wanted = list(range(before, -1, -1)) if whole else list(range(before - 1, -1, -1))
            # The oldest file goes when the new one is there.
            equal(found, wanted[: len(found)])
            assert len(found) >= min(len(wanted), 2 * PER_FILE), (before, count, found)
            more = again()
            more.append(record(before + 1))
            equal(numbers(again())[0], before + 1)
            for number in range(PER_FILE):
                more.append(record(before + 2 + number))
            assert len(os.listdir("rolls")) <= 3, os.listdir("rolls")


def test_hundreds_of_power_cuts_on_the_file_system_of_a_chip():
    chip = Chip()
    if not chip.there:
        return
    seed, last, cuts = 5, [], 0
    size, files = 100, 3

    def append(number):
        Roll(".", "changes", size, files).append(b"%08d" % number + b"." * (size - 8))

    for number in range(300):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        _, lasted = chip.mounted(lambda: append(number), (seed >> 8) % 30)  # noqa: B023
        cuts += not lasted
        found, _ = chip.mounted(lambda: numbers(Roll(".", "changes", size, files)))
        assert found[:1] == [number] or (found == last and not lasted), (number, found[:3], last[:3])
        kept = found[1:] if found[:1] == [number] else found
        equal(kept, last[: len(kept)])
        assert len(kept) >= min(len(last), 2 * (BLOCK // size)), (number, len(kept))
        last = found
    assert 30 < cuts < 280, cuts


def test_text_of_any_length_fills_no_file_beyond_its_block():
    kept = Roll(empty("rolls"), "log", 1, 3)
    for number in range(400):
        kept.append(b"%04d" % number + b"." * (number * 37 % 300) + b"\n")
    sizes = [os.stat("rolls/" + name)[6] for name in os.listdir("rolls")]
    assert max(sizes) <= BLOCK, sizes
    text = b"".join(reversed(list(kept.files_newest_first())))
    found = [int(line[:4]) for line in text.split(b"\n") if line]
    equal(found, list(range(found[0], 400)))


def test_a_name_that_is_nearly_one_of_ours_does_no_harm():
    filled(2)
    with open("rolls/sessions.007", "wb"):
        pass
    equal(numbers(again()), [1, 0])
