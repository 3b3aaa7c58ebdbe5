"""The light of the twin, and the card in the docs that tells what it says."""

import asyncio

from boards.interface import COLOURS
from fairamp import light
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
    assert seen[light.ROWS[light.CHARGES][0]] == {light.BLUE}
    assert seen[light.ROWS[light.LOST][0]] == {0, light.YELLOW}
    words = light.ROWS[light.LOST][0]
    assert any(entry.endswith("light: " + words) for entry in twin.app.log.entries), twin.app.log.entries


def test_the_card_tells_every_state_and_every_pattern_and_draws_them() -> None:
    page = docs.PAGES["light.md"]()
    assert list(card.PATTERNS) and set(card.PATTERNS) == {pattern for _, pattern, _ in light.ROWS}
    for row, (words, pattern, colour) in enumerate(light.ROWS):
        drawn = light.drawn(row)
        assert f"| {words} | `{drawn}` | {COLOURS[colour]} |" in page
        assert [part == "*" for part in drawn] == [bool(light.lit(pattern, 128 * part)) for part in range(16)]
    assert "| `*--*--*---------` | three flashes |" in page


def test_colours_have_one_number_on_all_floors() -> None:
    assert [COLOURS.index(name) for name in ("blue", "white", "yellow")] == [light.BLUE, light.WHITE, light.YELLOW]
