"""Runs the tests of one file on this interpreter: `run_here.py FILE [TEST ...]`.

Prints one line per test, `pass NAME` or `fail NAME` with the traceback behind it, for the collector on the desk.
"""

import gc
import sys


def main(file, wanted):
    folder, _, name = file.rpartition("/")
    # Behind the others: on a small heap the file is found compiled.
    sys.path.append(folder)
    if sys.maxsize <= 0x7FFFFFFF:
        gc.threshold(16384)  # as a box has it
    try:
        module = __import__(name[:-3])
    except Exception as error:
        print("fail import")
        sys.print_exception(error)
        return
    for name in wanted or [name for name in sorted(dir(module)) if name.startswith("test_")]:
        if "asyncio" in sys.modules:
            # Tasks that a test left behind would keep all of its box in memory.
            sys.modules["asyncio"].new_event_loop()
        gc.collect()
        try:
            getattr(module, name)()
        except Exception as error:
            print("fail", name)
            sys.print_exception(error)
        else:
            print("pass", name)


main(sys.argv[1], sys.argv[2:])
