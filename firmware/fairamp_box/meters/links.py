"""From the name of a transport to what carries questions to a Modbus meter on the network, and its answers."""

from fairamp.meters import sources
from fairamp_box.io.rs485 import PARITIES

# Of a line behind a gateway of which nobody knows more.
USUAL = (9600, "N", 1)


def link_to(transport, host, port, clock, timeout, model=None):
    """`model`: how its line is set is how long an answer takes on it."""
    if transport == sources.RTU:
        from fairamp_box.io.gateway_link import GatewayLink

        baud, parity, stop = model.serial[1:] if model else USUAL
        return GatewayLink(host, port, clock, baud, PARITIES[parity], stop, timeout)
    if transport == sources.UDP:
        from fairamp_box.io.udp_link import UdpLink

        return UdpLink(host, port, clock, timeout)
    from fairamp_box.io.tcp_link import TcpLink

    return TcpLink(host, port, clock, timeout)
