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
    "application": (124368, 65424),
    "mdns": (9952, 5424),
    "network": (8080, 4896),
    "alfen": (11440, 8240),
    "vestel": (6160, 4480),
    "mennekes": (6400, 4800),
    "web": (34880, 20336),
    "check": (11760, 4400),
    "board": (19264, 12720),
    "transformers": (8976, 8528),
    "serial_alfen": (5664, 4688),
    "serial_vestel": (416, 496),
    "serial_mennekes": (1344, 1328),
    "meter_other": (2016, 1360),
    "meter_tcp": (5408, 2768),
    "meter_http": (18752, 10080),
    "meter_p1": (-1984, -3328),
    "meter_tic": (-528, -2160),
    "meter_ct": (7152, 3488),
    "meter_push": (13280, 8640),
}
# measured, end
WORDS = {
    "application": "application, one serial line with TeltoCharge",
    "board": "board and its drivers",
    "transformers": "sampling of the transformers",
    "mdns": "mDNS",
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
