"""`fairamp meter test`: one reading through the box's own code, as an installer wants to see it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from fairamp import meters
from fairamp.meters import preset, sources
from fairamp.meters.draft import Draft
from fairamp.meters.model import Model
from fairamp.meters.reading import Reading
from fairamp.meters.search import FUSE_MA, NOMINAL_V
from fairamp.meters.sieve import Doubt, Sieve
from fairamp.modbus.client import BadReply, Refused
from fairamp_box.io.clock import Clock
from fairamp_box.io.rs485 import PARITIES
from fairamp_box.io.rtu_link import RtuLink
from fairamp_box.meters.links import link_to
from fairamp_box.meters.modbus_source import ModbusSource
from fairamp_desk import hosts
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.serial_port import SerialPort

ANSWER_MS = 1000
SLOW_BAUD = 4800
SLOW_ANSWER_MS = 3000
MODBUS_PORT = 502
HTTP_PORT = 80
# A frame may get lost.
TRIES = 2
NOT_FROM_HERE = {
    meters.CT: "the transformers hang on the box itself: look at its page",
    meters.PUSH: "these values are sent to the box: nobody can be asked for them",
    **dict.fromkeys(meters.UNMAPPED, "its registers are not known: use --model custom --preset FILE.json"),
}
NO_SINGLE_PHASES = "note: it tells no single phases, so it cannot protect a fuse"
NO_DIRECTION = "note: it does not tell import from export, so all counts as import"


def read(args) -> list[str]:
    """The lines to print; Failure when there is no reading."""
    with _source(args) as (source, place, tries):
        draft, reading = Draft(), Reading()
        try:
            asyncio.run(_take(source, draft, tries))
            told = [current is not None for current in draft.current_ma]
            if _per_phase(draft):
                Sieve(FUSE_MA, NOMINAL_V).sift(draft, reading, 0)
        except Refused as problem:
            raise Failure(f"{place}: {problem}; is it this model? `fairamp meter search` finds out") from None
        except (BadReply, Doubt) as problem:
            raise Failure(f"{place}: {problem}") from None
        return [*_phases(draft, reading, told), *_totals(draft, reading), *_notes(draft, reading, source)]


async def _take(source, draft, tries):
    problems: list[str] = []
    for _ in range(tries):
        try:
            return await source.read(draft)
        except Refused:
            raise
        except (BadReply, Doubt) as problem:
            if str(problem) not in problems:
                problems.append(str(problem))
    raise Doubt("; ".join(problems))


@contextmanager
def _source(args) -> Iterator[tuple[Any, str, int]]:
    """(what reads the meter, where it is in words, how often to try)."""
    if args.model not in meters.IDS:
        raise UsageError(f"--model {args.model}: unknown; `fairamp meter list` shows all")
    if args.model in NOT_FROM_HERE:
        raise UsageError(f"--model {args.model}: {NOT_FROM_HERE[args.model]}")
    if (args.preset is not None) != (args.model == meters.CUSTOM):
        raise UsageError("--model custom and --preset FILE.json belong together")
    if args.transport != sources.TCP and (args.host is None or not _is_modbus(args.model)):
        raise UsageError(f"--transport {args.transport}: is for a meter with Modbus on the network: use it with --host")
    if args.host is not None and (args.baud or args.parity or args.stop):
        raise UsageError("--baud, --parity and --stop are for a serial line: use them with --port")
    if args.model in meters.HTTP:
        yield _http(args)
    elif args.model in (meters.P1, meters.TIC):
        with closing(_serial_port(args)) as port:
            yield _telegrams(args, port)
    else:
        model = _preset(args.preset) if args.preset else meters.find(args.model)
        if args.host is not None:
            yield _tcp(args, model)
        else:
            if model.serial is None:
                raise UsageError(f"--model {model.id}: it is reached over the network: use --host")
            with closing(SerialPort(args.port)) as port:
                yield _rtu(args, model, port)


def _is_modbus(id):
    return id == meters.CUSTOM or id not in meters.OTHERS


def _preset(name):
    try:
        data = json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name}: not valid JSON: {error}") from None
    model, errors = preset.check(data, name)
    if errors:
        raise UsageError("\n".join(errors))
    return model


def _rtu(args, model: Model, port):
    unit, baud, parity, stop = model.serial
    unit = unit if args.unit is None else args.unit
    baud, parity, stop = args.baud or baud, args.parity or parity, args.stop or stop
    answer_ms = ANSWER_MS if baud > SLOW_BAUD else SLOW_ANSWER_MS
    link = RtuLink(port, Clock(), baud, PARITIES[parity], stop, answer_ms)
    source = ModbusSource(link, model, unit)
    return source, f"{source.where()}, {baud} 8{parity}{stop}, on {args.port}", TRIES


def _tcp(args, model: Model):
    host, tcp_port = hosts.split(args.host)
    through = args.transport == sources.RTU
    if through and model.serial is None:
        raise UsageError(f"--transport rtu: {model.id} has no serial line: leave it out, or use udp")
    # What has no network of its own may hang behind a gateway.
    usual_port, usual_unit = model.tcp or (MODBUS_PORT, model.serial[0])
    usual_unit = model.serial[0] if through else usual_unit
    tcp_port = tcp_port or usual_port
    if args.transport != sources.UDP:
        hosts.reach(host, tcp_port, hosts.GATEWAY if through else hosts.METER)
    link = link_to(args.transport, hosts.numeric(host), tcp_port, Clock(), ANSWER_MS, model)
    source = ModbusSource(link, model, usual_unit if args.unit is None else args.unit)
    # A frame gets lost on a line behind a gateway, and a datagram anywhere.
    return source, f"{source.where()} of {host}:{tcp_port}", 1 if args.transport == sources.TCP else TRIES


def _http(args):
    if args.port is not None:
        raise UsageError(f"--model {args.model}: it is reached over the network: use --host")
    from fairamp_box.meters.http_source import HttpSource

    host, port = hosts.split(args.host)
    source = HttpSource(hosts.numeric(host), port or HTTP_PORT, args.model, Clock(), SLOW_ANSWER_MS)
    return source, source.where(), TRIES


def _serial_port(args):
    if args.host is not None:
        raise UsageError(f"--model {args.model}: its telegrams come over a serial port: use --port")
    return SerialPort(args.port)


def _telegrams(args, port):
    from fairamp.meters.p1 import P1
    from fairamp.meters.tic import Tic
    from fairamp_box.meters.telegram_source import P1_BAUDS, TIC_BAUDS, TelegramSource

    name, parser, usual = ("P1", P1(), P1_BAUDS) if args.model == meters.P1 else ("TIC", Tic(), TIC_BAUDS)
    bauds = (args.baud,) if args.baud else usual
    return TelegramSource(name, port, parser, bauds, Clock()), f"{name} on {args.port}", len(bauds)


def _per_phase(draft):
    return any(value is not None for value in (*draft.current_ma, *draft.power_w))


def _phases(draft, reading, told):
    for phase in range(draft.phases):
        parts = []
        if told[phase]:
            parts.append(f"{_signed(reading.current_ma[phase] / 1000, 2)} A")
        if draft.voltage_mv[phase] is not None:
            parts.append(f"{draft.voltage_mv[phase] / 1000:.1f} V")
        if draft.power_w[phase] is not None:
            parts.append(f"{draft.power_w[phase]:+d} W")
        if parts:
            yield " ".join((f"L{phase + 1}", *parts))


def _totals(draft, reading):
    parts = []
    if draft.total_w is not None or any(power is not None for power in draft.power_w):
        total = reading.total_w if draft.total_w is None else draft.total_w
        parts.append(f"{total:+d} W")
    if draft.energy_wh is not None:
        parts.append(f"import {draft.energy_wh / 1000:.2f} kWh")
    if draft.export_wh is not None:
        parts.append(f"export {draft.export_wh / 1000:.2f} kWh")
    if reading.frequency_chz:
        parts.append(f"{reading.frequency_chz / 100:.2f} Hz")
    if parts:
        yield " ".join(("total", ", ".join(parts)))


def _notes(draft, reading, source):
    yield from (f"note: {hint}" for hint in source.hints)
    if not _per_phase(draft):
        yield NO_SINGLE_PHASES
    elif not reading.directed:
        yield NO_DIRECTION


def _signed(value, digits):
    # Adding zero takes the sign off a zero.
    return f"{round(value, digits) + 0.0:+.{digits}f}"
