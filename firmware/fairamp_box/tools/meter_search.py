"""Finds the meter: carries the questions of fairamp.meters.search over a serial line or a network."""

import asyncio
import json

from fairamp.meters.search import Search
from fairamp.modbus.client import BadReply, Refused
from fairamp_box.io.clock import Clock
from fairamp_box.io.rs485 import PARITIES
from fairamp_box.io.rtu_link import RtuLink

TIMEOUT_MS = 300
# Where a connection may have to be made first.
TCP_TIMEOUT_MS = 1000
LONGEST = 260  # bytes of the longest answer
BITS = 11  # of a character, at most
# On the board: a line of progress for so many addresses.
TELL_EVERY = 50
ADVICE = (
    "check that the meter has power and speaks Modbus, that A and B are not swapped, "
    "that the line is terminated, and that nobody else asks on it"
)


async def on_line(port, clock, progress, all=False) -> Search:
    """Searches a serial line; calls progress(done, total, text) at every address."""
    search = Search(all=all)
    link, asked, told = None, None, 0
    while search.question is not None:
        told = _tell(search, told, progress)
        baud, parity, stop = search.question[0]
        if asked != (search.question[0], search.near):
            asked = (search.question[0], search.near)
            # The whole answer has to come in this time. Whoever is there may give a long one.
            patience = TIMEOUT_MS + (LONGEST * BITS * 1000 // baud if search.near else 0)
            link = RtuLink(port, clock, baud, PARITIES[parity], stop, patience)
        await clock.sleep(2 + 7 * BITS * 500 // baud)  # 3.5 characters
        await _ask(search, link)
    return search


async def on_network(host, tcp_port, clock, progress, all=False, transport="tcp") -> Search:
    """Searches the units of one host; calls progress(done, total, text) at every unit."""
    # A board without a radio has no sockets.
    from fairamp_box.meters.links import link_to

    search = Search(network=True, all=all)
    link, told = None, 0
    while search.question is not None:
        told = _tell(search, told, progress)
        # After silence a new link: the old one would pause before it connects again.
        link = link or link_to(transport, host, tcp_port, clock, TCP_TIMEOUT_MS)
        if not await _ask(search, link):
            link = None
    return search


def _tell(search, told, progress):
    if search.done != told:
        progress(search.done, search.total, search.where())
    return search.done


async def _ask(search, link):
    """One question and its answer; False for silence."""
    _, unit, function, register, words = search.question
    try:
        data, at = await link.fetch(unit, function, register, words)
        search.tell(bytes(data[at : at + 2 * words]))
    except Refused as refused:
        search.tell(refused.code)
    except BadReply:
        search.tell(None)
        return False
    return True


def here(board=None) -> None:
    """Searches on the meter port of this board, and prints the settings to use."""
    if board is None:
        from board import connect

        board = connect()
    search = asyncio.run(on_line(board.meter_port, Clock(), _print_progress))
    for text in search.strangers:
        print(text)
    for found in search.found:
        if found.note:
            print(found.note)
        print(json.dumps({"meter": dict(found.settings())}))
    if not search.found:
        print("no meter found; " + ADVICE)


def _print_progress(done, total, text):
    if done % TELL_EVERY == 1:
        print("searching,", done, "of", total, "addresses:", text)
