"""The picture of a simulation: main fuse above, sockets below, one axis of time."""

from html import escape

from fairamp_desk.simulation.plot import CHARGING, COLUMNS, FAULT, NO_CAR, NO_OFFER, OFFERED, Plot, SocketLanes
from fairamp_desk.simulation.svg import Scale, area, box, line, nice_step, shape, text

LEFT, RIGHT = 52, 20
WIDTH = LEFT + COLUMNS + RIGHT
HEAD = 74
FUSE_HEIGHT, SOCKET_HEIGHT, BAR_HEIGHT, TITLE_HEIGHT = 76, 56, 8, 18
AMPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
MOST_TICKS = 4
MOST_TIMES = 12
MINUTE, HOUR = 60, 3600
TIMES = (
    *(1, 2, 5, 10, 20, 30),
    *(minutes * MINUTE for minutes in (1, 2, 5, 10, 20, 30)),
    *(hours * HOUR for hours in (1, 2, 3, 4, 6, 12, 24, 48, 168, 672)),
)
MARK_WIDTH, NAME_WIDTH = 92, 130
LOOKS = {NO_CAR: "empty", NO_OFFER: "denied", OFFERED: "offered", CHARGING: "charging", FAULT: "fault"}
LEGEND = (
    ("total", "through the main fuse"),
    ("house", "of that the house"),
    ("over", "above the fuse"),
    ("limit", "fuse"),
    ("draw", "drawn by the car, per phase"),
    ("offer", "offered"),
)
# Light first; what is dark by choice of the reader follows. Paper is light.
STYLE = """text{font:11px system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;fill:#1f2328}
.title{font-size:16px;font-weight:600}.name{font-weight:600}.tick{fill:#59636e}
.page{fill:#fff}.panel{fill:#f6f8fa}.rule{stroke:#d1d9e0;fill:none}.zero{stroke:#818b98;fill:none}
.total{fill:#218bff;fill-opacity:.35}.edge{stroke:#0550ae;fill:none}.house{fill:#6e7781;fill-opacity:.55}
.over{fill:#cf222e}.limit{stroke:#cf222e;stroke-dasharray:6 3;fill:none}
.draw{fill:#0f766e;fill-opacity:.55}.offer{stroke:#1f2328;stroke-width:1.3;fill:none}
.mark{stroke:#8250df;stroke-dasharray:2 2;fill:none}.event{fill:#8250df}
.empty{fill:#e6eaef}.denied{fill:#f0a32f}.offered{fill:#d8b4fe}.charging{fill:#2da44e}.fault{fill:#6e011a}
@media screen and (prefers-color-scheme:dark){text{fill:#e6edf3}.tick{fill:#9198a1}
.page{fill:#0d1117}.panel{fill:#161b22}.rule{stroke:#30363d}.zero{stroke:#6e7681}
.edge{stroke:#79c0ff}.draw{fill:#2dd4bf}.house{fill:#9198a1}.over{fill:#ff7b72}.limit{stroke:#ff7b72}
.offer{stroke:#e6edf3}.mark{stroke:#bc8cff}.event{fill:#bc8cff}
.empty{fill:#262c36}.denied{fill:#d29922}.offered{fill:#8957e5}.charging{fill:#3fb950}.fault{fill:#da3633}}"""


def draw(plot: Plot, title: str) -> str:
    """An SVG of its own, without anything from elsewhere."""
    return _Drawing(plot).svg(title)


class _Drawing:
    def __init__(self, plot: Plot):
        self._plot = plot
        self._parts: list[str] = []
        self._times = _ticks(plot.seconds)

    def svg(self, title):
        plot = self._plot
        y = HEAD
        currents = (*plot.grid, *plot.house)
        low = min(0, *(min(lane.low) for lane in currents))
        high = max(*plot.fuse_ma, *(max(lane.high) for lane in currents)) * 1.08
        for phase in range(3):
            y = self._fuse_panel(y, phase, low, high)
        highest = max(max(socket.offer.high + socket.draw.high, default=0) for socket in plot.sockets)
        for socket in plot.sockets:
            y = self._socket_panel(y, socket, max(highest, 6000))
        self._time_axis(y)
        height = y + 30
        head = self._head(title)
        return "\n".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" role="img">',
                f"<title>{escape(title)}</title>",
                f"<style>{STYLE}</style>",
                box(0, 0, WIDTH, height, "page"),
                *head,
                *self._parts,
                "</svg>\n",
            )
        )

    # ---- the panels

    def _fuse_panel(self, y, phase, low, high):
        plot = self._plot
        grid, house, fuse = plot.grid[phase], plot.house[phase], plot.fuse_ma[phase]
        top, bottom = y + TITLE_HEIGHT, y + TITLE_HEIGHT + FUSE_HEIGHT
        scale = Scale(low, high, top, bottom)
        self._frame(f"L{phase + 1}, fuse {fuse / 1000:g} A", y, scale)
        everything = area(grid, LEFT, scale)
        clip = f"over{phase + 1}"
        self._parts += [
            shape(everything, "total"),
            shape(area(house, LEFT, scale), "house"),
            f'<clipPath id="{clip}"><path d="M{LEFT} {top}H{LEFT + COLUMNS}V{scale(fuse):g}H{LEFT}Z"/></clipPath>',
        ]
        if max(grid.high) > fuse:
            self._parts.append(shape(everything, "over", f' clip-path="url(#{clip})"'))
        self._parts.append(shape(line(grid, LEFT, scale), "edge"))
        self._parts.append(shape(f"M{LEFT} {scale(fuse):g}h{COLUMNS}", "limit"))
        self._marks(scale, None, labelled=phase == 0)
        return bottom

    def _socket_panel(self, y, socket: SocketLanes, highest):
        top, bottom = y + TITLE_HEIGHT + 2, y + TITLE_HEIGHT + 2 + SOCKET_HEIGHT
        scale = Scale(0, highest * 1.1, top, bottom)
        self._frame(f"socket {socket.id} on {socket.mapping}", y + 2, scale)
        self._parts.append(shape(area(socket.draw, LEFT, scale), "draw"))
        self._parts.append(shape(line(socket.offer, LEFT, scale), "offer"))
        self._marks(scale, socket.id, labelled=True)
        ends = [column for column, _ in socket.kinds[1:]] + [COLUMNS]
        for (column, kind), end in zip(socket.kinds, ends, strict=True):
            self._parts.append(box(LEFT + column, bottom + 2, end - column, BAR_HEIGHT, LOOKS[kind], kind))
        return bottom + 2 + BAR_HEIGHT

    def _frame(self, name, y, scale):
        """The name, the field, and lines for round amperes and times."""
        top, bottom = scale.top, scale.bottom
        self._parts.append(text(LEFT, y + 13, name, "name"))
        self._parts.append(box(LEFT, top, COLUMNS, bottom - top, "panel"))
        step = 1000 * nice_step((scale.high - scale.low) / 1000, MOST_TICKS, AMPS)
        rules = "".join(f"M{self._x(s):g} {top:g}V{bottom:g}" for s, _ in self._times)
        ma = -(-scale.low // step) * step
        while ma <= scale.high:
            rules += f"M{LEFT} {scale(ma):g}h{COLUMNS}"
            self._parts.append(text(LEFT - 6, scale(ma) + 4, f"{ma / 1000:g} A", "tick", "end"))
            ma += step
        self._parts.append(shape(rules, "rule"))
        self._parts.append(shape(f"M{LEFT} {scale(0):g}h{COLUMNS}", "zero"))

    def _marks(self, scale, charger, labelled):
        """Events: of the whole site with the fuse, of one socket with that."""
        free_from = LEFT + NAME_WIDTH
        for s, what, where in self._plot.marks:
            if (None if what.startswith("meter_") else where) != charger:
                continue
            x = self._x(s)
            self._parts.append(shape(f"M{x:g} {scale.top:g}V{scale.bottom:g}", "mark"))
            if labelled and x >= free_from:
                at_end = x > LEFT + COLUMNS - MARK_WIDTH
                self._parts.append(
                    text(x, scale.top - 5, what.replace("_", " "), "event", "end" if at_end else "start")
                )
                free_from = x + MARK_WIDTH

    # ---- around them

    def _head(self, title):
        plot = self._plot
        sockets = f"{len(plot.sockets)} socket" + ("s" if len(plot.sockets) != 1 else "")
        parts = [text(LEFT, 24, f"{title}: {sockets}, {_duration(plot.seconds)}", "title")]
        rows = (LEGEND, [(look, kind) for kind, look in LOOKS.items()])
        for y, row in zip((46, 64), rows, strict=True):
            x = float(LEFT)
            for look, words in row:
                is_line = look in ("limit", "offer")
                parts.append(shape(f"M{x:g} {y - 4}h16", look) if is_line else box(x, y - 9, 16, 9, look))
                parts.append(text(x + 21, y, words))
                x += 21 + 6.1 * len(words) + 20
        return parts

    def _time_axis(self, y):
        for s, words in self._times:
            x = self._x(s)
            anchor = "start" if not s else "end" if x > LEFT + COLUMNS - RIGHT else "middle"
            self._parts.append(text(x, y + 16, words, "tick", anchor))

    def _x(self, s):
        return round(LEFT + COLUMNS * s / self._plot.seconds, 1)


def _ticks(seconds):
    """Moments worth a line, with what is written there."""
    step = nice_step(seconds, MOST_TIMES, TIMES)
    unit, name = (1, "s") if seconds <= 180 else (MINUTE, "min") if seconds <= 3 * HOUR else (HOUR, "h")
    step = max(step, unit)
    return [(s, f"{s // unit} {name}") for s in range(0, int(seconds) + 1, step)]


def _duration(seconds):
    if seconds < 180:
        return f"{seconds:g} s"
    return f"{seconds / MINUTE:.3g} min" if seconds < 3 * HOUR else f"{seconds / HOUR:.3g} h"
