"""A box that has nobody but its meter to tell what time it is."""

import asyncio

from running import limited, start

from checks import equal
from fairamp import view
from fairamp.modbus.frames import crc16

TEXT = """/DEM5WALLBOX-TEST

1-3:0.2.8(50)
0-0:1.0.0(%s)
1-0:1.7.0(00.740*kW)
1-0:2.7.0(00.000*kW)
1-0:32.7.0(231.%d*V)
1-0:31.7.0(003*A)
1-0:21.7.0(00.740*kW)
1-0:22.7.0(00.000*kW)
!"""


def telegram(stamp, tenths):
    data = (TEXT % (stamp, tenths)).replace("\n", "\r\n").encode()
    return data + b"%04X\r\n" % crc16(data, 0, len(data), 0)


class Port:
    """A meter that sends a telegram each second; its voltage is never the same."""

    stream = None

    def __init__(self, clock, stamp):
        self._clock = clock
        self._stamp = stamp
        self._waiting = b""
        self._sent = 0

    def init(self, baud, parity, stop):
        pass

    def listen(self):
        pass

    def any(self):
        second = self._clock.now() // 1000
        if not self._waiting and second != self._sent:
            self._sent = second
            self._waiting = telegram(self._stamp(second), second % 10)
        return len(self._waiting)

    def readinto(self, buffer):
        count = min(len(buffer), len(self._waiting))
        buffer[:count] = self._waiting[:count]
        self._waiting = self._waiting[count:]
        return count


def test_a_box_without_a_network_has_the_time_of_its_meter():
    wires, app = start({"mapping": "L1"}, model="dsmr_p1", line="ems")
    app.clock.utc = lambda: None  # its chip knows nothing
    begun = app.clock.now() // 1000

    def stamp(second):
        s = second - begun
        return "260714153" + str(s // 60 % 10) + "%02d" % (s % 60) + "S"

    port = Port(app.clock, stamp)
    wires.ems_port.any, wires.ems_port.readinto, wires.ems_port.init = port.any, port.readinto, port.init
    asyncio.run(limited(app, 10))
    utc, local, quality, source, age_s = view.clock(app.box)
    equal((utc[:5], local, quality, source), ((2026, 7, 14, 13, 30), utc, "synced", "meter"))
    assert 3 <= utc[5] <= 11 and age_s < 4, (utc, age_s)
    told = [line for line in app.log.entries if "clock: set to 2026-07-14 13:30:0" in line and "by meter" in line]
    equal(len(told), 1)
