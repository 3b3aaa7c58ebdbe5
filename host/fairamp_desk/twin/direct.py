"""Simulated meters without a wire: read at once, by the box's own task, and believed or doubted by its own sieve."""

from fairamp import meters
from fairamp.meters import sources
from fairamp.modbus.client import BadReply
from fairamp_box.meters.task import Meter, MeterTask
from fairamp_desk.site import Settings
from fairamp_desk.twin.meters import SimulatedMeter, Spoiler, spoiled

# A round of real requests takes so long, when it shall go as fast as it goes.
ROUND_MS = 200
# As long as an answer with three currents, three voltages and three powers.
ANSWER = bytes(41)


class DirectSource:
    """Fills a draft as the answers of a meter would, or fails as they would.

    `phases`: how many it measures. `directed`: does it tell powers, and so the direction? `timeout`: ms for an answer.
    """

    rhythm_ms = 0
    hints = ()

    def __init__(self, meter: SimulatedMeter, phases: int, timeout: int, directed: bool = True):
        self._meter = meter
        self._phases = range(phases)
        self._timeout = timeout
        self._directed = directed
        self._spoil = Spoiler()

    def where(self) -> str:
        return "no wire"

    async def read(self, draft) -> None:
        if self._meter.faults:
            self._suffer()
        meter = self._meter
        draft.clear()
        draft.phases = len(self._phases)
        draft.lively = True
        for phase in self._phases:
            draft.current_ma[phase] = round(1000 * meter.amps[phase])
            draft.voltage_mv[phase] = round(1000 * meter.volts[phase])
            if self._directed:
                draft.power_w[phase] = round(meter.watts(phase))

    def _suffer(self):
        """From what is wrong with the meter; what it shows wrongly is for others to find."""
        answer = spoiled(ANSWER, self._meter.faults, self._spoil)
        if answer is None or 1000 * answer[1] > self._timeout:
            raise BadReply(f"no answer in {self._timeout} ms")
        if answer[0] != ANSWER:
            raise BadReply("damaged answer")


def house_source(settings: Settings, meter: SimulatedMeter) -> DirectSource:
    """The house meter of the settings, as far as it makes a difference for decisions."""
    model, timeout = sources.house_model(settings), settings["meter.timeout"]
    if settings["meter.model"] == meters.CT and not settings["ct.solar"]:
        return DirectSource(meter, settings["ct.clamps"], timeout, directed=False)
    return DirectSource(meter, model.phases if model else 3, timeout)


def charger_source(settings: Settings, meter: SimulatedMeter) -> DirectSource:
    """The charger's own meter."""
    return DirectSource(meter, meters.find(settings["meter.charger_model"]).phases, settings["meter.timeout"])


def period(settings: Settings) -> int:
    """Milliseconds from reading to reading."""
    return settings["meter.period"] or ROUND_MS


def read(task: MeterTask, meter: Meter) -> None:
    """One attempt. Nothing in it has to wait, so it ends where it begins."""
    attempt = task.read(meter)
    try:
        attempt.send(None)
    except StopIteration:
        return
    raise RuntimeError("a reading without a wire waits for something")


def silent(where: str, text: str) -> None:
    """The log of a box that nobody looks at."""
