"""A house in a few lines, for boards that are not there: two meters, one car, all in memory, on any runtime."""

from waves import fill

from boards.twin import TwinBoard
from fairamp.modbus.bank import Bank
from fairamp.modbus.server import RtuSession, Server
from fairamp.modbus.table import Row

HOUSE_A = 5.0


class MemoryPort:
    """A serial port whose other end answers at once."""

    def __init__(self, session):
        self._session = session
        self._waiting = b""
        self.sending = False
        self.silent = False
        self.stream = None

    def init(self, baud, parity, stop):
        pass

    def any(self):
        return len(self._waiting)

    def readinto(self, buffer):
        count = min(len(buffer), len(self._waiting))
        buffer[:count] = self._waiting[:count]
        self._waiting = self._waiting[count:]
        return count

    def send(self, data):
        self.sending = True
        reply = self._session.feed(data, len(data)) or self._session.silence() if self._session else None
        if reply is not None and not self.silent:
            self._waiting += bytes(reply)

    def sent(self):
        return True

    def listen(self):
        self.sending = False


def _meter(amps):
    rows = [Row(72, "energy", "f32", lambda _: 1.0)]
    for phase in range(3):
        rows.append(Row(2 * phase, "volts", "f32", lambda _: 230.0))
        rows.append(Row(6 + 2 * phase, "amps", "f32", lambda house: house.alive(amps(house))))
        rows.append(Row(12 + 2 * phase, "watts", "f32", lambda house: 230.0 * amps(house)))
    return rows


class Wires:
    """The wires of the twin's board, with a car that is always there and takes what it is offered."""

    cts = 0
    has_phase_relay = False
    has_wifi = False
    has_leakage = True
    reset_cause = "power"
    address = dns = None
    proximity_ohm = None
    temperature_dc = 250
    leakage = False
    leakage_error = False
    output_live = None
    locked = None

    def __init__(self):
        self.enable_closed = True
        self.shed_closed = False
        self.duty = None
        self.contactor = None
        self.closures = 0
        self.fed = 0
        self.watchdog_ms = None
        self.resets = 0
        self._looked = 0
        meters = {
            1: Bank(_meter(lambda house: HOUSE_A + house.car_a()), self),
            2: Bank(_meter(Wires.car_a), self),
        }
        self.meter_port = MemoryPort(RtuSession(Server(meters)))
        self.ems_port = MemoryPort(None)

    def car_a(self):
        return self.duty * 0.006 if self.contactor and self.duty < 10000 else 0.0

    def alive(self, amps):
        """The last digits of a live meter never stand still."""
        self._looked += 1
        return amps * (1 - self._looked % 97 / 100000)

    def pilot_changed(self, duty):
        self.duty = duty

    def pilot_codes(self, codes):
        fill(codes, 6000 if self.duty < 10000 else 9000, -12000, self.duty)
        return len(codes)

    def contactor_changed(self, on):
        self.closures += bool(on and not self.contactor)
        self.contactor = on

    def phase_relay_changed(self, three):
        pass

    def lock_changed(self, on):
        pass

    def trip_changed(self, on):
        pass

    def light_changed(self, colour):
        pass

    def watchdog_started(self, ms):
        self.watchdog_ms = ms

    def watchdog_fed(self):
        self.fed += 1

    def reset(self):
        self.resets += 1


def connect():
    return TwinBoard(Wires())
