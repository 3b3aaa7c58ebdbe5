"""The application as one file, for the reader in firmware/fairamp_pack.py."""

from binascii import crc32
from itertools import accumulate
from pathlib import PurePosixPath

from fairamp_desk.errors import Failure

HEAD = 8
ENTRY = 7
FOLDER = 0xFFFFFF


def packed(modules: dict[str, bytes]) -> bytes:
    """`modules`: path on the chip -> what mpy-cross made of it."""
    begins = dict(zip(modules, accumulate(map(len, modules.values()), initial=0), strict=False))
    begins |= {str(folder): FOLDER for path in modules for folder in PurePosixPath(path).parents if folder.name}
    keys = {path: crc32(f"/{path}".encode()).to_bytes(4, "big") for path in begins}
    listed = b"".join(key + begins[path].to_bytes(3, "big") for path, key in keys.items())
    for place, (path, key) in enumerate(keys.items()):
        # The reader looks for the key once.
        if listed.find(key) != place * ENTRY:
            raise Failure(f"{path}: cannot be told from another name in the pack; give it another one")
    return f"{len(listed):0{HEAD}}".encode() + listed + b"".join(modules.values())
