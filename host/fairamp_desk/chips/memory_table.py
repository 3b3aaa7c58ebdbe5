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
    "application": (156480, 76880),
    "mdns": (19520, 14272),
    "network": (12256, 6384),
    "alfen": (12112, 9328),
    "vestel": (6784, 5056),
    "mennekes": (9312, 7216),
    "web": (30032, 13056),
    "check": (11904, 4544),
    "board": (19376, 12832),
    "transformers": (8912, 8528),
    "serial_alfen": (5728, 4944),
    "serial_vestel": (640, 768),
    "serial_mennekes": (4048, 3408),
    "meter_other": (1616, 1520),
    "meter_tcp": (23008, 16128),
    "meter_http": (29456, 20496),
    "meter_p1": (240, -1952),
    "meter_tic": (2144, -624),
    "meter_ct": (16384, 13136),
    "meter_push": (23024, 18416),
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
