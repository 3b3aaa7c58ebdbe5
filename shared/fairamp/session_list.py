"""A session that is over, as it is told: from the bytes of charging.record to names and units."""

from fairamp.charging.record import CHARGED, ESTIMATED, FINISHED, GONE, STOPPED, unpack
from fairamp.units import iso

ENDS = ("", "unplugged", "unplugged while the box had no power")
SHOWN_OF_CARD = 4


def told(data: bytes) -> dict:
    """A card can be copied by who knows its number: only its end is shown."""
    end, charger, number, lifetime_wh, _, wh, _, seconds, charging_s, most, used, boot, began_s, *rest = unpack(data)
    began, ended, by, card, flags = rest
    return {
        "number": number,
        "charger": charger,
        "began": began and iso(began),
        "ended": ended and iso(ended),
        "boot": boot,
        "began_s": began_s,
        "plugged_s": seconds,
        "charging_s": charging_s,
        "wh": wh,
        "meter_start_wh": lifetime_wh - wh,
        "meter_end_wh": lifetime_wh,
        "estimated": bool(flags & ESTIMATED),
        "most_ma": 100 * most,
        "phases": bin(used).count("1"),
        "by": by or "itself",
        "card": card and "..." + card[-SHOWN_OF_CARD:],
        "end": why(end, flags),
    }


def why(end: int, flags: int) -> str:
    if end == GONE:
        return ENDS[GONE]
    if flags & FINISHED:
        return "the car was full"
    if flags & STOPPED:
        return "stopped, then unplugged"
    return ENDS[end] if flags & CHARGED else "unplugged without charging"
