"""How an unknown meter is recognised: what to ask, and which models an answer can mean."""

from fairamp.modbus.frames import READ_HOLDING, READ_INPUT
from fairamp.modbus.table import KINDS, number

# In place of a number: the address that was asked.
UNIT = -1


class Probe:
    """One question.

    `kind`: of the numbers in the answer, as fairamp.modbus.table has it, or "ascii", where bytes of 0 do not count.
    `meanings`: (lowest, highest, models) or (beginning of the text, models). Of several numbers one at least has to
    be in the span, the others may be 0. Models that share their registers cannot be told apart: the likeliest is first.
    """

    def __init__(self, function, register, words, kind, meanings, low_first=False):
        self.function = function
        self.register = register
        self.words = words
        self.kind = kind
        self.meanings = meanings
        self.low_first = low_first

    def meaning(self, words, unit):
        """The models that an answer can mean, when this address was asked."""
        if self.kind == "ascii":
            text = bytes([byte for byte in words if byte])
            for beginning, models in self.meanings:
                if text.startswith(beginning):
                    return models
            return ()
        size = 2 * KINDS[self.kind][0]
        numbers = [number(self.kind, words, at, self.low_first) for at in range(0, len(words), size)]
        for low, high, models in self.meanings:
            if low == UNIT:
                low = high = unit
            inside = [value for value in numbers if low <= value <= high]
            # Not a number is unequal to 0 as well.
            if inside and len(inside) == len([value for value in numbers if value != 0]):
                return models
        return ()


# Meters that carry a code or a name.
_CARLO_GAVAZZI = Probe(
    READ_INPUT,
    0x0B,
    1,
    "u16",
    (
        (71, 73, ("cg_em24_rtu",)),
        (100, 101, ("cg_em111",)),
        (102, 102, ("cg_em112",)),
        (103, 103, ("cg_em111",)),
        (104, 104, ("cg_em112",)),
        (110, 111, ("cg_em111",)),
        (112, 112, ("cg_em112",)),
        (120, 121, ("cg_et112",)),
        (331, 331, ("cg_em330",)),
        (332, 332, ("cg_em330", "garo_gnm3t")),
        (335, 336, ("cg_et330",)),
        (340, 341, ("cg_em340", "garo_gnm3d")),
        (345, 346, ("cg_em340",)),
        (1648, 1653, ("cg_em24_tcp",)),
        (1744, 1763, ("cg_em540",)),
    ),
)
_EASTRON = Probe(
    READ_HOLDING,
    0xFC02,
    1,
    "u16",
    (
        (0x20, 0x20, ("eastron_sdm120", "eastron_sdm120ct")),
        (0x70, 0x70, ("eastron_sdm630",)),
        (0x79, 0x79, ("eastron_sdm630",)),
        (0x84, 0x84, ("eastron_sdm72d_v1",)),
        (0x89, 0x89, ("eastron_sdm72d_v2",)),
        (0x200, 0x200, ("eastron_sdm72d_v1",)),
    ),
)
_ABB = Probe(
    READ_HOLDING,
    0x8960,
    6,
    "ascii",
    (
        (b"B23", ("abb_b23",)),
        (b"B24", ("abb_b23",)),
        (b"A43", ("abb_a43",)),
        (b"A44", ("abb_a43",)),
        (b"B21", ("abb_b21",)),
        (b"A41", ("abb_b21",)),
        (b"A42", ("abb_b21",)),
    ),
)
_P1_DONGLE = Probe(READ_HOLDING, 110, 2, "ascii", ((b"P1M3", ("smartstuff_p1_rtu",)),))
# The star is 42, the number of Siemens among the makers.
_SIEMENS = Probe(
    READ_HOLDING,
    64001,
    27,
    "ascii",
    ((b"*7KM2200", ("siemens_pac2200",)), (b"*7KM", ("siemens_pac3200",)), (b"*7KT", ("siemens_pac1600",))),
)
# The d is 100, the family of the COUNTIS.
_SOCOMEC = Probe(READ_HOLDING, 0xC350, 5, "ascii", ((b"SOCOd", ("socomec_e27",)),))
_SHELLY = Probe(READ_INPUT, 6, 10, "ascii", ((b"SPEM-003C", ("shelly_pro3em_modbus",)),))

# Meters that know their own address.
_EASTRON_UNIT = Probe(
    READ_HOLDING,
    0x14,
    2,
    "f32",
    (
        (
            UNIT,
            UNIT,
            (
                # The commonest first. SDM72D V1 shows nothing by which it could be believed.
                "eastron_sdm630",
                "eastron_sdm72d_v2",
                "eastron_sem3",
                "eastron_sdm72ct",
                "eastron_sdm230",
                "eastron_sdm220",
                "eastron_sdm120",
                "eastron_sdm120ct",
            ),
        ),
    ),
)
_INEPRO = Probe(
    READ_HOLDING, 0x4003, 1, "u16", ((UNIT, UNIT, ("inepro_pro380", "klefr_6934", "inepro_pro1", "klefr_6924")),)
)

# Meters that have nothing but a frequency where their kind has it.
_DTSU = Probe(READ_HOLDING, 0x2044, 2, "f32", ((4500, 6500, ("chint_dtsu666",)),))
_ADL = Probe(READ_HOLDING, 0x77, 1, "u16", ((4500, 6500, ("acrel_adl400", "acrel_adl3000")),))
_DDSU = Probe(READ_HOLDING, 0x200E, 2, "f32", ((45, 65, ("chint_ddsu666",)),))
_PHOENIX = Probe(READ_HOLDING, 0x800C, 2, "f32", ((45, 65, ("phoenix_mb371",)),), low_first=True)
_PAC = Probe(READ_HOLDING, 55, 2, "f32", ((45, 65, ("siemens_pac3200",)),))
_PAC1600 = Probe(READ_HOLDING, 49, 2, "u32", ((4500, 6500, ("siemens_pac1600",)),))
# Carlo Gavazzi with a code that is not known.
_THREE_PHASES = Probe(
    READ_INPUT,
    51,
    1,
    "u16",
    ((450, 650, ("cg_em340", "cg_em330", "cg_et330", "cg_em540", "garo_gnm3d", "garo_gnm3t")),),
)
_ONE_PHASE = Probe(READ_INPUT, 15, 1, "u16", ((450, 650, ("cg_em510", "cg_em111", "cg_em112", "cg_et112")),))
# Meters that have nothing but voltages where their kind has them.
_ADW = Probe(READ_HOLDING, 20, 3, "u16", ((900, 2900, ("acrel_adw300",)),))
_P1_NETWORK = Probe(READ_HOLDING, 18, 6, "u32", ((90000, 290000, ("smartstuff_p1_tcp", "smartstuff_p1_rtu")),))

# All there is to ask where somebody is, the surest first.
ALL = (
    _CARLO_GAVAZZI,
    _EASTRON,
    _EASTRON_UNIT,
    _DTSU,
    _ADL,
    _ABB,
    _DDSU,
    _INEPRO,
    _P1_DONGLE,
    _SIEMENS,
    _SOCOMEC,
    _SHELLY,
    _PHOENIX,
    _PAC,
    _PAC1600,
    _THREE_PHASES,
    _ONE_PHASE,
    _P1_NETWORK,
    _ADW,
)
# Nobody is recognised by these, but everybody answers one of them, with values or with an exception.
KNOCKS = (Probe(READ_INPUT, 0, 2, "u16", ()), Probe(READ_HOLDING, 0, 2, "u16", ()))

# On a serial line, meters as they leave the factory: (line, addresses, questions); line = (baud, parity, stop bits).
LIKELY = (
    ((9600, "N", 1), (1, 2, 43), (_CARLO_GAVAZZI, _EASTRON, _EASTRON_UNIT, _DTSU, _ADL, _ABB, _DDSU)),
    ((9600, "E", 1), (1,), (_INEPRO, _ABB)),
    ((38400, "E", 1), (43,), (_P1_DONGLE,)),
    ((2400, "N", 1), (1,), (_EASTRON, _EASTRON_UNIT)),
    ((19200, "N", 2), (126,), (_SIEMENS,)),
)
# Then every address at each of these.
LINES = (
    (9600, "N", 1),
    (9600, "E", 1),
    (19200, "N", 1),
    (19200, "E", 1),
    (19200, "N", 2),
    (2400, "N", 1),
    (38400, "N", 1),
    (38400, "E", 1),
    (4800, "N", 1),
    (115200, "N", 1),
    (57600, "N", 1),
    (1200, "N", 1),
)
LAST_UNIT = 247

# On a network: (unit, question), and then everything at each of the units.
LIKELY_NETWORK = ((5, _SOCOMEC), (1, _SIEMENS), (1, _SHELLY), (1, _CARLO_GAVAZZI), (1, _PHOENIX))
UNITS = (1, 2, 5, 126, 43, 255)
