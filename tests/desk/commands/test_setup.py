"""`make setup` as a newcomer meets it, with a stand-in for Python that installs nothing."""

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.runtimes import ROOT

PYTHON = """#!/bin/sh
[ "$2" = venv ] || exit 0
mkdir -p .venv/bin
printf '#!/bin/sh\\necho pip "$@"\\n' > .venv/bin/pip
chmod +x .venv/bin/pip
"""


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    (tmp_path / "tests").mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "tests/requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return ["make", "-C", str(tmp_path), "setup", f"PYTHON={python}"]


def test_who_sets_up_at_a_terminal_sees_what_is_fetched(command: list[str]) -> None:
    near, far = pty.openpty()
    subprocess.run(command, stdout=far, stderr=far, check=True, timeout=60)
    shown = os.read(near, 10000).decode()
    os.close(near)
    os.close(far)
    fetching = [line for line in shown.splitlines() if "requirements.lock" in line]
    assert len(fetching) == 2 and shown.count(" MB") == 2
    assert not any(" -q" in line for line in fetching)


def test_a_script_that_sets_up_is_told_little(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    fetching = [line for line in done.stdout.splitlines() if "requirements.lock" in line]
    assert len(fetching) == 2 and all(" -q" in line for line in fetching)


def test_who_only_runs_the_twin_does_not_wait_for_what_tests_need(command: list[str]) -> None:
    done = subprocess.run([*command[:3], "run", *command[4:]], capture_output=True, text=True, timeout=60)
    (fetching,) = [line for line in done.stdout.splitlines() if "requirements.lock" in line]
    assert "-r requirements.lock" in fetching


def test_what_runs_has_the_versions_of_what_is_tested() -> None:
    def versions(name: str) -> set[str]:
        return {line for line in (ROOT / name).read_text().splitlines() if not line.startswith(" ")}

    runs = versions("requirements.lock")
    assert runs and runs < versions("tests/requirements.lock")
