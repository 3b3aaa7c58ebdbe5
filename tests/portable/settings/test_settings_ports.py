"""Two that listen at one port: the second would never get it."""

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
