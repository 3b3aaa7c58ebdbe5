"""Makes ready what the tests share: the MicroPython interpreters, and the application compiled for the small one."""

import sys

from fairamp_desk.chips import bundle
from tests import runtimes
from tests.conftest import link_libraries


def main() -> int:
    try:
        for name in runtimes.RUNTIMES:
            runtimes.command(name)
    except runtimes.Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    link_libraries()
    bundle.build("twin")
    return 0


if __name__ == "__main__":
    sys.exit(main())
