"""Whether the safe currents of chargers fit what covers them, and the sums in words."""

from fairamp.settings.offers import amps
from fairamp.settings.table import place
from fairamp.sharing.safe import Share, covers, lacking
from fairamp.units import mapped

# More chargers than these, alike, are counted.
MOST_NAMED = 4
REMEDY = "set [charger] safe of those that shall go on"


def share_of(values) -> Share:
    """The safe current that the settings of one charger ask for."""
    station, station_ma = values["charger.station"], values["charger.station_max"]
    phases = mapped(values["charger.mapping"])
    return Share(values["charger.id"], phases, values["charger.safe"], station, station_ma, values["charger.min"])


def check(values, shares, where, errors) -> None:
    """`values`: of the first of them, which knows what the site has."""
    found = lacking(shares, covers(values), False)
    if found:
        errors.append(where + ": " + place("charger.safe") + ": " + sums(found, False) + "; lower them")


def tell(currents, log) -> None:
    """At the start: that nothing is kept, because not all could keep something."""
    if currents.lacks:
        log("sharing", "who loses the network pauses: " + sums(currents.lacks, True) + "; " + REMEDY)


def sums(found, open_too: bool) -> str:
    """What `lacking` found."""
    phase, station, shares, most = found
    parts = [share.counted(open_too) for share in shares]
    counted = [(share.id, ma) for share, ma in zip(shares, parts) if ma]
    ids = ", ".join([str(id) for id, _ in counted])
    text = "safe current of charger " + ids + ": " if len(counted) == 1 else "safe currents of chargers " + ids + ": "
    if len(counted) > MOST_NAMED and min(parts) == max(parts):
        text = "safe currents of " + str(len(counted)) + " chargers: " + str(len(counted)) + " x " + amps(parts[0])[:-2]
    else:
        text += " + ".join([amps(ma)[:-2] for _, ma in counted])
    text += " = " + amps(sum(parts)) if len(counted) > 1 else " A"
    text += " on L" + str(phase + 1) + ", more than the " + amps(most)
    if station:
        return text + " of " + place("charger.station_max") + " of station " + str(station)
    return text + " that fuse, margin, headroom, fallback and feeder leave there"
