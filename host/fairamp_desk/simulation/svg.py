"""Small pieces of SVG: scales, paths of currents, texts."""

from html import escape

from fairamp_desk.simulation.plot import Lane


class Scale:
    """From mA to pixels: `low` lies at `bottom`, `high` at `top`."""

    def __init__(self, low: float, high: float, top: float, bottom: float):
        self.low, self.high = low, high
        self.top, self.bottom = top, bottom

    def __call__(self, ma: float) -> float:
        return round(self.bottom - (ma - self.low) * (self.bottom - self.top) / (self.high - self.low), 1)


def nice_step(span: float, most: int, steps: tuple[int, ...]) -> int:
    """The smallest of these steps with which `span` has at most so many."""
    return next((step for step in steps if span / step <= most), steps[-1])


def line(lane: Lane, left: float, y: Scale) -> str:
    """A step line; within one column it covers the lowest and the highest."""
    before = y(lane.last[0])
    path = [f"M{left:g} {before:g}"]
    for column, ends in enumerate(zip(lane.low, lane.high, lane.last, strict=True)):
        low, high, last = map(y, ends)
        if low == high == before:
            continue
        path.append(f"H{left + column:g}")
        # The way to the last value leads over the others.
        for stop in (low, high, last) if last < before else (high, low, last):
            if stop != before:
                path.append(f"V{stop:g}")
                before = stop
    path.append(f"H{left + len(lane.last):g}")
    return "".join(path)


def area(lane: Lane, left: float, y: Scale) -> str:
    """What lies between a current and zero, by what it was strongest in each column."""
    zero = before = y(0)
    path = [f"M{left:g} {zero:g}"]
    for column, (low, high) in enumerate(zip(lane.low, lane.high, strict=True)):
        here = y(high if high > 0 else low)
        if here != before:
            path.append(f"H{left + column:g}V{here:g}")
            before = here
    path.append(f"H{left + len(lane.last):g}V{zero:g}Z")
    return "".join(path)


def shape(path: str, look: str, more: str = "") -> str:
    return f'<path class="{look}" d="{path}"{more}/>'


def text(x: float, y: float, content: str, look: str = "", anchor: str = "start") -> str:
    classes = f' class="{look}"' if look else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{classes}>{escape(content)}</text>'


def box(x: float, y: float, width: float, height: float, look: str, title: str = "") -> str:
    inside = f"<title>{escape(title)}</title>" if title else ""
    return f'<rect class="{look}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}">{inside}</rect>'
