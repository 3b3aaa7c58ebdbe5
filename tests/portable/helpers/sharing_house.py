"""A house, its meter and cars that draw what the test says, for tests of the coordinator."""

from checks import equal
from fairamp.meters.reading import Reading
from fairamp.settings import Settings
from fairamp.sharing.coordinator import Coordinator
from fairamp.sharing.socket import Socket
from fairamp.units import later

THREE = [0, 1, 2]


class House:
    """A house, its meter and cars that draw what the test says. `stations`: (number, mA) of each socket.

    `safe`: the safe current of all of them.
    """

    def __init__(self, mappings=(THREE,), start=0, stations=(), safe=6000, **sections):
        settings = Settings()
        # Whoever judges the meter has tests of its own: here the cars are there from the beginning.
        sections["meter"] = dict({"witness": False}, **sections.get("meter", {}))
        equal(settings.load(sections, "test"), [])
        self.settings = settings
        self.own = Reading()  # of the first charger's own meter
        self.sockets = []
        for id, phases in enumerate(mappings):
            station, most = stations[id] if stations else (0, 0)
            self.sockets.append(Socket(id, phases, safe, station=station, station_ma=most))
        self.one = Coordinator(settings, self.sockets, self.own)
        self.now = start
        for socket in self.sockets:
            socket.report.measured = True
            socket.report.ready = True
            socket.report.allowed_ma = 32000
            self.plug(socket.id)

    def plug(self, id):
        socket = self.sockets[id]
        socket.report.connected = socket.report.asking = socket.report.charging = True
        socket.report.session += 1

    def draw(self, id, *amps):
        for terminal in range(3):
            self.sockets[id].report.draw_ma[terminal] = int(1000 * amps[terminal]) if terminal < len(amps) else 0

    def follow(self, most=32):
        """All cars draw what they are offered."""
        for socket in self.sockets:
            amps = min(most, socket.commitment.offered_ma / 1000) if socket.report.connected else 0
            self.draw(socket.id, *[amps for _ in socket.grid_phases()])

    def read(self, seconds, *house, more=0, lead=50):
        """Time passes, and the meter shows the house and the cars. The offers, in A.

        `more`: what the first car draws on L1 since its own meter was read last. `lead`: so many ms before that of the
        house they are read.
        """
        self.now = later(self.now, int(1000 * seconds))
        grid = [int(1000 * amps) for amps in house]
        for socket in self.sockets:
            socket.report.read_at = socket.report.read_at if more else later(self.now, -lead)
            for terminal, phase in enumerate(socket.phases):
                grid[phase] += socket.report.draw_ma[terminal]
        grid[self.sockets[0].phases[0]] += int(1000 * more)
        for phase in range(3):
            self.one.grid.current_ma[phase] = grid[phase]
        self.one.grid.accept(self.now)
        return self.wait(0)

    def wait(self, seconds):
        """Time passes without a reading."""
        self.now = later(self.now, int(1000 * seconds))
        self.one.update(self.now)
        return [socket.commitment.offered_ma // 1000 for socket in self.sockets]
