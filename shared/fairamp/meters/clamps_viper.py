"""The loops of fairamp.meters.clamps as machine code, which MicroPython makes where it has the emitter for it.

Compiled files serve every chip and so cannot hold machine code: it stays text until the chip compiles it. Where
that is not possible, this import fails with NameError or SyntaxError, and the plain loops do the work.
"""

SOURCE = """
@micropython.viper
def add_up(codes, start: int, count: int, sums):
    code = ptr16(codes)
    out = ptr32(sums)
    total = out[0]
    squares = out[1]
    least = out[2]
    most = out[3]
    for index in range(start, start + count):
        value = code[index]
        if value < least:
            least = value
        if value > most:
            most = value
        value -= 2048
        total += value
        squares += value * value
    out[0] = total
    out[1] = squares
    out[2] = least
    out[3] = most

@micropython.viper
def differences(codes, start: int, count: int, lag: int) -> int:
    code = ptr16(codes)
    squares = 0
    for index in range(start, start + count):
        step = code[index] - code[index + lag]
        squares += step * step
    return squares

@micropython.viper
def products(codes, start: int, count: int, lag: int) -> int:
    code = ptr16(codes)
    total = 0
    for index in range(start, start + count):
        total += (code[index] - 2048) * (code[index + lag] - 2048)
    return total
"""

_made: dict = {}
exec(SOURCE, _made)
add_up = _made["add_up"]
differences = _made["differences"]
products = _made["products"]
