"""An energy manager on umodbus, in a process of its own: `PORT UNIT` and JSON requests on standard input.

A request is ["read", function, address, count] or ["write", function, address, [values]]; a line of JSON answers each:
the values, or {"exception": its name}.
"""

import json
import socket
import sys

from umodbus import conf
from umodbus.client import tcp

conf.SIGNED_VALUES = False
READ = {3: tcp.read_holding_registers, 4: tcp.read_input_registers}


def carry_out(connection, unit, what, function, address, value):
    if what == "read":
        adu = READ[function](unit, address, value)
    elif function == 6:
        adu = tcp.write_single_register(unit, address, value[0])
    else:
        adu = tcp.write_multiple_registers(unit, address, value)
    return tcp.send_message(adu, connection)


def main(port, unit):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        for line in sys.stdin:
            try:
                answer = carry_out(connection, unit, *json.loads(line))
            except Exception as error:
                answer = {"exception": type(error).__name__}
            print(json.dumps(answer), flush=True)


main(int(sys.argv[1]), int(sys.argv[2]))
