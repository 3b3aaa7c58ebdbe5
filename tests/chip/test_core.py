"""The processor in C against that of rp2040py, one instruction at a time, with random registers and memory."""

import random
import subprocess

import pytest

pytest.importorskip("rp2040py", reason="rp2040py comes with make chip")

from rp2040py._cortex_m0_core import CortexM0Core

from tests.chip.emulator import native
from tests.chip.emulator.core import RAM_START, Core, Fault

COUNT = 40000
SPAN = 0x2000
CODE = RAM_START + 0x100
INTERESTING = (0, 1, 2, 31, 32, 33, 255, 256, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
# Where rp2040py is wrong about C and V: ADC and SBC lose the carry that they take in; shifts by 0 or by more than 32.
N_AND_Z_ONLY = (0b0100000010, 0b0100000011, 0b0100000100, 0b0100000101, 0b0100000110, 0b0100000111)
# Hints, calls of the system and what does not exist: they stop or wait. CMP of PC is undefined; and BLX LR goes
# to the address that it has just put there, in rp2040py.
LEFT_OUT = (*range(0xB660, 0xB680), *range(0xBE00, 0xC000), *range(0xDE00, 0xE000), 0x45FF, 0x47F0)


class Memory:
    """What the other processor needs of a chip."""

    def __init__(self) -> None:
        self.ram = bytearray(SPAN)
        self.logger = None

    def read_uint32(self, at: int) -> int:
        return self._read(at & ~3, 4)

    def read_uint16(self, at: int) -> int:
        return self._read(at & ~1, 2)

    def read_uint8(self, at: int) -> int:
        return self._read(at, 1)

    def _read(self, at: int, size: int) -> int:
        start = (at - RAM_START) % SPAN
        return int.from_bytes(self.ram[start : start + size], "little")

    def write_uint32(self, at: int, value: int) -> None:
        self._write(at, value, 4)

    def write_uint16(self, at: int, value: int) -> None:
        self._write(at, value, 2)

    def write_uint8(self, at: int, value: int) -> None:
        self._write(at, value, 1)

    def _write(self, at: int, value: int, size: int) -> None:
        start = (at - RAM_START) % SPAN
        self.ram[start : start + size] = (value & (1 << 8 * size) - 1).to_bytes(size, "little")


def outside(address: int, _size: int, _value: int = 0) -> int:
    raise LookupError(hex(address))


def addresses_of(opcode: int) -> list[int]:
    """Registers that an instruction uses as parts of an address."""
    top = opcode >> 12
    if top == 5:
        return [opcode >> 3 & 7, opcode >> 6 & 7]
    if top in (6, 7, 8):
        return [opcode >> 3 & 7]
    return [opcode >> 8 & 7] if top == 12 else []


def size_of(opcode: int) -> int:
    if opcode >> 12 == 5:
        return (4, 2, 1, 1, 4, 2, 1, 2)[opcode >> 9 & 7]
    return {6: 4, 7: 1, 8: 2}.get(opcode >> 12, 4)


def registers_for(opcode: int, chance: random.Random) -> list[int]:
    values = [
        chance.choice((chance.choice(INTERESTING), chance.randrange(1 << 32), chance.randrange(300))) for _ in range(13)
    ]
    base, *index = addresses_of(opcode) or [0]
    if addresses_of(opcode):
        values[base] = RAM_START + 0x800 + chance.randrange(0x800) // 4 * 4
        for number in index:
            values[number] = values[number] if number == base else chance.randrange(64) * size_of(opcode)
    return [*values, RAM_START + 0x1000 + chance.randrange(0x400) // 4 * 4, chance.randrange(1 << 32) | 1]


def opcodes(chance: random.Random):
    while True:
        opcode, second = chance.randrange(1 << 16), chance.randrange(1 << 16)
        if opcode >> 11 == 0b11110:
            second |= 0xD000  # a call
        elif opcode >> 11 > 0b11100 or opcode in LEFT_OUT:
            continue
        elif opcode >> 12 == 5 and len(set(addresses_of(opcode))) == 1:
            continue  # the sum of a register with itself is no address here
        elif opcode >> 11 == 0b11000 and opcode >> (opcode >> 8 & 7) & 1:
            continue  # rp2040py leaves the base as it was when it stands in the list of what is stored
        yield opcode, second


def test_the_source_has_no_warnings(tmp_path):
    strict = ("-Wall", "-Wextra", "-Werror")
    command = [*native.compiler(), *native.FLAGS, *strict, "-o", str(tmp_path / "core.so"), str(native.HERE / "core.c")]
    subprocess.run(command, check=True)


def test_every_instruction_does_what_the_other_processor_does():
    chance = random.Random(1)
    memory = Memory()
    other = CortexM0Core(memory)
    ours = Core(outside, outside)
    state = ours.state
    tried = 0
    for opcode, second in opcodes(chance):
        start = registers_for(opcode, chance)
        for at in range(0x800, 0x1800, 64):
            memory.ram[at : at + 4] = chance.randbytes(4)
        memory.ram[0x100:0x104] = opcode.to_bytes(2, "little") + second.to_bytes(2, "little")
        ours.ram[:SPAN] = memory.ram
        bits = [chance.randrange(2) for _ in range(4)]
        for number, value in enumerate([*start, CODE]):
            other.registers[number] = state.r[number] = value
        other.n, other.z, other.c, other.v = (bool(bit) for bit in bits)
        state.negative, state.not_zero, state.carry, state.overflow = bits[0] << 31, 1 - bits[1], bits[2], bits[3] << 31
        other.waiting = other.interrupts_updated = False
        try:
            other.execute_instruction()
        except (AttributeError, OverflowError):
            continue  # one that does not exist, or that rp2040py stumbles over
        state.until = state.now + 1
        try:
            ours.run()
        except Fault:
            continue
        tried += 1
        what = f"{opcode:#06x} {second:#06x} with {[hex(value) for value in start]} {bits}"
        assert list(state.r) == list(other.registers), what
        flags = [state.negative >> 31, int(not state.not_zero), state.carry, state.overflow >> 31]
        theirs = [int(flag) for flag in (other.n, other.z, other.c, other.v)]
        known = 2 if opcode >> 6 in N_AND_Z_ONLY else 4
        assert flags[:known] == theirs[:known], what
        assert ours.ram[:SPAN] == memory.ram, what
        if tried == COUNT:
            return


@pytest.mark.parametrize(
    ("code", "cycles"),
    [
        ("1800", 1),  # add
        ("4348", 1),  # muls
        ("6808", 2),  # ldr from memory
        ("6008", 2),  # str
        ("e7fe", 2),  # b
        ("b5f0", 6),  # push {r4-r7, lr}
        ("bcf0", 5),  # pop {r4-r7}
        ("bdf0", 8),  # pop {r4-r7, pc}
        ("c1fc", 7),  # stm, six words
        ("4770", 2),  # bx lr
        ("f000f800", 3),  # bl
        ("f3bf8f5f", 3),  # dmb
        ("bf00", 1),  # nop
    ],
)
def test_cycles_are_those_of_the_manual(code, cycles):
    core = Core(outside, outside)
    words = b"".join(int(code[at : at + 4], 16).to_bytes(2, "little") for at in range(0, len(code), 4))
    core.ram[0x100 : 0x100 + len(words)] = words
    for number in range(8):
        core.state.r[number] = RAM_START + 0x400
    core.state.r[13], core.state.r[14], core.state.r[15] = RAM_START + 0x800, CODE | 1, CODE
    core.state.until = 1.0
    core.run()
    assert core.state.now == cycles * core.state.cycle


@pytest.mark.parametrize(
    ("a", "b", "signed", "result"),
    [
        (100, 7, False, (14, 2)),
        (0xFFFFFFFF, 10, False, (429496729, 5)),
        (-100, 7, True, (-14, -2)),
        (100, -7, True, (-14, 2)),
        (5, 0, False, (0xFFFFFFFF, 5)),
        (-5, 0, True, (1, -5)),
        (-(1 << 31), -1, True, (-(1 << 31), 0)),
    ],
)
def test_the_divider(a, b, signed, result):
    """str r0, [r4]; str r1, [r4, #4]; ldr r3, [r5, #4]; ldr r2, [r5]: remainder first, as the C library does."""
    core = Core(outside, outside)
    core.ram[0x100:0x108] = b"".join(code.to_bytes(2, "little") for code in (0x6020, 0x6061, 0x686B, 0x682A))
    core.state.r[0], core.state.r[1] = a & 0xFFFFFFFF, b & 0xFFFFFFFF
    core.state.r[4], core.state.r[5] = 0xD0000060 + 8 * signed, 0xD0000070
    core.state.r[15] = CODE
    for _ in range(4):
        core.state.until = core.state.now + 1
        core.run()
    assert (core.state.r[2], core.state.r[3]) == tuple(value & 0xFFFFFFFF for value in result)
