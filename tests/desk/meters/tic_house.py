"""A French house that tells itself by TIC, for tests."""

from fairamp.meters.tic import Tic
from tests.desk.meters.telegrams import drafts


def group(label, value, standard):
    body = (f"{label}\t{value}\t" if standard else f"{label} {value}").encode()
    return b"\n" + body + (b"" if standard else b" ") + bytes([(sum(body) & 0x3F) + 0x20]) + b"\r"


class House:
    """A French house whose loads come and go; `kind` is what its meter is."""

    def __init__(self, rand, kind, jumps):
        self.rand = rand
        self.kind = kind
        self.jumps = jumps  # how often a load is switched
        self.amperes = [rand.uniform(0, 10) for _ in range(3 if kind.endswith("tri") else 1)]
        self.volts = [rand.uniform(220, 240) for _ in self.amperes]
        self.energy = rand.uniform(0, 9e7)
        self.exports = False

    def live(self):
        for phase in range(len(self.amperes)):
            ampere = self.amperes[phase] + self.rand.uniform(-0.5, 0.5)
            if self.rand.random() < self.jumps:
                ampere = self.rand.uniform(0, 40)
            self.amperes[phase] = min(60, max(0, ampere))
            self.volts[phase] = min(250, max(210, self.volts[phase] + self.rand.uniform(-1, 1)))
        self.energy += 5

    def groups(self):
        power = [ampere * volt for ampere, volt in zip(self.amperes, self.volts, strict=True)]
        sold = round(sum(power)) if self.exports else 0
        taken = 0 if self.exports else round(sum(power))
        numbers = range(1, len(power) + 1)
        if self.kind.startswith("standard"):
            return [
                ("ADSC", "000000000002"),
                ("EAST", f"{self.energy:09.0f}"),
                ("EAIT", "000045678"),
                *((f"IRMS{n}", f"{self.amperes[n - 1]:03.0f}") for n in numbers),
                *((f"URMS{n}", f"{self.volts[n - 1]:03.0f}") for n in numbers),
                ("PREF", "12"),
                ("SINSTS", f"{taken:05}"),
                *((f"SINSTS{n}", f"{0 if self.exports else power[n - 1]:05.0f}") for n in numbers if len(power) > 1),
                ("SINSTI", f"{sold:05}"),
                ("STGE", "003A0301"),
            ]
        return [
            ("ADCO", "000000000001"),
            ("HCHC", f"{self.energy:09.0f}"),
            ("HCHP", "023456789"),
            ("PTEC", "HP.."),
            *((f"IINST{n if len(power) > 1 else ''}", f"{self.amperes[n - 1]:03.0f}") for n in numbers),
            ("PAPP", f"{taken // 10 * 10:05}"),
            ("MOTDETAT", "000000"),
        ]

    def frame(self, spoil=lambda rand, groups: None):
        """The next one; `spoil` may change a value before the checks are made."""
        self.live()
        groups = self.groups()
        self.truth = drafts(Tic(), self.bytes(groups) * 2)[-1][1]
        spoil(self.rand, groups)
        return self.bytes(groups)

    def bytes(self, groups):
        standard = self.kind.startswith("standard")
        return b"\x02" + b"".join(group(label, value, standard) for label, value in groups) + b"\x03"
