"""Who may change settings over the network."""

from binascii import unhexlify

from logging_in import SALTED, log_in, owner_and_installer

from checks import equal
from fairamp import scram
from fairamp.access import FORGIVEN_S, IDLE_S, MOST, MOST_WRONG, Access
from fairamp.settings import Settings
from fairamp.settings.kinds import INSTALLER, OWNER


def made(**given):
    settings = Settings()
    equal(settings.load({"web": given or owner_and_installer()}, "test"), [])
    return Access(settings), settings


def test_two_steps_give_a_token_and_the_box_proves_itself():
    access, _ = made()
    for user, role in (("owner", OWNER), ("installer", INSTALLER)):
        found = log_in(access, user)
        equal((found["role"], len(found["token"])), (user, 32))
        equal(access.role(100, unhexlify(found["token"])), role)
        equal(found["proof"], found["wanted"])


def test_the_wrong_password_and_the_password_of_the_other_are_wrong():
    access, _ = made()
    equal(log_in(access, "owner", b"x" * 32), None)
    equal(log_in(access, "owner", SALTED["installer"]), None)
    equal(log_in(access, "nobody"), None)
    equal(log_in(made(password=owner_and_installer()["password"])[0], "installer"), None)


def test_a_step_counts_once_and_only_for_its_own_nonce():
    access, _ = made()
    first = access.begin("owner", "abc", b"1" * 16)
    signed = scram.message("owner", "abc", first["nonce"], first["salt"], first["count"])
    proof = scram.proof(SALTED["owner"], signed)
    equal(access.finish(0, first["nonce"] + "x", proof, b"t" * 16), None)
    equal(access.finish(0, "", proof, b"t" * 16), None)
    assert access.finish(0, first["nonce"], proof, b"t" * 16)
    equal(access.finish(0, first["nonce"], proof, b"t" * 16), None)
    # A proof that somebody has overheard is none for the next log-in.
    again = access.begin("owner", "abc", b"2" * 16)
    equal(access.finish(0, again["nonce"], proof, b"t" * 16), None)
    for nonce in ("", "a,b", "x" * 65):
        equal(access.begin("owner", nonce, b"3" * 16), None)


def test_who_does_nothing_for_half_an_hour_has_to_log_in_again():
    access, _ = made()
    token = unhexlify(log_in(access, "owner", now_s=50)["token"])
    equal(access.role(50 + IDLE_S, token), OWNER)
    equal(access.role(50 + 2 * IDLE_S, token), OWNER)
    equal(access.role(51 + 3 * IDLE_S, token), 0)
    # Also where the milliseconds of the box have rolled over meanwhile.
    equal(access.role(20 * 86400, token), 0)


def test_four_are_remembered_and_the_oldest_has_to_come_again():
    access, _ = made()
    tokens = [unhexlify(log_in(access, "owner", random=bytes([number]) * 16)["token"]) for number in range(MOST + 1)]
    equal([access.role(1, token) for token in tokens], [0] + [OWNER] * MOST)
    for wrong in (b"", tokens[1][:-1], tokens[1] + b"x", bytes(16)):
        equal(access.role(1, wrong), 0)


def test_a_new_password_ends_what_was_begun_with_the_old_one():
    access, settings = made()
    owner, installer = [
        unhexlify(log_in(access, user, random=user.encode() + b"..............."[: 16 - len(user)])["token"])
        for user in ("owner", "installer")
    ]
    equal((access.role(1, owner), access.role(1, installer)), (OWNER, INSTALLER))
    equal(settings.change({"web": {"password": scram.check_value(b"n" * 32, "AAAA", 9)}}, OWNER), ([], []))
    equal((access.role(1, owner), access.role(1, installer)), (0, INSTALLER))


def test_wrong_tries_are_counted_and_one_a_minute_is_forgiven():
    access, _ = made()
    equal([access.is_wrong(1000) for _ in range(MOST_WRONG)], [False] * (MOST_WRONG - 1) + [True])
    equal(access.is_wrong(1000 + FORGIVEN_S), True)
    equal(access.is_wrong(1000 + 3 * FORGIVEN_S), False)
    for _ in range(1000):
        access.is_wrong(2000)
    # However many there were, within half an hour it is forgotten.
    equal(access.is_wrong(2000 + 20 * FORGIVEN_S), False)
    # The right one always passes.
    for _ in range(50):
        access.is_wrong(4000)
    assert log_in(access, "owner")


def test_a_password_itself_is_never_kept():
    settings = Settings()
    (error,) = settings.load({"web": {"password": "secret12"}}, "file")
    assert error.startswith("file: [web] password: no check value, and a password itself is never kept"), error
    assert "secret12" not in error, error
    assert settings["web.password"] == ""
