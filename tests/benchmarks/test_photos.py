"""Photos of real MNIST digits, where their files are: ``NETSTEP_MNIST`` says the folder."""

import os
from pathlib import Path

import numpy as np
import pytest

from core.data.idx import IdxError, find_pair
from core.presets import open_preset
from tests.benchmarks.photos import LEAST, blocks, photographed, told, unseen
from tests.mnist import MNIST, load

FOLDER = Path(os.environ.get("NETSTEP_MNIST", MNIST))
COUNT = 100
NEAR = 0.02
"""How far the inputs may be from the originals, on average, from 0 to 1."""


def _there() -> bool:
    try:
        find_pair(FOLDER)
    except (OSError, IdxError):
        return False
    return True


@pytest.mark.skipif(not _there(), reason="NETSTEP_MNIST does not say where the files of MNIST are")
def test_enlarged_mnist_digits_come_back_and_are_told() -> None:
    images, labels = unseen(load(FOLDER), COUNT)
    experiment = open_preset("mlp-784-800-10", start="trained")
    inputs, refused = photographed(images, blocks, experiment)
    assert refused == 0
    assert np.abs(inputs - images).mean() < NEAR
    assert told(experiment, inputs, labels) >= LEAST
