"""Passwords that are neither kept nor sent."""

from binascii import a2b_base64, hexlify

from checks import equal
from fairamp import scram

# The example of RFC 7677; its password "pencil", stretched with its salt in 4096 rounds.
SALT = "W22ZaJ0SNY7soEsUEjb6gQ=="
SALTED = "xKSVEDI6tPlSysH6mUQZOeeOp01r6B3fcJbodRPcYV0="
NONCE = "rOprNGfwEbeRWgbNEkqO"
BOTH = NONCE + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"


def test_the_example_of_the_standard():
    salted = a2b_base64(SALTED)
    value = scram.check_value(salted, SALT, 4096)
    count, salt, stored, server = scram.parts(value)
    equal((count, salt), (4096, SALT))
    signed = scram.message("user", NONCE, BOTH, salt, count)
    shown = scram.proof(salted, signed)
    equal(scram.text_of(shown), "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    assert scram.proves(shown, stored, signed)
    equal(scram.text_of(scram.hmac(server, signed)), "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")


def test_any_other_proof_is_wrong():
    salted = a2b_base64(SALTED)
    _, _, stored, _ = scram.parts(scram.check_value(salted, SALT, 4096))
    signed = scram.message("user", NONCE, BOTH, SALT, 4096)
    shown = scram.proof(salted, signed)
    for index in range(32):
        wrong = bytearray(shown)
        wrong[index] ^= 1
        assert not scram.proves(bytes(wrong), stored, signed), index
    for wrong in (b"", shown[:-1], shown + b"\0", bytes(32)):
        assert not scram.proves(wrong, stored, signed), wrong
    assert not scram.proves(shown, stored, signed + b"x")


def test_hmac_is_that_of_the_standard():
    found = scram.hmac(b"Jefe", b"what do ya want for nothing?")
    equal(hexlify(found), b"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")


def test_the_same_is_the_same_over_the_whole_length():
    assert scram.same(b"", b"") and scram.same(b"abc", b"abc")
    for other in (b"", b"ab", b"abcd", b"abd", b"xbc"):
        assert not scram.same(b"abc", other), other


def test_what_is_no_check_value():
    good = scram.check_value(b"s" * 32, SALT, 20000)
    assert scram.parts(good), good
    for wrong in (
        "",
        "secret",
        good[1:],
        good[:-4],
        good + "A",
        good.replace("20000", "x"),
        good.replace("20000", "0"),
        good.replace("$", ":"),
        good.replace("SCRAM-SHA-256", "SCRAM-SHA-1"),
        "$$",
        "SCRAM-SHA-256$1:a$b:c",
    ):
        equal((wrong, scram.parts(wrong)), (wrong, None))
