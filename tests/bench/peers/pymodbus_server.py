"""pymodbus serving ten registers."""

import asyncio
import sys

from pymodbus.server import StartAsyncTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

device = SimDevice(id=1, simdata=[SimData(address=0, count=50, values=7, datatype=DataType.REGISTERS)])
asyncio.run(StartAsyncTcpServer(device, address=("127.0.0.1", int(sys.argv[1]))))
