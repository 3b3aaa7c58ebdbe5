"""Progress bars, for bytes on their way and for simulated time; on a terminal only, and they leave nothing behind."""

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


def bytes_bar() -> Progress:
    return _bar(DownloadColumn())


def time_bar() -> Progress:
    return _bar(TaskProgressColumn())


def _bar(amount):
    console = Console()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        amount,
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
