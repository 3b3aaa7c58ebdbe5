"""The card: what the light of a box says."""

from boards.interface import COLOURS
from fairamp.light import FAST, FLASH, GAPS, LOOKS, ON, PARTS, SLOW, THREE, TWO
from fairamp.light_words import WORDS, drawn
from fairamp_box.status_light import TELL_MS
from fairamp_desk.pages import table

# Pattern -> what one sees, and what to do.
PATTERNS = {
    ON: ("on", "nothing"),
    GAPS: ("on, with a short gap", "nothing"),
    FLASH: ("a short flash", "plug in, or take the car"),
    SLOW: ("slow: one second on, one second off", "wait"),
    TWO: ("two flashes", "somebody has to say that it may charge, such as the energy manager"),
    THREE: ("three flashes", "look at the page or the log: they say what is wrong"),
    FAST: ("fast", "unplug the car; if it stays or the plug is held, switch off at the mains"),
}
PAGE = """# What the light says

Made by `make docs` from `shared/fairamp/light.py` and `light_words.py`: change it there.

{patterns}

A star is 1/8 s of light, a dash 1/8 s without; after two seconds it begins anew. Dark without an end: no power, or the
program does not run. Lit without a break, or nearly: the contactor is closed. In all other patterns it may be closed,
too.

## All states

Of all that holds, the light shows what stands highest. `light` in `/api/status` and the page have the same words; so
has the log, once three flashes, two, or the fast blinking have lasted {told} s.

{states}

Colours are those of lights that have several (`rgb_light` in the table of pins). They are such that nobody has to know
whether a light takes red or green first, which differs even among boards of one name.
"""


def page() -> str:
    shown = {look & ON: drawn(row) for row, look in enumerate(LOOKS)}
    patterns = table(
        ("light", "one sees", "what to do"),
        [(f"`{shown[pattern]}`", seen, todo) for pattern, (seen, todo) in PATTERNS.items()],
    )
    states = table(
        ("what it says", "light", "colour"),
        [(words, f"`{drawn(row)}`", COLOURS[LOOKS[row] >> PARTS]) for row, words in enumerate(WORDS)],
    )
    return PAGE.format(patterns=patterns, told=TELL_MS // 1000, states=states)
