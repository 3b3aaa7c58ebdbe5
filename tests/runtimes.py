"""The MicroPython interpreters that the portable tests run on: found on PATH, or unpacked below build/.

`python -m tests.prepare` fetches them, and says in one line what is missing.
"""

import functools
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "build" / "micropython"
OLDEST = (1, 24)
# That of a Pico, and what it takes more that each module is loaded for itself here, and the test beside it.
SMALL_HEAP = "276k"
# name, word size in bits, program looked for on PATH, Debian architecture, loader inside the packages, libraries
RUNTIMES = {
    "mp64": (64, "micropython", "amd64", "usr/lib64/ld-linux-x86-64.so.2", "usr/lib/x86_64-linux-gnu"),
    "mp32": (32, "micropython32", "i386", "usr/lib/ld-linux.so.2", "usr/lib/i386-linux-gnu"),
}
DEBIAN_RELEASE = "trixie"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Missing(Exception):
    """No usable interpreter; the text says what to do."""


@functools.cache
def command(name: str, heap_size: str = SMALL_HEAP) -> tuple[str, ...]:
    """The command that starts this runtime; the 32-bit one has the heap of a small chip."""
    bits, program, arch, loader, libraries = RUNTIMES[name]
    heap = ("-X", "heapsize=" + heap_size) if bits == 32 else ()
    on_path = shutil.which(program)
    if on_path and usable((on_path,), bits):
        return (on_path, *heap)
    root = HOME / arch
    unpacked = (
        str(root / loader),
        "--library-path",
        str(root / libraries),
        str(root / "usr/bin/micropython"),
    )
    if not usable(unpacked, bits):
        unpack(arch, program)
        if not usable(unpacked, bits):
            raise Missing(
                f"{name}: the unpacked MicroPython for {arch} does not start on this machine; {advice(program)}"
            )
    return (*unpacked, *heap)


def usable(start: tuple[str, ...], bits: int) -> bool:
    """Does it start, is it new enough, and does it have the word size?"""
    probe = "import sys; print('MicroPython', sys.implementation[1][0], sys.implementation[1][1], sys.maxsize > 2**31)"
    try:
        done = subprocess.run([*start, "-c", probe], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    found = re.match(r"MicroPython (\d+) (\d+) (\w+)", done.stdout)
    if not found:
        return False
    return (int(found[1]), int(found[2])) >= OLDEST and (found[3] == "True") == (bits == 64)


def advice(program: str) -> str:
    return f"put a MicroPython {OLDEST[0]}.{OLDEST[1]} or newer on PATH as `{program}`"


def unpack(arch: str, program: str) -> None:
    """Downloads the Debian packages with a private apt configuration and unpacks them below build/."""
    for tool in ("apt-get", "dpkg"):
        if not shutil.which(tool):
            raise Missing(f"{program}: not on PATH, and no {tool} here to fetch Debian's packages; {advice(program)}")
    print(f"Fetching MicroPython for {arch} (once) ...", flush=True)
    apt = HOME / f"apt-{arch}"
    shutil.rmtree(apt, ignore_errors=True)
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (apt / folder).mkdir(parents=True)
    (apt / "status").touch()
    (apt / "sources.list").write_text(f"deb [signed-by={KEYRING} arch={arch}] {mirror()} {DEBIAN_RELEASE} main\n")
    options = []
    for key, value in {
        "Dir::Etc::sourcelist": apt / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State": apt / "state",
        "Dir::State::status": apt / "status",
        "Dir::Cache": apt / "cache",
        "APT::Architecture": arch,
        "APT::Architectures": arch,
        "APT::Sandbox::User": "",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }.items():
        options += ["-o", f"{key}={value}"]
    run_apt(["apt-get", "-q", *options, "update"], program)
    run_apt(
        [
            "apt-get",
            "-q",
            "-y",
            *options,
            "--no-install-recommends",
            "--download-only",
            "install",
            "micropython",
        ],
        program,
    )
    root = HOME / arch
    shutil.rmtree(root, ignore_errors=True)
    for package in sorted((apt / "cache/archives").glob("*.deb")):
        subprocess.run(["dpkg", "-x", package, root], check=True)
    shutil.rmtree(apt)


def run_apt(args: list[str], program: str) -> None:
    done = subprocess.run(args, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    if done.returncode:
        why = [line for line in done.stderr.splitlines() if line.startswith("E:")] or done.stderr.splitlines()
        raise Missing(f"{program}: not on PATH, and apt cannot fetch it: {' '.join(why)[:300]}; {advice(program)}")


def mirror() -> str:
    """The Debian mirror that this system already uses."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(ORIGIN) $(SITE) $(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
    )
    for line in listed.stdout.splitlines():
        origin, _, uri = line.split(" ", 2)
        if origin == "Debian" and "security" not in uri:
            return uri
    # The lists were never updated, so the origin is unknown: the address tells.
    for line in listed.stdout.splitlines():
        uri = line.rsplit(" ", 1)[-1]
        if uri.rstrip("/").endswith("/debian"):
            return uri
    raise Missing(f"micropython: apt names no Debian mirror on this system; {advice('micropython')}")
