"""The list of sessions that are over: over restarts, with damage, and as JSON for whoever asks."""

import json
import os

from bench import Bench
from empty_folder import empty

from checks import equal
from fairamp.charging.record import GONE, SIZE, UNPLUGGED, pack
from fairamp.charging.session import Session
from fairamp_box.features.sessions.book import MOST, MOST_WAITING, SUM, Book
from fairamp_box.io.roll import BLOCK

LONG = SIZE + SUM
PER_FILE = BLOCK // LONG


def record(number, end=UNPLUGGED, **values):
    session = Session()
    session.number, session.seconds, session.boot = number, 100 + number, 5
    session.energy.wh, session.lifetime.wh = 1000, 1000 * number
    for name in values:
        setattr(session, name, values[name])
    return pack(session, 0, False, end)


def filled(count, keep=1000):
    book = Book(empty("books"), keep)
    for number in range(1, count + 1):
        book.take(record(number))
        book.save()
    return book


def shown(book, **query):
    answer = json.loads("".join(book.give(**query)))
    equal(answer["end"], True)
    return answer["sessions"]


def numbers(book, **query):
    return [session["number"] for session in shown(book, **query)]


def test_the_newest_first_over_a_restart_too():
    equal(numbers(filled(0)), [])
    equal(numbers(filled(3)), [3, 2, 1])
    equal(numbers(Book("books", 1000)), [3, 2, 1])


def test_what_is_not_written_yet_is_shown_all_the_same():
    book = filled(2)
    book.take(record(3))
    assert book.due(0)
    equal(numbers(book), [3, 2, 1])
    book.save()
    assert not book.due(0)
    equal(numbers(book), [3, 2, 1])


def test_page_by_page():
    book = filled(60)
    first = numbers(book)
    equal(first, list(range(60, 10, -1)))
    equal(numbers(book, before=first[-1]), list(range(10, 0, -1)))
    equal(numbers(book, before=4, limit=2), [3, 2])
    equal(numbers(book, limit=0), [])
    equal(numbers(book, before=1), [])


def test_at_least_so_many_are_kept_and_the_flash_does_not_fill():
    book = filled(4 * PER_FILE, keep=PER_FILE + 1)
    count = len(numbers(book, limit=MOST))
    assert PER_FILE + 1 <= count <= 3 * PER_FILE, count
    equal(len(os.listdir("books")), 3)


def test_one_that_is_damaged_is_left_out():
    filled(3)
    with open("books/sessions.1", "rb") as file:
        data = bytearray(file.read())
    data[LONG + 20] ^= 1
    with open("books/sessions.1", "wb") as file:
        file.write(data)
    equal(numbers(Book("books", 1000)), [3, 1])


def test_one_that_was_written_already_is_not_there_twice():
    filled(3)
    book = Book("books", 1000)
    book.take(record(3, end=GONE))
    equal(numbers(book), [3, 2, 1])
    book.take(record(4))
    equal(numbers(book), [4, 3, 2, 1])


def test_what_is_told_of_one():
    book = filled(0)
    utc = (2026, 11, 28, 21, 5, 0)
    book.take(record(7, began=utc, most_ma=16000, used=5, by="ems:alfen", card="04A1B2C3", charging_s=60, charged=True))
    (told,) = shown(book)
    equal((told["began"], told["ended"], told["boot"]), ("2026-11-28T21:05:00Z", None, 5))
    equal((told["wh"], told["meter_start_wh"], told["meter_end_wh"]), (1000, 6000, 7000))
    equal((told["plugged_s"], told["charging_s"], told["most_ma"], told["phases"]), (107, 60, 16000, 2))
    equal((told["by"], told["card"], told["end"]), ("ems:alfen", "...B2C3", "unplugged"))


def test_how_it_ended():
    book = filled(0)
    for values in ({}, {"charged": True, "stopped": True}, {"charged": True, "finished": True}):
        book.take(record(1 + len(shown(book)), **values))
    book.take(record(4, end=GONE, charged=True))
    ends = [session["end"] for session in shown(book)]
    equal(ends[:2], ["unplugged while the box had no power", "the car was full"])
    equal(ends[2:], ["stopped, then unplugged", "unplugged without charging"])


def test_cars_that_come_and_go_while_nothing_can_be_written_fill_no_memory():
    book = filled(0)
    for number in range(3 * MOST_WAITING):
        book.take(record(number))
    equal(len(numbers(book)), MOST_WAITING)


def test_a_real_session_arrives_there():
    bench, book = Bench(limit=16), filled(0)
    session = bench.point.session
    session.when_ended = lambda how: book.take(pack(session, 0, False, how))
    bench.show("B", 3000)
    bench.charge(0).run(60000)
    bench.show("A", 1000)
    (told,) = shown(book)
    equal((told["number"], told["wh"], told["phases"]), (1, session.energy.wh, 3))
    assert 55 <= told["charging_s"] <= 60 and 62 <= told["plugged_s"] <= 64, told
