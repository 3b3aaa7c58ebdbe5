"""JSON from outside is read with care."""

import gc

from checks import equal, raises
from fairamp_box.io.json_body import parse, parse_once


def test_json_is_read_with_care():
    equal(parse(b' {"a": [1, 2]}\r\n'), {"a": [1, 2]})
    for body in (
        b"",
        b" ",
        b"null",
        b"[]",
        b"3",
        b'"{}"',
        b"{",
        b'{"a":1',
        b'{"a":[1}x',
        b"{'a':1}",
        b"{]}",
        b"}{",
        b"{\xff}",
    ):
        with raises(ValueError, "JSON"):
            parse(body)
    for body in (
        b'{"a":' * 1600 + b"}",
        b'{"a":' + b"[" * 8000 + b"}",
        b"{[1]:2}",
        b"{{}:2}",
        b'{"a":' + b"9" * 8000 + b"x}",
    ):
        gc.collect()
        with raises(ValueError, "JSON"):
            parse(body)


def test_what_is_nested_is_bounded_and_strings_do_not_count():
    equal(parse(b'{"a": ' + b"[" * 11 + b"]" * 11 + b"}")["a"][0][0], [[[[[[[[[]]]]]]]]])
    with raises(ValueError, "not valid JSON"):
        parse(b'{"a": ' + b"[" * 12 + b"]" * 12 + b"}")
    text = "[" * 20 + "\\" + '"' + "{" * 20
    equal(parse(b'{"a": "' + b"[" * 20 + b'\\\\\\"' + b"{" * 20 + b'"}'), {"a": text})
    equal(len(parse(b'{"a": [' + b"[1], " * 100 + b"[1]]}")["a"]), 101)
    with raises(ValueError, "not valid JSON"):
        parse(b'{"a": [' + b"[" * 20 + b'"}')


def test_a_name_that_is_there_twice_is_refused_however_it_is_written():
    for body in (
        b'{"a": 1, "a": 2}',
        b'{"a": 1, "b": {"c": [1, {"d": 2, "d": 2}]}}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"a": "x:y", "a": 2}',
    ):
        with raises(ValueError, "a name is there twice"):
            parse_once(body)
    for body in (
        b"{}",
        b'{"a": {"a": [{"a": 1}, {"a": 2}]}}',
        b'{"a": "1:2, \\"a\\": 3", "b:": 4}',
    ):
        equal(parse_once(body), parse(body))
