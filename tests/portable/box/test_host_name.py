from checks import equal
from fairamp.host_name import host_name


def test_what_a_box_is_called_on_the_network():
    for text, name in (
        ("Fairamp", "fairamp"),
        ("Carport 1.2", "carport-1-2"),
        ("  -- Box --  ", "box"),
        ("K\u00fcche", "k-che"),
        ("\u8eca\u5eab", "fairamp"),
        ("", "fairamp"),
        ("a.local", "a-local"),
        ("x" * 31 + " y", "x" * 31),
        ("x" * 40, "x" * 32),
    ):
        equal(host_name(text), name)
