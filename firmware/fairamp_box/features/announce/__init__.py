"""Tells the local network by multicast DNS what is served here."""

from fairamp_box.features.announce.port import is_taken

# For loading the rest of it, and to work with.
LEAST_BYTES = 16000


def start(app):
    async def run(address):
        await _announce(app, address)

    app.network.follow(run)


async def _announce(app, address):
    network, ports, of_page, interface = app.network, {}, 0, ""
    for door in network.doors:
        if door.announced:
            interface = door.host
            if door.for_people:
                of_page = door.port
            else:
                ports[door.what] = door.port
    if not interface:
        return
    if is_taken():
        app.log("network", "found as " + network.host + ".local, which MicroPython itself announces")
    elif network.has_heap(LEAST_BYTES, "network", "the box does not announce itself; enter its address by hand"):
        from fairamp_box.features.announce.task import MdnsTask, services

        found = services(app.settings["box.name"], address, ports, of_page, app.settings["box.serial"])
        await MdnsTask(address, found, app.clock, app.log, interface).run()
