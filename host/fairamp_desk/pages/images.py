"""The page on images: running in place from flash, with the sums made from the table of memory."""

from fairamp_desk.chips import memory
from fairamp_desk.chips.memory import FILES, IN_PLACE
from fairamp_desk.chips.memory_table import FREE, RESERVE, ROWS, WORDS
from fairamp_desk.pages import table

PAGE = """# Images: running in place

Made by `make docs` from the table in `host/fairamp_desk/chips/memory_table.py` and the text in
`host/fairamp_desk/pages/images.py`: change it there.

MicroPython copies the code of a module from a file into the heap. On a small chip that is most of the heap. Where the
code lies in flash in a form that can be run as it is, only the objects that it makes take heap. There are three ways
for the application to lie on a chip:

| way | what it needs | code takes heap | a new version of the application |
| --- | --- | --- | --- |
| one file in the file system | any MicroPython from 1.26 on, as it can be downloaded | yes | `fairamp deploy` |
| ROMFS | a MicroPython with a ROMFS partition | no | `fairamp deploy` |
| frozen | a MicroPython that you build with the application in it | no | a new image |

`fairamp deploy` finds out what the MicroPython on the chip can do: with a ROMFS partition it writes one image there,
with a frozen application it copies the settings only, and otherwise it copies one file.

## What takes how much

{sums}

Measured on 32-bit MicroPython with what `fairamp deploy` compiles (`python -m tests.heap`; the tests hold it). Each row
comes on top of the application and the board. {reserve} more are kept free: for requests, sessions, and tables that are
loaded late. Frozen, names and constants lie in flash, too: the same box on an emulated Pico held 179 KiB of its heap
from a file, 106 from a ROMFS and 69 frozen, and had started after 1.3, 0.8 and 0.4 s.

What a stock image of MicroPython leaves to a program:

{boards}

So it is the boards with {small} or less that need an image of their own for more than the least; `fairamp boards` shows
which configuration fits where, and `fairamp deploy --settings FILE` does the sum for yours.

## A MicroPython with a ROMFS partition

The images for download have none. MicroPython's own documentation tells how to build it: the README of the port
(`ports/rp2/README.md`, `ports/esp32/README.md` in its sources), and `romfs` in the chapter on mpremote. What switches
the partition on:

- RP2040, RP2350: `MICROPY_HW_ROMFS_BYTES` in the `mpconfigboard.h` of a board definition of your own, a multiple
  of 4096; `MICROPY_VFS_ROM` follows from it. The partition lies below the file system, `MICROPY_HW_FLASH_STORAGE_BYTES`
  has to become smaller by as much.
- ESP32, ESP32-S3: `MICROPY_VFS_ROM`, and a partition called `romfs` in the partition table. The one in MicroPython's
  `partitions-4MiB-romfs.csv` has 128 KiB, which is too small.

256 KiB have room for the application. `mpremote romfs query` shows what a chip has, and `fairamp deploy` tells when it
is too small.

## The application frozen into the firmware

`boards/manifest.py` lists what is to be frozen. Write the sources for your board first:

```sh
.venv/bin/fairamp deploy --board pico                  # without --port: only compiles
```

Then build MicroPython with a manifest of your own, named with `FROZEN_MANIFEST`. It includes what the port or the board
freezes anyway, and ours; the chapter "Manifest files" of MicroPython's documentation tells more.

```python
include("$(PORT_DIR)/boards/manifest.py")  # of a board with Wi-Fi: $(BOARD_DIR)/manifest.py
include("/where/fairamp/is/boards/manifest.py", board="pico")
```

Flash the image (`fairamp flash`), then `fairamp deploy --board pico --port DEV --settings settings.json` copies the
settings. What an earlier deploy left in the file system is removed, because it would go first.
"""
SMALL = 250_000


def page() -> str:
    sums = [
        (WORDS[row], memory.kib(ROWS[row][FILES]), memory.kib(ROWS[row][IN_PLACE]))
        for row in sorted(ROWS, key=list(WORDS).index)
    ]
    boards = [(f"`{name}`", memory.kib(free), source) for name, (free, source) in FREE.items()]
    small = max(free for free, _ in FREE.values() if free < SMALL)
    return PAGE.format(
        sums=table(("what", "from a file", "in place"), sums),
        boards=table(("board", "heap", "how that is known"), boards),
        reserve=memory.kib(RESERVE),
        small=memory.kib(small),
    )
