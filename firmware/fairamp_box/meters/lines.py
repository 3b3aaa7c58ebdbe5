"""From the settings to the tasks that read the meters: one task for each line, so that none waits for another."""

from fairamp import meters
from fairamp.meters import sources
from fairamp.meters.sieve import Sieve
from fairamp.units import mapped
from fairamp_box.io.rs485 import PARITIES
from fairamp_box.meters.task import LATE_MS, Meter, MeterTask

HTTP_TIMEOUT_MS = 2000
NOT_PUSHED = "the house has a meter: values are taken when [meter] model is push"
ESTIMATED = "the charger has no meter: what its car draws is estimated by its offer"
UNREAD = {
    "static": "no house meter is read: the fuse is for the chargers alone, and what else is behind it nobody sees",
    "ems": "no house meter is read: an energy manager alone allows current, and nothing is offered before he does",
}
# What no charger draws a multiple of.
CHARGER_FUSE_MA = 80000


def house_meter(source, settings, reading, act):
    return Meter("house meter", source, Sieve(settings["site.fuse"], settings["site.voltage"]), reading, act)


def charger_meter(source, settings, reading):
    return Meter("charger meter", source, Sieve([CHARGER_FUSE_MA] * 3, settings["site.voltage"]), reading)


class MeterLines:
    """The tasks that read, the serial lines that they occupy, and where pushed values go."""

    def __init__(self, board, settings, box, clock, log, act=None):
        """`act`: called when there is a new reading of the house."""
        self._board = board
        self._settings = settings
        self._clock = clock
        self._ports = {"meter": board.meter_port, "ems": board.ems_port}
        self._links = {}
        # Takes the values that somebody sends, when the house meter is of that kind.
        self.push: object = NOT_PUSHED
        self.on_network, self.tasks = False, []
        if settings["supply.mode"] != "dynamic":
            log("meter", UNREAD[settings["supply.mode"]])
            if settings["meter.charger_model"] == meters.NONE:
                log("meter", ESTIMATED)
            else:
                self.tasks.append(MeterTask((self._own(box),), settings, clock, log))
            return
        house = house_meter(self._house(), settings, box.coordinator.grid, act)
        if self.push is not NOT_PUSHED:
            house.most_late_ms = LATE_MS
            # Who sends is told at once what would not be believed.
            house.source.judge = house.sieve.check
            house.source.phases = 1 + max(mapped(settings["charger.mapping"]))
        how = sources.transport(settings)
        self.on_network = how in sources.NETWORK
        if how == sources.TELEGRAM:
            house.tell_time = box.keep_time(clock.now()).tell_local
        if settings["meter.charger_model"] == meters.NONE:
            log("meter", ESTIMATED)
            self.tasks = [self._task(house, log, how)]
            return
        own = self._own(box)
        # On one line the charger's own meter comes first: the decision follows a new reading of the house.
        together = how == sources.SERIAL and sources.charger_line(settings) == settings["meter.line"]
        if together:
            self.tasks = [MeterTask((own, house), settings, clock, log)]
        else:
            self.tasks = [MeterTask((own,), settings, clock, log), self._task(house, log, how)]

    def _own(self, box):
        """The charger's own meter."""
        settings = self._settings
        line, model = sources.charger_line(settings), meters.find(settings["meter.charger_model"])
        return charger_meter(self._modbus(line, model, settings["meter.charger_unit"]), settings, box.own)

    def _task(self, house, log, how):
        """The house meter alone. What sends by itself is listened to without a pause."""
        return MeterTask((house,), self._settings, self._clock, log, paced=self.on_network or how == sources.SERIAL)

    def uses(self, line) -> bool:
        """Is this serial line taken by a meter?"""
        return line in self._links

    def lines(self):
        """The serial lines on which questions and answers alternate."""
        return [link.line for link in self._links.values() if link]

    def _house(self):
        settings, clock, id = self._settings, self._clock, self._settings["meter.model"]
        transport, timeout = sources.transport(settings), settings["meter.timeout"]
        if transport == sources.SERIAL:
            return self._modbus(settings["meter.line"], sources.house_model(settings), sources.unit(settings))
        host, port = settings["meter.host"], sources.port(settings)
        # What one kind of meter needs is loaded for that kind only.
        if transport == sources.HTTP:
            from fairamp_box.meters.http_source import HttpSource

            # A page takes longer than a few registers.
            return HttpSource(host, port, id, clock, max(timeout, HTTP_TIMEOUT_MS))
        if transport in sources.NETWORK:
            from fairamp_box.meters.links import link_to
            from fairamp_box.meters.modbus_source import ModbusSource

            model = sources.house_model(settings)
            link, of = link_to(transport, host, port, clock, timeout, model), " of " + host + ":" + str(port)
            return ModbusSource(link, model, sources.unit(settings), of)
        if transport == sources.TELEGRAM:
            return self._telegram(id)
        if id == meters.PUSH:
            from fairamp_box.meters.push_source import PushSource

            source = PushSource(clock, settings["meter.period"])
            self.push = source.push
            return source
        from fairamp_box.meters.ct_source import CtSource

        return CtSource(self._board, settings, clock)

    def _telegram(self, id):
        from fairamp_box.meters.telegram_source import P1_BAUDS, TIC_BAUDS, TelegramSource

        line = self._settings["meter.line"]
        self._links[line] = None
        if id == meters.P1:
            from fairamp.meters.p1 import P1

            return TelegramSource("P1", self._ports[line], P1(), P1_BAUDS, self._clock)
        from fairamp.meters.tic import Tic

        return TelegramSource("TIC", self._ports[line], Tic(), TIC_BAUDS, self._clock)

    def _modbus(self, line, model, unit):
        from fairamp_box.io.rtu_link import RtuLink
        from fairamp_box.meters.modbus_source import ModbusSource

        if line not in self._links:
            baud, parity, stop = sources.serial_format(self._settings, line, model)
            timeout = self._settings["meter.timeout"]
            self._links[line] = RtuLink(self._ports[line], self._clock, baud, PARITIES[parity], stop, timeout)
        return ModbusSource(self._links[line], model, unit)
