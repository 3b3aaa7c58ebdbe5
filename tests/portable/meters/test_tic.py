import gc

from checks import equal
from fairamp.meters.draft import Draft
from fairamp.meters.tic import Tic

MOST = 4096  # bytes without a frame

ALL = "ADCO 000000000001,OPTARIF BASE,ISOUSC 30,BASE 001234567,PTEC TH..,IINST1 007,IINST2 012,IINST3 000,"
THREE = ALL + "IMAX1 030,IMAX2 030,IMAX3 030,PMAX 06500,PAPP 04400,MOTDETAT 000000,PPOT 00"
ONE = "ADCO 000000000001,OPTARIF HC..,HCHC 012345678,HCHP 023456789,PTEC HP..,IINST 009,IMAX 030,PAPP 02080,HHPHC A"
ALARM = "ADIR2 033,ADCO 000000000001,IINST1 007,IINST2 033,IINST3 000"
STANDARD = (
    "ADSC 000000000002,VTIC 02,DATE E260714153001 ,LTARF _    HC  BLEU    ,EAST 001234567,EAIT 000045678,"
    "IRMS1 009,IRMS2 003,IRMS3 001,URMS1 231,URMS2 230,URMS3 232,PREF 12,PCOUP 12,SINSTS 03000,SINSTS1 02079,"
    "SINSTS2 00690,SINSTS3 00232,SMAXSN E260714081502 05120,SINSTI 00000,STGE 003A0301,PRM 00000000000000"
)
STANDARD_ONE = "ADSC 000000000002,EAST 001234567,EAIT 000045678,IRMS1 009,URMS1 231,SINSTS 02079,SINSTI 00000"

NONE = [None] * 3
FROM_THREE = (([7000, 12000, 0], NONE, NONE, 4400), (1234567, None, None, 3, 1000, False))
FROM_ONE = (([9000, None, None], NONE, NONE, 2080), (35802467, None, None, 1, 1000, False))
FROM_ALARM = (([7000, 33000, 0], NONE, NONE, None), (None, None, None, 3, 1000, True))
FROM_STANDARD = (
    ([9000, 3000, 1000], [231000, 230000, 232000], [2079, 690, 232], 3000),
    (1234567, 45678, None, 3, 1000, False),
)


def checked(body, standard):
    total = sum(body) + (9 if standard else 0)
    return b"\n" + body + (b"\t" if standard else b" ") + bytes([(total & 0x3F) + 0x20]) + b"\r"


def groups(text, standard):
    found = []
    for group in text.split(","):
        body = group.encode()
        if standard and b"_" in body:
            body = body.replace(b" _", b"\t ")
        elif standard:
            body = body.replace(b" ", b"\t")
        found.append(checked(body, standard))
    return found


def frame(text, standard=False):
    return b"\x02" + b"".join(groups(text, standard)) + b"\x03"


def standard(text):
    return frame(text, True)


def values(line):
    draft = Draft()
    line.fill(draft)
    return (
        (draft.current_ma, draft.voltage_mv, draft.power_w, draft.total_w),
        (draft.energy_wh, draft.export_wh, draft.stamp, draft.phases, draft.resolution_ma, draft.urgent),
    )


def heard(line, data, piece=100000):
    """What every good frame in there told, fed in pieces of so many bytes."""
    found = []
    start = 0
    while start < len(data):
        length = min(piece, len(data) - start)
        taken = line.feed(data, start, length)
        assert 0 < taken <= length
        assert taken == length or line.done
        start += taken
        if line.done:
            found.append(values(line))
    return found


def alone(data):
    line = Tic()
    found = heard(line, data)
    equal((len(found), line.problem), (1, ""))
    return found[0]


def test_three_phases_of_both_modes():
    equal(groups(ALARM, False)[0], b"\nADIR2 033 (\r")
    equal(groups(STANDARD, True)[2], b"\nDATE\tE260714153001\t\t<\r")
    line = Tic()
    equal(line.mode, "")
    equal(heard(line, frame(THREE)), [FROM_THREE])
    equal(line.mode, "historique")
    line = Tic()
    data = standard(STANDARD)
    line.feed(data, 0, 20)
    equal(line.mode, "")
    line.feed(data, 20, 10)
    equal(line.mode, "standard")
    equal(heard(line, data), [FROM_STANDARD])


def test_one_phase_of_both_modes():
    equal(alone(frame(ONE)), FROM_ONE)
    found = alone(standard(STANDARD_ONE))
    equal(found[0], ([9000, None, None], [231000, None, None], [2079, None, None], 2079))
    equal(found[1], (1234567, 45678, None, 1, 1000, False))


def test_export():
    # One phase: it is known which one.
    text = STANDARD_ONE.replace("02079", "00000").replace("SINSTI 00000", "SINSTI 02050")
    equal(alone(standard(text))[0], ([9000, None, None], [231000, None, None], [-2050, None, None], -2050))
    # Three phases: it is not, so none is believed to export. No power goes with such currents.
    text = STANDARD.replace("03000", "00000").replace("SINSTI 00000", "SINSTI 01500")
    line = Tic()
    found = heard(line, standard(text) * 2)
    equal([one[0] for one in found], [([9000, 3000, 1000], [231000, 230000, 232000], NONE, -1500)])


def test_an_alarm_counts_at_once():
    line = Tic()
    equal(heard(line, frame(THREE) + frame(ALARM) * 2 + frame(THREE)), [FROM_THREE] + [FROM_ALARM] * 2 + [FROM_THREE])
    equal(line.bad, 0)
    # The phase in alarm is told by either of two groups.
    found = alone(frame("ADIR3 045,ADCO 000000000001"))
    equal(found, (([None, None, 45000], NONE, NONE, None), (None, None, None, 3, 1000, True)))
    equal(alone(frame(ALARM.replace("IINST2 033", "IINST2 012")))[0][0], [7000, 33000, 0])


def test_a_check_may_be_a_space():
    for byte in range(32, 96):
        data = checked(b"OPTARIF H" + bytes([byte]), False)
        if data[-2:-1] == b" ":
            break
    equal(data[-3:], b"  \r")
    equal(alone(frame(ONE).replace(b"\x03", data + b"\x03")), FROM_ONE)


def test_any_pieces_tell_the_same():
    data = frame(THREE) + b"\x00noise\r\n" + frame(ALARM) + frame(THREE) + standard(STANDARD) * 3
    whole = heard(Tic(), data)
    equal(whole, [FROM_THREE, FROM_ALARM, FROM_THREE, FROM_STANDARD, FROM_STANDARD])
    for piece in (1, 2, 3, 7, 64, 128, 250):
        equal(heard(Tic(), data, piece), whole)


def test_parity_bits_do_not_matter():
    data = bytearray(frame(THREE))
    for at in range(0, len(data), 3):
        data[at] |= 0x80
    equal(alone(data), FROM_THREE)


def test_a_frame_ends_the_feed_and_is_done_until_the_next():
    line = Tic()
    data = frame(THREE) * 2
    equal(line.feed(data, 0, len(data)), len(data) // 2)
    assert line.done
    equal(line.feed(data, len(data) // 2, 5), 5)
    assert not line.done
    equal(values(line), FROM_THREE)


GOOD = frame(THREE)
IINST2 = b"\nIINST2 012 L\r"
BAD = (
    ("wrong check", GOOD.replace(b"012 L", b"012 M"), "the check is not 'L': '\\nIINST2 012 M'"),
    ("a changed digit", GOOD.replace(b"012 L", b"011 L"), "the check is not 'K'"),
    ("lower case", GOOD.replace(b"012 L", b"012 l"), "the check is not 'L'"),
    ("the other range", GOOD.replace(IINST2, b"\nIINST2\t012\tL\r"), "the check is not"),
    ("the other mode", GOOD.replace(IINST2, checked(b"IRMS2\t012", True)), "of the other mode"),
    ("other spaces", GOOD.replace(IINST2, b"\nIINST2_012_L\r"), "no group"),
    ("cut in a group", GOOD[:100], "is cut"),
    ("cut between groups", GOOD[: GOOD.index(IINST2)], "is cut"),
    ("cut before its end", GOOD[:-1], "is cut"),
    ("ended in a group", GOOD[:100] + b"\x03", "ends inside a group"),
    ("broken off", GOOD[: GOOD.index(IINST2)] + b"\x04", "broken off"),
    ("broken off and ended", GOOD[: GOOD.index(IINST2)] + b"\x04\n\r\x03", "broken off"),
    ("two starts", b"\x02" + GOOD[:120], "is cut"),
    ("a start in the middle", b"\x02" + GOOD[GOOD.index(IINST2) :], "no begin of a frame"),
    ("an end in the middle", GOOD[: GOOD.index(b"\nPAPP")] + b"\x03", "does not go with"),
    ("nothing in it", b"\x02\x03", "without groups"),
    ("no line feed", GOOD.replace(IINST2, IINST2[1:]), "no group"),
    ("no return", GOOD.replace(IINST2, IINST2[:-1]), "does not end"),
    ("doubled bytes", GOOD[:100] + GOOD[95:], "no group"),
    ("doubled group", GOOD.replace(IINST2, checked(b"IINST1 012", False)), "cannot use the group"),
    ("garbage between groups", GOOD.replace(IINST2, b"\xff\x81" + IINST2), "does not end"),
    ("NUL bytes between groups", GOOD.replace(IINST2, bytes(2) + IINST2), "does not end"),
    ("NUL bytes in a group", GOOD.replace(b"12 L", b"12\x00 L"), "no group"),
    ("4 kB in a group", GOOD.replace(b"012 L", b"0" * 4096 + b"12 L"), "4096 bytes without a whole frame"),
    ("a letter", GOOD.replace(IINST2, checked(b"IINST2 O12", False)), "cannot use the group '\\nIINST2 O12"),
    ("a sign", GOOD.replace(IINST2, checked(b"IINST2 -12", False)), "cannot use"),
    ("nothing told", GOOD.replace(IINST2, checked(b"IINST2 ", False)), "cannot use"),
    ("too many digits", GOOD.replace(IINST2, checked(b"IINST2 0012", False)), "cannot use"),
    ("huge", GOOD.replace(IINST2, checked(b"IINST2 " + b"9" * 60, False)), "cannot use"),
    ("a short group", GOOD.replace(IINST2, b"\nI 2\r"), "no group"),
    ("an empty group", GOOD.replace(IINST2, b"\n\r"), "no group"),
    ("an alarm with a bad group", frame(ALARM).replace(b"007 O", b"006 O"), "the check is not 'N'"),
)


def test_bad_frames_tell_nothing_and_cost_no_good_one():
    for what, data, why in BAD:
        for piece in (1000000, 1):
            line = Tic()
            equal((what, heard(line, data, piece)), (what, []))
            equal(values(line), values(Tic()))
            found = heard(line, GOOD, piece)
            equal((what, found), (what, [FROM_THREE]))
            assert why in line.problem and line.bad, what + ": " + line.problem


def is_part(found, told):
    """Nothing in there is wrong, but something may be missing."""
    if isinstance(told, (list, tuple)):
        return all(is_part(one, other) for one, other in zip(found, told))
    return found is None or found == told


def test_no_changed_byte_changes_a_value():
    for data, told in ((GOOD, FROM_THREE), (standard(STANDARD), FROM_STANDARD), (frame(ALARM), FROM_ALARM)):
        for at in range(len(data)):
            for flip in (1, 2, 4, 8, 16, 32, 64, 0x07, 0x09, 0x0F, 0x30):
                wrong = bytearray(data)
                wrong[at] ^= flip
                for found in heard(Tic(), wrong):
                    assert is_part(found, told), bytes(wrong)


def test_a_label_that_is_none_spoils_the_frame():
    # Its check does not see the highest bit of a byte: I becomes a tabulator, 1 becomes q.
    for data in (GOOD, standard(STANDARD)):
        naming = False
        for at in range(len(data)):
            naming = (naming or data[at - 1] == 10) and data[at] not in b" \t\x03"
            if naming:
                wrong = bytearray(data)
                wrong[at] ^= 64
                equal(heard(Tic(), wrong), [])


def test_the_start_in_the_middle_is_no_mistake():
    line = Tic()
    equal(heard(line, GOOD[100:] + GOOD), [FROM_THREE])
    equal(line.bad, 0)


def test_a_leap_needs_the_power_or_a_second_frame():
    # 7 A and 16 A have the same check.
    leap = GOOD.replace(b"IINST1 007", b"IINST1 016")
    equal(len(leap), len(GOOD))
    line = Tic()
    equal(heard(line, GOOD + leap + GOOD), [FROM_THREE, FROM_THREE])
    equal((line.bad, "leap of the current" in line.problem), (1, True))
    equal(heard(Tic(), leap + GOOD), [FROM_THREE])
    found = heard(line, leap * 2)
    equal([one[0][0] for one in found], [[16000, 12000, 0]])
    # With the power that belongs to it, it counts at once.
    line = Tic()
    found = heard(line, GOOD + frame(THREE.replace("IINST1 007", "IINST1 016").replace("04400", "06500")))
    equal(([one[0][0] for one in found], line.bad), ([[7000, 12000, 0], [16000, 12000, 0]], 0))
    # A house that exports tells currents without a power: small changes need no proof.
    line = Tic()
    sun = ONE.replace("02080", "00000")
    equal(len(heard(line, frame(sun) * 3)), 2)
    equal(heard(line, frame(sun.replace("IINST 009", "IINST 011")))[0][0][0], [11000, None, None])


def test_a_leap_in_standard_mode():
    good = standard(STANDARD)
    # Each of them keeps the check of its group.
    for old, new in ((b"IRMS1\t009", b"IRMS1\t018"), (b"SINSTS1\t02079", b"SINSTS1\t09072"), (b"\t231", b"\t132")):
        wrong = good.replace(old, new)
        assert wrong != good
        line = Tic()
        equal(heard(line, good + wrong + good), [FROM_STANDARD] * 2)
        equal(line.bad, 1)
    good = standard(STANDARD_ONE)
    wrong = standard(STANDARD_ONE.replace("SINSTI 00000", "SINSTI 00001"))
    equal([one[0][3] for one in heard(Tic(), good + wrong + good)], [2079, 2079])


def test_lost_groups_and_leaps_of_energy_need_a_second_frame():
    lost = GOOD.replace(IINST2, b"")
    line = Tic()
    equal(heard(line, GOOD + lost + GOOD), [FROM_THREE] * 2)
    assert "other groups" in line.problem
    equal([one[0][0] for one in heard(line, lost * 2)], [[7000, None, 0]])
    leap = GOOD.replace(b"001234567", b"010234567")
    line = Tic()
    equal(heard(line, GOOD + leap + GOOD), [FROM_THREE] * 2)
    assert "energy" in line.problem
    equal([one[1][0] for one in heard(line, leap * 2)], [10234567])


def test_endless_noise_is_told_and_ends_with_the_next_frame():
    line = Tic()
    for noise in (b"x", b"\r", b"\n", b"\x00\xff", b"\x02", b"\x03", b"\n\r\x02", b"abc \r"):
        count = line.bad
        equal(heard(line, b"\x02\n"), [])
        for _ in range(MOST // 32):
            equal(heard(line, noise * 64), [])
        assert line.bad > count, noise
        equal(heard(line, b"\x03" + GOOD), [FROM_THREE])
    line = Tic()
    equal(heard(line, b"x" * (MOST + 200)), [])
    equal((line.bad, "speed" in line.problem), (1, True))


def test_a_frame_leaves_no_garbage():
    if not hasattr(gc, "mem_alloc"):
        return
    draft = Draft()

    def left(line, data, rounds):
        gc.collect()
        gc.disable()
        try:
            before = gc.mem_alloc()
            for _ in range(rounds):
                line.feed(data, 0, len(data))
                line.fill(draft)
            return gc.mem_alloc() - before
        finally:
            gc.enable()

    for data in (GOOD, frame(ALARM), standard(STANDARD)):
        line = Tic()
        left(line, data, 1)
        equal(left(line, data, 20), 0)
        equal(line.bad, 0)


def contract(line):
    draft = Draft()
    line.fill(draft)
    return draft.contract_ma


def subscribed(line, data):
    """What is subscribed, in mA per phase, after these frames."""
    heard(line, data)
    return contract(line)


def test_the_subscribed_power_of_both_modes():
    equal(subscribed(Tic(), frame(THREE)), 30000)
    equal(subscribed(Tic(), frame(ONE)), None)
    # 12 kVA on three phases, and on one.
    equal(subscribed(Tic(), standard(STANDARD)), 20000)
    equal(subscribed(Tic(), standard(STANDARD_ONE + ",PREF 12,PCOUP 12")), 60000)
    # The supply is cut off at less; and what is not told does not count.
    equal(subscribed(Tic(), standard(STANDARD_ONE + ",PREF 09,PCOUP 06")), 30000)
    equal(subscribed(Tic(), standard(STANDARD_ONE + ",PREF 06,PCOUP 09")), 30000)
    equal(subscribed(Tic(), standard(STANDARD_ONE + ",PREF 00,PCOUP 00")), None)
    # An alarm says nothing of it.
    equal(subscribed(Tic(), frame(THREE) + frame(ALARM)), None)


def test_another_subscribed_power_is_believed_when_it_is_told_twice():
    """Two wrong bytes that cancel out must not lift the limit of a house."""
    line = Tic()
    more = frame(THREE.replace("ISOUSC 30", "ISOUSC 60"))
    equal(subscribed(line, frame(THREE) + more), 30000)
    assert "subscribed power" in line.problem, line.problem
    equal(subscribed(line, more), 60000)
