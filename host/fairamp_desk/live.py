"""The live view of the twin: what a person wants to see, updating in place."""

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from fairamp import view as seen
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
        grid, limit = seen.grid(box).current_ma[phase], box.settings["site.fuse"][phase]
        phases.add_row(
            f"L{phase + 1}",
            f"{grid / 1000:+6.1f} A",
            _bar(grid, limit),
            f"{limit / 1000:.0f} A",
            f"{seen.current_ma(box, phase) / 1000:5.1f} A",
            f"{world.house.current_ma[phase] / 1000:+6.1f} A",
        )
    charger = Table.grid(padding=(0, 2))
    state = seen.state(box)
    charger.add_row("state", f"{state}: {MEANING[state]}, {seen.state_s(box)} s")
    charger.add_row("offer", f"{seen.offer_ma(box) / 1000:.1f} A, duty {seen.duty(box) / 100:.2f} %")
    drawn = max(seen.current_ma(box, terminal) for terminal in range(3))
    charger.add_row("draw", f"{drawn / 1000:.1f} A per phase, {seen.session_wh(box)} Wh in this session")
    charger.add_row("limited by", seen.why(box))
    for socket in seen.sockets(box)[1:]:
        charger.add_row(
            f"charger {socket.id}",
            f"offer {socket.commitment.offered_ma / 1000:.1f} A, draws {max(socket.report.draw_ma) / 1000:.1f} A; "
            + seen.why_of(socket),
        )
    charger.add_row("meter", f"{seen.meter(box)}, {seen.grid(box).number} readings")
    for endpoint in endpoints:
        name, _, where = endpoint.partition(" ")
        charger.add_row(name, where)
    log = Text("\n".join(twin.app.log.entries[-5:]), style="dim")
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
