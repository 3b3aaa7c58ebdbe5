"""The wave of the pilot line as a converter sees it."""

from fairamp.charging.pilot import code


def fill(codes, high_mv, low_mv, duty):
    """Fills an array with codes: as many of the high half as belong to this duty, then the low half."""
    ups = len(codes) * duty // 10000
    high, low = code(high_mv), code(low_mv)
    for index in range(len(codes)):
        codes[index] = high if index < ups else low
