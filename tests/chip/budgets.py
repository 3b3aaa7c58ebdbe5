"""What has to hold on the chip. They are for a Pico at its stock clock, a meter every second, an EMS every 300 ms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.chip import figures

STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "median": figures.median,
    "p99": figures.p99,
    "longest": max,
    "most": max,
    "least": min,
    "value": sum,
}
# 3.5 characters of silence at 9600 baud, after which a request has ended.
SILENCE_MS = 3.65


@dataclass(frozen=True)
class Budget:
    """One row: of the values called `name`, this statistic is at most (or at least) so much. No limit: just shown."""

    name: str
    what: str
    unit: str
    statistic: str
    most: float | None = None
    least: float | None = None

    def measured(self, values: Sequence[float]) -> float | None:
        return STATISTICS[self.statistic](values) if values else None

    def holds(self, value: float | None) -> bool:
        if self.most is None and self.least is None:
            return True
        if value is None:
            return False
        return (self.most is None or value <= self.most) and (self.least is None or value >= self.least)

    def limit(self) -> str:
        if self.most is not None:
            return f"at most {self.most:g}"
        return f"at least {self.least:g}" if self.least is not None else ""


HEAP = (
    Budget("free", "free heap, after a collection", "KB", "least", least=30),
    Budget("hole", "largest hole in it, after a collection", "KB", "least", least=16),
    Budget("memory_errors", "MemoryErrors in the log", "", "value", most=0),
)
STORIES = Budget("stories", "stories that went as they should", "%", "value", least=100)
RTU = (
    STORIES,
    Budget("start", "from power to both meters read", "s", "value"),
    Budget("open", "leaving C -> contactor open, saving and collections included", "ms", "longest", most=100),
    Budget("open", "", "ms", "p99"),
    Budget("tick", "interval between ticks", "ms", "median"),
    Budget("tick", "", "ms", "p99", most=25),
    Budget("tick", "", "ms", "longest", most=60),
    Budget("tick_cost", "cost of a tick, from the pilot to the watchdog", "ms", "longest", most=4),
    Budget("tick_cost", "", "ms", "median"),
    Budget("balance", "cost of `balance`", "ms", "longest", most=6),
    Budget("balance", "", "ms", "median"),
    Budget("overload", "reading that shows an overload -> new duty", "ms", "median", most=30),
    Budget("overload", "", "ms", "longest", most=60),
    Budget("ems_one", "request -> answer, 1 register, 9600 baud", "ms", "median", most=SILENCE_MS + 2),
    Budget("ems_one", "", "ms", "longest", most=20),
    Budget("ems_one", "", "ms", "least", least=SILENCE_MS),
    Budget("ems_all", "request -> answer, 43 registers", "ms", "median", most=12),
    Budget("ems_lost", "requests without a good answer", "", "value", most=0),
    Budget("meter_driver", "RS485 driver off after the last stop bit, meter", "ms", "longest", most=1),
    Budget("meter_driver", "", "ms", "median"),
    Budget("ems_driver", "RS485 driver off after the last stop bit, EMS", "ms", "longest", most=1),
    Budget("ems_driver", "", "ms", "median"),
    Budget("meter_lost", "answers lost of a meter that answers after 2 ms", "%", "value", most=0),
    Budget("cut", "bytes sent with the driver off", "", "value", most=0),
    Budget("busy", "processor busy", "%", "value", most=50),
    *HEAP,
    Budget("collections", "collections of garbage per second", "1/s", "value", most=1),
    Budget("collection", "how long one takes", "ms", "median"),
    Budget("collection", "", "ms", "longest"),
    Budget("inside", "collections inside a tick", "%", "value", most=0),
)
# From files, and where the application runs in place.
LIVE_KB = {False: 140, True: 80}


def rtu(in_place: bool) -> tuple[Budget, ...]:
    return (*RTU, Budget("live", "live heap after the start", "KB", "value", most=LIVE_KB[in_place]))


RADIO = (
    STORIES,
    Budget("joined", "from power to the network", "s", "value"),
    Budget("tcp", "Modbus TCP: request -> answer, 43 registers, pymodbus", "ms", "median"),
    Budget("tcp", "", "ms", "longest"),
    Budget("tcp_lost", "requests without a good answer", "", "value", most=0),
    Budget("tick", "interval between ticks", "ms", "p99"),
    Budget("busy", "processor busy", "%", "value"),
    *HEAP,
    Budget("live", "live heap after the start", "KB", "value"),
    Budget("page", "with web.port on: answers over HTTP", "%", "value"),
    Budget("page_free", "with web.port on: free heap, after a collection", "KB", "least"),
    Budget("page_errors", "with web.port on: MemoryErrors in the log", "", "value"),
)
