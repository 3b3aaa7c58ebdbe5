from checks import equal
from fairamp_box.io.places import Guest, Places, first_to_go


class House:
    """Places with bounds, and who had to leave, in turn."""

    def __init__(self, most, for_pages=0):
        self.places = Places(most)
        self.places.leave_to_people(for_pages)
        self.gone = []

    def come(self, host, now, page=False):
        guest = Guest(host, now, lambda: self.gone.append(host), page)
        return self.places.admit(guest)

    def there(self):
        return [guest.host for guest in self.places.guests]


def test_without_bounds_everybody_stays():
    house = House(1000)
    for number in range(50):
        assert house.come(str(number), 0, number % 2 == 0)
    equal((len(house.there()), house.gone), (50, []))


def test_a_manager_goes_before_pages_and_the_oldest_page_leaves():
    house = House(4, 1)
    for number in range(4):
        assert house.come("page " + str(number), 100 - number, page=True)
    assert not house.come("late page", 101, page=True)
    assert house.come("ems", 110)
    equal(house.gone, ["page 3"])
    assert house.come("ems 2", 120)
    equal(house.gone, ["page 3", "page 2"])
    equal(house.there(), ["page 0", "page 1", "ems", "ems 2"])


def test_managers_leave_a_place_for_pages():
    house = House(4, 1)
    for number in range(3):
        assert house.come("ems " + str(number), 0)
    assert not house.come("ems 3", 9999)
    assert house.come("page", 9999, page=True)
    assert not house.come("page 2", 9999, page=True)
    # A page does not help them, only one that is silent.
    assert house.come("ems 3", 10000)
    equal((house.gone, len(house.there())), (["ems 0"], 4))


def test_a_manager_that_comes_again_replaces_itself():
    house = House(2)
    assert house.come("a", 0) and house.come("b", 5)
    assert house.come("b", 6)
    equal((house.gone, house.there()), (["b"], ["a", "b"]))
    assert not house.come("c", 7)


def test_pages_replace_pages_that_are_there_for_long():
    house = House(2)
    assert house.come("a", 0, page=True) and house.come("ems", 0)
    assert not house.come("b", 1999, page=True)
    assert house.come("b", 2000, page=True)
    # However long a manager is silent, no page takes its place.
    assert not house.come("c", 3000, page=True)
    assert house.come("c", 600000, page=True)
    equal((house.gone, house.there()), (["a", "b"], ["ems", "c"]))


def test_who_is_heard_stays():
    first, second = Guest("a", 0, None), Guest("b", 0, None)
    first.heard = 15000
    newcomer = Guest("c", 20000, None)
    equal(first_to_go([first, second], newcomer), second)
    equal(first_to_go([first], newcomer), None)
    equal(first_to_go([], newcomer), None)


def test_whoever_comes_again_and_again_takes_its_own_places():
    """One that says nothing and connects once a second, beside a manager that asks every half minute."""
    house = House(3)
    assert house.come("ems", 0)
    for second in range(1, 60):
        house.come("stranger", 1000 * second)
    assert "ems" in house.there(), house.there()


def test_nobody_has_two_places_while_another_has_none():
    house = House(3)
    for second in range(10):
        assert house.come("stranger", 1000 * second)
    assert house.come("ems", 9500)
    equal(sorted(house.there()), ["ems", "stranger", "stranger"])
    assert house.come("other", 9600)
    equal(sorted(house.there()), ["ems", "other", "stranger"])
    # Now each has one.
    assert not house.come("late", 9700)
