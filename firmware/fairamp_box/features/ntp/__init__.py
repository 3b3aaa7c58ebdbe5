"""Asks servers for the time (SNTP), and the network for their addresses (DNS). The box never waits for any of them."""

from fairamp import commands

# For loading the rest of it, and to work with.
LEAST_BYTES = 14000
# Whoever names the first server later does not wait for longer.
LOOK_MS = 5000


def start(app):
    async def run(address):
        while not app.settings["clock.ntp"]:
            await app.clock.sleep(LOOK_MS)
        if app.network.has_heap(LEAST_BYTES, "clock", "no server is asked for the time"):
            commands.keep_time(app.box, app.clock.now())
            from fairamp_box.features.ntp.task import NtpTask

            await NtpTask(app).run()

    app.network.follow(run)
