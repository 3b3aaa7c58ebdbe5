"""The registers that energy managers see: one file per charger that they may take us for."""

from fairamp import commands, view
from fairamp.modbus.frames import BUSY, ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ILLEGAL_VALUE
from fairamp.modbus.server import ANY_UNIT, Server
from fairamp.refusals import NO_REGISTER, NO_VALUE, NOT_ALLOWED, READ_ONLY, SAFE_MODE, TOO_SOON, UNDER_WAY

NAMES = ("teltocharge", "alfen", "vestel", "mennekes")


def answer(refused: int):
    """The exception code that a client hears of a command; None when it is done."""
    if not refused:
        return None
    if refused == NOT_ALLOWED:
        return ILLEGAL_ADDRESS
    return BUSY if refused in (TOO_SOON, UNDER_WAY) else ILLEGAL_VALUE


def card(box) -> str:
    """The card that has started the session, where the settings let energy managers read it."""
    return view.card(box) if box.settings["ems.disclose_card"] else ""


class Dialect:
    """One map with its manners.

    banks(box)       the banks by unit number
    begin(box)       brings its set-points
    heard(box, who, wrote) called for every request that was carried out: it arms a watchdog, or feeds it
    gone(box)        called when a connection ends that has set something
    masters          how many connections may set something at once, 0 = any number; others only read
    silence(box)     ms after which one of them that is silent makes way for another, 0 = never; None = soon
    idle_ms          a connection that is silent for so long is closed, 0 = never
    lost(box)        True while the watchdog has struck and the connections of masters are to be closed
    """

    def __init__(self, name, banks, begin, heard=None, gone=None, masters=0, idle_ms=0, lost=None, silence=None):
        self.name = name
        self._banks = banks
        self._begin = begin
        self.heard = heard
        self.gone = gone
        self.masters = masters
        self.idle_ms = idle_ms
        self.lost = lost
        self.silence = silence

    def banks(self, box) -> dict:
        """To be asked for before anything is written. None = nobody looks at a box."""
        if box:
            self._begin(box)
        return self._banks(box)


def load(name: str) -> Dialect:
    """The dialect of that name; only what is used takes memory."""
    return __import__("fairamp.managers." + name, None, None, ("DIALECT",)).DIALECT


def server(dialect, box, settings, unit: int = ANY_UNIT) -> Server:
    """The server half of a dialect. `unit`: the one address that it has on a line shared with others."""
    heard = None
    if dialect.heard:

        def heard(who, wrote):
            dialect.heard(box, who, wrote)

    banks = dialect.banks(box)
    if ANY_UNIT in banks:
        banks = {unit: banks[ANY_UNIT]}
    # Nobody commands a box that waits for its settings.
    wrong = bool(box and view.wrong_settings(box))
    refused = None
    if box:

        def refused(address, code):
            reason = NO_VALUE if code == ILLEGAL_VALUE else NO_REGISTER
            if code == ILLEGAL_FUNCTION:
                reason = SAFE_MODE if wrong else READ_ONLY
            commands.write_refused(box, "ems:" + dialect.name, address, reason)

    return Server(banks, heard, settings["ems.read_only"] or wrong, refused=refused)
