"""The set-points of each phase, which are for all sockets of an Alfen together."""

import struct

from alfen_manager import SET_POINT_L1, SET_POINT_L2, SET_POINT_L3, Manager

from checks import equal
from fairamp.sharing.socket import Socket


def test_the_network_sets_each_phase():
    manager = Manager()
    for phase, amps in enumerate((16, 12, 10)):
        equal(manager.write(SET_POINT_L1 + 2 * phase, amps, 200), 0)
        manager.wait(10)
    equal(struct.unpack(">3f", manager.words(200, SET_POINT_L1, 6)), (16, 12, 10))
    equal(struct.unpack(">3I", manager.words(200, 1423, 6)), (30, 40, 50))
    equal((manager.limit(), manager.read(1411, unit=200), manager.read(1429, unit=200)), (10, 10, 6))
    equal((manager.left(), manager.read(1214, ">H")), (0, 0))
    manager.wait(30)
    equal(struct.unpack(">3I", manager.words(200, 1423, 6)), (0, 10, 20))
    equal(manager.limit(), 6)
    manager.write(SET_POINT_L1, 16, 200)
    manager.wait(1)
    equal(manager.limit(), 10)
    manager.write(SET_POINT_L3, 0, 200)
    manager.wait(1)
    equal(manager.limit(), 0)


def test_all_phases_of_the_network_in_one_write():
    manager = Manager()
    equal(manager.banks[200].write(SET_POINT_L1, 6, struct.pack(">3f", 9, 10, 11), 0), 0)
    manager.wait(1)
    equal(manager.limit(), 9)


def test_a_socket_on_one_phase_heeds_the_set_point_of_that_phase():
    manager = Manager(charger__mapping="L2")
    manager.write(SET_POINT_L1, 0, 200)
    manager.write(SET_POINT_L2, 11, 200)
    manager.wait(1)
    equal(struct.unpack(">3f", manager.words(200, 1411, 6)), (0, 11, 0))
    equal(manager.read(1215, ">H"), 1)
    manager.box.own.current_ma[0] = 7000
    manager.box.balance(manager.box.now)
    equal(struct.unpack(">3f", manager.words(200, 1405, 6)), (0, 7, 0))


def test_the_network_is_all_sockets_together():
    other = Socket(1, [0, 1, 2])
    manager = Manager(others=[other], charger__mapping="L2L3L1", sharing__probe_current=0)
    told = other.report
    told.connected = told.ready = told.asking = told.charging = told.measured = True
    told.allowed_ma, told.session = 32000, 1
    manager.wait(1)
    # The other one alone has all that a fuse of 25 A and a house of 5 A leave.
    equal((other.commitment.offered_ma, manager.read(1404, ">H", 200)), (20000, 2))
    equal(struct.unpack(">3f", manager.words(200, 1411, 6)), (20, 20, 20))
    equal(manager.banks[200].write(SET_POINT_L1, 6, struct.pack(">3f", 16, 12, 13), 0), 0)
    manager.wait(1)
    equal((other.commitment.offered_ma, struct.unpack(">3f", manager.words(200, 1411, 6))), (12000, (16, 12, 13)))
    told.draw_ma[:] = [9000, 9500, 0]
    equal(struct.unpack(">3f", manager.words(200, 1405, 6)), (9, 9.5, 0))
    # Nobody feeds its validity: the safe current, for all of them together.
    manager.wait(60)
    equal(other.commitment.offered_ma, 6000)
