"""Work in a copy of this process: the emulated chip goes on there, and here it stays at its moment."""

import contextlib
import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection, wait
from typing import Any

Progress = Callable[[float], object]
Work = Callable[[Progress], Any]
PROGRESS, RESULT, ERROR = range(3)


class Failed(Exception):
    """What went wrong in a copy, with its traceback."""


class Copy:
    """Begins at once. `part` is how much of its work it has done, from 0 to 1."""

    def __init__(self, work: Work) -> None:
        self.part = 0.0
        self.done = False
        self._result: Any = None
        self.news, pipe = multiprocessing.Pipe(duplex=False)
        sys.stdout.flush()
        self.pid = os.fork()
        if not self.pid:
            run(work, pipe)
        pipe.close()

    def read(self) -> None:
        """One piece of news, after waiting for it."""
        try:
            kind, value = self.news.recv()
        except EOFError:
            kind, value = ERROR, "it ended without a word"
        if kind == PROGRESS:
            self.part = value
            return
        if self._close() == signal.SIGINT:
            raise KeyboardInterrupt  # Ctrl-C reaches all copies, and may reach this process last
        if kind == ERROR:
            raise Failed(value)
        self.part, self._result = 1.0, value

    def result(self) -> Any:
        while not self.done:
            self.read()
        return self._result

    def end(self) -> None:
        if not self.done:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._close()

    def _close(self) -> int:
        """The signal that ended it, 0 for none."""
        self.done = True
        self.news.close()
        status = os.waitpid(self.pid, 0)[1]
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def run(work: Work, pipe: Connection) -> None:
    """In the copy; never returns."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        pipe.send((RESULT, work(lambda part: pipe.send((PROGRESS, part)))))
    except BrokenPipeError:
        pass
    except BaseException:
        pipe.send((ERROR, traceback.format_exc()))
    os._exit(0)


def together(works: Iterable[Work], show: Callable[[list[float]], object] = lambda parts: None) -> list[Any]:
    """The results of copies that run side by side; one that fails ends the others."""
    copies = [Copy(work) for work in works]
    try:
        while waiting := {copy.news: copy for copy in copies if not copy.done}:
            for news in wait(list(waiting)):
                waiting[news].read()  # type: ignore[index]
            show([copy.part for copy in copies])
        return [copy.result() for copy in copies]
    finally:
        for copy in copies:
            copy.end()
