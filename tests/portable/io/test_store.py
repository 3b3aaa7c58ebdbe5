"""The file of the settings: whole after a loss of power at any moment, and what is wrong with it is told."""

import json
import os

from power import Chip, Files

from checks import equal
from fairamp.settings import Settings
from fairamp_box.io import store

OLD = {"site": {"fuse": [25, 25, 25]}, "charger": {"max": 16}}
CHANGE = {"charger": {"limit": 10}, "box": {"name": "Caf\u00e9"}}
NEW = {"site": {"fuse": [25, 25, 25]}, "charger": {"max": 16, "limit": 10}, "box": {"name": "Caf\u00e9"}}
NAMES = (store.SETTINGS_FILE, store.COPY_FILE, store.NEW_FILE)


def put(name, data):
    with open(name, "wb") as file:
        file.write(data)


def get(name):
    with open(name, "rb") as file:
        return file.read()


def begin(sealed=False):
    """The old settings, made by hand or as the box writes them."""
    for name in NAMES:
        if name in os.listdir():
            os.remove(name)
    put(store.SETTINGS_FILE, json.dumps(OLD).encode())
    if sealed:
        equal(store.save({"charger": {"max": 16}}), [])


def content(name=store.SETTINGS_FILE):
    """What is in a file, without its sum."""
    found = json.loads(get(name))
    found.pop("sum", None)
    return found


def loaded():
    """(what is wrong, what is told, the maximum of the charger)"""
    settings, told = Settings(), []
    return store.load_settings(settings, leakage=False, tell=told.append), told, settings["charger.max"] // 1000


def test_a_change_is_in_the_file_and_the_rest_stays():
    begin()
    equal((store.save(CHANGE), content()), ([], NEW))
    assert store.NEW_FILE not in os.listdir()


def test_what_the_box_writes_has_a_sum_and_lies_there_twice():
    begin()
    equal(store.save(CHANGE), [])
    text = get(store.SETTINGS_FILE)
    assert text[-20:-10] == b', "sum": "' and text[-2:] == b'"}', text
    assert store.fits(text) and not store.fits(text.replace(b"16", b"17")), text
    equal(get(store.COPY_FILE), text)
    equal(loaded(), ([], [], 16))


def test_a_power_cut_at_any_byte_leaves_a_whole_file():
    for sealed in (False, True):
        count, old, new = 0, 0, 0
        while True:
            begin(sealed)
            ended = Files(count).cuts(store, lambda: store.save(CHANGE))
            found = content()
            assert found in (OLD, NEW), (count, found)
            old, new = old + (found == OLD), new + (found == NEW)
            errors, told, _ = loaded()
            equal((errors, told), ([], []))
            store.renew_copy()
            if sealed or found == NEW:
                equal(get(store.COPY_FILE), get(store.SETTINGS_FILE))
            # What was left behind is in nobody's way.
            equal((store.save(CHANGE), content(), content(store.COPY_FILE)), ([], NEW, NEW))
            if not ended:
                break
            count += 1
        assert old > 100 and new > 100, (old, new)


def test_a_damaged_file_is_replaced_by_its_copy_and_that_is_told():
    begin(sealed=True)
    whole = get(store.SETTINGS_FILE)
    noise = bytes(range(200))
    broken = (whole.replace(b"{", b"\x00"), whole.replace(b"}", b"x", 1), b"\xff" * 100 + whole[-20:])
    for damaged in broken + (whole[:20], whole[:-3], b"\0" * 50, noise):
        put(store.SETTINGS_FILE, damaged)
        errors, told, most = loaded()
        equal((errors, most, len(told)), ([], 16, 1))
        assert told[0].startswith("settings.json: damaged, its copy counts"), told
    # The next change mends it.
    equal((store.save(CHANGE), content()), ([], NEW))
    equal(loaded(), ([], [], 16))


def test_a_damaged_file_without_a_whole_copy_is_told():
    begin(sealed=True)
    whole = get(store.SETTINGS_FILE)
    put(store.SETTINGS_FILE, whole.replace(b"{", b"x"))
    for copy in (whole.replace(b"16", b"32"), whole[:-1], b"", json.dumps(OLD).encode()):
        put(store.COPY_FILE, copy)
        errors, told, most = loaded()
        assert "not a JSON object" in errors[0], errors
        equal((told, most), ([], 32))
    os.remove(store.COPY_FILE)
    assert "not a JSON object" in loaded()[0][0]


def test_a_flash_that_cannot_be_read_any_more_is_replaced_by_the_copy():
    begin(sealed=True)

    def worn(path, mode="r"):
        if path == store.SETTINGS_FILE:
            raise OSError(84)
        return open(path, mode)

    store.open = worn
    try:
        errors, told, most = loaded()
        os.remove(store.COPY_FILE)
        (error,) = loaded()[0]
    finally:
        del store.open
    equal((errors, len(told), most), ([], 1, 16))
    assert error.startswith("settings.json: cannot be read: "), error


def test_a_file_made_by_hand_is_never_replaced_by_the_copy():
    begin(sealed=True)
    for text in (b"{fuse = 25}", b"", b'{"site": {"fuse": [20, 20, 20]}, "charger": {"colour": 1}}'):
        put(store.SETTINGS_FILE, text)
        errors, told, _ = loaded()
        assert errors and not told, text
        store.renew_copy()
        equal(content(store.COPY_FILE), OLD)
    os.remove(store.SETTINGS_FILE)
    equal(loaded()[0][0], "settings.json: missing")


def test_a_file_of_the_box_that_was_edited_by_hand_is_told_with_what_to_do():
    begin(sealed=True)
    whole = get(store.SETTINGS_FILE)
    edited = whole.replace(b"16", b"20")
    pretty = b'{"site": {"fuse": [25, 25, 25]}, "charger": {"max": 20},\n  "sum": "' + whole[-10:-2] + b'"\n}\n'
    for text in (edited, pretty, whole[:-10] + b'00000000"}'):
        if b"20" not in text:
            os.remove(store.COPY_FILE)
        put(store.SETTINGS_FILE, text)
        errors, told, most = loaded()
        equal((len(errors), told, most), (1, [], 32))
        assert 'remove "sum" at its end' in errors[0] and "deploy --settings" in errors[0], errors
        equal(store.save(CHANGE), errors)
        equal(get(store.SETTINGS_FILE), text)
        # What is right in it holds in safe mode, as of any other file.
        settings = Settings()
        store.salvage(settings)
        equal(settings["charger.max"] in (16000, 20000), True)
    put(store.SETTINGS_FILE, edited[:-20] + b"}")
    equal(loaded(), ([], [], 20))


def test_an_editor_that_changed_only_the_layout_did_no_harm():
    begin(sealed=True)
    whole = get(store.SETTINGS_FILE)
    for text in (whole + b"\n", whole.replace(b", ", b",\n  ")):
        put(store.SETTINGS_FILE, text)
        equal(loaded(), ([], [], 16))


def test_what_only_a_newer_version_knows_is_kept_and_told():
    begin()
    newer = dict(OLD, sun={"mode": "max"}, charger={"max": 16, "colour": "red"}, shape=5)
    put(store.SETTINGS_FILE, store.sealed(newer))
    errors, (told,), most = loaded()
    equal((errors, most), ([], 16))
    for part in ("[sun]", "[charger] colour", "[shape]", "only a newer version knows it"):
        assert part in told, told
    equal(store.save({"charger": {"limit": 10}}), [])
    equal(content(), dict(newer, charger={"max": 16, "colour": "red", "limit": 10}))
    # A value that cannot be is wrong all the same.
    put(store.SETTINGS_FILE, store.sealed(dict(newer, charger={"max": 500})))
    assert "[charger] max: 500 is not possible" in loaded()[0][0]
    # What a person has written is meant for this version.
    put(store.SETTINGS_FILE, json.dumps(newer).encode())
    equal(len(loaded()[0]), 3)


def test_what_cannot_be_written_is_told_and_the_old_file_stays():
    begin()

    def full(path, mode="r"):
        if "w" in mode:
            raise OSError(28)
        return open(path, mode)

    store.open = full
    try:
        (error,) = store.save(CHANGE)
    finally:
        del store.open
    assert error.startswith("settings.json: cannot be written: ") and error.endswith("is the flash full?"), error
    (error,) = store.save({"box": {"name": "x" * store.MOST_BYTES}})
    equal((error, content()), ("settings.json: would be longer than 8 KiB", OLD))


def test_a_file_that_became_something_else_is_told_and_left_alone():
    for text, says in (
        ("[]", "not a JSON object"),
        ('"x"', "not a JSON object"),
        ('{"box": null}', "holds no sections any more"),
        ("{fuse = 25}", "not valid JSON"),
    ):
        with open(store.SETTINGS_FILE, "w") as file:
            file.write(text)
        (error,) = store.save({"box": {"name": "garage"}})
        assert says in error, error
        with open(store.SETTINGS_FILE) as file:
            equal(file.read(), text)


def test_a_flash_that_forgets_is_noticed():
    begin()

    class Worn:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def write(self, data):
            self.file.write(data[:-1])

    def worn(path, mode="r"):
        file = open(path, mode)  # noqa: SIM115
        return Worn(file) if "w" in mode else file

    store.open = worn
    try:
        (error,) = store.save(CHANGE)
    finally:
        del store.open
    assert "holds something else" in error, error
    equal(content(), OLD)


def test_a_copy_that_cannot_be_written_is_made_at_the_next_start():
    begin(sealed=True)
    files = []

    def full(path, mode="r"):
        if "w" in mode:
            files.append(path)
            if len(files) == 2:
                raise OSError(28)
        return open(path, mode)

    store.open = full
    try:
        equal(store.save(CHANGE), [])
    finally:
        del store.open
    equal((content(), content(store.COPY_FILE)), (NEW, OLD))
    store.renew_copy()
    equal((content(), content(store.COPY_FILE)), (NEW, NEW))


def test_a_power_cut_at_any_write_of_the_file_system_of_a_chip():
    chip = Chip()
    if not chip.there:
        return
    count, old, new = 0, 0, 0
    while True:
        chip.mounted(lambda: begin(sealed=True))
        _, lasted = chip.mounted(lambda: store.save(CHANGE), count)
        (errors, told, _), _ = chip.mounted(loaded)
        equal((errors, told), ([], []))
        found, _ = chip.mounted(content)
        assert found in (OLD, NEW), found
        old, new = old + (found == OLD), new + (found == NEW)
        equal(chip.mounted(lambda: (store.save(CHANGE), content()))[0], ([], NEW))
        if lasted:
            break
        count += 1
    equal(found, NEW)
    assert old > 2 and new > 2, (old, new)


def test_hundreds_of_changes_and_power_cuts_lose_nothing():
    """Each time the settings are those before the change or those after it, from the file or from its copy."""
    chip = Chip()
    if not chip.there:
        return
    chip.mounted(lambda: begin(sealed=True))
    seed, limit, cuts = 7, None, 0
    for number in range(300):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        wanted = 6 + number % 70
        _, lasted = chip.mounted(lambda: store.save({"charger": {"limit": wanted}}), (seed >> 8) % 30)  # noqa: B023
        cuts += not lasted
        (errors, told, most), _ = chip.mounted(loaded)
        equal((errors, told, most), ([], [], 16))
        found = chip.mounted(content)[0]["charger"].get("limit")
        assert found == wanted or (found == limit and not lasted), (number, found, limit, wanted)
        limit = found
        chip.mounted(store.renew_copy)
        equal(chip.mounted(lambda: content(store.COPY_FILE))[0]["charger"].get("limit"), limit)
    assert 90 < cuts < 280, cuts
