from checks import equal
from fairamp.modbus import frames

READ_TEN = bytes.fromhex("01030000000ac5cd")


def test_crc_of_the_specification():
    # The example of the Modbus serial line guide, appendix B: 02 07 has the check sum 41 12 on the line.
    equal(frames.crc16(bytes([2, 7]), 0, 2), 0x1241)


def test_a_good_frame_is_sealed_and_any_changed_byte_shows():
    assert frames.sealed(READ_TEN, 0, 8)
    for index in range(8):
        bad = bytearray(READ_TEN)
        bad[index] ^= 0x10
        assert not frames.sealed(bad, 0, 8)


def test_seal_writes_low_byte_first():
    frame = bytearray(READ_TEN)
    frame[6] = frame[7] = 0
    equal(frames.seal(frame, 6), 8)
    equal(bytes(frame), READ_TEN)


def test_numbers_beyond_16_bits_are_masked():
    out = bytearray(2)
    frames.put16(out, 0, 70000)
    equal(frames.get16(out, 0), 70000 & 0xFFFF)
    frames.put16(out, 0, -1)
    equal(frames.get16(out, 0), 0xFFFF)


def test_lengths_are_known_as_soon_as_the_bytes_are_there():
    write = bytes.fromhex("01100000000204000a01020000")
    equal(frames.request_length(write, 0, 1), 0)
    equal(frames.request_length(write, 0, 6), 0)
    equal(frames.request_length(write, 0, 7), 13)
    equal(frames.request_length(READ_TEN, 0, 2), 8)
    equal(frames.request_length(bytes([1, 99]), 0, 2), -1)
    equal(frames.reply_length(bytes([1, 0x83, 2]), 0, 3), 5)
    equal(frames.reply_length(bytes([1, 3, 20]), 0, 3), 25)
