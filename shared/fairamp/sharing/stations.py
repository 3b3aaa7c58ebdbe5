"""Sockets that hang on one cable: its phases are ways, behind the three of the grid."""


def cables(sockets):
    """What each of these ways may carry, in mA; tells the sockets where theirs begin."""
    numbers: list = []
    carried: list = []
    for socket in sockets:
        if not socket.station:
            continue
        if socket.station not in numbers:
            numbers.append(socket.station)
            carried += [socket.station_ma] * 3
        at = 3 * numbers.index(socket.station)
        # Where they do not agree, the lowest holds.
        carried[at : at + 3] = [min(carried[at], socket.station_ma)] * 3
        socket.cable = 3 + at
    return carried
