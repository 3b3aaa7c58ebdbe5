"""What somebody may have meant who wrote something that is not known: named before all that is."""

import re
from difflib import get_close_matches

# A shorter word is like many others.
WRONG = re.compile(
    r"(?P<before>.*(?:'(?P<value>[^']{4,})' is not possible; |\] (?P<key>[^ :]{4,}): unknown key; ))"
    r"(?P<known>(?:allowed: one of|known here:) (?P<names>.+))"
)


def with_hint(error: str) -> str:
    """The error, with the nearest of the names that it lists."""
    found = WRONG.fullmatch(error)
    if not found:
        return error
    near = get_close_matches((found["value"] or found["key"]).lower(), found["names"].split(", "), 1)
    return f"{found['before']}did you mean {near[0]}? {found['known']}" if near else error
