import json
import os

from checks import equal
from fairamp_box.io import store

OLD = {"site": {"fuse": [25, 25, 25]}, "charger": {"max": 16}}
CHANGE = {"charger": {"limit": 10}, "box": {"name": "Caf\u00e9"}}
NEW = {"site": {"fuse": [25, 25, 25]}, "charger": {"max": 16, "limit": 10}, "box": {"name": "Caf\u00e9"}}
NAMES = (store.SETTINGS_FILE, store.NEW_FILE)


class PowerCut(Exception):
    pass


class Flash:
    """Files whose writing ends with the power: after so many bytes, or before or after they are put in place."""

    def __init__(self, bytes_left, renames=True):
        self.left = bytes_left
        self.renames = renames
        self.file = None

    def open(self, path, mode="r"):
        file = open(path, mode)  # noqa: SIM115
        if "w" not in mode:
            return file
        self.file = file
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, data):
        part = data[: self.left]
        self.left -= len(part)
        self.file.write(part)
        if len(part) < len(data):
            raise PowerCut

    def stat(self, path):
        return os.stat(path)

    def rename(self, old, new):
        if not self.renames:
            raise PowerCut
        os.rename(old, new)
        raise PowerCut


def begin():
    for name in NAMES:
        if name in os.listdir():
            os.remove(name)
    with open(store.SETTINGS_FILE, "w") as file:
        file.write(json.dumps(OLD))


def content():
    with open(store.SETTINGS_FILE) as file:
        return json.load(file)


def cut(flash):
    """Saves the change on such a flash; whether the power failed."""
    real = store.os
    store.open, store.os = flash.open, flash
    try:
        store.save(CHANGE)
        return False
    except PowerCut:
        return True
    finally:
        store.os = real
        del store.open


def test_a_change_is_in_the_file_and_the_rest_stays():
    begin()
    equal((store.save(CHANGE), content()), ([], NEW))
    assert store.NEW_FILE not in os.listdir()


def test_a_power_cut_at_any_byte_leaves_a_whole_file():
    size = len(json.dumps(NEW).encode())
    for count in range(size):
        begin()
        assert cut(Flash(count)), count
        equal(content(), OLD)
        # What was left behind is in nobody's way.
        equal((store.save(CHANGE), content()), ([], NEW))
    for renames, whole in ((False, OLD), (True, NEW)):
        begin()
        assert cut(Flash(size, renames))
        equal(content(), whole)


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

    class Worn(Flash):
        def write(self, data):
            self.file.write(data[:-1])

    worn = Worn(0)
    store.open = worn.open
    try:
        (error,) = store.save(CHANGE)
    finally:
        del store.open
    assert "holds something else" in error, error
    equal(content(), OLD)


class Blocks:
    """A flash of 64 blocks that fails after so many writes, the last of which is half done."""

    def __init__(self, writes=100000):
        self.data = bytearray(64 * 512)
        self.writes = writes

    def readblocks(self, block, buffer, offset=0):
        at = 512 * block + offset
        buffer[:] = self.data[at : at + len(buffer)]

    def writeblocks(self, block, buffer, offset=None):
        if offset is None:
            self.ioctl(6, block)
            offset = 0
        at = 512 * block + offset
        half = self.writes <= 0
        self.writes -= 1
        count = len(buffer) // 2 if half else len(buffer)
        self.data[at : at + count] = buffer[:count]
        if half:
            raise OSError(5)

    def ioctl(self, command, argument):
        if command == 4:
            return 64
        if command == 5:
            return 512
        if command == 6:
            self.data[512 * argument : 512 * argument + 512] = b"\xff" * 512
            return 0
        return None


def test_a_power_cut_at_any_write_of_the_file_system_of_a_chip():
    try:
        import vfs

        littlefs = vfs.VfsLfs2
    except (ImportError, AttributeError):
        return  # CPython, or built without
    here = os.getcwd()
    count, old, new = 0, 0, 0
    while True:
        blocks = Blocks()
        littlefs.mkfs(blocks)
        vfs.mount(littlefs(blocks), "/flash")
        os.chdir("/flash")
        begin()
        blocks.writes = count
        errors = store.save(CHANGE)
        os.chdir(here)
        vfs.umount("/flash")
        done = blocks.writes > 0
        blocks.writes = 100000
        vfs.mount(littlefs(blocks), "/flash")
        os.chdir("/flash")
        found = content()
        assert found in (OLD, NEW), found
        old, new = old + (found == OLD), new + (found == NEW)
        equal((store.save(CHANGE), content()), ([], NEW))
        os.chdir(here)
        vfs.umount("/flash")
        if done:
            break
        count += 1
    equal((errors, found), ([], NEW))
    assert old > 2 and new >= 1, (old, new)
