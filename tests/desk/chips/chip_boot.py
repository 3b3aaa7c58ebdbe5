"""What the stand-in of a chip runs: MicroPython with a LittleFS in a host file, main.py, then the prompt.

Arguments: the file that is the flash, the pipe on which the bridge learns what goes on, "boot" or "raw"
(after a soft reset from the raw prompt), the number of blocks, the file that is the ROMFS partition, "" for none, and
the name of the chip. Letters on the pipe:
P a program runs, so that Ctrl-C interrupts it; R the prompt reads, so that Ctrl-C is a key; S soft reset into
the raw prompt; L boot loader; W a watchdog was started that nobody feeds.
"""
# What is special to MicroPython is unknown to mypy.
# mypy: ignore-errors

import io
import os
import sys

import vfs

BLOCK = 4096
FLASH, PIPE, MODE, BLOCKS, ROM, MACHINE = sys.argv[1:]
RADIO = "Pico W" in MACHINE or "ESP32" in MACHINE
NO_SOCKETS = b"""raise ImportError("no module named 'socket'")"""
CTRL_A, CTRL_B, CTRL_C, CTRL_D, CTRL_E, RETURN = b"\x01", b"\x02", b"\x03", b"\x04", b"\x05", b"\r"
WINDOW = 128
RAW_BANNER = "raw REPL; CTRL-B to exit\r\n"


class Flash:
    def __init__(self, file, blocks):
        self.file = file
        self.blocks = blocks

    def readblocks(self, number, buf, offset=0):
        self.file.seek(number * BLOCK + offset)
        self.file.readinto(buf)

    def writeblocks(self, number, buf, offset=0):
        self.file.seek(number * BLOCK + offset)
        self.file.write(buf)

    def ioctl(self, operation, _argument):
        return {4: self.blocks, 5: BLOCK}.get(operation, 0)


class Rom(bytearray):
    """A partition for a ROMFS, in memory and in a host file: erasing sets all bits, writing only clears them."""

    def ioctl(self, operation, number):
        if operation == 6:
            self._put(number * BLOCK, b"\xff" * BLOCK)
        return {4: len(self) // BLOCK, 5: BLOCK}.get(operation, 0)

    def writeblocks(self, number, buf, offset=0):
        at = number * BLOCK + offset
        self._put(at, bytes(old & new for old, new in zip(self[at : at + len(buf)], buf)))  # noqa: B905

    def _put(self, at, data):
        self[at : at + len(data)] = data
        with open_host(ROM, "r+b") as file:
            file.seek(at)
            file.write(data)


class Without:
    """A folder with a module that cannot be imported."""

    def mount(self, _readonly, _mkfs):
        pass

    def stat(self, path):
        if path != "/socket.py":
            raise OSError(2)
        return (0x8000,) + 9 * (0,)

    def open(self, _path, _mode):
        return io.BytesIO(NO_SOCKETS)


class Around:
    """A module of this MicroPython with some names added."""

    def __init__(self, module, **names):
        self._module = module
        for name, value in names.items():
            setattr(self, name, value)

    def __getattr__(self, name):
        return getattr(self._module, name)


class Implementation:
    name, version = sys.implementation[:2]
    _mpy = sys.implementation._mpy
    _machine = MACHINE


class Part:
    """A kind of pin, converter, port or timer, and each one of them: its constants and answers are 0."""

    def __call__(self, *_args, **_settings):
        return Part()

    def __getattr__(self, name):
        return 0 if name == name.upper() else lambda *_args, **_settings: 0

    def __getitem__(self, _register):
        return 256  # the converter is ready

    def __setitem__(self, _register, _value):
        pass


class Uart(io.IOBase):
    """A serial port on which nobody answers."""

    def __init__(self, *_args, **_settings):
        pass

    def ioctl(self, request, _argument):
        return 0 if request == 3 else -1

    def any(self):
        return 0

    def write(self, data):
        return len(data)

    def txdone(self):
        return True


class Dma:
    """A channel that moves one sample whenever somebody looks."""

    channel = left = 0
    write = property(lambda self: 0, lambda self, buffer: None)

    def __getattr__(self, name):
        if name == "count":
            Dma.left = (Dma.left - 1) % 500
            return Dma.left
        return lambda *_args, **_settings: 0


def say(text):
    sys.stdout.write(text)


def tell(letter):
    bridge.write(letter)


def reset(letter=b""):
    """Like the real one, this runs no handler and no finally."""
    tell(letter)
    os.system("kill -KILL $PPID")


def mount(path, blocks):
    host = vfs.VfsPosix()
    flash = Flash(open(path, "r+b"), blocks)  # noqa: SIM115
    try:
        files = vfs.VfsLfs2(flash)
    except OSError:
        vfs.VfsLfs2.mkfs(flash)
        files = vfs.VfsLfs2(flash)
    vfs.umount("/")
    vfs.mount(files, "/")
    os.chdir("/")
    sys.path[:] = ["", ".frozen", "/lib"]
    return host


def install_modules():
    parts = dict.fromkeys(("ADC", "PWM", "Pin", "WDT", "Timer", "mem32", "freq"), Part())
    parts["UART"] = Uart
    parts["PWRON_RESET"], parts["reset_cause"] = 1, lambda: 1
    sys.modules["rp2"] = Around(sys, DMA=Dma)
    machine = Around(__import__("machine"), reset=reset, bootloader=lambda: reset(b"L"), **parts)
    machine.unfed_watchdog = lambda: tell(b"W")
    sys.modules["machine"] = machine
    sys.modules["sys"] = Around(sys, implementation=Implementation, platform="rp2")
    if RADIO:
        sys.modules["network"] = Part()
    else:
        vfs.mount(Without(), "/without")
        sys.path.insert(0, "/without")
    if ROM:
        install_rom()


def open_host(path, mode):
    return host.open(path, mode)


def install_rom():
    with open_host(ROM, "rb") as file:
        rom = Rom(file.read())
    sys.modules["vfs"] = Around(vfs, rom_ioctl=lambda operation, *_: {1: 1, 2: rom}.get(operation, -22))
    try:
        vfs.mount(vfs.VfsRom(rom), "/rom")
    except OSError:
        return  # nothing was written there yet
    sys.path.append("/rom")


def guarded(program, errors):
    """Runs a program; errors(exception) shows what ended it."""
    tell(b"P")
    try:
        program()
    except BaseException as error:
        errors(error)
    tell(b"R")


def friendly():
    """The prompt for people: carries out single lines, leaves for the raw one on Ctrl-A."""
    say("MicroPython v1.25.0; " + MACHINE + '\r\nType "help()" for more information.\r\n>>> ')
    line = b""
    while True:
        key = read_key()
        if key == CTRL_A:
            return
        if key == CTRL_B:
            return friendly()
        if key == CTRL_D:
            say("\r\nMPY: soft reboot\r\n")
            reset()
        if key == RETURN:
            say("\r\n")
            guarded(lambda line=line: exec(line, names), sys.print_exception)
        if key in (RETURN, CTRL_C):
            line = b""
            say("\r\n>>> ")
        else:
            line += key
            say(key.decode())


def raw():
    """The prompt for programs."""
    say(RAW_BANNER + ">")
    code = b""
    while True:
        key = read_key()
        if key == CTRL_A:
            say(RAW_BANNER + ">")
            code = b""
        elif key == CTRL_B:
            return say("\r\n")
        elif key == CTRL_C:
            code = b""
        elif key == CTRL_D:
            say("OK")
            if not code.strip():
                say("\r\nMPY: soft reboot\r\n")
                reset(b"S")
            execute(code)
            code = b""
        elif key == CTRL_E and not code:
            execute_paste()
        else:
            code += key


def execute_paste():
    """Takes code with flow control, as the keys Ctrl-E, A, Ctrl-A ask for."""
    read_key()
    read_key()
    sys.stdout.buffer.write(b"R\x01" + bytes([WINDOW, 0]) + b"\x01")
    code = bytearray()
    key = read_key()
    while key != CTRL_D:
        code.extend(key)
        if len(code) % WINDOW == 0:
            say("\x01")
        key = read_key()
    say("\x04")
    execute(code)


def execute(code):
    complaints = []
    guarded(lambda: exec(code, names), complaints.append)
    say("\x04")
    for error in complaints:
        sys.print_exception(error, sys.stdout)
    say("\x04>")


def read_key():
    while True:
        try:
            key = sys.stdin.buffer.read(1)
        except KeyboardInterrupt:
            return CTRL_C
        if not key:
            sys.exit()
        return key


bridge = open(PIPE, "wb")  # noqa: SIM115
names = {"__name__": "__main__"}
host = mount(FLASH, int(BLOCKS))
install_modules()
if MODE == "boot":
    if "main.py" in os.listdir():
        guarded(lambda: execfile("main.py", names), sys.print_exception)  # noqa: F821
    tell(b"R")
    friendly()
tell(b"R")
while True:
    raw()
    friendly()
