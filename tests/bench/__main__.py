"""Runs every measurement, or those named: `make bench ARGS="heap"`."""

import sys

from tests.bench import attack, ct, heap, modbus, sharing, simulate, step

BENCHES = {
    "heap": heap.run,
    "step": step.run,
    "sharing": sharing.run,
    "simulate": simulate.run,
    "ct": ct.run,
    "modbus": modbus.run,
    "attack": attack.run,
}


def main() -> int:
    names = sys.argv[1:] or list(BENCHES)
    for name in names:
        if name not in BENCHES:
            print(f"bench: unknown measurement '{name}'; known: {', '.join(BENCHES)}", file=sys.stderr)
            return 2
        print(f"\n== {name}")
        BENCHES[name]()
    return 0


sys.exit(main())
