"""Files whose writing ends with the power, and a flash of blocks with the file system of a chip that does the same."""

import os


class PowerCut(Exception):
    pass


class Files:
    """`open` and `os` for a module that writes: every byte, and every change of a name, is a step, and after so many
    of them the power is gone.
    """

    def __init__(self, left):
        self.left = left

    def open(self, path, mode="r"):
        file = open(path, mode)  # noqa: SIM115
        return file if "r" in mode else Writing(self, file)

    def rename(self, old, new):
        self._step()
        os.rename(old, new)

    def remove(self, path):
        self._step()
        os.remove(path)

    def stat(self, path):
        return os.stat(path)

    def listdir(self, path):
        return os.listdir(path)

    def _step(self):
        if not self.left:
            raise PowerCut
        self.left -= 1

    def cuts(self, module, change):
        """Does the change with these files under that module; whether the power failed."""
        module.open = self.open
        real = getattr(module, "os", None)
        if real:
            module.os = self
        try:
            change()
            return False
        except PowerCut:
            return True
        finally:
            del module.open
            if real:
                module.os = real


class Writing:
    def __init__(self, files, file):
        self.files = files
        self.file = file

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, data):
        count = min(len(data), self.files.left)
        self.files.left -= count
        self.file.write(data[:count])
        if count < len(data):
            raise PowerCut


class Blocks:
    """A flash that fails after so many writes and erasures, the last of which is half done."""

    COUNT = 64
    SIZE = 512

    def __init__(self):
        self.data = bytearray(b"\xff" * (self.COUNT * self.SIZE))
        self.left = 1000000

    def readblocks(self, block, buffer, offset=0):
        at = self.SIZE * block + offset
        buffer[:] = self.data[at : at + len(buffer)]

    def writeblocks(self, block, buffer, offset=0):
        self._put(self.SIZE * block + offset, buffer)

    def ioctl(self, command, argument):
        if command == 4:
            return self.COUNT
        if command == 5:
            return self.SIZE
        if command == 6:
            self._put(self.SIZE * argument, b"\xff" * self.SIZE)
            return 0
        return None

    def _put(self, at, data):
        if self.left < 0:
            raise OSError(5)
        self.left -= 1
        count = len(data) if self.left >= 0 else len(data) // 2
        self.data[at : at + count] = data[:count]
        if self.left < 0:
            raise OSError(5)


class Chip:
    """A folder on such a flash, where the run is; None of it on CPython, which has no such file system: see `there`."""

    def __init__(self):
        try:
            import vfs

            self._kind = vfs.VfsLfs2
            self._vfs = vfs
            self.there = True
        except (ImportError, AttributeError):
            self.there = False
            return
        self.blocks = Blocks()
        self._kind.mkfs(self.blocks)

    def mounted(self, work, writes=1000000):
        """What work() returns there while the power lasts for so many writes; (result, did it last?)."""
        here = os.getcwd()
        self.blocks.left = writes
        self._vfs.mount(self._kind(self.blocks), "/flash")
        os.chdir("/flash")
        try:
            try:
                return work(), self.blocks.left >= 0
            except OSError:
                if self.blocks.left >= 0:
                    raise
                return None, False
        finally:
            os.chdir(here)
            self._vfs.umount("/flash")
            self.blocks.left = 1000000
