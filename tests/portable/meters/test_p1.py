import gc

from checks import equal
from fairamp.meters.draft import Draft
from fairamp.meters.p1 import P1
from fairamp.modbus.frames import crc16

LINE = 64  # bytes that are kept of a line
MOST = 8192  # bytes without a telegram

SMR5 = """/DEM5WALLBOX-TEST

1-3:0.2.8(50)
0-0:1.0.0(260714153001S)
0-0:96.1.1(44454D4F30303031)
1-0:1.8.1(000123.456*kWh)
1-0:1.8.2(000234.567*kWh)
1-0:2.8.1(000045.678*kWh)
1-0:2.8.2(000056.789*kWh)
0-0:96.14.0(0002)
1-0:1.7.0(00.740*kW)
1-0:2.7.0(00.000*kW)
1-0:32.7.0(231.2*V)
1-0:52.7.0(230.4*V)
1-0:72.7.0(231.0*V)
1-0:31.7.0(005*A)
1-0:51.7.0(003*A)
1-0:71.7.0(001*A)
1-0:21.7.0(01.150*kW)
1-0:41.7.0(00.000*kW)
1-0:61.7.0(00.230*kW)
1-0:22.7.0(00.000*kW)
1-0:42.7.0(00.640*kW)
1-0:62.7.0(00.000*kW)
!"""
DSMR2 = """/ISk5\\2MT382-1004

0-0:96.1.1(00000000000000)
1-0:1.8.1(00001.001*kWh)
1-0:1.8.2(00002.002*kWh)
1-0:2.8.1(00000.003*kWh)
1-0:2.8.2(00000.000*kWh)
0-0:96.14.0(0001)
1-0:1.7.0(0001.01*kW)
1-0:2.7.0(0000.00*kW)
0-0:17.0.0(0999.00*kW)
0-1:24.3.0(161107190000)(00)(60)(1)(0-1:24.2.1)(m3)
(00001.001)
!"""
BELGIAN = """/FLU5\\253770234_A

0-0:96.1.4(50217)
0-0:1.0.0(240904223307S)
1-0:1.8.1(000328.928*kWh)
1-0:1.8.2(000312.703*kWh)
1-0:2.8.1(000000.035*kWh)
1-0:2.8.2(000000.000*kWh)
0-0:98.1.0(2)(1-0:1.6.0)(1-0:1.6.0)(230701000000S)(230601003000S)(02.680*kW)(230801000000S)(230731200000S)(02.099*kW)
1-0:1.7.0(00.000*kW)
1-0:2.7.0(00.247*kW)
1-0:32.7.0(238.7*V)
1-0:31.7.0(001.21*A)
!"""
FROM_SMR5 = (
    ([4974, 2777, 995], [231200, 230400, 231000], [1150, -640, 230], 740),
    (358023, 102467, 14153001, 3, 1000),
)


def lines(text):
    return text.replace("\n", "\r\n").encode()


def telegram(text):
    """With the check sum that belongs to it."""
    data = lines(text)
    return data + b"%04X\r\n" % crc16(data, 0, len(data), 0)


def with_line(text, name, line):
    """Another line in place of the one that begins so."""
    at = text.index(name + "(")
    return text[:at] + line + text[text.index("\n", at) :]


def values(port):
    draft = Draft()
    draft.urgent = True  # whatever was there goes
    port.fill(draft)
    assert not draft.urgent
    return (
        (draft.current_ma, draft.voltage_mv, draft.power_w, draft.total_w),
        (draft.energy_wh, draft.export_wh, draft.stamp, draft.phases, draft.resolution_ma),
    )


def heard(port, data, piece=100000):
    """What every good telegram in there told, fed in pieces of so many bytes."""
    found = []
    start = 0
    while start < len(data):
        length = min(piece, len(data) - start)
        taken = port.feed(data, start, length)
        assert 0 < taken <= length
        assert taken == length or port.done
        start += taken
        if port.done:
            found.append(values(port))
    return found


def alone(data):
    port = P1()
    found = heard(port, data)
    equal((len(found), port.problem), (1, ""))
    return found[0]


def test_three_phases_of_which_one_exports():
    data = lines(SMR5) + b"DDDF\r\n"
    equal(telegram(SMR5), data)
    equal(alone(data), FROM_SMR5)


def test_one_phase_without_a_voltage():
    data = lines(
        "/DEM4WALLBOX-TEST\n\n1-3:0.2.8(42)\n0-0:1.0.0(260114080010W)\n1-0:1.8.1(000010.000*kWh)\n"
        "1-0:2.8.1(000000.000*kWh)\n1-0:1.7.0(04.560*kW)\n1-0:2.7.0(00.000*kW)\n1-0:31.7.0(020*A)\n"
        "1-0:21.7.0(04.560*kW)\n1-0:22.7.0(00.000*kW)\n!FFA9\n"
    )
    amperes = [19826, None, None]  # 4560 W at 230 V, and more than the 20 A less a half
    equal(alone(data), ((amperes, [None] * 3, [4560, None, None], 4560), (10000, 0, 14080010, 1, 1000)))


def test_watts_and_watt_hours():
    text = SMR5
    for line in SMR5.split("\n"):
        if line.endswith(("*kW)", "*kWh)")):
            name, number = line[:-1].split("(")
            number, unit = number.split("*")
            # Nine digits, as a Sagemcom T210-D-r sends them.
            text = text.replace(line, name + "(" + ("000000000" + number.replace(".", ""))[-9:] + "*" + unit[1:] + ")")
    assert "1-0:1.8.1(000123456*Wh)" in text and "1-0:1.7.0(000000740*W)" in text
    equal(alone(telegram(text)), FROM_SMR5)
    most = with_line(text, "1-0:1.8.1", "1-0:1.8.0(999999999*Wh)")
    equal(alone(telegram(most))[1][0], 999999999)


def test_reactive_load_shows_in_whole_amperes():
    text = with_line(SMR5, "1-0:71.7.0", "1-0:71.7.0(009*A)")
    equal(alone(telegram(text))[0][0], [4974, 2777, 8500])
    text = with_line(SMR5, "1-0:71.7.0", "1-0:71.7.0(000*A)")
    equal(alone(telegram(text))[0][0], [4974, 2777, 995])


def test_fine_amperes_are_taken_as_they_are():
    text = SMR5.replace("(005*A)", "(000.48*A)").replace("(003*A)", "(002.77*A)").replace("(001*A)", "(1.00*A)")
    found = alone(telegram(text))
    equal((found[0][0], found[1][4]), ([480, 2770, 1000], 10))


def test_a_one_phase_meter_needs_no_power_per_phase():
    found = alone(telegram(BELGIAN))
    equal(found, (([1210, None, None], [238700, None, None], [-247, None, None], -247), (641631, 35, 4223307, 1, 10)))


def test_a_total_counts_more_than_the_tariffs():
    text = SMR5.replace("1-0:1.8.1(000123", "1-0:1.8.0(000500.000*kWh)\n1-0:1.8.1(000123")
    equal(alone(telegram(text))[1][0], 500000)


def test_what_is_not_told_stays_so():
    text = with_line(SMR5, "1-0:51.7.0", "0-0:96.13.0()")
    found = alone(telegram(text))
    equal((found[0][0], found[1][3]), ([4974, None, 995], 3))
    found = alone(telegram("/DEM5\n\n!"))
    equal(found, (([None] * 3, [None] * 3, [None] * 3, None), (None, None, None, 1, 1)))
    equal(values(P1()), found)
    found = alone(telegram(with_line(SMR5, "0-0:1.0.0", "0-0:1.0.0(??)")))
    equal(found[1][2], None)


def test_meters_without_check_sums():
    none = [None] * 3
    data = lines(DSMR2) + b"\r\n"
    equal(alone(data), ((none, none, none, 1010), (3003, 3, None, 1, 1)))
    # With a parity bit, as read on a line that was not told so.
    odd = bytearray(data)
    for at in range(len(odd)):
        odd[at] |= 0x80 if at % 3 else 0
    equal(alone(odd), alone(data))
    port = P1()
    equal(len(heard(port, data + telegram(SMR5) + data)), 2)
    equal((port.bad, port.problem), (1, "the check sum is missing"))


def test_any_pieces_tell_the_same():
    data = lines(DSMR2) + b"\r\n" + telegram(SMR5) + b"\x00noise" + telegram(BELGIAN) + telegram(SMR5)
    whole = heard(P1(), data)
    equal(len(whole), 4)
    equal((whole[1], whole[3]), (FROM_SMR5, FROM_SMR5))
    for piece in (1, 2, 3, 7, 64, 65, 250):
        equal(heard(P1(), data, piece), whole)


def test_a_telegram_ends_the_feed_and_is_done_until_the_next():
    port = P1()
    data = telegram(SMR5) * 2
    equal(port.feed(data, 0, len(data)), len(data) // 2)
    assert port.done
    equal(port.feed(data, len(data) // 2, 5), 5)
    assert not port.done
    equal(values(port), FROM_SMR5)
    # The second one was fed but for its last byte.
    port.feed(data, 5 + len(data) // 2, len(data) // 2 - 6)
    assert not port.done
    equal(port.feed(data, len(data) - 1, 1), 1)
    assert port.done


def test_check_sums_are_compared_as_numbers():
    # A telegram whose check sum begins with a zero; some meters leave that out.
    for number in range(1000):
        data = telegram(with_line(SMR5, "1-0:1.8.1", "1-0:1.8.1(%06d.000*kWh)" % number))
        if data[-6:-5] == b"0":
            break
    assert data[-6:-5] == b"0"
    short = data[:-6] + data[-5:]
    equal(alone(short), alone(data))
    equal(alone(lines(SMR5) + b"dddf\r\n"), FROM_SMR5)


def changed(old, new):
    """A telegram with a check sum that is right, and a line that is not."""
    return telegram(SMR5.replace(old, new))


GOOD = telegram(SMR5)
BAD = (
    ("wrong check sum", lines(SMR5) + b"DDDE\r\n", "check sum is 'DDDE', calculated DDDF"),
    ("a changed digit", GOOD.replace(b"(005*A)", b"(004*A)"), "calculated"),
    ("no check sum", lines(SMR5) + b"\r\n", "the check sum is missing"),
    ("no check sum and no standard", lines(SMR5.replace("1-3:0.2.8", "1-3:0.2.9")) + b"\r\n", "is missing"),
    ("Belgian without check sum", lines(BELGIAN) + b"\r\n", "the check sum is missing"),
    ("letters that are no digits", lines(SMR5) + b"DDGF\r\n", "check sum is 'DDGF'"),
    ("five digits", lines(SMR5) + b"0DDDF\r\n", "check sum is '0DDDF'"),
    ("a space behind", lines(SMR5) + b"DDDF \r\n", "check sum is 'DDDF '"),
    ("cut inside a line", GOOD[:200], "is cut"),
    ("cut between lines", GOOD[: GOOD.index(b"1-0:31")], "is cut"),
    ("cut before the check sum", GOOD[: GOOD.index(b"!")], "is cut"),
    ("cut inside the check sum", GOOD[:-4], "is cut"),
    ("two starts", b"/DEM5WALL" + GOOD[:40] + GOOD[:100], "is cut"),
    ("doubled bytes", GOOD[:100] + GOOD[80:], "calculated"),
    ("a line is missing", GOOD.replace(b"1-0:51.7.0(003*A)\r\n", b""), "calculated"),
    ("NUL bytes", GOOD[:150] + bytes(3) + GOOD[150:], "calculated"),
    ("garbage inside", GOOD[:150] + b"\xff\x81\n\r\n!\n" + GOOD[150:], "check sum is missing"),
    ("4 kB in a line", GOOD[:100] + b"5" * 4096 + GOOD[100:], "calculated"),
    ("a line feed is lost", GOOD.replace(b"(003*A)\r\n", b"(003*A)"), "calculated"),
    ("milliamperes", changed("005*A", "005*mA"), "cannot use the line '1-0:31.7.0(005*mA)'"),
    ("watts with a point", changed("01.150*kW", "01150.0*W"), "cannot use the line '1-0:21.7.0(01150.0*W)'"),
    ("watt hours of a power", changed("01.150*kW", "01150*Wh"), "cannot use the line '1-0:21.7.0(01150*Wh)'"),
    ("megawatts", changed("01.150*kW", "01150*MW"), "cannot use"),
    ("no unit", changed("005*A", "005"), "cannot use"),
    ("no number", changed("(005*A)", "(*A)"), "cannot use"),
    ("nothing", changed("(005*A)", "()"), "cannot use"),
    ("a letter", changed("005*A", "0O5*A"), "cannot use"),
    ("a sign", changed("01.150", "-1.150"), "cannot use"),
    ("two points", changed("01.150", "01.1.0"), "cannot use"),
    ("a point first", changed("01.150", ".150"), "cannot use"),
    ("a point last", changed("005*A", "005.*A"), "cannot use"),
    ("too fine", changed("005*A", "005.0000*A"), "cannot use"),
    ("huge", changed("01.150", "1234567.000"), "cannot use"),
    ("huge without a point", changed("005*A", "99999999999999999999*A"), "cannot use"),
    ("more brackets", changed("(005*A)", "(005*A)(6)"), "cannot use"),
    ("no bracket", changed("(005*A)", "(005*A"), "cannot use"),
    ("told twice", changed("1-0:71.7.0(001", "1-0:31.7.0(001"), "cannot use the line '1-0:31.7.0(001*A)'"),
)


def test_bad_telegrams_tell_nothing_and_cost_no_good_one():
    for what, data, why in BAD:
        for piece in (1000000, 1):
            port = P1()
            equal((what, heard(port, data, piece)), (what, []))
            equal(values(port), values(P1()))
            found = heard(port, GOOD, piece)
            equal((what, found), (what, [FROM_SMR5]))
            assert why in port.problem and port.bad, what + ": " + port.problem


def test_the_start_in_the_middle_is_no_mistake():
    port = P1()
    equal(heard(port, GOOD[100:] + GOOD), [FROM_SMR5])
    equal(port.bad, 0)


def test_long_lines_count_for_the_check_sum():
    for size in (LINE - 1, LINE, LINE + 1, 2 * LINE, 2 * LINE + 1, 2100):
        name = "0-0:96.13.0("
        line = name + "3" * (size - len(name) - 3) + ")"
        text = with_line(SMR5, "0-0:96.14.0", line)
        assert line in text
        equal(alone(telegram(text)), FROM_SMR5)


def test_the_rest_of_a_long_line_is_no_line():
    for rest in ("1-0:31.7.0(099*A)", "!0000", "!"):
        name = "0-0:96.13.0("
        text = with_line(SMR5, "0-0:96.14.0", name + "3" * (LINE - len(name)) + rest)
        equal(alone(telegram(text)), FROM_SMR5)


def test_endless_noise_is_told_and_ends_with_the_next_telegram():
    port = P1()
    noise = bytes(range(256)) * 8
    for _ in range(5):
        equal(heard(port, noise), [])
    assert port.bad and "inverted" in port.problem
    count = port.bad
    equal(heard(port, b"/DEM5\r\n" + b"x" * MOST), [])
    equal((port.bad, "does not end" in port.problem), (count + 1, True))
    equal(heard(port, GOOD), [FROM_SMR5])
    # Slashes in noise begin no telegram.
    equal(heard(port, b"/\x00\x01/abc/\r\n//ab5\r\n" * 300 + GOOD), [FROM_SMR5])
    equal(port.bad, count + 1)


def test_a_telegram_leaves_no_garbage():
    if not hasattr(gc, "mem_alloc"):
        return
    port = P1()
    draft = Draft()

    def left(rounds):
        gc.collect()
        gc.disable()
        try:
            before = gc.mem_alloc()
            for _ in range(rounds):
                port.feed(GOOD, 0, len(GOOD))
                port.fill(draft)
            return gc.mem_alloc() - before
        finally:
            gc.enable()

    left(1)
    equal(left(20), 0)
    equal(port.bad, 0)
