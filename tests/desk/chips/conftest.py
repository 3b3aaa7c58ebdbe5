"""What the tests of the boards share."""

import pytest

from fairamp_desk.commands import boards
from tests.desk.chips import fake_machine


@pytest.fixture
def chip(monkeypatch):
    """The fake chip below the drivers."""
    return fake_machine.install(monkeypatch)


@pytest.fixture(params=boards.BOARDS)
def wired(request, chip):
    """A board file, its connected board, and its pins by role."""
    module = boards.load(request.param)
    return module, module.connect(), {role: gpio for role, gpio, _ in module.PINS}
