"""What the chargers may draw on each phase, from the fuse and the house meter."""

from fairamp.units import PHASES


def budget(fuse_ma, grid, own, including: bool, out) -> None:
    """Writes mA per grid phase into `out`; below zero when the house alone is above the fuse.

    `grid` and `own` are signed currents per grid phase; a meter that includes the chargers counts them twice
    unless their own draw is taken out.
    """
    for phase in PHASES:
        house = grid[phase] - own[phase] if including else grid[phase]
        out[phase] = fuse_ma[phase] - house
