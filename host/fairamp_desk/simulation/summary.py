"""The report for people: a few small tables."""

from rich.console import Group
from rich.table import Table


def clock(seconds: float | None) -> str:
    """A moment of the simulation as h:mm:ss."""
    if seconds is None:
        return "-"
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def summary(report: dict, fuse_ma: list[int]) -> Group:
    cars = _table("car at charger", "kWh", "wanted", "first charge", "pauses", "finished")
    for car in report["cars"]:
        wanted = "-" if car["wanted_kwh"] is None else f"{car['wanted_kwh']:g}"
        times = clock(car["first_charge_s"]), str(car["pauses"]), clock(car["finished_s"])
        cars.add_row(str(car["charger"]), f"{car['kwh']:.2f}", wanted, *times)
    chargers = _table("charger", "contactor closed", "offer changed", "over-current pauses")
    for charger in report["chargers"]:
        chargers.add_row(*(str(value) for value in charger.values()))
    phases = _table("main fuse", "A", "most above", "longest above", "unused on average")
    fuse = report["fuse"]
    for phase in range(3):
        phases.add_row(
            f"L{phase + 1}",
            f"{fuse_ma[phase] / 1000:g}",
            f"{fuse['max_over_a'][phase]:.1f} A",
            f"{fuse['longest_over_s'][phase]:.1f} s",
            f"{fuse['mean_unused_a'][phase]:.1f} A",
        )
    return Group(f"{clock(report['seconds'])} of the site (h:mm:ss)\n", cars, "", chargers, "", phases)


def _table(first, *titles):
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(first)
    for title in titles:
        table.add_column(title, justify="right")
    return table
