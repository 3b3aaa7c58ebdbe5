"""The page of the meters: the table made from the rows, and what a row cannot tell about wiring and setting up."""

import textwrap

from fairamp.meters.model import POWER_OUT
from fairamp.meters.preset import KEYS, QUANTITIES, TYPES, WORDS
from fairamp.meters.probes import LAST_UNIT, LIKELY, LINES, UNITS
from fairamp.meters.search import place
from fairamp_desk.meters.table import entries
from fairamp_desk.pages import table

PAGE = """# Meters

Made by `make docs` from the rows in `shared/fairamp/meters`, and from the hints in `host/fairamp_desk/pages/meters.py`:
change it there.

{intro}

{meters}

Addresses count as the wire has them; `8E1` is eight bits, even parity, one stop bit. What a meter tells beside currents
(voltages, powers, energies, frequency) is used where it is there. Which way a current flows is taken from the power of
its phase: without it, all counts as import.

## Find the meter

```sh
.venv/bin/fairamp meter search --port /dev/ttyUSB0      # a USB-RS485 stick on the A and B of the meter
.venv/bin/fairamp meter search --host 192.168.1.30      # a meter, or a gateway, on the network
.venv/bin/fairamp meter search --host 192.168.1.30 --transport rtu      # behind a gateway that only passes bytes on
.venv/bin/fairamp meter search --port /dev/ttyUSB0 --all
```

{search}

On the box itself, with no computer on the line. Press Ctrl-C in its console first: it makes itself safe and starts into
its prompt.

```sh
mpremote resume exec "from fairamp_box.tools.meter_search import here; here()"
```

It ends with the section for `settings.json`:

```json
{{"meter": {{"model": "eastron_sdm630", "unit": 1, "baud": 9600, "parity": "N", "stop": 1}}}}
```

## Test the meter

```sh
.venv/bin/fairamp meter test --model eastron_sdm630 --port /dev/ttyUSB0
.venv/bin/fairamp meter test --model abb_b23 --port /dev/ttyUSB0 --unit 3 --baud 19200 --parity N
.venv/bin/fairamp meter test --model socomec_e27 --host 192.168.0.4
.venv/bin/fairamp meter test --model abb_b23 --host 192.168.0.7:4196 --transport rtu --unit 3
.venv/bin/fairamp meter test --model homewizard_p1 --host 192.168.1.31
.venv/bin/fairamp meter test --model dsmr_p1 --port /dev/ttyUSB0
```

One reading through the code of the box; export is negative, and what the meter does not tell is left out:

```
L1 +7.25 A 231.5 V +1678 W
L2 -3.50 A 229.0 V -802 W
L3 +0.00 A 230.0 V +0 W
total +876 W, import 1234.50 kWh, export 56.50 kWh, 50.00 Hz
```

Then compare: switch on a kettle (about 9 A) on a known phase and see that this phase, and no other, rises by so much.
A sign that is wrong means a transformer or a direct meter that is wired backwards.

## Over the network

How Modbus reaches the meter at `meter.host` says `meter.transport`, and `--transport` of `fairamp meter`:

{gateways}

## Wiring

{wiring}

## The zero of current transformers

Noise looks like a current of 0.1 or 0.2 A. With the clamps connected but around no cable, press Ctrl-C in the console
of the box, then:

```sh
mpremote resume exec "from fairamp_box.tools.ct_zero import here; here()"
```

It measures for some seconds and ends with the section for `settings.json`, or says which clamp sees a current:

```json
{{"ct": {{"floor": [0.164, 0.151, 0.158]}}}}
```

## Hints

{hints}

## A meter that is not in the table

{custom}

```json
{preset}
```

{keys}

Each row of `registers` is a quantity, with these keys:

{registers}

{quantities}

```sh
.venv/bin/fairamp meter test --model custom --preset my-meter.json --port /dev/ttyUSB0
```

When that works, the same goes into the settings: `{{"meter": {{"model": "custom", "custom": {{...}}}}}}`, or below
`[meter.custom]` in a site file of the twin.

## Add a meter in five minutes

{add}
"""
INTRO = (
    "The box balances with any of these. `fairamp meter list` prints the same table. The id goes into `meter.model`; "
    "`meter.unit`, `meter.baud`, `meter.parity` and `meter.stop` are needed only where the meter was set differently. "
    "Two meters on one line have to speak alike: where they leave the factory with different settings, set both meters "
    "the same way and say how in `meter.baud`, `meter.parity` or `meter.stop`; settings that leave it open are refused."
)
SEARCH = (
    "**It only reads**, one question at a time, with 3.5 characters of silence before each, and waits "
    "300 ms for an answer.",
    "**First** where meters are when they leave the factory: {likely}.",
    f"**Then** the addresses 1 to {LAST_UNIT} upward, with {{lines}}. One setting takes about two and a half minutes "
    "when nobody answers.",
    f"**On a network** it looks at the units {', '.join(map(str, UNITS))}; serial meters behind a gateway too.",
    "**It believes** a meter when its frequency is 45 to 65 Hz, each voltage is 0 or 90 to 290 V, and powers go with "
    "currents.",
    "**Where models share their registers** it takes the likeliest and names the others: either id will do, but for "
    "those with coils, which show a hundredth of the current.",
    "**A device that is none of the table** is named with its address: describe it as a custom meter.",
)
GATEWAYS = (
    "**`tcp`**, without saying so: the meter, or a gateway, speaks Modbus TCP. Of a gateway, take this mode where it "
    'has it ("Modbus gateway", "protocol conversion"): each answer then has the number of its question.',
    '**`rtu`**: a serial-to-Ethernet gateway that passes the bytes of its line on as they are ("transparent", "TCP '
    'server", "none"). Set speed and parity of the line on the gateway, and a gap between packets of no more than 10 '
    "ms. Answers have no numbers there, so nobody else may ask through it, and after a missing answer the box waits "
    "for a second until it asks again.",
    "**`udp`**: Modbus in datagrams, for meters that have no TCP.",
)
WIRING = (
    "**RS485**: A to A, B to B, and a common ground where the meter has one. Makers do not agree on what A is: when "
    "nobody answers, swap the two wires. 120 ohm at both ends of a long line.",
    "**Two meters on the line**, the house and the charger's own, need two addresses, and the same speed and parity.",
    "**Where it belongs**: the house meter sees the whole connection, chargers included, or the house without the "
    "chargers; `meter.location` says which.",
    "**P1 port** (RJ12): 1 = +5 V for small readers, 2 = request, to be held at 5 V, 3 = ground of the data, 5 = data, "
    "6 = ground of the supply. The data pin is an open collector and inverted: it needs a pull-up resistor to "
    "the 3.3 V of the board, and a transistor that turns it over again. A ready-made USB cable does both on a desk.",
    "**Subscribed power**: a TIC meter tells it, and where it is below the main fuse it is the limit, also when it "
    "changes: 5 A for each kVA, a third of that per phase on three. `site.fuse` is to be named as everywhere.",
    "**TIC** (I1 and I2 of the meter): a 50 kHz carrier, not a level. A demodulator, which is an optocoupler with a "
    "resistor or a small transformer, makes of it what the receive pin of the meter line understands.",
    "**Telegrams take the whole line**: `meter.line` says on which one they come; the charger's own meter then "
    "hangs on the other.",
    "**Current transformers** sit around one phase conductor each, never around a cable with several. They know no "
    "direction: export counts as import, so there is no solar surplus with them. Never let current flow through a "
    "transformer without a burden.",
    "**Two of them for a house with sun** (`ct.solar`, one phase, boards with RP2040): the first around the cable that "
    "feeds the house, the second around that of the inverter. Which way they look does not matter: the house only "
    "takes and the inverter only gives, so the difference of their waves is the current of the grid, with its "
    "direction. Not with a battery behind the inverter: it takes as well, and is told when it does. A first clamp that "
    "slips off looks like a house that takes nothing: see with a kettle that it counts.",
)
_MODE_B = "Choose measurement mode B: in mode A (easy connection) export looks like import. The box looks and says so."
_APPLICATION_H = "Choose application H: only then do powers have a sign. The box looks and says so."
_ABB = "No factory setting is published: 8E1 is assumed, 8N1 is as common. Bronze and steel ones do not count export."
HINTS = {
    "cg_em24_rtu": _APPLICATION_H + " No parity and one stop bit are fixed.",
    "cg_em24_tcp": _APPLICATION_H,
    "cg_em330": _MODE_B,
    "cg_em340": _MODE_B,
    "cg_et330": _MODE_B,
    "cg_em540": _MODE_B,
    "cg_em111": _MODE_B,
    "cg_em112": _MODE_B,
    "cg_et112": _MODE_B,
    "cg_em510": _MODE_B + " Read like EM111; its own code is not known.",
    "garo_gnm3d": "The same meter as EM340: mode B, or the LP version, sees export.",
    "garo_gnm3t": "Read like EM330, which is a guess: compare the first reading with its display.",
    "eastron_sdm630": "Some old ones tell ten times the frequency, which the box understands.",
    "eastron_sdm120": "Comes with 2400 baud, older ones with 9600.",
    "eastron_sdm120ct": "Comes with 2400 baud. Read as it leaves the factory: CT1 left at 5, with a coil of 500:5, for "
    "which it shows a hundredth of current, power and energy. Where CT1 was set on the meter to what its coil has, set "
    "`eastron_sdm120`: the registers are the same. Other coils: `custom`, with their ratio as `scale`.",
    "eastron_sdm230": "9600 baud; some batches 2400.",
    "eastron_sdm220": "Comes with 2400 baud.",
    "eastron_sdm72d_v1": "**Cannot protect a fuse**: it tells no single phases, only their sum. V2 does.",
    "eastron_sdm72d_v2": "Not to be mistaken for V1, which tells no single phases.",
    "eastron_sdm72ct": "Read as it leaves the factory: CT1 left at 1, with coils of 100:1, for which it shows a "
    "hundredth of current, power and energy. Where CT1 was set on the meter (password 1000 at first) to what its coils "
    "have, set `eastron_sdm72d_v2`: the registers are the same. Other coils: `custom`, with their ratio as `scale`.",
    "eastron_sem3": "Port 502 and unit 1 on the network are assumed. On RS485 its second set of coils is unit 2.",
    "siemens_pac2200": "On the network any unit answers.",
    "siemens_pac1600": "What it is set to at first is published nowhere: let the search find it.",
    "abb_b23": _ABB,
    "abb_a43": _ABB,
    "abb_b21": _ABB,
    "inepro_pro380": "8E1 at first. Also WAGO 879-30x0.",
    "inepro_pro1": "8E1 at first. Some fill the registers of L1 instead of those of the whole; the box looks at both.",
    "klefr_6934": "8E1 at first; imitations of it use 8N1. Also the other 693x and 694x.",
    "klefr_6924": "8E1 at first; imitations of it use 8N1, and fill the registers of L1 only: the box looks at both.",
    "chint_dtsu666": "Some come with DL/T645: set the protocol to Modbus on the meter. The ratios of its "
    "transformers are read from it. DTSU666-H of Huawei is another meter.",
    "chint_ddsu666": "Comes with DL/T645: set the protocol to Modbus on the meter. Two stop bits are possible.",
    "acrel_adl400": "8E1 can be chosen. With transformers it tells what is behind them: use the direct version.",
    "acrel_adl3000": "The ratio of its transformers is read from it. Check that power goes with voltage x current.",
    "acrel_adw300": "Known from one source only: compare the first reading with its display.",
    "smartstuff_p1_rtu": "The power of each phase needs its firmware 1.2.1. It can imitate other meters; its own map "
    "is the best one.",
    "socomec_e27": "Comes with the address 192.168.0.4.",
    "phoenix_mb371": "Four connections at most. Also MB370, MA370 and MA371.",
    "shelly_pro3em_modbus": "Switch Modbus on: in its page, or with `Modbus.SetConfig`. Profile triphase.",
    "shelly_pro3em_http": "Profile triphase, and no password.",
    "shelly_3em_http": "The first generation, which has no Modbus. No password.",
    "homewizard_p1": "Switch on the local API in its app. New values every second, or every 10 s with older meters.",
    "dsmr_p1": "DSMR 2 and 3 send 9600 baud, later ones 115200; the box tries both. Whole amperes in the Netherlands, "
    "hundredths in Belgium; kW or W. Before DSMR 5 there is no voltage, before DSMR 4 nothing of single phases.",
    "tic_linky": "Standard mode (9600 baud) tells voltages and export; historic mode (1200 baud) neither. In amperes.",
    "ct": "See above under wiring.",
    "push": "Whoever knows the currents sends them to the box: see its settings.",
    "entes_es": "Its registers are published nowhere: take them from the manual that came with it, as a custom meter.",
}
CUSTOM = (
    "Its manual has a table of registers: write down what the box needs. Addresses are those on the wire, from 0 on. A "
    "manual that begins with 40001 or 30001 counts from 1: take that away; function 3 reads the former, 4 the latter."
)
EXAMPLE = """{
  "name": "My meter",
  "phases": 3,
  "function": 4,
  "word_order": "high_first",
  "most_words": 60,
  "unit": 1,
  "baud": 9600,
  "parity": "N",
  "stop": 1,
  "port": 502,
  "registers": {
    "voltage": {"address": 0, "step": 2, "type": "uint32", "scale": 0.1},
    "current": {"address": [12, 20, 28], "type": "int32", "scale": 0.001},
    "power": {"address": 36, "step": 2, "type": "int32"},
    "energy_import": {"address": 70, "type": "uint32", "scale": 10}
  }
}"""
QUANTITY_TEXT = (
    "Quantities of each phase are {phase}; of the whole connection {whole}. Types are {types}. `current`, or "
    "`power` of each phase, has to be there. `time_stamp` is a clock or counter of the meter: while it stands still, "
    "its values are old ones and do not count."
)
MEANINGS = {
    "phases": "how many it measures: 1 or 3",
    "function": "3 = holding registers, 4 = input registers",
    "most_words": "how many registers it gives in one answer",
    "unit": "its Modbus address",
    "baud": "speed of its serial line",
    "stop": "stop bits",
    "port": "its port on a network",
    "word_order": "which word of a number is at the lower register",
    "parity": "none, even or odd",
}
REGISTERS = (
    ("`address`", "first register; or a list with one for each phase"),
    ("`step`", "registers from phase to phase"),
    ("`type`", "how the number is written"),
    ("`scale`", "number x scale = A, V, W, Wh or Hz; 1 when it is missing"),
)
ADD = (
    "A row in the file of its family in `shared/fairamp/meters`, or in a new file: id, name, phases, function, "
    "words in one answer, values, factory settings. Each value is `(quantity, register, step from phase to phase, "
    "kind, scale)`; a family often shares them.",
    "Its id in `FAMILIES` of `shared/fairamp/meters/__init__.py`.",
    "What its manual says, in `tests/facts/meters.json`, written from the manual and not from the row. The tests hold "
    "one against the other, read a simulated meter, and search for it.",
    "By what the search knows it, in `shared/fairamp/meters/probes.py`: every meter on a serial line or with Modbus "
    "TCP has to be found. The best is a register with a code or a name, in the `Probe` of its maker or in a new one; "
    "next, one that holds its own address (`UNIT`); else its frequency, or its voltages, at registers where no other "
    "meter has them. A new `Probe` goes into `ALL`, the surest first. Where it has the same registers as another "
    "meter, it stands behind that one in its row, and in `TWINS` of `tests/desk/meters/test_meter_search.py`: the "
    "search finds the other, and names both.",
    "A hint in `host/fairamp_desk/pages/meters.py`, then `make docs` and `make test`.",
)


def page() -> str:
    return PAGE.format(
        intro=_filled(INTRO),
        meters=_meters(),
        search=_bullets(text.format(likely=_likely(), lines=_lines()) for text in SEARCH),
        gateways=_bullets(GATEWAYS),
        wiring=_bullets(WIRING),
        hints=table(
            ("id", "what to know"), [(f"`{entry.id}`", HINTS[entry.id]) for entry in entries() if entry.id in HINTS]
        ),
        custom=_filled(CUSTOM),
        preset=EXAMPLE,
        keys=table(("key", "what it is", "allowed", "when it is missing"), _keys()),
        registers=table(("key", "what it is"), list(REGISTERS)),
        quantities=_quantities(),
        add="\n".join(_item(f"{number}. ", text) for number, text in enumerate(ADD, 1)),
    )


def _meters():
    head = ("id", "meter", "phases", "reached over", "as it leaves the factory")
    return table(head, [(f"`{row.id}`", row.name, row.phases, row.reached, row.factory) for row in entries()])


def _likely():
    return "; ".join(place("/".join(map(str, units)), line) for line, units, _ in LIKELY)


def _lines():
    return ", ".join(f"{baud} 8{parity}{stop}" for baud, parity, stop in LINES)


def _keys():
    yield "`name`", "how it is called in messages", "text of at most 40 characters", "custom meter"
    for key, default, (least, most) in KEYS:
        span = f"{least} or {most}" if most - least < 3 else f"{least} to {most}"
        yield f"`{key}`", MEANINGS[key], span, str(default)
    for key, usual, choices in WORDS:
        yield f"`{key}`", MEANINGS[key], ", ".join(choices), usual
    yield "`registers`", "where its values are, see below", "a table", "must be there"


def _quantities():
    phase = _quoted(name for name, number in QUANTITIES.items() if number <= POWER_OUT)
    whole = _quoted(name for name, number in QUANTITIES.items() if number > POWER_OUT)
    return _filled(QUANTITY_TEXT.format(phase=phase, whole=whole, types=_quoted(TYPES)))


def _quoted(names):
    return ", ".join(f"`{name}`" for name in names)


def _filled(text):
    return textwrap.fill(text, 118, break_on_hyphens=False, break_long_words=False)


def _bullets(texts):
    return "\n".join(_item("- ", text) for text in texts)


def _item(mark, text):
    return textwrap.fill(mark + text, 118, subsequent_indent=" " * len(mark), break_on_hyphens=False)
