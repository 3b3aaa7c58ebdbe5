"""What the tests of the commands share."""

import pytest

from fairamp_desk import cli


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
