"""umodbus serving ten registers."""

import sys
from socketserver import TCPServer

from umodbus.server.tcp import RequestHandler, get_server

TCPServer.allow_reuse_address = True
app = get_server(TCPServer, ("127.0.0.1", int(sys.argv[1])), RequestHandler)


@app.route(slave_ids=[1], function_codes=[3, 4], addresses=list(range(50)))
def read(slave_id, function_code, address):
    return 7


app.serve_forever()
