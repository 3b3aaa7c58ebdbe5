"""What has to outlast a loss of power is written one file at a time, and a flash that is full is told once."""

from checks import equal
from fairamp.units import TICKS_MASK, later
from fairamp_box.keeping.keeper import AGAIN_MS, GAP_MS, Keeper


class Kept:
    def __init__(self, fails=False):
        self.wanted = True
        self.fails = fails
        self.saved = 0
        self.new = False

    def due(self, now):
        return self.wanted

    def changed(self):
        return self.new

    def save(self):
        if self.fails:
            raise OSError(28)
        self.saved += 1
        self.wanted = self.new = False


def make(*kept, now=0):
    told = []
    keeper = Keeper(lambda where, text: told.append(where + ": " + text), now)
    for one in kept:
        keeper.add(one)
    return keeper, told


def test_one_file_at_a_time_and_not_within_a_second():
    for start in (0, TICKS_MASK - 500):
        one, other = Kept(), Kept()
        keeper, _ = make(one, other, now=start)
        keeper.step(later(start, GAP_MS - 1))
        equal((one.saved, other.saved), (0, 0))
        keeper.step(later(start, GAP_MS))
        keeper.step(later(start, GAP_MS + 20))
        equal((one.saved, other.saved), (1, 0))
        keeper.step(later(start, 2 * GAP_MS))
        equal((one.saved, other.saved), (1, 1))


def test_what_has_nothing_new_is_not_written():
    one = Kept()
    one.wanted = False
    keeper, _ = make(one)
    for second in range(10):
        keeper.step(GAP_MS * second)
    equal(one.saved, 0)


def test_before_a_restart_the_rest_is_written_too():
    one, other = Kept(), Kept()
    one.wanted = other.wanted = False
    one.new = True
    keeper, _ = make(one, other)
    keeper.finish(10)
    equal((one.saved, other.saved), (1, 0))


def test_a_full_flash_is_told_once_and_tried_again_later():
    one = Kept(fails=True)
    keeper, told = make(one)
    now = GAP_MS
    for _ in range(3):
        keeper.step(now)
        keeper.step(now + AGAIN_MS - GAP_MS)
        now += AGAIN_MS
    equal(len(told), 1)
    assert told[0].startswith("storage: cannot be written") and "is the flash full" in told[0], told
    one.fails = False
    keeper.step(now)
    equal((one.saved, told[1:], keeper.problem), (1, ["storage: can be written again"], ""))


class Heap:
    busy = False

    def quiet(self):
        return not self.busy


def test_while_a_frame_is_on_its_way_it_waits_for_its_end():
    one, heap = Kept(), Heap()
    keeper, _ = make(one)
    heap.busy = True
    keeper.step(GAP_MS, heap)
    keeper.step(GAP_MS + 20, heap)
    equal(one.saved, 0)
    heap.busy = False
    keeper.step(GAP_MS + 40, heap)
    equal(one.saved, 1)


def test_who_has_to_be_written_first_is():
    one, other = Kept(), Kept()
    keeper, _ = make(one)
    keeper.add(other, first=True)
    keeper.step(GAP_MS)
    equal((one.saved, other.saved), (0, 1))


def test_one_that_cannot_be_written_keeps_no_other_one_from_it():
    one, other = Kept(fails=True), Kept()
    keeper, _ = make(one, other)
    keeper.step(GAP_MS)
    keeper.step(2 * GAP_MS)
    equal((one.saved, other.saved), (0, 1))
    one.wanted = other.wanted = True
    keeper.finish(3 * GAP_MS)
    equal(other.saved, 2)


def test_whatever_goes_wrong_while_it_is_written_ends_no_charging():
    for error in (MemoryError, ValueError, UnicodeError):
        one = Kept()

        def save(error=error):
            raise error("x")

        one.save = save
        keeper, _ = make(one)
        keeper.step(GAP_MS)
        keeper.finish(2 * GAP_MS)
