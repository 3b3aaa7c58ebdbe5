"""The meters that a box can read. Rows lie in one file per family, and only the family in use is loaded."""

# File of this folder, and the models in it; as text, which takes the least space.
FAMILIES = (
    ("carlo_gavazzi", "cg_em24_rtu cg_em24_tcp cg_em330 cg_em340 cg_et330 cg_em540 garo_gnm3d garo_gnm3t"),
    ("carlo_gavazzi_one", "cg_em111 cg_em112 cg_et112 cg_em510"),
    (
        "eastron",
        "eastron_sdm630 eastron_sdm120 eastron_sdm120ct eastron_sdm230 eastron_sdm220 eastron_sdm72d_v1 "
        "eastron_sdm72d_v2 eastron_sdm72ct eastron_sem3",
    ),
    ("siemens", "siemens_pac2200 siemens_pac3200 siemens_pac1600"),
    ("abb", "abb_b23 abb_a43 abb_b21"),
    ("inepro", "inepro_pro380 inepro_pro1 klefr_6934 klefr_6924"),
    ("chint", "chint_dtsu666 chint_ddsu666"),
    ("acrel", "acrel_adl400 acrel_adl3000 acrel_adw300"),
    ("dongles", "smartstuff_p1_rtu smartstuff_p1_tcp"),
    ("network", "socomec_e27 phoenix_mb371 shelly_pro3em_modbus"),
)
CUSTOM = "custom"
CT = "ct"
P1 = "dsmr_p1"
TIC = "tic_linky"
PUSH = "push"
HTTP = ("shelly_pro3em_http", "shelly_3em_http", "homewizard_p1")
# Where there is none: no charger meter.
NONE = "none"
# Where nobody says which.
USUAL = "eastron_sdm630"
# Sources that are no Modbus meters of the table.
OTHERS = HTTP + (P1, TIC, CT, PUSH, CUSTOM)
# Sold, but nobody has published its registers: it works as a custom meter with the table of its manual.
UNMAPPED = ("entes_es",)


class Ids:
    """All that the setting meter.model may be, without a list of them."""

    def __contains__(self, id):
        return id in OTHERS or id in UNMAPPED or _family(id) is not None

    def __iter__(self):
        for _, models in FAMILIES:
            yield from models.split()
        yield from OTHERS
        yield from UNMAPPED


class OwnIds(Ids):
    """Those of a charger: it may have none."""

    def __contains__(self, id):
        return id == NONE or Ids.__contains__(self, id)

    def __iter__(self):
        yield NONE
        for id in Ids.__iter__(self):
            yield id


IDS = Ids()
OWN_IDS = OwnIds()


def find(id):
    """The row of a Modbus meter, None for what is none; loads its family."""
    family = _family(id)
    if family is None:
        return None
    module = __import__("fairamp.meters." + family, None, None, ("MODELS",))
    from fairamp.meters.model import Model

    for row in module.MODELS:
        if row[0] == id:
            return Model(*row)
    return None


def _family(id):
    for family, models in FAMILIES:
        if id in models.split():
            return family
    return None
