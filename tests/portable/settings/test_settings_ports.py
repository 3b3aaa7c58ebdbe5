"""Two that listen at one port, where the second would never get it, and peers that could never connect."""

from checks import equal
from fairamp.settings import Settings
from fairamp.settings.kinds import INSTALLER


def test_one_port_for_two_is_refused_in_a_file():
    errors = Settings().load({"ems": {"alfen_port": 502}, "web": {"port": 502}}, "box")
    texts = ("[ems] alfen_port: port 502 is that of [ems] teltocharge_port", "[web] port: port 502 is that of")
    equal(len(errors), len(texts))
    for error, text in zip(errors, texts):
        assert text in error, error
    equal(Settings().load({"ems": {"alfen_port": 0, "vestel_port": 0}}, "box"), [])


def test_one_port_for_two_is_refused_in_a_change():
    settings = Settings()
    (error,) = settings.change({"web": {"port": 502}}, INSTALLER)[0]
    assert "[web] port: port 502 is that of [ems] teltocharge_port" in error, error
    # What waits counts, too: with it, the box has to start.
    equal(settings.change({"ems": {"alfen_port": 503}}, INSTALLER), ([], ["[ems] alfen_port"]))
    (error,) = settings.change({"ems": {"vestel_port": 503}}, INSTALLER)[0]
    assert "port 503 is that of [ems] alfen_port" in error, error


def test_peers_that_could_never_connect():
    for peers, wrong in (
        ("192.168.1.20, evcc.local", ["'evcc.local'"]),
        ("192.168.1.0/24,all", ["'192.168.1.0/24'", "'all'"]),
        (" 192.168.1.20 ,10.0.0.7,", []),
    ):
        texts = ["box: [ems] peers: " + peer + " is no address in numbers" for peer in wrong]
        errors = Settings().load({"ems": {"peers": peers}}, "box")
        equal([error[: len(text)] for error, text in zip(errors, texts)], texts)
        equal(len(errors), len(texts))
