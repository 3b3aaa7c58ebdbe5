"""What a row of the meter table says: where each quantity is, and how it is written there.

Values: (quantity, register, step from phase to phase, kind, scale); number x scale = A, V, W, Wh or Hz.
A value whose registers have no even step names each of them: (quantity, (first, second, third), 0, kind, scale).
"""

from fairamp.modbus.frames import READ_HOLDING, READ_INPUT  # noqa: F401, for the rows

# Quantities of each phase ...
(VOLTAGE, CURRENT, POWER, POWER_IN, POWER_OUT) = range(5)
# ... and of the whole connection.
(TOTAL, TOTAL_IN, TOTAL_OUT, IMPORT, EXPORT, FREQUENCY, STAMP) = range(5, 12)
# As text, which takes the least space; names of the registers in a preset too.
NAMES = (
    "voltage current power power_import power_export "
    "total_power total_import total_export energy_import energy_export frequency time_stamp"
)


class Model:
    """One meter model.

    Kinds are those of fairamp.modbus.table. `function`: 3 or 4. `most`: words in one request.
    `low_first`: the low word of a value is at the lower register.
    `serial`: (address, baud, parity, stop bits) as it leaves the factory, None = not on a serial line.
    `tcp`: (port, unit), None = not on a network. `also`: values to try when the first ones show no voltage.
    `ratios`: (register, kind, scale, quantities) of what its values have to be multiplied with; register None = with
    the scale itself.
    `wanted`: (register, content, text): an own setting of the meter, and what it means when it is another one.
    """

    def __init__(self, id, name, phases, function, most, values, serial, tcp, low_first, also, ratios, wanted):
        self.id = id
        self.name = name
        self.phases = phases
        self.function = function
        self.most = most
        self.values = values
        self.serial = serial
        self.tcp = tcp
        self.low_first = low_first
        self.also = also
        self.ratios = ratios
        self.wanted = wanted

    def has(self, quantity) -> bool:
        """Does it tell this at all?"""
        for value in self.values:
            if value[0] == quantity:
                return True
        return False

    def per_phase(self) -> bool:
        """Only a meter that sees each phase can protect a fuse."""
        return self.has(CURRENT) or self.has(POWER)


def row(
    id,
    name,
    phases,
    function,
    most,
    values,
    serial=None,
    tcp=None,
    low_first=False,
    also=None,
    ratios=(),
    wanted=(),
):
    """What a Model is made of, with half its size: of a family, only one becomes a Model."""
    return (id, name, phases, function, most, values, serial, tcp, low_first, also, ratios, wanted)


def addresses(value, phases):
    """The registers of one value, one per phase or one alone."""
    quantity, register, step = value[0], value[1], value[2]
    count = phases if quantity <= POWER_OUT else 1
    if isinstance(register, (list, tuple)):
        return list(register)[:count]
    return [register + step * phase for phase in range(count)]
