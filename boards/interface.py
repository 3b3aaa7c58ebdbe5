"""What the firmware expects of a board: the one interface that every board file binds.

A board file is a table of pins and a note, plus `connect()`, which opens the pins on the chip:

    CHIP    the chip, a key of boards/pin_rules.py: "rp2040", "rp2350", "esp32", "esp32s3"
    NAME    what is printed on the board
    IMAGE   what MicroPython calls its image for the board; behind a dash the variant
    WIFI    True when it has a radio
    DEFAULTS    settings that differ from the usual ones on this board, as a settings file has them
    PSRAM   True when the module has one; may be left out
    PINS    rows of (role, gpio, what to wire there); roles are listed in ROLES, and a light that is not on
            a numbered pin goes by the name that machine.Pin has for it
    NOTE    one paragraph on the wiring that is special to this board
    connect()   opens the pins and returns the object below: contactor open, pilot at steady +12 V

Nothing at the top of a board file needs the chip, so that a desk can read it; connect() imports the driver,
boards/chips/rp2.py or boards/chips/esp32.py (which serves the ESP32-S3 too). `fairamp boards` shows all
boards, and the desk tests hold every one of them against boards/pin_rules.py.

Everything in MEMBERS is present on every board. A part that a board lacks is told by its flag, and its
method does nothing: it returns 0 or None. boards/twin.py has the same members for a simulated board.

A window of samples is an array('H') of 12-bit codes: 210 of L1, taken in 200 ms, then 210 of the next phase. A
board may sample its phases together or in turn. It is valid until the next one is due.

A chip that can, watches the pilot by itself while the contactor is closed, in an interrupt that no task can delay: when
the car has left states C and D for 20 ms it opens the contactor, and never closes it.
"""

# role, direction, must every board have it?
ROLES = (
    ("pilot_pwm", "output", True),
    ("pilot_adc", "adc", True),
    ("contactor", "output", True),
    ("phase_relay", "output", False),
    ("enable", "input", True),
    ("shed", "input", True),
    ("meter_tx", "output", True),
    ("meter_rx", "input", True),
    ("meter_de", "output", True),
    ("ems_tx", "output", True),
    ("ems_rx", "input", True),
    ("ems_de", "output", True),
    ("ct_l1", "adc", False),
    ("ct_l2", "adc", False),
    ("ct_l3", "adc", False),
    ("proximity_adc", "adc", False),
    ("leakage", "input", False),
    ("leakage_error", "input", False),
    ("output_live", "input", False),
    ("trip", "output", False),
    ("lock", "output", False),
    ("locked", "input", False),
    ("light", "output", False),
    ("rgb_light", "output", False),
)

# Colours of the status light, by their numbers. Whether it takes red or green first differs even among boards of one
# name: these look the same on all.
COLOURS = ("dark", "blue", "white", "yellow")

MEMBERS = (
    ("name", "what is printed on the board"),
    ("cts", "number of current-transformer inputs, 0 to 3"),
    ("has_phase_relay", "True when a relay can switch between one and three phases"),
    ("has_wifi", "True when the board can join a network"),
    ("has_leakage", "True when a leakage sensor can be wired to it"),
    ("set_pilot(duty)", "duty in 1/100 %: 10000 = steady +12 V, 0 = steady -12 V, between = 1 kHz PWM"),
    ("pilot_span_mv", "millivolts on the pilot line that are 4096 codes of its converter; code 0 is -14667 mV on all"),
    ("read_pilot(codes)", "fills an array('H') with codes of any moments, none older than 20 ms; returns how many"),
    ("start_ct(phases, now)", "from now on samples the transformers from L1 on; now() is the time in wrapped ms"),
    ("ct_window()", "a new window of samples, see below; None while there is none. Never waits"),
    ("ct_span_mv", "millivolts of 4096 codes in that window"),
    ("ct_together", "True when the samples of all phases in a window are of the same moments"),
    ("ct_ends", "lowest and highest code in it that the converter can tell from less and more"),
    ("set_contactor(on)", "True closes the contactor; it is open after reset"),
    ("watch_contactor(border, bottom, top)", "opens it when the codes from border up leave bottom to top, see below"),
    ("contactor_fell()", "True once after it was opened that way"),
    ("set_phase_relay(three)", "True = three phases, False = one; switched only while the contactor is open"),
    ("enable_closed()", "True while the enable contact is closed"),
    ("shed_closed()", "True while the load shedding contact is closed"),
    ("proximity_ohm()", "from proximity contact to earth; 0 when it cannot be read; None without that input"),
    ("temperature_dc()", "temperature in 0.1 degrees Celsius; None when it is not known"),
    ("leakage()", "True while the leakage sensor trips, or its wire is broken"),
    ("leakage_error()", "True while the leakage sensor reports a failed self-test"),
    ("output_live()", "True while there is voltage behind the contactor; None without that input"),
    ("locked()", "True while the plug is locked in the socket; None without that input"),
    ("set_lock(on)", "True locks the plug"),
    ("set_trip(on)", "True trips the breaker before a welded contactor"),
    ("set_light(colour)", "status light: 0 = dark, else one of COLOURS; any of them lights one that has one colour"),
    ("meter_port", "serial port of the meter, see PORT_MEMBERS"),
    ("ems_port", "serial port of the energy management system, see PORT_MEMBERS"),
    ("start_watchdog(ms)", "from now on the chip resets unless fed; cannot be stopped"),
    ("feed_watchdog()", "tells the watchdog that all is well"),
    ("join_wifi(name, password, host)", "starts to join a network, as `host`; returns at once"),
    ("connections", "number of TCP connections at once, those that only listen not counted"),
    ("address()", "own network address as text, None while there is none"),
    ("dns()", "address of the server that the network names for looking up names; None while there is none"),
    ("reset()", "restarts the chip"),
    ("reset_cause()", '"power" when it had been without, else "reset": a watchdog cannot be told from reset() on all'),
)

PORT_MEMBERS = (
    ("init(baud, parity, stop)", "parity None, 0 (even) or 1 (odd), as machine.UART has it"),
    ("any()", "number of bytes waiting"),
    ("readinto(buf)", "reads what is there without waiting; bytes read, or None"),
    (
        "send(buf)",
        "sends with the RS485 driver on; returns at once. The chip switches it off after the last bit",
    ),
    ("sent()", "True once the driver is off again"),
    ("listen()", "driver off now, where the chip has not done it by itself"),
    ("stream", "what asyncio can wait for until bytes come; None where they have to be looked for"),
)
