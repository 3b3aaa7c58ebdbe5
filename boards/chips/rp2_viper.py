"""The loops over the ring of samples as machine code, which a compiled file cannot hold: it stays text.

Where the text cannot be compiled either, the loops in Python do the work, more slowly.
"""

SOURCE = """
@micropython.viper
def latest(ring, at: int, width: int, size: int, out):
    source = ptr16(ring)
    target = ptr16(out)
    for index in range(int(len(out))):
        target[index] = source[at]
        at -= width
        if at < 0:
            at += size

@micropython.viper
def gone(ring, at: int, width: int, size: int, look: int, looks: int, border: int, bottom: int, top: int) -> int:
    source = ptr16(ring)
    for _ in range(looks):
        inside = 0
        outside = 0
        for _ in range(look):
            code = source[at]
            if code >= border:
                if code > bottom and code < top:
                    inside += 1
                else:
                    outside += 1
            at -= width
            if at < 0:
                at += size
        if outside < 4 or outside < 2 * inside:
            return 0
    return 1

@micropython.viper
def pick(ring, at: int, step: int, count: int, out, fill: int):
    source = ptr16(ring)
    target = ptr16(out)
    for index in range(fill, fill + count):
        target[index] = source[at]
        at += step
"""


def _latest(ring, at, width, size, out):
    """Copies the sample there and those before it, `width` apart, to out."""
    for index in range(len(out)):
        out[index] = ring[at]
        at -= width
        if at < 0:
            at += size


def _gone(ring, at, width, size, look, looks, border, bottom, top):
    """Is the high level of the pilot outside of bottom to top in so many looks, one after the other?

    What is below the border belongs to the low half of the wave and tells nothing.
    """
    for _ in range(looks):
        inside = 0
        outside = 0
        for _ in range(look):
            code = ring[at]
            if code >= border:
                if bottom < code < top:
                    inside += 1
                else:
                    outside += 1
            at -= width
            if at < 0:
                at += size
        if outside < 4 or outside < 2 * inside:
            return 0
    return 1


def _pick(ring, at, step, count, out, fill):
    """Copies every so many-th sample, from `at` on, to out[fill : fill + count]."""
    for index in range(fill, fill + count):
        out[index] = ring[at]
        at += step


_made: dict = {}
try:
    exec(SOURCE, _made)
    latest, gone, pick = _made["latest"], _made["gone"], _made["pick"]
except (NameError, SyntaxError):
    latest, gone, pick = _latest, _gone, _pick
