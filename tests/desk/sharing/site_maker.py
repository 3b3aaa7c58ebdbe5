"""Random sites, always the same for one seed: houses that jump and feed in, fuses, chargers, cars and mishaps."""

import random

from fairamp.sharing.mappings import MAPPINGS
from fairamp.sharing.shares import MODES
from fairamp_desk.site import Site, check_site

PERIODS = (0.1, 0.2, 0.5, 1, 2, 5, 10)
# The habits of cars that still obey the pilot.
HABITS = ("none", "none", "slow_start", "sleeps", "late", "nibbles")
PAIRS = (("meter_lost", "meter_back"), ("network_lost", "network_back"), ("shed_on", "shed_off"))
PAIRS += (("enable_off", "enable_on"),)


def random_site(seed: int, seconds: int, **fixed) -> Site:
    """`fixed`: period, mode, habits, stations; losses: of meter and network, again and again.

    calm: from that second on, only hungry cars and chargers change.
    """
    rand = random.Random(seed)
    # Many chargers now and then: they take long.
    chargers = _chargers(rand, min(rand.randint(1, 10), rand.randint(1, 10)))
    if fixed.get("stations"):
        _hang_on_cables(rand, chargers)
    calm = fixed.get("calm")
    settings = _settings(rand, fixed)
    _fit_safe_currents(chargers, settings["site"])
    content = {
        **settings,
        "charger": chargers,
        "load": _loads(rand, calm or seconds),
    }
    if calm:
        content["car"] = [_hungry(rand, charger["id"], calm, fixed) for charger in chargers]
    else:
        content["car"] = [car for charger in chargers for car in _cars(rand, charger["id"], seconds, fixed)]
        content["event"] = _events(rand, chargers, seconds)
        if fixed.get("losses"):
            content["event"] = _losses(rand, chargers, seconds)
    return check_site(content, f"seed {seed}")


def _settings(rand, fixed):
    fuse = [rand.choice((16, 20, 25, 35, 63)) for _ in range(3)]
    site = {"fuse": fuse if rand.random() < 0.3 else fuse[:1] * 3, "safe_current": rand.choice((0, 6, 6, 13))}
    if rand.random() < 0.3:
        site |= {"margin": rand.choice((0, 10)), "headroom": rand.choice((0, 1.5))}
        left = min(site["fuse"]) * (100 - site["margin"]) / 100 - site["headroom"]
        site["safe_current"] = min(site["safe_current"], int(left))
    if rand.random() < 0.2:
        site["feeder"] = [rand.choice((16, 24, 40)) for _ in range(3)]
    sharing = {
        "mode": fixed.get("mode") or rand.choice(MODES),
        "fifo_percent": rand.choice((0, 30, 50, 100)),
        "step": rand.choice((1, 1, 1, 0.1, 0.5, 2)),
        "imbalance": rand.choice((0, 0, 10, 20)),
        "imbalance_at": rand.choice(("chargers", "meter")),
        "turn_period": rand.choice((60, 300, 900)),
        "probe_current": rand.choice((14, 14, 0, 10)),
    }
    meter = {
        "period": fixed.get("period") or rand.choice(PERIODS),
        "location": rand.choice(("including", "excluding")),
        "climb": rand.choice((0.2, 0.2, 1)),
    }
    return {"site": site, "sharing": sharing, "meter": meter}


def _chargers(rand, count):
    ids = rand.sample(range(30), count)
    return [
        {
            "id": id,
            "mapping": rand.choice(MAPPINGS),
            "max": rand.choice((32, 32, 16, 13, 20.5)),
            "safe": rand.choice((6, 6, 8, 0)),
            "vip": rand.random() < 0.1,
            "phase_switch": rand.random() < 0.2,
        }
        for id in ids
    ]


def _hang_on_cables(rand, chargers):
    """Half of them share one or two stations; what they keep without network always fits."""
    for charger in chargers:
        if rand.random() < 0.5:
            charger["station"] = rand.choice((1, 2))
    for number in (1, 2):
        members = [charger for charger in chargers if charger.get("station") == number]
        most = max(rand.choice((10, 16, 20, 32)), sum(charger["safe"] for charger in members))
        for charger in members:
            charger["station_max"] = most


def _fit_safe_currents(chargers, site):
    """Those that the fuse does not bear beside the others before are left out."""
    left = min(site["fuse"]) * (100 - site.get("margin", 0)) / 100 - site.get("headroom", 0)
    left = min([left, *site.get("feeder", ())])
    for charger in chargers:
        if charger["safe"] > left:
            del charger["safe"]
        else:
            left -= charger["safe"]


def _cars(rand, charger, seconds, fixed):
    """One after the other."""
    at, cars = rand.randrange(max(1, seconds // 4)), []
    while at < seconds and len(cars) < 3:
        leaves = at + rand.randrange(60, max(61, seconds))
        most = rand.choice((8, 10, 16, 16, 20, 32))
        car = {
            "charger": charger,
            "arrives": at,
            "phases": rand.choice((1, 1, 2, 3, 3, 3)),
            "max": most,
            "min": min(most, rand.choice((6, 6, 6, 8, 10, 14))),
            "quirk": rand.choice(fixed.get("habits", HABITS)),
        }
        if rand.random() < 0.3:
            car["needs_kwh"] = rand.choice((0.5, 2, 5))
        if leaves < seconds:
            car["leaves"] = leaves
        cars.append(car)
        at = leaves + rand.randrange(1, 600)
    return cars


def _hungry(rand, charger, calm, fixed):
    """One that stays, can do with the least, and is never full."""
    return {
        "charger": charger,
        "arrives": rand.randrange(calm),
        "phases": rand.choice((1, 2, 3, 3)),
        "max": rand.choice((8, 10, 16, 20, 32)),
        "quirk": rand.choice(fixed.get("habits", HABITS)),
    }


def _loads(rand, seconds):
    """Jumps every few minutes, and now and then something that flickers."""
    at, loads = 0, []
    while at < seconds:
        amps = [round(rand.uniform(-15, 25), 1) for _ in range(3)]
        loads.append({"at": at, "amps": amps})
        if rand.random() < 0.15:
            more = rand.uniform(2, 12)
            for _ in range(rand.randrange(2, 20)):
                at += rand.choice((0.3, 1, 2.5))
                loads.append({"at": at, "amps": [round(one + more, 1) for one in amps]})
                at += rand.choice((0.3, 1, 2.5))
                loads.append({"at": at, "amps": amps})
        at += rand.choice((rand.randrange(5, 60), rand.randrange(60, 900), rand.randrange(300, 1200)))
    return [load for load in loads if load["at"] < seconds]


def _events(rand, chargers, seconds):
    events = []
    for begin, end in PAIRS:
        at = rand.randrange(max(1, seconds // 2))
        while at < seconds and rand.random() < 0.6:
            id = rand.choice(chargers)["id"]
            until = at + rand.choice((2, 4, 30, 200))
            events += [{"at": at, "what": begin, "charger": id}, {"at": until, "what": end, "charger": id}]
            at = until + rand.randrange(60, max(61, seconds // 2))
    return events


def _losses(rand, chargers, seconds):
    """The meter and every charger's network, each on its own, for a moment or for long."""
    events = []
    for begin, end, id in [
        ("meter_lost", "meter_back", 0),
        *(("network_lost", "network_back", c["id"]) for c in chargers[1:]),
    ]:
        at = rand.randrange(1, 900)
        while at < seconds:
            until = at + rand.choice((1, 3, 5, 10, 60, 400))
            events += [{"at": at, "what": begin, "charger": id}, {"at": until, "what": end, "charger": id}]
            at = until + rand.randrange(1, 900)
    return events
