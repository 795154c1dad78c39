"""Which samples an iteration takes, and whether they are those of the one before."""

import pytest

from core.experiment import Experiment
from core.options import Options
from core.presets import open_preset


def experiments() -> list[Experiment]:
    """Return runs whose samples move on, stay, wrap around, and change in the middle."""
    moving, same = open_preset("digits", batch_size=2), open_preset("digits", batch_size=2, same_samples=True)
    return [
        moving,
        same,
        open_preset("digits", batch_size=1797),
        open_preset("digits", batch_size=1796),
        open_preset("worked-2-2-2"),
        open_preset("conv-kernel"),
        moving.changed(2, Options(batch_size=2, same_samples=True, sample=4)).changed(4, Options(batch_size=2)),
        same.changed(3, Options(batch_size=2, same_samples=True, sample=1)),
        same.changed(3, Options(batch_size=2, same_samples=True, learning_rate=0.5)),
    ]


@pytest.mark.parametrize("number", range(9))
def test_other_samples_are_other_samples_than_those_of_the_iteration_before(number: int) -> None:
    experiment = experiments()[number]
    assert not experiment.takes_other_samples(0)
    for iteration in range(1, 7):
        other = set(experiment.samples(iteration)) != set(experiment.samples(iteration - 1))
        assert experiment.takes_other_samples(iteration) is other
