"""A parser of P1 that nobody here wrote reads the same."""

import random
from decimal import Decimal

import pytest
from dsmr_parser import telegram_specifications
from dsmr_parser.parsers import TelegramParser

from fairamp.meters.p1 import P1
from tests.desk.meters.p1_telegrams import crc, p1_telegram
from tests.desk.meters.telegrams import FACTS, only

SPECIFICATIONS = {
    "22": telegram_specifications.V2_2,
    "42": telegram_specifications.V4,
    "50": telegram_specifications.V5,
    "BE": telegram_specifications.BELGIUM_FLUVIUS,
}


def theirs(data, version):
    """What the other parser reads, in our units; None = not told."""
    telegram = TelegramParser(SPECIFICATIONS[version]).parse(data.decode())

    def thousandths(name):
        found = getattr(telegram, name, None)
        return None if found is None else int(Decimal(str(found.value)) * 1000)

    def per_phase(name):
        return [thousandths(name % phase) for phase in (1, 2, 3)]

    def less(one, other):
        return None if one is None else one - other

    plus = per_phase("INSTANTANEOUS_ACTIVE_POWER_L%d_POSITIVE")
    minus = per_phase("INSTANTANEOUS_ACTIVE_POWER_L%d_NEGATIVE")
    return {
        "current_ma": per_phase("INSTANTANEOUS_CURRENT_L%d"),
        "voltage_mv": per_phase("INSTANTANEOUS_VOLTAGE_L%d"),
        "power_w": [less(one, other) for one, other in zip(plus, minus, strict=True)],
        "total_w": thousandths("CURRENT_ELECTRICITY_USAGE") - thousandths("CURRENT_ELECTRICITY_DELIVERY"),
        "energy_wh": thousandths("ELECTRICITY_USED_TARIFF_1") + thousandths("ELECTRICITY_USED_TARIFF_2"),
        "export_wh": thousandths("ELECTRICITY_DELIVERED_TARIFF_1") + thousandths("ELECTRICITY_DELIVERED_TARIFF_2"),
    }


def with_power(told, phase):
    """The current that whole amperes and power tell together."""
    ma, watts = told["current_ma"][phase], told["power_w"][phase]
    if ma is None:
        return None
    return max(int(abs(watts) * 1000 / ((told["voltage_mv"][phase] or 230000) / 1000)), ma - 500)


@pytest.mark.parametrize("version", SPECIFICATIONS)
@pytest.mark.parametrize("phases", [1, 3])
def test_another_parser_reads_the_same(version, phases):
    rand = random.Random(f"{version} {phases}")
    port = P1()
    for _ in range(50):
        data = p1_telegram(rand, version, phases)
        ours, wanted = only(port, data), theirs(data, version)
        if version in ("42", "50"):
            wanted["current_ma"] = [with_power(wanted, phase) for phase in range(3)]
        assert {name: ours[name] for name in wanted} == wanted
        assert ours["phases"] == (1 if version == "22" else phases)
        assert ours["resolution_ma"] == {"22": 1, "BE": 10}.get(version, 1000)


def test_the_samples_and_another_parser():
    for name, version in (("dsmr4", "42"), ("dsmr5", "50")):
        data = (FACTS / f"sample_{name}.txt").read_bytes()
        if version == "42":
            assert b"1.8.2" not in data  # which the other parser does not mind, but the sum above would
            data = data.replace(b"1-0:2.8.1", b"1-0:1.8.2(000000.000*kWh)\r\n1-0:2.8.2(000000.000*kWh)\r\n1-0:2.8.1")
            data = data[: data.index(b"!") + 1]
            data += b"%04X\r\n" % crc(data)
        ours, wanted = only(P1(), data), theirs(data, version)
        wanted["current_ma"] = [with_power(wanted, phase) for phase in range(3)]
        assert {name: ours[name] for name in wanted} == wanted
