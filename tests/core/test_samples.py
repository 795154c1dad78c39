"""Which samples an iteration takes, and whether they are those of the one before."""

import pytest

from core.experiment import Experiment
from core.options import OptionError, Options
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
        same.with_guest(1, 700),
        moving.with_guest(0, 1),
        moving.with_guest(2, 4)
        .with_guest(3, 1796)
        .changed(5, Options(batch_size=2, held_back=100))
        .with_guest(6, 1750),
    ]


@pytest.mark.parametrize("number", range(12))
def test_other_samples_are_other_samples_than_those_of_the_iteration_before(number: int) -> None:
    experiment = experiments()[number]
    assert not experiment.takes_other_samples(0)
    for iteration in range(1, 7):
        other = set(experiment.samples(iteration)) != set(experiment.samples(iteration - 1))
        assert experiment.takes_other_samples(iteration) is other


def test_a_guest_comes_first_once_and_the_order_goes_on() -> None:
    experiment = open_preset("digits", batch_size=4, held_back=100, shuffle=True)
    usual = [experiment.samples(iteration) for iteration in range(4)]
    with_guest = experiment.with_guest(2, 1750)
    assert [with_guest.samples(iteration) for iteration in (0, 1, 3)] == [usual[0], usual[1], usual[3]]
    assert with_guest.samples(2) == (1750, *usual[2][1:])
    assert with_guest.batch(2)["x"][0].tolist() == experiment.dataset.inputs[1750].tolist()  # type: ignore[union-attr]
    assert with_guest.with_guest(2, None).samples(2) == usual[2]
    assert with_guest.with_guest(1, None).samples(2) == usual[2]


def test_a_guest_that_is_there_already_comes_first_and_no_sample_twice() -> None:
    experiment = open_preset("digits", batch_size=4).with_guest(0, 2)
    assert experiment.samples(0) == (2, 0, 1, 3)
    assert open_preset("digits", batch_size=1).with_guest(0, 7).samples(0) == (7,)


def test_other_options_dismiss_the_guests_from_there_on() -> None:
    experiment = open_preset("digits", batch_size=2).with_guest(1, 700).with_guest(3, 800)
    changed = experiment.changed(2, experiment.now.changed(shuffle=True))
    assert changed.samples(1)[0] == 700
    assert changed.samples(3)[0] != 800


@pytest.mark.parametrize("sample", [-1, 1797, 1.0, True, "3", float("nan")])
def test_what_is_no_sample_is_no_guest(sample: object) -> None:
    with pytest.raises(OptionError, match="from 0 to 1796"):
        open_preset("digits").with_guest(0, sample)  # type: ignore[arg-type]


def test_a_change_of_the_learning_rate_leaves_the_samples_as_they_come() -> None:
    """The run goes on with its batches, and what is told of the samples is what enters."""
    before = open_preset("digits", batch_size=4, shuffle=True)
    changed = before.changed(3, before.options.changed(learning_rate=0.5, schedule="cosine:9"))
    assert [changed.samples(k) for k in range(8)] == [before.samples(k) for k in range(8)]
    other = changed.changed(5, changed.now.changed(sample=2))
    assert other.samples(5) == before.changed(0, before.options.changed(sample=2)).samples(0)
