"""The loop of boards/chips/rp2040_stream.py as machine code, which a compiled file cannot hold: it stays text.

Where the text cannot be compiled either, this import fails, and the loop in Python does the work.
"""

SOURCE = """
@micropython.viper
def pick(ring, at: int, step: int, count: int, out, fill: int):
    source = ptr16(ring)
    target = ptr16(out)
    for index in range(fill, fill + count):
        target[index] = source[at]
        at += step
"""

_made: dict = {}
exec(SOURCE, _made)
pick = _made["pick"]
