"""Every preset trains with every optimizer at the learning rate that it has for it."""

from statistics import mean

import pytest

from core.optimizers import OPTIMIZERS
from core.presets import PRESETS, open_preset

ITERATIONS = 60
TRAINED = [name for name in PRESETS if open_preset(name).trainable]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("preset", TRAINED)
def test_the_loss_falls_at_the_rate_of_the_preset(preset: str, optimizer: str) -> None:
    dataset = open_preset(preset).dataset
    assert dataset is not None
    run = open_preset(preset, optimizer=optimizer, start="scratch", batch_size=min(16, len(dataset))).trace().run
    run.state(ITERATIONS)
    losses = [run.losses[iteration] for iteration in range(ITERATIONS)]
    assert mean(losses[-10:]) < mean(losses[:3])
