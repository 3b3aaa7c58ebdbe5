"""What a box may do beside charging: each is a folder of fairamp_box/features, loaded where the settings ask for it.

Whoever deletes one deletes that folder, its row, its file of settings, and what nobody else uses; charging goes on.
"""

# Name.
# The section to which its rows in settings/NAME.py belong, "" = it has none.
# What has to be set for it.
# The ports that it opens. The first row opens its own first.
# The models of house meters whose values come in there.
FEATURES: tuple = (
    (
        "registers",
        "ems",
        ("ems.serial_map",),
        ("ems.teltocharge_port", "ems.alfen_port", "ems.vestel_port", "ems.mennekes_port"),
        (),
    ),
    ("web", "web", ("wifi.name", "web.port"), ("web.port",), ("push",)),
    ("announce", "", ("wifi.name",), (), ()),
    ("sessions", "sessions", ("wifi.name", "sessions.keep"), (), ()),
    ("diary", "diary", ("wifi.name", "diary.keep"), (), ()),
    ("ntp", "clock", ("wifi.name",), (), ()),
)


def wanted(settings):
    """Names of those that the settings ask for."""
    return [name for name, _, needs, _, _ in FEATURES if all(settings[key] for key in needs)]
