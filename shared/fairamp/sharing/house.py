"""What of the meter's reading is house, and what is cars."""

from fairamp.units import PHASES

# A draw that moves by so much between two readings does not fit to the house of the same moment.
MOVING_MA = 100
# Of a socket without network, a step of the meter tells that its car has stopped, or begun again.
STEP_MA = 3000
NEAR_MA = 1000


class House:
    """`ma`: the house itself. `doubt_ma`: by so much it may be more. `drawn_ma`: by all cars. `over`: fuse exceeded."""

    def __init__(self, including: bool):
        self.ma = [0, 0, 0]
        self.doubt_ma = [0, 0, 0]
        self.drawn_ma = [0, 0, 0]
        self.over = [False, False, False]
        self._including = including
        self._before = [0, 0, 0]  # what the meter showed
        self._new = [0, 0, 0]
        self._moved = [0, 0, 0]  # by what the cars changed their draw at the last reading
        self._more = [0, 0, 0]  # what cars may have begun to draw since their own meters were read
        self._old = [False, False, False]  # none of those was read since the house was

    def look(self, grid_ma, sockets, limit_ma, steady: bool) -> None:
        """A new reading. `steady`: the reading before is of a moment ago."""
        drawn, more, old = self._new, self._more, self._old
        for phase in PHASES:
            drawn[phase] = more[phase] = 0
            old[phase] = False
        for socket in sockets:
            if not socket.online and steady:
                self._guess_lost(socket, grid_ma)
            for terminal, phase in enumerate(socket.phases):
                drawn[phase] += socket.draw(terminal)
            if socket.measured and socket.charging:
                for phase in socket.grid_phases():
                    more[phase] += max(0, socket.offer_ma - socket.draw(socket.phases.index(phase)))
                    old[phase] = old[phase] or socket.reading == socket.judged
            socket.judged = socket.reading
        for phase in PHASES:
            self._split(phase, grid_ma[phase], drawn[phase], limit_ma[phase], steady)
            self._before[phase] = grid_ma[phase]

    def _split(self, phase, grid, drawn, limit, steady):
        house = grid - drawn if self._including else grid
        self.over[phase] = house + drawn > limit and drawn > 0
        highest = house
        moved = abs(drawn - self.drawn_ma[phase])
        moving = moved > MOVING_MA or self._old[phase]
        if steady and moving and house + drawn <= limit and self._including:
            # While a car ramps, its draw and the meter's are of different moments: a part of it looks like house,
            # or the other way round. Cuts believe the lowest, raises the highest that it can be.
            # It can be wrong by no more than what has moved since the meter looked, be it one reading late.
            wrong = moved + self._moved[phase]
            highest = max(house, min(self.ma[phase] + self.doubt_ma[phase], house + wrong))
            most = max(drawn + self._more[phase], self.drawn_ma[phase])
            house = max(min(house, self.ma[phase]), grid - most)
        self._moved[phase] = moved
        self.doubt_ma[phase] = highest - house
        self.ma[phase] = house
        self.drawn_ma[phase] = drawn

    def _guess_lost(self, socket, grid_ma):
        """A socket without network draws on as it did, until the meter falls by just that on all of its phases."""
        drawn = min(socket.most_drawn() or max(socket.draw_ma), socket.safe_ma)
        if not self._including or drawn < STEP_MA:
            return
        step = drawn - NEAR_MA
        steps = [self._before[phase] - grid_ma[phase] for phase in socket.grid_phases()]
        if min(steps) >= step:
            socket.stopped = True
        elif max(steps) <= -step:
            socket.stopped = False

    def believe(self, house_ma) -> None:
        """Without a meter: what is to be expected."""
        for phase in PHASES:
            self.ma[phase] = house_ma[phase]
            self.doubt_ma[phase] = 0
