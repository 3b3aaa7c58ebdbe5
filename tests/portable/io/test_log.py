from checks import equal
from fairamp_box.io.clock import Clock
from fairamp_box.io.log import KEPT, NO_MEMORY, Log


def test_the_newest_lines_are_kept_and_each_is_shown():
    shown = []
    log = Log(Clock(), shown.append)
    for number in range(KEPT + 5):
        log("meter", "line " + str(number))
    equal((len(log.entries), len(shown)), (KEPT, KEPT + 5))
    assert log.entries[-1] == shown[-1] and shown[-1].endswith(" meter: line " + str(KEPT + 4)), shown[-1]


def test_without_memory_the_older_lines_are_given_up_and_nothing_fails():
    shown = []

    def echo(line):
        if "lost" in line:
            raise MemoryError
        shown.append(line)

    log = Log(Clock(), echo)
    log("meter", "fine")
    log("meter", "lost")
    equal((log.entries, shown[1:]), ([], [NO_MEMORY]))
    log("meter", "back")
    equal(len(log.entries), 1)
