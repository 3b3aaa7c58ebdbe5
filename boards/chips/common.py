"""What the chips have in common: all of a board except how a chip reads its analogue pins."""

from machine import PWM, PWRON_RESET, UART, WDT, Pin, reset, reset_cause

PILOT_HZ = 1000
# Room for the longest frame of Modbus RTU, and for the beginning of the next one.
SENT = 256
HEARD = 512
# As COLOURS of boards/interface.py names them: red and green are always alike.
RGB = ((0, 0, 0), (0, 0, 24), (12, 12, 12), (16, 16, 0))
# From the proximity contact to 3.3 V.
PROXIMITY_OHM = 1000
PROXIMITY_SAMPLES = 8


class SerialPort:
    """An RS485 port: a UART and the pin that switches the transmitter on. The chip knows how to send(), see there."""

    def __init__(self, number, tx, rx, de):
        # The driver is off before the UART moves its pins.
        self._de = Pin(de, Pin.OUT, value=0)
        self._number = number
        self._tx = Pin(tx)
        # While it sends, many a transceiver lets go of this line.
        self._rx = Pin(rx, Pin.IN, Pin.PULL_UP)
        self.init(9600, None, 1)

    def init(self, baud, parity, stop):
        # Rounded up: no frame may be cut.
        self._char_us = ((9 + (parity is not None) + stop) * 1000000 + baud - 1) // baud
        # All of it each time: what is not named stays on one chip and falls back to a default on another.
        self.stream = self._uart = UART(
            self._number,
            baudrate=baud,
            bits=8,
            parity=parity,
            stop=stop,
            tx=self._tx,
            rx=self._rx,
            rxbuf=HEARD,
            txbuf=SENT,
            timeout=0,
        )

    def any(self):
        return self._uart.any()

    def readinto(self, buf):
        # Asked for more than there is, an RP2040 waits one character time for it.
        waiting = self._uart.any()
        return self._uart.readinto(buf, min(waiting, len(buf))) if waiting else None


class Board:
    """The members of boards/interface.py but read_pilot, temperature_dc and those of the transformers, which are the
    chip's own.

    A chip adds _converter(gpio), which opens an analogue pin, _millivolts(converter), which reads it and may raise
    OSError, and _port(name, tx, rx, de), which opens the serial port "meter" or "ems".
    """

    pilot_span_mv = 0
    connections = 0

    def __init__(self, name, pins, wifi):
        gpio = {role: number for role, number, _ in pins}
        # First of all: a soft reset leaves the pins as they were.
        self._contactor = Pin(gpio["contactor"], Pin.OUT, value=0)
        self._phase_relay = output(gpio, "phase_relay")
        self._trip = output(gpio, "trip")
        self._lock = output(gpio, "lock")
        # Before all that takes its speed from the clock.
        self._set_clock()
        steady = Pin(gpio["pilot_pwm"], Pin.OUT, value=1)
        self._pilot = PWM(steady, freq=PILOT_HZ, duty_u16=65535)
        self._pilot_adc = self._converter(gpio["pilot_adc"])
        self._cts = [self._converter(gpio[role]) for role in ("ct_l1", "ct_l2", "ct_l3") if role in gpio]
        self._enable = contact(gpio, "enable")
        self._shed = contact(gpio, "shed")
        self._proximity = self._converter(gpio["proximity_adc"]) if "proximity_adc" in gpio else None
        self._leakage = contact(gpio, "leakage")
        self._leakage_error = contact(gpio, "leakage_error")
        self._output_live = contact(gpio, "output_live")
        self._locked = contact(gpio, "locked")
        self._light = output(gpio, "light")
        self._rgb_light = rgb_light(gpio)
        self._watchdog = None
        self._wlan = station() if wifi else None
        self.name = name
        self.cts = len(self._cts)
        self.has_phase_relay = self._phase_relay is not None
        self.has_wifi = wifi
        self.has_leakage = self._leakage is not None
        self.meter_port = self._open(gpio, "meter")
        self.ems_port = self._open(gpio, "ems")

    def _set_clock(self):
        """A chip that runs as it should needs nothing."""

    def _converter(self, gpio):
        raise NotImplementedError

    def _millivolts(self, converter):
        raise NotImplementedError

    def _port(self, name, tx, rx, de):
        raise NotImplementedError

    def _open(self, gpio, name):
        return self._port(name, gpio[name + "_tx"], gpio[name + "_rx"], gpio[name + "_de"])

    def set_pilot(self, duty):
        self._pilot.duty_u16((duty * 65535 + 5000) // 10000)

    def set_contactor(self, on):
        self._contactor.value(1 if on else 0)

    def watch_contactor(self, border, bottom, top):
        pass

    def contactor_fell(self):
        return False

    def set_phase_relay(self, three):
        if self._phase_relay is not None:
            self._phase_relay.value(1 if three else 0)

    def enable_closed(self):
        return self._enable.value() == 0

    def shed_closed(self):
        return self._shed.value() == 0

    def proximity_ohm(self):
        """From the mean of some samples; 0, which no cable has, when all conversions came to nothing."""
        if self._proximity is None:
            return None
        total = 0
        count = 0
        for _ in range(PROXIMITY_SAMPLES):
            try:
                total += self._millivolts(self._proximity)
            except OSError:
                continue
            count += 1
        return PROXIMITY_OHM * total // max(1, 3300 * count - total)

    def leakage(self):
        # Normally closed to ground: a broken wire looks like leakage.
        return self._leakage is not None and self._leakage.value() == 1

    def leakage_error(self):
        return self._leakage_error is not None and self._leakage_error.value() == 1

    def output_live(self):
        return None if self._output_live is None else self._output_live.value() == 0

    def locked(self):
        return None if self._locked is None else self._locked.value() == 0

    def set_lock(self, on):
        if self._lock is not None:
            self._lock.value(1 if on else 0)

    def set_trip(self, on):
        if self._trip is not None:
            self._trip.value(1 if on else 0)

    def set_light(self, colour):
        if self._light is not None:
            self._light.value(1 if colour else 0)
        if self._rgb_light is not None:
            self._rgb_light[0] = RGB[colour]
            self._rgb_light.write()

    def start_watchdog(self, ms):
        self._watchdog = WDT(timeout=ms)

    def feed_watchdog(self):
        if self._watchdog is not None:
            self._watchdog.feed()

    def join_wifi(self, name, password, host):
        if self._wlan is None:
            return
        if self._wlan.active():
            # A second connect() during the first is refused.
            self._wlan.disconnect()
        else:
            set_host_name(host)
            self._wlan.active(True)
            # Asleep between beacons, the radio answers late and disturbs the converter of an ESP32.
            self._wlan.config(pm=self._wlan.PM_NONE)
        self._wlan.connect(name, password or None)

    def address(self):
        if self._wlan is None or not self._wlan.isconnected():
            return None
        return self._wlan.ifconfig()[0]

    def dns(self):
        if self._wlan is None or not self._wlan.isconnected():
            return None
        server = self._wlan.ifconfig()[3]
        return None if server == "0.0.0.0" else server

    def reset(self):
        reset()

    def reset_cause(self):
        return "power" if reset_cause() == PWRON_RESET else "reset"


def output(gpio, role):
    return Pin(gpio[role], Pin.OUT, value=0) if role in gpio else None


def contact(gpio, role):
    return Pin(gpio[role], Pin.IN, Pin.PULL_UP) if role in gpio else None


def rgb_light(gpio):
    if "rgb_light" not in gpio:
        return None
    from neopixel import NeoPixel

    light = NeoPixel(Pin(gpio["rgb_light"], Pin.OUT, value=0), 1)
    light.write()  # it would keep what it had before a reset
    return light


def set_host_name(name):
    """Before the radio is switched on: then MicroPython takes it for DHCP and, where it has a responder, for mDNS."""
    import network

    network.hostname(name)


def station():
    # Boards without a radio have no such module.
    import network

    return network.WLAN(network.WLAN.IF_STA)
