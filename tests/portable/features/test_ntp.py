"""The box asks for the time: servers that are right, silent, late, wrong and hostile."""

import asyncio

from still_clock import StillClock
from time_servers import HOST, Server, address_of, line, time_of

from boards.twin import TwinBoard
from checks import equal
from fairamp import view
from fairamp.box import Box
from fairamp.clock.calendar import seconds
from fairamp.clock.timekeeper import SNTP
from fairamp.settings import Settings
from fairamp_box.features.ntp.task import NtpTask
from standin import Wires

NOON = seconds((2026, 6, 21, 12, 0, 0))
NTP, DNS, STRANGE = 15071, 15072, 15073
NAMED = "time.example.org"
FAR = 10000000  # ms


class End(Exception):
    """The story is over."""


class Clock(StillClock):
    """While the task waits, its servers answer. `until`: then it ends."""

    def __init__(self):
        super().__init__()
        self.servers = ()
        self.until = None
        self.end = FAR

    async def sleep(self, ms):
        for server in self.servers:
            server.step()
        self.ms += ms
        if self.until() or self.ms > self.end:
            raise End


def nothing(_question):
    return []


class Site:
    """As much of a box as the task needs, and its servers. Their time runs as that of the box does."""

    def __init__(self, ntp=HOST, dns=HOST, time=None, name=None):
        wires = Wires()
        wires.dns = dns
        self.board, self.clock = TwinBoard(wires), Clock()
        self.settings = Settings()
        equal(self.settings.load({"clock": {"ntp": ntp}}, "test"), [])
        self.box = Box(self.settings)
        self.begun = self.clock.now()
        self.box.keep_time(self.begun)
        self.told = []
        self.box.journal.log = self.log
        self.time = Server(NTP, time or time_of(self.second))
        self.names = Server(DNS, name or address_of(127, 0, 0, 1))

    def log(self, where, text):
        self.told.append(where + ": " + text)

    def second(self):
        return NOON + (self.clock.now() - self.begun) // 1000

    def run(self, until, ms=FAR):
        """Until that is so; was it, in that time?"""

        clock = self.clock
        clock.servers, clock.until, clock.end = (self.time, self.names), until, clock.ms + ms
        try:
            asyncio.run(NtpTask(self, self.time.port, self.names.port).run())
        except End:
            pass
        finally:
            self.time.close()
            self.names.close()
        return bool(until())

    def asked(self, times=1):
        return lambda: len(self.time.questions) >= times

    def knows(self):
        self.box.look_at_clock(self.clock.now(), None)
        return self.box.utc

    def off(self):
        """Seconds."""
        return seconds(self.knows()) - self.second()

    def complains(self):
        return [text for text in self.told if "no time from" in text]


def test_a_server_by_its_address_sets_the_clock():
    site = Site(dns=None)
    assert site.run(site.knows)
    equal(site.off(), 0)
    equal((view.clock(site.box)[2:4], len(site.names.questions)), (("synced", "sntp"), 0))
    equal([text[:22] for text in site.told], ["clock: set to 2026-06-"])


def test_the_name_of_a_server_is_looked_up():
    site = Site(ntp=NAMED)
    assert site.run(site.knows)
    assert b"\4time\7example\3org\0" in site.names.questions[0]
    equal(len(site.told), 1)


def test_no_two_questions_have_the_same_stamp():
    site = Site(time=nothing)
    assert site.run(site.asked(3))
    equal(len({bytes(question[40:]) for question in site.time.questions}), 3)


def test_who_is_silent_is_asked_less_and_less_often_and_told_once():
    moments = []

    def silent(_question):
        moments.append(site.clock.now())
        return []

    site = Site(time=silent)
    assert site.run(site.asked(5))
    equal(site.told, ["clock: no time from 127.0.0.1: no answer in 3 s; asks again, less and less often"])
    pauses = [after - before for before, after in zip(moments, moments[1:])]
    for pause, least in zip(pauses, (16000, 32000, 64000, 128000)):
        assert least <= pause, pauses


def test_a_server_that_comes_back_is_told_and_asked_each_hour():
    def later(question):
        return time_of(site.second)(question) if len(site.time.questions) > 2 else []

    site = Site(time=later)
    assert site.run(site.asked(4))
    equal([text for text in site.told if "set to" not in text][1:], ["clock: time from 127.0.0.1 again"])


def test_after_a_success_a_failure_is_followed_by_a_short_pause_again():
    moments = []

    def replies(question):
        moments.append(site.clock.now())
        return time_of(site.second)(question) if len(moments) == 4 else []

    site = Site(time=replies)
    assert site.run(site.asked(6))
    assert moments[3] - moments[2] > 60000 and moments[4] - moments[3] >= 3600000, moments
    assert moments[5] - moments[4] < 25000, moments


def test_the_second_server_is_asked_where_the_first_one_fails():
    site = Site(ntp=NAMED + ", 127.0.0.1", name=address_of(0, 0, 0, 0, code=3))
    assert site.run(site.knows)
    equal(site.complains(), [])


def test_what_is_wrong_with_all_of_them_is_told_together():
    site = Site(ntp=NAMED + ", 127.0.0.1", name=address_of(0, 0, 0, 0, code=3), time=nothing)
    assert site.run(site.complains)
    names = "its address is not known: 127.0.0.1: there is no such name"
    equal(
        site.complains()[0].split(";")[:2],
        ["clock: no time from " + NAMED + ": " + names, " 127.0.0.1: no answer in 3 s"],
    )


def test_wrong_answers_set_no_clock():
    for time, text in (
        (time_of(lambda: NOON, first=0xE4), "does not know the time itself"),
        (time_of(lambda: NOON, stratum=0, code=b"RATE"), "left alone (RATE)"),
        (time_of(lambda: NOON, first=0x23), "none of a time server"),
        (lambda question: [time_of(lambda: NOON)(bytes(48))[0]], "another question"),
        (lambda question: [b"", b"x" * 500], "too short"),
    ):
        site = Site(time=time)
        assert site.run(site.complains), text
        assert text in site.complains()[0] or text == "too short", site.told
        equal(site.knows(), None)


def test_who_wants_to_be_left_alone_is():
    site = Site(time=time_of(lambda: NOON, stratum=0, code=b"DENY"))
    assert site.run(site.complains)
    site = Site(time=time_of(lambda: NOON, stratum=0, code=b"DENY"))
    assert not site.run(site.asked(2), 600000)


def test_wrong_answers_about_the_name_are_none():
    for name, text in (
        (address_of(127, 0, 0, 1, flip=1), "none to this question"),
        (address_of(127, 0, 0, 1, code=2), "refused, with code 2"),
        (address_of(224, 0, 0, 1), "has no address"),
        (nothing, "no answer in 3 s"),
    ):
        site = Site(ntp=NAMED, name=name)
        assert site.run(site.complains)
        assert text in site.complains()[0], site.told
        equal((site.knows(), site.time.questions), (None, []))


def test_a_network_without_a_name_server_is_told_what_to_do():
    site = Site(ntp=NAMED, dns=None)
    assert site.run(site.complains)
    assert "write addresses in [clock] ntp" in site.complains()[0]


def test_the_right_answer_counts_behind_wrong_ones():
    def replies(question):
        right = time_of(site.second)(question)
        return [b"", bytes(48), bytes(500)] + right

    site = Site(time=replies)
    assert site.run(site.knows)
    equal(site.off(), 0)


def test_a_flood_of_wrong_answers_ends_the_question():
    site = Site(time=lambda question: [bytes(48)] * 40)
    assert site.run(site.complains)
    assert site.clock.ms < 3000, "it was looked at until the time was up"
    equal(site.knows(), None)


def test_the_answer_of_a_stranger_does_not_count():
    """He knows all, but sends from another port."""
    stranger, _ = line(STRANGE)

    def replies(question):
        return []

    site = Site(time=replies)
    receive = site.time._line.recvfrom

    class Spied:
        def recvfrom(self, most):
            question, sender = receive(most)
            stranger.sendto(time_of(lambda: NOON)(question)[0], sender)
            return question, sender

        def close(self):
            pass

    kept, site.time._line = site.time._line, Spied()
    try:
        assert site.run(site.complains)
        equal((site.knows(), len(site.time.questions) > 0), (None, True))
    finally:
        kept.close()
        stranger.close()


def test_an_answer_that_comes_late_sets_no_clock():
    """It is one to the question before, and nobody waits for it any more."""
    late = []

    def replies(question):
        late.append(time_of(lambda: NOON)(question)[0])
        return late[-2:-1]

    site = Site(time=replies)
    assert site.run(site.asked(4))
    equal(site.knows(), None)


def test_a_server_that_jumps_is_doubted_and_asked_again_soon():
    site = Site()
    lie = [0]
    site.time.replies = time_of(lambda: site.second() + lie[0])
    site.box.timekeeper.tell(site.clock.now(), SNTP, NOON)
    lie[0] = 7200
    assert site.run(lambda: site.knows() and site.off() > 7000, 600000)
    equal(len(site.time.questions), 3)
    (doubt,) = [text for text in site.told if "not believed" in text]
    assert doubt.startswith("clock: sntp tells 2026-06-21 1") and doubt.endswith("says so again"), doubt


def test_other_servers_count_at_once():
    site = Site(ntp="")
    now = site.clock.now()

    def until():
        if site.clock.now() - now > 20000 and not site.settings["clock.ntp"]:
            assert not site.time.questions
            equal(site.settings.change({"clock": {"ntp": HOST}}, 1), ([], []))
        return site.knows()

    assert site.run(until, 600000)


def test_other_servers_that_fail_are_asked_again_as_soon_as_the_first_ones():
    moments = []

    def silent(_question):
        moments.append(site.clock.now())
        if len(moments) == 5:
            equal(site.settings.change({"clock": {"ntp": HOST + ","}}, 1), ([], []))
        return []

    site = Site(time=silent)
    assert site.run(site.asked(7))
    assert moments[4] - moments[3] > 120000 and moments[6] - moments[5] < 25000, moments


def test_wrong_servers_in_the_settings():
    for text, wrong in (
        ("a,b,c", "one or two servers are asked, and these are 3"),
        ("http://pool.ntp.org", "'http://pool.ntp.org' is no name and no address"),
        ("192.168.1.300", "'192.168.1.300' is no name and no address"),
        ("-a.org", "'-a.org' is no name"),
        ("a..org", "'a..org' is no name"),
        ("x" * 64, "is no name"),
        ("pool.ntp.org:123", "is no name and no address; write such as pool.ntp.org, 192.168.1.1"),
    ):
        errors = Settings().load({"clock": {"ntp": text}}, "test")
        assert len(errors) == 1 and wrong in errors[0], errors
    for text in ("", " , ", "pool.ntp.org", "fritz.box, 192.168.178.1", "a-1.B2.org,"):
        equal(Settings().load({"clock": {"ntp": text}}, "test"), [])


def test_a_wrong_zone_in_the_settings():
    (error,) = Settings().load({"clock": {"zone": "Europe/Berlin"}}, "test")
    assert error.startswith("test: [clock] zone: hours from 0 to 24 must stand here, and there is '/Berlin'"), error


def test_a_box_that_shall_ask_nobody_loads_nothing_until_it_shall():
    """And then only where there is room for it."""
    from fairamp_box.features import ntp

    class App:
        def __init__(self, heap):
            self.heap, self.followers, self.asked = heap, [], []
            self.network = self
            self.settings = {"clock.ntp": ""}
            self.clock, self.box = Clock(), Site().box
            self.box.timekeeper = None
            self.clock.until = self.look

        def look(self):
            equal((self.asked, self.box.timekeeper), ([], None))
            if self.clock.ms > 20000:
                self.settings["clock.ntp"] = HOST

        def follow(self, run):
            self.followers.append(run)

        def has_heap(self, least, where, instead):
            self.asked.append((where, instead))
            return self.heap

    app = App(False)
    ntp.start(app)
    asyncio.run(app.followers[0]("127.0.0.1"))
    equal((app.asked, app.box.timekeeper), ([("clock", "no server is asked for the time")], None))
