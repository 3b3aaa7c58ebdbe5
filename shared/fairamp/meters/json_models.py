"""Meters that answer in JSON, and pushed values, as tables: under which names each dialect tells what."""

from fairamp import meters
from fairamp.meters.model import CURRENT, EXPORT, FREQUENCY, IMPORT, POWER, TOTAL, VOLTAGE

WHOLE_AMPERE = 1000


class JsonModel:
    """One dialect.

    `values`: (quantity, factor, paths); number x factor = mA, mV, W, Wh or hundredths of Hz. A path is a row of names
    and places such as emeters.0.power. Each phase has its own; of what phases do not have, the sum counts.
    `resolution_ma`: how coarse its currents are; WHOLE_AMPERE = some are, and digits show which.
    `alone`: paths for L1 when nothing is told of L2 and L3; None = such an answer is incomplete.
    `errors`: lists that must be empty. `valid`: flags that must be true.
    `slow_path`, `slow`: a second answer, with values that are seldom needed.
    `least_ms`: it must not be asked more often. `lack`: what it means when a phase is missing.
    """

    def __init__(
        self,
        id,
        name,
        path,
        values,
        lack,
        resolution_ma,
        least_ms=0,
        alone=None,
        errors=(),
        valid=(),
        slow_path=None,
        slow=(),
    ):
        self.id = id
        self.name = name
        self.path = path
        self.values = values
        self.lack = lack
        self.resolution_ma = resolution_ma
        self.least_ms = least_ms
        self.alone = alone
        self.errors = errors
        self.valid = valid
        self.slow_path = slow_path
        self.slow = slow


def _each(before, names, after):
    return tuple([before + name + after for name in names])


_ABC = ("a", "b", "c")
_LINES = ("l1", "l2", "l3")
_PLACES = ("0", "1", "2")

MODELS = (
    JsonModel(
        "shelly_pro3em_http",
        "Shelly Pro 3EM",
        "/rpc/EM.GetStatus?id=0",
        (
            (CURRENT, 1000, _each("", _ABC, "_current")),
            (VOLTAGE, 1000, _each("", _ABC, "_voltage")),
            (POWER, 1, _each("", _ABC, "_act_power")),
            (TOTAL, 1, ("total_act_power",)),
            (FREQUENCY, 100, ("a_freq",)),
        ),
        "set the profile of the Shelly to triphase",
        1,
        500,
        # A wrong order of phases counts too: it can mean transformers on other phases, and directions that are wrong.
        errors=("errors", "a_errors", "b_errors", "c_errors"),
        slow_path="/rpc/EMData.GetStatus?id=0",
        slow=((IMPORT, 1, ("total_act",)), (EXPORT, 1, ("total_act_ret",))),
    ),
    JsonModel(
        "shelly_3em_http",
        "Shelly 3EM",
        "/status",
        (
            (CURRENT, 1000, _each("emeters.", _PLACES, ".current")),
            (VOLTAGE, 1000, _each("emeters.", _PLACES, ".voltage")),
            (POWER, 1, _each("emeters.", _PLACES, ".power")),
            (TOTAL, 1, ("total_power",)),
            (IMPORT, 1, _each("emeters.", _PLACES, ".total")),
            (EXPORT, 1, _each("emeters.", _PLACES, ".total_returned")),
        ),
        "is it a Shelly 3EM of the first generation?",
        10,
        1000,
        valid=_each("emeters.", _PLACES, ".is_valid"),
    ),
    JsonModel(
        "homewizard_p1",
        "HomeWizard",
        "/api/v1/data",
        (
            (CURRENT, 1000, _each("active_current_", _LINES, "_a")),
            (VOLTAGE, 1000, _each("active_voltage_", _LINES, "_v")),
            (POWER, 1, _each("active_power_", _LINES, "_w")),
            (TOTAL, 1, ("active_power_w",)),
            (IMPORT, 1000, ("total_power_import_kwh",)),
            (EXPORT, 1000, ("total_power_export_kwh",)),
            (FREQUENCY, 100, ("active_frequency_hz",)),
        ),
        "a meter that tells no single phases cannot protect a fuse",
        WHOLE_AMPERE,
        500,
        # With three phases these are sums.
        alone=((CURRENT, 1000, "active_current_a"), (VOLTAGE, 1000, "active_voltage_v")),
    ),
    JsonModel(
        meters.PUSH,
        "pushed values",
        None,
        (
            (CURRENT, 1000, _each("current_a.", _PLACES, "")),
            (VOLTAGE, 1000, _each("voltage_v.", _PLACES, "")),
            (POWER, 1, _each("power_w.", _PLACES, "")),
            (IMPORT, 1000, ("energy_kwh",)),
        ),
        "current_a or power_w of each phase is needed",
        WHOLE_AMPERE,
        alone=(),
    ),
)


def find(id) -> JsonModel:
    for model in MODELS:
        if model.id == id:
            return model
    raise ValueError(id)
