"""The twin is on a network as a box is, and serves there through the same code."""

import asyncio

import pytest

from fairamp_box.features.web import WEB
from fairamp_desk.errors import Failure
from fairamp_desk.site import check_site
from fairamp_desk.twin.door import TwinDoor, address
from fairamp_desk.twin.twin import Twin

HOME = "192.168.1.20"
ANY_PORT = ("127.0.0.1", 0)


def door(host: str, what: str = "alfen") -> TwinDoor:
    return TwinDoor(what, (host, 1502), "--modbus-tcp")


@pytest.mark.parametrize(
    ("hosts", "wanted", "announced"),
    [
        (["127.0.0.1", "localhost", "0.0.0.0", "::1"], "127.0.0.1", []),
        (["127.0.0.1", HOME, HOME], HOME, [HOME, HOME]),
        ([HOME, "10.0.0.7", "127.0.0.1"], HOME, [HOME]),
    ],
)
def test_what_others_can_reach_is_announced(hosts: list[str], wanted: str, announced: list[str]) -> None:
    doors = [door(host) for host in hosts]
    assert address(doors) == wanted
    assert [one.host for one in doors if one.announced] == announced


def test_it_joins_and_serves_as_a_box_does() -> None:
    doors = [TwinDoor(what, ANY_PORT, "--modbus-tcp") for what in ("vestel", WEB)]
    twin = Twin(check_site({}, "test"), 20, doors=doors)

    async def story() -> None:
        for one in doors:
            await one.reserve()
        with pytest.raises(TimeoutError):
            await twin.clock.within(4000, twin.run())

    try:
        asyncio.run(story())
    finally:
        twin.close()
    log = "\n".join(twin.app.log.entries)
    for text in (
        "network: joined desk as 127.0.0.1",
        f"modbus: vestel registers on port {doors[0].port}",
        f"web: live values on port {doors[1].port} at /api/status",
    ):
        assert text in log, log
    assert "mDNS" not in log and "found as" not in log


def test_who_comes_before_it_serves_waits_and_a_busy_port_is_told() -> None:
    async def story() -> None:
        early, late = TwinDoor("alfen", ANY_PORT, "--modbus-tcp"), TwinDoor("alfen", ANY_PORT, "--modbus-tcp")
        await early.reserve()
        reader, writer = await asyncio.open_connection("127.0.0.1", early.port)
        late.port = early.port
        with pytest.raises(Failure, match=f"--modbus-tcp: 127.0.0.1:{early.port} cannot be used"):
            await late.reserve()

        async def greet(_, writer) -> None:
            writer.write(b"here")
            writer.close()

        listener = await early.open(greet)
        assert await reader.read() == b"here"
        writer.close()
        # Its server has failed and begins anew: at the same port.
        listener.close()
        port = early.port
        again = await early.open(greet)
        assert early.port == port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await reader.read() == b"here"
        writer.close()
        again.close()

    asyncio.run(story())
