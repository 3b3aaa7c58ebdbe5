import asyncio

from running import limited, start

from checks import equal


def test_a_meter_on_the_line_of_the_energy_manager_is_told():
    def told(**meter):
        _, app = start(**meter)
        asyncio.run(limited(app, 1))
        return [line.split(" ", 1)[1] for line in app.log.entries if " serial: " in line]

    equal(told(), [])
    # Nobody is sent to a network that this box is not on.
    text = "serial: a meter is on the line called ems: no registers are served there"
    equal(told(line="ems"), [text])
    # The charger's own meter makes way for a telegram.
    equal(told(model="dsmr_p1"), [text])
    equal(told(model="dsmr_p1", line="ems"), [text])
