"""The live view of the twin: what a person wants to see, updating in place."""

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from fairamp import words
from fairamp.status import MEANING
from fairamp_desk.twin.twin import Twin

BAR = 24


def view(twin: Twin, endpoints: list[str]) -> Group:
    """One picture of the moment."""
    box, world = twin.app.box, twin.world
    phases = Table(box=None, pad_edge=False)
    for title in ("", "grid", "", "limit", "charger", "house"):
        phases.add_column(title, justify="left" if title == "" else "right")
    for phase in range(3):
        grid, limit = box.coordinator.grid.current_ma[phase], box.settings["site.fuse"][phase]
        phases.add_row(
            f"L{phase + 1}",
            f"{grid / 1000:+6.1f} A",
            _bar(grid, limit),
            f"{limit / 1000:.0f} A",
            f"{box.own.current_ma[phase] / 1000:5.1f} A",
            f"{world.house.current_ma[phase] / 1000:+6.1f} A",
        )
    charger = Table.grid(padding=(0, 2))
    point = box.point
    charger.add_row("state", f"{point.state}: {MEANING[point.state]}, {box.status_s} s")
    charger.add_row("offer", f"{point.offer_ma / 1000:.1f} A, duty {point.duty / 100:.2f} %")
    charger.add_row(
        "draw",
        f"{max(box.own.current_ma) / 1000:.1f} A per phase, {point.session.energy.wh} Wh in this session",
    )
    charger.add_row("limited by", box.why())
    for socket in box.coordinator.sockets[1:]:
        charger.add_row(
            f"charger {socket.id}",
            f"offer {socket.commitment.offered_ma / 1000:.1f} A, draws {max(socket.report.draw_ma) / 1000:.1f} A; "
            + words.granted(socket.grant),
        )
    charger.add_row("meter", f"{words.METER[box.coordinator.meter]}, {box.coordinator.grid.number} readings")
    for endpoint in endpoints:
        name, _, where = endpoint.partition(" ")
        charger.add_row(name, where)
    log = Text("\n".join(twin.app.log.lines[-5:]), style="dim")
    title = f"Fairamp twin, {world.ms // 1000} s" + (f" at {twin.clock.speed} x" if twin.clock.speed != 1 else "")
    return Group(
        Panel(Group(phases, Text(), charger), title=title, expand=False),
        log,
        Text("Ctrl-C ends it."),
    )


def _bar(ma: int, limit: int) -> Text:
    share = max(0.0, ma / limit)
    full = min(BAR, round(share * BAR))
    style = "red" if share > 1 else "yellow" if share > 0.9 else "green"
    return Text("█" * full, style=style) + Text("░" * (BAR - full), style="dim")
