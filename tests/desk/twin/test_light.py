"""The light of the twin, and the card in the docs that tells what it says."""

import asyncio

from boards.interface import COLOURS
from fairamp import light
from fairamp.light_words import WORDS, drawn
from fairamp.status import status
from fairamp_desk import docs
from fairamp_desk.pages import light as card
from fairamp_desk.site import check_site
from fairamp_desk.twin.twin import Twin

SITE = {
    "charger": [{"id": 0, "max": 16}],
    "load": [{"amps": [2, 2, 2]}],
    "car": [{"arrives": 1, "max": 16}],
    "event": [{"at": 30, "what": "meter_lost"}],
}


def test_it_is_lit_while_a_car_charges_and_blinks_once_the_meter_is_lost() -> None:
    twin = Twin(check_site(SITE, "test"), speed=10)
    seen: dict[str, set[int]] = {}
    told = []

    async def watch() -> None:
        running = asyncio.create_task(twin.run())
        while twin.world.ms < 60_000 and not running.done():
            meaning = status(twin.app.box)["light"]["meaning"]
            # What it said the last time is shown for a moment more.
            if told[-20:] == [meaning] * 20:
                seen.setdefault(meaning, set()).add(twin.world.outlets[0].light)
            told.append(meaning)
            await asyncio.sleep(0.005)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    try:
        asyncio.run(watch())
    finally:
        twin.close()
    assert seen[WORDS[light.CHARGES]] == {light.BLUE}
    assert seen[WORDS[light.LOST]] == {0, light.YELLOW}
    words = WORDS[light.LOST]
    assert any(entry.endswith("light: " + words) for entry in twin.app.log.entries), twin.app.log.entries


def test_the_card_tells_every_state_and_every_pattern_and_draws_them() -> None:
    page = docs.PAGES["light.md"]()
    assert list(card.PATTERNS) and set(card.PATTERNS) == {look & light.ON for look in light.LOOKS}
    for row, (words, look) in enumerate(zip(WORDS, light.LOOKS, strict=True)):
        shown = [light.lit(look, 128 * part) for part in range(16)]
        assert f"| {words} | `{drawn(row)}` | {COLOURS[max(shown)]} |" in page
        assert [part == "*" for part in drawn(row)] == [colour > 0 for colour in shown]
    assert "| `*--*--*---------` | three flashes |" in page


def test_colours_have_one_number_on_all_floors() -> None:
    assert [COLOURS.index(name) for name in ("blue", "white", "yellow")] == [light.BLUE, light.WHITE, light.YELLOW]
