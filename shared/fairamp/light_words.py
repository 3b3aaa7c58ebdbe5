"""What the light says, in words: for page, log and documents, the rows of `light`. Loaded by who shows them."""

from fairamp.light import LOOKS, PARTS

WORDS = (
    "restarts",
    "fault: switch off at the mains and have it repaired",
    "settings missing or wrong, nothing charges: see the log",
    "fault: unplug the car; if it stays, have the box checked",
    "fault that ends by itself",
    "the installation is checked",
    "waits for permission to charge",
    "stopped, waits for a start",
    "meter or energy manager not heard, at most the safe current: see the log",
    "works, with a warning: see the page",
    "starts a little later, by itself",
    "no current for a car now: the page says why",
    "charges with less than charger and cable could",
    "charges",
    "the car takes nothing: it has finished, or not begun",
    "ready, but not on its network: see the log",
    "ready for a car",
)


def drawn(row: int) -> str:
    """The pattern as text."""
    return "".join(["*" if LOOKS[row] >> part & 1 else "-" for part in range(PARTS)])
