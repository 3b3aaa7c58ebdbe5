"""The web server, which takes more memory than all else together: it is loaded once the registers are served."""

WEB = "web"
# For loading it, and to work with.
LEAST_BYTES = 40000


def start(app):
    network = app.network
    for door in network.doors_to(WEB, app.settings["web.port"]):
        door.for_people = True
        network.places.leave_to_people(1)
        network.serve(door, _server(app, door), WEB)


def _server(app, door):
    async def run():
        if app.network.has_heap(LEAST_BYTES, WEB, "set [web] port = 0, or take a board with more memory"):
            from fairamp_box.features.web.server import WebServer

            server = WebServer(app.box, app.inlets, places=app.network.places, outlets=app.outlets, app=app)
            await server.run(door, app.log)

    return run
