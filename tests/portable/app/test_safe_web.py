"""A better file comes to a box in safe mode over HTTP."""

import json

from free_port import free_port
from safe_box import RIGHT, SMALL, WRONG, content
from safe_network import answer, ready, start

from checks import equal

PORT = free_port(15095)


def on_network(sections):
    """These settings with a network, which is right by itself."""
    return dict(sections, wifi={"name": "home"}, ems={"teltocharge_port": 0}, web={"port": PORT})


def test_a_better_file_over_http():
    right = on_network(RIGHT)

    async def ask(box, method, path, body=b"", more=b""):
        """(status, what the answer says)"""
        head = method + b" " + path + b" HTTP/1.0\r\nHost: box\r\nContent-Type: application/json\r\n" + more
        found = await answer(box, PORT, head + b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)
        head, _, text = found.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(text) if text[:1] == b"{" else None

    async def story(box):
        await ready(box, "live values")
        status, shown = await ask(box, b"GET", b"/api/status")
        equal((status, len(shown["wrong_settings"]), shown["charger"]["offer_ma"]), (200, 2, 0))
        assert "safe mode" in shown["charger"]["why"], shown
        body = json.dumps(right).encode()
        for text, wanted, more in (
            (b"", "not a JSON object", b""),
            (b"{" + b"[" * 900 + b"}", "not valid JSON", b""),
            (b" " * 8193, "longer than 8192 bytes", b""),
        ):
            status, told = await ask(box, b"PUT", b"/api/settings", text, more)
            assert status == 400 and wanted in told["error"], told
        status, told = await ask(box, b"PUT", b"/api/settings", json.dumps(dict(right, site={"fuse": 25})).encode())
        equal((status, len(told["errors"])), (400, 1))
        assert "[site] fuse: 25 is not possible" in told["errors"][0], told
        status, told = await ask(box, b"PUT", b"/api/settings", body, b"Origin: http://elsewhere\r\n")
        equal((status, told), (403, {"error": "asked by the page of another site"}))
        equal((content()["site"], box.wires.resets), (WRONG["site"], 0))
        equal(await ask(box, b"PUT", b"/api/settings", body), (204, None))
        equal(content(), right)
        await box.until(lambda: box.wires.resets)

    async def runs(box):
        await ready(box, "live values")
        status, shown = await ask(box, b"GET", b"/api/status")
        equal((status, shown["wrong_settings"]), (200, []))
        # Nobody changes a box that runs without asking its owner.
        equal((await ask(box, b"PUT", b"/api/settings", json.dumps(right).encode()))[0], 405)
        await box.until(lambda: box.wires.contactor)

    # The page and those who ask it do not fit beside each other on the small heap.
    if not SMALL:
        start(on_network(WRONG), story)
        start(content(), runs)
