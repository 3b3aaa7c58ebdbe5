"""Freezes the application into a MicroPython that you build yourself: docs/images.md tells how to use this file.

`fairamp deploy --board ID` without a port writes the sources that are frozen here, without what a chip need not know.
The build of MicroPython runs this file, and brings along `options` and `freeze`.
"""

import os

READER = "fairamp_pack.py"  # for an application that lies in one file

options.defaults(board="pico")
folder = "../build/folded/" + options.board
modules = []
for path, _, files in os.walk(folder):
    modules += [os.path.relpath(os.path.join(path, file), folder) for file in files if file != READER]
freeze(folder, sorted(modules))
freeze("../firmware", "main.py")
