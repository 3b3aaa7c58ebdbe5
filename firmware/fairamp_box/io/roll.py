"""What only grows, in files of one block each: new records go to the end, and the oldest file goes when all are full.

A file system for flash copies the last block of a file for each addition, so that a loss of power leaves it as it was
before or as it is after; longer files would not wear it less.
"""

import os

BLOCK = 4096


class Roll:
    """Records of one size in the files NAME.1, NAME.2 and so on of a folder; the number counts on for ever.

    Of records of one byte many are added at once: text, of which no line is parted.
    """

    def __init__(self, folder: str, name: str, size: int, most_files: int):
        self._folder = folder
        self._start = name + "."
        self.size = size
        self.per_file = BLOCK // size
        self._most = most_files
        self._files: list = []  # their numbers, the oldest first
        self._filled = 0  # records in the last one
        self._look()

    def _look(self):
        start = self._start
        for name in os.listdir(self._folder):
            number = name[len(start) :]
            if name.startswith(start) and number.isdigit() and number == str(int(number)):
                self._files.append(int(number))
        self._files.sort()
        if self._files:
            bytes_there = os.stat(self._path(self._files[-1]))[6]
            # What was cut off in the middle of a record, on a file system that can do that, is left behind.
            self._filled = bytes_there // self.size if bytes_there % self.size == 0 else self.per_file

    def append(self, record: bytes) -> None:
        """OSError when it cannot be written, and then nothing has changed; or when the oldest file cannot go."""
        files, count = self._files, len(record) // self.size
        full = not files or self._filled + count > self.per_file
        number = files[-1] + 1 if full and files else files[-1] if files else 1
        with open(self._path(number), "ab") as file:
            file.write(record)
        if not full:
            self._filled += count
            return
        files.append(number)
        self._filled = count
        while len(files) > self._most:
            os.remove(self._path(files[0]))
            files.pop(0)

    def newest_first(self):
        """All records, one after the other. More may come meanwhile: who looks does not see those."""
        for data in self.files_newest_first():
            for index in range(len(data) // self.size - 1, -1, -1):
                yield data[index * self.size : (index + 1) * self.size]

    def files_newest_first(self):
        """The same, all of a file at once."""
        for number in reversed(list(self._files)):
            try:
                with open(self._path(number), "rb") as file:
                    yield file.read(BLOCK)
            except OSError:
                continue  # it was the oldest, and is gone

    def _path(self, number):
        return self._folder + "/" + self._start + str(number)
