"""What takes how much of the heap of a small chip, and how much there is; all in bytes. memory.py does the sums."""

# A box needs that much beside what it always holds: requests, a session, a check, a table that is loaded late.
RESERVE = 30 * 1024

MEASURED = "measured, emulated"
BY_MAP = "from the memory map of its image"
OTHERS = "figures of others, not measured"
# Board -> heap that the stock image of MicroPython 1.28 leaves to a program, Wi-Fi on; and how that is known.
FREE = {
    "esp32_devkitc": (100_000, OTHERS),
    "esp32_wrover": (2_000_000, OTHERS),
    "esp32s3_devkitc": (2_000_000, OTHERS),
    "pico": (241_500, MEASURED),
    "pico2": (493_000, BY_MAP),
    "pico2_w": (452_000, BY_MAP),
    "pico_w": (200_800, MEASURED),
    "rp2040_zero": (241_500, "as on the Pico"),
}

# MicroPython doubles its table of names now and then: the row at which it does so has up to 10 KB of that.
# From files (the pack), and in place (a ROMFS, or frozen); `python -m tests.heap` measures them on 32-bit MicroPython.
# measured, begin
ROWS = {
    "application": (172416, 88784),
    "mdns": (10496, 5168),
    "network": (12496, 6544),
    "ntp": (8688, 4240),
    "alfen": (12128, 9376),
    "vestel": (6656, 4928),
    "mennekes": (9504, 7280),
    "web": (31648, 13840),
    "check": (11968, 4640),
    "board": (19488, 12880),
    "transformers": (8912, 8528),
    "serial_alfen": (6016, 4736),
    "serial_vestel": (720, 464),
    "serial_mennekes": (4096, 3104),
    "meter_other": (1696, 1120),
    "meter_tcp": (14064, 6800),
    "meter_http": (20400, 11232),
    "meter_p1": (4352, -208),
    "meter_tic": (6080, 1136),
    "meter_ct": (7488, 3792),
    "meter_push": (14304, 9152),
}
# measured, end
WORDS = {
    "application": "application, one serial line with TeltoCharge",
    "board": "board and its drivers",
    "transformers": "sampling of the transformers",
    "mdns": "mDNS",
    "ntp": "time from the network",
    "network": "Wi-Fi and Modbus TCP",
    "teltocharge": "registers of TeltoCharge, over TCP too",
    "alfen": "registers of Alfen, over TCP",
    "vestel": "registers of Vestel, over TCP",
    "mennekes": "registers of MENNEKES, over TCP",
    "web": "web server",
    "check": "commissioning check",
    "serial_alfen": "Alfen on the serial line",
    "serial_vestel": "Vestel on the serial line",
    "serial_mennekes": "MENNEKES on the serial line",
    "meter_other": "a second family of meters",
    "meter_tcp": "house meter over Modbus TCP",
    "meter_http": "house meter over HTTP",
    "meter_p1": "house meter with a P1 port",
    "meter_tic": "house meter with a TIC port",
    "meter_ct": "house meter of transformers",
    "meter_push": "values of the house from outside",
}
