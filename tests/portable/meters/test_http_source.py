"""A meter with a page on the network: which pages it is asked for, and how often."""

from free_port import free_port
from http_site import HEAD, HOST, NEVER, TIMEOUT_MS, Site

from checks import equal, raises
from fairamp.meters.draft import Draft
from fairamp.meters.sieve import Doubt, Half, Implausible
from fairamp.units import elapsed
from fairamp_box.io.http_client import HttpError
from fairamp_box.meters.http_source import HttpSource

PORT = free_port(15041)


def page(body):
    return (HEAD + b"\r\n" + body,)


def source(site, model, timeout_ms=TIMEOUT_MS):
    return HttpSource(HOST, PORT, model, site.clock, timeout_ms)


EM = b'{"a_current":1,"a_act_power":230,"b_current":2,"b_act_power":-460,"c_current":0,"c_act_power":0}'


def test_a_source_asks_both_pages():
    async def story(site):
        meter, draft = source(site, "shelly_pro3em_http"), Draft()
        equal(meter.where(), "Shelly Pro 3EM at 127.0.0.1:15041")
        seen = []
        for _ in range(13):
            await meter.read(draft)
            equal((draft.current_ma, draft.power_w), ([1000, 2000, 0], [230, -460, 0]))
            seen.append((draft.energy_wh, draft.export_wh))
        return seen

    energies = (page(b'{"total_act":1000.4,"total_act_ret":7}'), page(b'{"total_act":1001.4,"total_act_ret":8}'))
    site = Site(PORT, energies[0], *[page(EM)] * 10, energies[1], *[page(EM)] * 3)
    equal(site.run(story), [(1000, 7)] * 10 + [(1001, 8)] * 3)
    pages = [request.split()[1] for request in site.requests]
    equal(pages[:3], [b"/rpc/EMData.GetStatus?id=0"] + [b"/rpc/EM.GetStatus?id=0"] * 2)
    equal(pages.count(b"/rpc/EMData.GetStatus?id=0"), 2)


def test_energies_are_not_worth_going_without_currents():
    async def story(site):
        meter, draft = source(site, "shelly_pro3em_http", 5000), Draft()
        for _ in range(21):
            await meter.read(draft)
            equal((draft.current_ma, draft.energy_wh), ([1000, 2000, 0], None))

    refused = (b"HTTP/1.1 500 Error\r\n\r\n",)
    Site(PORT, refused, *[page(EM)] * 10, page(b'{"total_act":"x"}'), *[page(EM)] * 10, (NEVER,), page(EM)).run(story)


def test_a_source_waits_between_questions():
    async def story(site):
        meter, draft = source(site, "homewizard_p1"), Draft()
        begun = site.clock.now()
        for _ in range(5):
            await meter.read(draft)
        assert elapsed(site.clock.now(), begun) >= 4 * 480
        equal(draft.phases, 1)

    Site(PORT, *[page(b'{"active_current_l1_a":1.5,"active_power_l1_w":345}')] * 5).run(story)


def test_a_source_tells_what_is_wrong():
    async def story(site):
        for model, kind, text in (
            ("shelly_pro3em_http", HttpError, "profile of the Shelly to triphase"),
            ("shelly_3em_http", HttpError, "not valid JSON; is it a Shelly 3EM?"),
            ("shelly_3em_http", HttpError, "not a JSON object; is it a Shelly 3EM?"),
            ("shelly_3em_http", Half, "emeters.0.is_valid"),
            ("homewizard_p1", Implausible, "active_current_l1_a is text"),
            ("homewizard_p1", HttpError, "switch on the local API"),
        ):
            with raises(kind, text):
                await source(site, model).read(Draft())

    Site(
        PORT,
        *[(b"HTTP/1.1 404 Not Found\r\n\r\n",)] * 2,
        page(b'{"emeters":x}'),
        page(b"<html>"),
        page(b"{}"),
        page(b'{"active_current_l1_a":"1"}'),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n",),
    ).run(story)


def test_phases_do_not_vanish():
    three = b'{"active_current_l1_a":1,"active_current_l2_a":1,"active_current_l3_a":1}'
    one = b'{"active_current_l1_a":1,"active_current_l2_a":null,"active_current_l3_a":null}'

    async def story(site):
        meter, draft = source(site, "homewizard_p1"), Draft()
        await meter.read(draft)
        equal(draft.phases, 1)
        await meter.read(draft)
        with raises(Doubt, "were there before"):
            await meter.read(draft)
        await meter.read(draft)
        equal(draft.phases, 3)

    Site(PORT, page(one), page(three), page(one), page(three)).run(story)
