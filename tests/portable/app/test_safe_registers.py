"""A box in safe mode on its network: its registers can be read, and nobody writes."""

from free_port import free_port
from safe_box import WRONG
from safe_network import answer, ready, start

from checks import equal

PORT = free_port(15091)
READ = bytes([0, 1, 0, 0, 0, 6, 1, 3, 0, 9, 0, 1])
AMPS_TO_USE = bytes([0, 1, 0, 0, 0, 6, 1, 6, 0, 15, 0, 10])


def test_registers_are_read_only():
    async def story(box):
        await ready(box, "teltocharge registers")
        # The id of a TeltoCharge; and exception 1 or 2: there is nothing to write.
        equal((await answer(box, PORT, READ, 11))[7:], bytes([3, 2, 84, 67]))
        refused = await answer(box, PORT, AMPS_TO_USE, 9)
        equal(refused[7], 0x86)
        equal((box.wires.contactor, box.told("joined home")), (False, 1))

    right = {"wifi": {"name": "home"}, "ems": {"teltocharge_port": PORT}, "web": {"port": 0}}
    start(dict(right, site=WRONG["site"]), story)
