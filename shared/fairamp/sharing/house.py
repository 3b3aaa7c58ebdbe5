"""What of the meter's reading is house, and what is cars."""

from fairamp.units import PHASES, age

# A draw that moves by so much between two readings does not fit to the house of the same moment.
MOVING_MA = 100
# Of a socket without network, a step of the meter tells that its car has stopped.
STEP_MA = 3000
NEAR_MA = 1000
# Read within this time is read together: no car changes much in between.
TOGETHER_MS = 200


class House:
    """`ma`: the house itself. `doubt_ma`: by so much it may be more. `drawn_ma`: by all cars. `over`: fuse exceeded."""

    def __init__(self, including: bool):
        self.ma = [0, 0, 0]
        self.doubt_ma = [0, 0, 0]
        self.drawn_ma = [0, 0, 0]
        self.over = [False, False, False]
        self._including = including
        self._before = [0, 0, 0]  # what the meter showed
        self._new = [0, 0, 0]  # what the cars draw at this reading; a list of its own makes no garbage
        self._moved = [0, 0, 0]  # by what the cars changed their draw at the last reading
        self._since: list = [None, None, None]  # then the house seemed to change ...
        self._rises = [False, False, False]  # ... in this direction

    def look(self, grid, sockets, limit_ma, steady: bool) -> None:
        """A new reading. `steady`: the reading before is of a moment ago."""
        drawn = self._new
        drawn[0] = drawn[1] = drawn[2] = 0
        for socket in sockets:
            if not socket.online and steady:
                self._guess_lost(socket, grid.current_ma)
            for terminal, phase in enumerate(socket.phases):
                drawn[phase] += socket.draw(terminal)
        for phase in PHASES:
            shown, moved = grid.current_ma[phase], abs(drawn[phase] - self.drawn_ma[phase])
            house = shown - drawn[phase] if self._including else shown
            self.over[phase] = house + drawn[phase] > limit_ma[phase] and drawn[phase] > 0
            highest = house
            # A fall is believed for cuts at once, but for raises only when the cars were read.
            falling = self._since[phase] is not None and not self._rises[phase]
            change = house - self.ma[phase] - (self.doubt_ma[phase] if falling else 0)
            unread = self._unread(phase, change, moved, grid.taken, sockets) if steady else 0
            within = steady and self._including and house + drawn[phase] <= limit_ma[phase]
            if within and (unread or moved > MOVING_MA):
                # While a car ramps, its draw and the meter's are of different moments: a part of it looks like house,
                # or the other conductor round. Cuts believe the lowest, raises the highest that it can be.
                # It can be wrong by no more than what has moved since the meter looked, be it one reading late.
                more, less = (unread, 0) if change > 0 else (0, unread)
                wrong = moved + self._moved[phase] + less
                highest = max(house, min(self.ma[phase] + self.doubt_ma[phase], house + wrong))
                most = max(drawn[phase] + more, self.drawn_ma[phase])
                house = max(min(house, self.ma[phase]), shown - most)
            self.ma[phase] = house
            self.doubt_ma[phase] = highest - house
            self.drawn_ma[phase] = drawn[phase]
            self._moved[phase] = moved
            self._before[phase] = shown

    def has_part(self, socket) -> bool:
        """Is the fuse exceeded on a phase where its car draws more than it is offered?"""
        if not (socket.online and socket.report.measured):
            return False
        for terminal, phase in enumerate(socket.phases):
            if self.over[phase] and socket.report.draw_ma[terminal] > socket.commitment.offered_ma:
                return True
        return False

    def _unread(self, phase, change, moved, taken, sockets):
        """So much of what seems to be a change of the house may be cars: their own meters were not read since, or they
        were cut since, and follow at once."""
        rises = change > 0
        if abs(change) <= MOVING_MA:
            self._since[phase] = None
            return 0
        # A car on its way moves about as much as is not explained yet; one that is only restless does not.
        ramps = moved > MOVING_MA and 2 * moved >= abs(change)
        if self._since[phase] is None or ramps or rises is not self._rises[phase]:
            self._since[phase] = taken
            self._rises[phase] = rises
        most = 0
        for socket in sockets:
            if not (socket.report.measured and socket.report.charging and phase in socket.grid_phases()):
                continue
            draw, offered = socket.draw(socket.phases.index(phase)), socket.commitment.offered_ma
            if age(self._since[phase], socket.report.read_at) > TOGETHER_MS:
                most += max(0, offered - draw) if rises else draw
            elif not rises:
                most += max(0, draw - offered)
        if not most:
            self._since[phase] = None
        return most

    def _guess_lost(self, socket, grid_ma):
        """A socket without network draws on as it did, until the meter falls by just that on all of its phases.

        What rises by as much later may be the house, and counts as that.
        """
        drawn = min(socket.most_drawn() or max(socket.report.draw_ma), socket.safe_ma)
        if not self._including or drawn < STEP_MA:
            return
        step = drawn - NEAR_MA
        steps = [self._before[phase] - grid_ma[phase] for phase in socket.grid_phases()]
        if min(steps) >= step:
            socket.stopped = True

    def believe(self, phase: int, ma: int) -> None:
        """Without a meter: what is to be expected."""
        self.ma[phase] = ma
        self.doubt_ma[phase] = 0
        self._since[phase] = None
