"""What the tests of the commands share."""

import pytest

from fairamp.managers import NAMES
from fairamp_desk import cli
from tests.desk.twin.twin_process import TwinProcess

CAR_AT_ONCE = """
[[load]]
amps = [2, 4, 3]
[[car]]
"""


@pytest.fixture
def ask(request, capsys):
    """Runs the COMMAND of the test file in this process: exit code, output, errors."""

    def run(*args):
        try:
            code = cli.main([request.module.COMMAND, *map(str, args)])
        except SystemExit as end:  # how argparse refuses
            code = end.code
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run


@pytest.fixture(scope="module")
def twin(tmp_path_factory):
    """With all maps, and a serial line; one for all tests of a file."""
    folder = tmp_path_factory.mktemp("twin")
    (folder / "site.toml").write_text(CAR_AT_ONCE)
    serial = str(folder / "rs485")
    with TwinProcess(str(folder / "site.toml"), "--serial", serial, maps=NAMES) as running:
        running.serial = serial
        running.wait(lambda: running.status()["meter"] == "live")
        yield running
