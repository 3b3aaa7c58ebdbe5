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
    "application": (172240, 88688),
    "mdns": (10496, 5168),
    "network": (12384, 6880),
    "ntp": (8800, 4208),
    "alfen": (12224, 9376),
    "vestel": (6656, 4912),
    "mennekes": (9488, 7280),
    "web": (31520, 13840),
    "check": (11984, 4640),
    "board": (19488, 12880),
    "transformers": (8912, 8528),
    "serial_alfen": (6032, 4736),
    "serial_vestel": (736, 464),
    "serial_mennekes": (4112, 3104),
    "meter_other": (1712, 1120),
    "meter_tcp": (14080, 6784),
    "meter_http": (20400, 11216),
    "meter_p1": (4336, -224),
    "meter_tic": (6080, 1120),
    "meter_ct": (7488, 3776),
    "meter_push": (14304, 9136),
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
