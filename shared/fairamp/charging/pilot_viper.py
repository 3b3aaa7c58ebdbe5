"""The loop of `pilot` as machine code, for chips that can make it; `meters/clamps_viper` says why it is text.

A median without sorting: the codes are counted in 64 bins, and those of the bin in the middle once more by their last
six bits. The border is a multiple of 64; there are at most 255 codes.
"""

SOURCE = """
@micropython.viper
def halves(codes, border: int, bins, found):
    code = ptr16(codes)
    bin = ptr8(bins)
    out = ptr16(found)
    count = int(len(codes))
    for at in range(192):
        bin[at] = 0
    for index in range(count):
        at = code[index] >> 6
        bin[at] = bin[at] + 1
    top = border >> 6
    low = 0
    for at in range(top):
        low += bin[at]
    high = count - low
    low_left = low >> 1
    low_bin = 0
    while low_bin < 63 and low_left >= bin[low_bin]:
        low_left -= bin[low_bin]
        low_bin += 1
    high_left = high >> 1
    high_bin = top
    while high_bin < 63 and high_left >= bin[high_bin]:
        high_left -= bin[high_bin]
        high_bin += 1
    for index in range(count):
        value = code[index]
        at = value >> 6
        value &= 63
        if at == low_bin:
            bin[64 + value] = bin[64 + value] + 1
        if at == high_bin:
            bin[128 + value] = bin[128 + value] + 1
    low_fine = 64
    while low_fine < 127 and low_left >= bin[low_fine]:
        low_left -= bin[low_fine]
        low_fine += 1
    high_fine = 128
    while high_fine < 191 and high_left >= bin[high_fine]:
        high_left -= bin[high_fine]
        high_fine += 1
    out[0] = high
    out[1] = (high_bin << 6) + high_fine - 128 if high else 0
    out[2] = (low_bin << 6) + low_fine - 64 if low else 0
"""

_made: dict = {}
exec(SOURCE, _made)
halves = _made["halves"]
