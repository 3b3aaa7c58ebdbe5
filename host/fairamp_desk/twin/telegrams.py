"""What the utility's meter sends by itself: P1 and TIC telegrams of a simulated house."""

from fairamp.clock.calendar import date
from fairamp_desk.twin.meters import SimulatedMeter

PHASES = (("31", "32", "21", "22"), ("51", "52", "41", "42"), ("71", "72", "61", "62"))


def p1(meter: SimulatedMeter) -> bytes:
    """A telegram as SMR 5 has it."""
    total = meter.total()
    lines = [
        "/FAI5SIMULATED-HOUSE",
        "",
        "1-3:0.2.8(50)",
        f"0-0:1.0.0({_stamp(meter)}W)",
        f"1-0:1.8.1({meter.kwh:010.3f}*kWh)",
        "1-0:1.8.2(000000.000*kWh)",
        f"1-0:2.8.1({meter.kwh_out:010.3f}*kWh)",
        "1-0:2.8.2(000000.000*kWh)",
        "0-0:96.14.0(0002)",
        f"1-0:1.7.0({max(0.0, total) / 1000:06.3f}*kW)",
        f"1-0:2.7.0({max(0.0, -total) / 1000:06.3f}*kW)",
    ]
    for phase, (amps, volts, import_kw, export_kw) in enumerate(PHASES):
        watts = meter.watts(phase)
        lines += [
            f"1-0:{volts}.7.0({meter.volts[phase]:05.1f}*V)",
            f"1-0:{amps}.7.0({abs(meter.amps[phase]):03.0f}*A)",
            f"1-0:{import_kw}.7.0({max(0.0, watts) / 1000:06.3f}*kW)",
            f"1-0:{export_kw}.7.0({max(0.0, -watts) / 1000:06.3f}*kW)",
        ]
    body = "\r\n".join([*lines, "!"]).encode()
    return body + f"{_crc(body):04X}\r\n".encode()


def tic(meter: SimulatedMeter) -> bytes:
    """A frame of the standard mode, three phases."""
    total = round(meter.total())
    groups = [
        ("ADSC", "000000000001"),
        ("VTIC", "02"),
        ("DATE", f"H{_stamp(meter)}\t"),
        ("EAST", f"{round(1000 * meter.kwh):09d}"),
        ("EAIT", f"{round(1000 * meter.kwh_out):09d}"),
        *[(f"IRMS{phase + 1}", f"{abs(meter.amps[phase]):03.0f}") for phase in range(3)],
        *[(f"URMS{phase + 1}", f"{meter.volts[phase]:03.0f}") for phase in range(3)],
        ("PREF", "36"),
        ("SINSTS", f"{max(0, total):05d}"),
        *[(f"SINSTS{phase + 1}", f"{max(0, round(meter.watts(phase))):05d}") for phase in range(3)],
        ("SINSTI", f"{max(0, -total):05d}"),
    ]
    frame = b"\x02"
    for label, data in groups:
        text = f"{label}\t{data}\t".encode()
        frame += b"\n" + text + bytes([(sum(text) & 0x3F) + 0x20]) + b"\r"
    return frame + b"\x03"


def _stamp(meter: SimulatedMeter) -> str:
    """YYMMDDhhmmss"""
    return "".join(f"{part % 100:02d}" for part in date(meter.since + meter.seconds()))


def _crc(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
