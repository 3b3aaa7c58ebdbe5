"""What asyncio's streams do differently on CPython, on chips and on the unix port of MicroPython."""


async def shut(writer) -> None:
    """Closes a connection now, whatever is still to be sent."""
    transport = getattr(writer, "transport", None)
    if transport is None:
        # MicroPython closes the socket here, and only here.
        await writer.wait_closed()
    elif transport.get_write_buffer_size():
        transport.abort()
    else:
        writer.close()


def peer(writer) -> str:
    """Network address of the other side."""
    address = writer.get_extra_info("peername")
    if isinstance(address, (bytes, bytearray)):
        # The unix port hands out the raw structure: family, port, four bytes of address.
        return ".".join(str(part) for part in address[4:8])
    return address[0]
