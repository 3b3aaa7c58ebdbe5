"""The radio of a Pico W, with one access point that lets it in, and connections from this computer to the box.

Nothing leaves this computer: what the box itself wants to reach is refused.
"""

import asyncio
import random
from collections.abc import Awaitable

from rp2040py.external.cyw43 import Cyw43439, nat, net

# The address of the radio, as rp2040py gives it.
MAC = bytes.fromhex("001018000002")
FIRST_PORT = 40000
# The option of DHCP that says: the address is yours.
ACKNOWLEDGED = bytes([53, 1, 5])
# Of a packet from the radio: the byte with its channel, that with the length of its header.
CHANNEL, HEADER_LENGTH = 5, 7
EVENTS, USUAL_HEADER, PADDING = 1, 12, 2
MOST_SEGMENT, USUAL_SEGMENT = 1460, 536


class Radio:
    def __init__(self, chip) -> None:
        self.part = Cyw43439()
        self.part.attach(chip)
        bus = self.part.bus
        self.network = Inbound(chip, bus.queue_rx_ethernet_frame, connect_fn=refuse)
        bus.nat_bridge._tcp = self.network
        bus.nat_bridge._udp = Silence()
        self._queue = bus.queue_rx_packet
        bus.queue_rx_packet = lambda packet: self._queue(padded(packet))
        self.address_given: float | None = None  # ms, since when the box has an address
        self._chip = chip
        self._others = bus.nat_bridge._dhcp.maybe_handle
        bus.nat_bridge._dhcp.maybe_handle = self._dhcp

    def _dhcp(self, frame) -> bytes | None:
        answer = self._others(frame)
        if answer and ACKNOWLEDGED in answer:
            self.address_given = self._chip.core.state.now / 1e6
        return answer

    async def serve(self, port: int) -> asyncio.Server:
        """A port of this computer that leads to a port of the box."""
        return await self.network.serve(port)


def padded(packet: bytes) -> bytes:
    """Two bytes after the header of an event, as the real radio has them: only then does its content lie aligned."""
    if packet[CHANNEL] & 15 != EVENTS or packet[HEADER_LENGTH] != USUAL_HEADER:
        return packet
    size = len(packet) + PADDING
    header = bytearray(packet[:USUAL_HEADER]) + bytes(PADDING)
    header[0:4] = size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little")
    header[HEADER_LENGTH] = len(header)
    return bytes(header) + packet[USUAL_HEADER:]


async def refuse(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    raise OSError(f"{host}:{port} is not reached from here")


class Silence:
    """In the place of the relay for UDP."""

    def maybe_handle(self, _frame) -> bool:
        return True


class Inbound(nat.TcpReflector):
    """rp2040py lets a box connect to others; this lets others connect to the box."""

    def __init__(self, *arguments, **more) -> None:
        super().__init__(*arguments, **more)
        self._answers: dict[nat.TcpFlowKey, asyncio.Future[bool]] = {}
        self._port = FIRST_PORT

    async def serve(self, port: int) -> asyncio.Server:
        return await asyncio.start_server(lambda reader, writer: self._come(port, reader, writer), "127.0.0.1", 0)

    async def _come(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._port += 1
        key = nat.TcpFlowKey(port, nat.GATEWAY_IP, self._port)
        flow = nat.TcpFlow(key, MAC, nat.GUEST_IP, 0, 0, 0, USUAL_SEGMENT)
        flow.reader, flow.writer, flow.host_iss = reader, writer, random.getrandbits(31)
        self._flows[key] = flow
        answer = self._answers[key] = asyncio.get_running_loop().create_future()
        knock = self._build_tcp_frame(flow, flags=net.TCP_SYN, seq=flow.host_iss, ack=0, mss=MOST_SEGMENT)
        self._queue_ethernet_frame(knock)
        try:
            if await answer:
                flow.pump_task = asyncio.current_task()
                await self._pump_host_to_guest(flow)
        except asyncio.CancelledError:
            pass  # the box has reset the connection, or the play is over
        finally:
            writer.close()

    def maybe_handle(self, eth, ip) -> bool:
        tcp = net.parse_tcp(ip.payload) if ip.proto == net.IP_PROTO_TCP else None
        key = nat.TcpFlowKey(tcp.src_port, ip.dst_ip, tcp.dst_port) if tcp else None
        if key is None or key not in self._answers:
            return super().maybe_handle(eth, ip)
        answer, flow = self._answers.pop(key), self._flows[key]
        if tcp.flags & net.TCP_RST:
            del self._flows[key]
            answer.set_result(False)
            return True
        flow.guest_next_seq = (tcp.seq + 1) & 0xFFFFFFFF
        flow.guest_window, flow.state = tcp.window, nat._FlowState.ESTABLISHED
        flow.mss = min(tcp.mss or USUAL_SEGMENT, MOST_SEGMENT)
        self._queue_ethernet_frame(self._build_tcp_frame(flow, flags=net.TCP_ACK))
        answer.set_result(True)
        return True


async def alongside(pico, work: Awaitable, slice_ms: float = 1.0) -> object:
    """The chip runs, and so does what this computer has to do with its network."""
    task = asyncio.ensure_future(work)
    pico.chip.schedule_threadsafe = asyncio.get_running_loop().create_task
    while not task.done():
        pico.run(slice_ms)
        await asyncio.sleep(0)
    return await task
