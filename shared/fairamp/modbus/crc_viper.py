"""The loop of `frames` as machine code, where a chip can make it; `meters/clamps_viper` says why it is text.

The answer with 43 registers is as long as a tick may take, without it.
"""

SOURCE = """
@micropython.viper
def go_on(data, start: int, end: int, crc: int, table) -> int:
    byte = ptr8(data)
    row = ptr16(table)
    for index in range(start, end):
        crc = (crc >> 8) ^ row[(crc ^ byte[index]) & 255]
    return crc
"""

_made: dict = {}
exec(SOURCE, _made)
go_on = _made["go_on"]
