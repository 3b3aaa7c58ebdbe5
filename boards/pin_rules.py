"""What the pins of each chip can do, and which of them to leave alone."""

# Keys of a chip:
# exist       the pins there are on its usual modules
# input_only  no output and no pull-up
# flash       wired to the flash inside the module
# psram       wired to the PSRAM of a module that has one
# adc         analogue inputs that work while Wi-Fi is on
# strapping   read at reset: what is wired there can stop the chip from starting
# noisy       outputs move on their own during a reset: not for contactor, relay or pilot
# console     USB or the serial console
# uart_tx, uart_rx    one group per UART; none: any UART reaches any pin
# led_names   names that machine.Pin knows when the board has a radio
CHIPS = {
    "rp2040": {
        "exist": tuple(range(30)),
        "input_only": (),
        "flash": (),
        "psram": (),
        "adc": (26, 27, 28, 29),
        "strapping": (),
        "noisy": (),
        "console": (),
        "uart_tx": ((0, 12, 16, 28), (4, 8, 20, 24)),
        "uart_rx": ((1, 13, 17, 29), (5, 9, 21, 25)),
        "led_names": ("LED",),
    },
    # The smaller package, RP2350A. Its UARTs reach the pins in between, too.
    "rp2350": {
        "exist": tuple(range(30)),
        "input_only": (),
        "flash": (),
        "psram": (),
        "adc": (26, 27, 28, 29),
        "strapping": (),
        "noisy": (),
        "console": (),
        "uart_tx": ((0, 2, 12, 14, 16, 18, 28), (4, 6, 8, 10, 20, 22, 24, 26)),
        "uart_rx": ((1, 3, 13, 15, 17, 19, 29), (5, 7, 9, 11, 21, 23, 25, 27)),
        "led_names": ("LED",),
    },
    "esp32": {
        "exist": tuple(range(20)) + (21, 22, 23, 25, 26, 27, 32, 33, 34, 35, 36, 39),
        "input_only": (34, 35, 36, 39),
        "flash": (6, 7, 8, 9, 10, 11),
        "psram": (16, 17),
        "adc": (32, 33, 34, 35, 36, 39),
        "strapping": (0, 2, 5, 12, 15),
        "noisy": (1, 3, 14),
        "console": (1, 3),
        "uart_tx": (),
        "uart_rx": (),
        "led_names": (),
    },
    "esp32s3": {
        "exist": tuple(range(22)) + tuple(range(26, 49)),
        "input_only": (),
        "flash": tuple(range(26, 35)),
        "psram": (35, 36, 37),
        "adc": tuple(range(1, 11)),
        "strapping": (0, 3, 45, 46),
        "noisy": (18,),
        "console": (19, 20, 43, 44),
        "uart_tx": (),
        "uart_rx": (),
        "led_names": (),
    },
}
