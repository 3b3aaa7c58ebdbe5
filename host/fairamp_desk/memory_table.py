"""What takes how much of the heap of a small chip, and how much there is; all in bytes. memory.py does the sums."""

# A box needs that much beside what it always holds: requests, a session, a check, a table that is loaded late.
RESERVE = 30 * 1024

MEASURED = "measured"
BY_MAP = "from the memory map of its image"
OTHERS = "figures of others, not measured"
# Board -> heap that the stock image of MicroPython 1.28 leaves to a program, Wi-Fi on; and how that is known.
FREE = {
    "esp32_devkitc": (110_000, OTHERS),
    "esp32s3_devkitc": (2_000_000, OTHERS),
    "pico": (241_500, MEASURED),
    "pico_w": (200_800, MEASURED),
    "rp2040_zero": (241_500, "as on the Pico"),
}

# From files (the pack), and in place (a ROMFS, or frozen); `python -m tests.heap` measures them on 32-bit MicroPython.
# measured, begin
ROWS = {
    "application": (146912, 85328),
    "mdns": (7952, 4160),
    "network": (6736, 4272),
    "alfen": (19456, 16800),
    "vestel": (10400, 8576),
    "mennekes": (13440, 11088),
    "web": (23696, 10112),
    "check": (22672, 11296),
    "board": (15552, 9584),
    "transformers": (12128, 10560),
    "serial_alfen": (10624, 9728),
    "serial_vestel": (1456, 1616),
    "serial_mennekes": (4624, 3776),
    "meter_other": (2816, 2432),
    "meter_tcp": (4640, 3136),
    "meter_http": (18192, 10800),
    "meter_p1": (-1104, -3888),
    "meter_tic": (432, -2608),
    "meter_ct": (9216, 4720),
    "meter_push": (12448, 8480),
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
