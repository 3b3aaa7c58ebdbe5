"""P1 telegrams as the standards describe them, for tests."""

WHOLE, FINE = "%03d", "%06.2f"


def crc(data):
    """After the polynomial, bit by bit."""
    total = 0
    for byte in data:
        total ^= byte
        for _ in range(8):
            total = total >> 1 ^ (0xA001 if total & 1 else 0)
    return total


def p1_telegram(rand, version, phases):
    """A telegram as the standards describe it, with everything random."""
    lines = ["/DEM5WALLBOX-TEST", ""]
    if version in ("42", "50"):
        lines.append(f"1-3:0.2.8({version})")
    if version == "BE":
        lines.append("0-0:96.1.4(50217)")
    if version != "22":
        time = "".join(f"{rand.randrange(1, 28):02d}" for _ in range(3)) + f"{rand.randrange(235959):06d}"
        lines.append(f"0-0:1.0.0({time}{rand.choice('SW')})")
    lines.append(f"0-0:96.1.1({rand.randbytes(17).hex().upper()})")
    energy = "%09.3f" if version == "22" else "%010.3f"
    for name in ("1.8.1", "1.8.2", "2.8.1", "2.8.2"):
        lines.append(f"1-0:{name}({energy % rand.uniform(0, 99999)}*kWh)")
    lines.append("0-0:96.14.0(0002)")
    if version == "BE":
        lines.append("0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)" + "(230701000000S)(230601003000S)(02.680*kW)")
    kilowatt = "%07.2f" if version == "22" else "%06.3f"
    for name in ("1.7.0", "2.7.0"):
        lines.append(f"1-0:{name}({kilowatt % rand.uniform(0, 20)}*kW)")
    if version != "22":
        lines += [f"1-0:{name}.32.0(00002)" for name in (32, 52, 72)[:phases]]
        lines.append("0-0:96.13.0(" + rand.randbytes(rand.choice((0, 0, 30, 500))).hex().upper() + ")")
    form = FINE if version == "BE" else WHOLE
    for phase in range(phases if version != "22" else 0):
        imported, exported = rand.choice(((rand.uniform(0, 9), 0), (0, rand.uniform(0, 9))))
        if version != "42":
            lines.append(f"1-0:{32 + 20 * phase}.7.0({rand.uniform(200, 250):05.1f}*V)")
        lines.append(f"1-0:{31 + 20 * phase}.7.0({form % rand.uniform(0, 40)}*A)")
        lines.append(f"1-0:{21 + 20 * phase}.7.0({imported:06.3f}*kW)")
        lines.append(f"1-0:{22 + 20 * phase}.7.0({exported:06.3f}*kW)")
    lines.append("0-1:24.1.0(003)")
    data = ("\r\n".join(lines) + "\r\n!").encode()
    return data + (b"" if version == "22" else b"%04X" % crc(data)) + b"\r\n"
