"""A settings file that is too long for a chip is not even read."""

import json

from checks import equal
from fairamp.settings import Settings
from fairamp_box.io import store

FILE = {"site": {"fuse": [25, 25, 25]}, "charger": {"leakage": "contact"}}


def load(size):
    """All that is wrong with a file of so many bytes, which holds by itself; whether it was opened; the fuse then."""
    with open(store.SETTINGS_FILE, "w") as file:
        file.write(json.dumps(FILE))
        file.write(" " * (size - len(json.dumps(FILE))))
    opened = []

    def note(path, mode="r"):
        if path == store.SETTINGS_FILE:
            opened.append(path)
        return open(path, mode)

    settings = Settings()
    store.open = note
    try:
        return store.load_settings(settings), len(opened), settings["site.fuse"][0]
    finally:
        del store.open


def test_a_file_of_more_than_8_kib_is_told_and_not_read():
    usual = Settings()["site.fuse"][0]
    equal(load(8193), (["settings.json: longer than 8 KiB; a few lines are enough"], 0, usual))
    equal(load(8192), ([], 1, 25000))
