from running import start

from checks import equal
from fairamp import commands


def test_a_reading_of_the_house_reaches_the_control_at_once():
    _, app = start()
    acted = []
    app.control.act = lambda: acted.append(1)
    told = [meter.name for task in app.meter_tasks for meter in task._meters if meter.act and meter.act() is None]
    equal((told, acted), (["house meter"], [1]))


def test_garbage_waits_for_both_lines_and_likes_the_moment_after_an_answer():
    _, app = start()
    heap = app.control._heap
    lines = [meter.source._link.line for task in app.meter_tasks for meter in task._meters]
    assert heap._served._port is app.board.ems_port and heap._served in heap._lines
    assert len(heap._lines) == 2 and lines[0] in heap._lines


def test_the_log_tells_who_asks():
    _, app = start()
    commands.lock(app.box, "ems:test", 1)
    assert app.log.entries[-1].endswith(" ems:test: always locked"), app.log.entries
