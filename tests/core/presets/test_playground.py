"""The playground: it learns, its settings are plain data, and its points can change in the middle of a run."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.data.toy import TOYS, points_in
from core.experiment import Experiment, LiveSettings
from core.layers import Feature
from core.options import OptionError, Options
from core.presets import PRESETS, open_preset
from core.presets.playground import ACTIVATION_TITLES, MOST_LAYERS, MOST_UNITS, PlaygroundSettings
from core.run.evaluation import Evaluator
from core.run.gradcheck import check_gradients
from core.run.run import Run

OPTIONS = PRESETS["playground"].defaults


def held_back_loss(experiment: Experiment, iteration: int) -> tuple[float, float | None]:
    """Return the loss on the points that are held back, and the share that is found."""
    assert experiment.network is not None
    assert experiment.dataset is not None
    run = Run(experiment.program, experiment.parameters, experiment.batch)
    judge = Evaluator(experiment.network, experiment.loss, experiment.dataset, experiment.held_back)
    evaluation = judge(run.state(iteration))
    return evaluation.loss, evaluation.accuracy


def test_it_opens_with_its_own_options() -> None:
    experiment = open_preset("playground")
    assert experiment.options.batch_size == 10
    assert float(experiment.program.hyperparameters["eta"]) == 0.03
    assert len(experiment.trained_on) == 140
    assert len(experiment.held_back) == 60


@pytest.mark.parametrize(("data", "share"), [("circles", 0.8), ("xor", 0.9), ("moons", 0.85), ("blobs", 0.98)])
def test_it_learns_within_some_hundred_iterations(data: str, share: float) -> None:
    experiment = PlaygroundSettings(data=data).open(OPTIONS)
    before, after = (held_back_loss(experiment, iteration) for iteration in (0, 300))
    assert after[0] < before[0]
    assert after[1] is not None
    assert after[1] >= share


@pytest.mark.parametrize("data", ["plane", "hills"])
def test_heights_are_learnt(data: str) -> None:
    experiment = PlaygroundSettings(data=data).open(OPTIONS)
    before, after = (held_back_loss(experiment, iteration)[0] for iteration in (0, 600))
    assert after < 0.6 * before


def test_with_squares_one_neuron_is_enough_for_circles() -> None:
    with_squares = PlaygroundSettings(units=(), features=(Feature.X1_SQUARED, Feature.X2_SQUARED))
    assert held_back_loss(with_squares.open(OPTIONS), 300)[1] == 1
    accuracy = held_back_loss(PlaygroundSettings(units=()).open(OPTIONS), 300)[1]
    assert accuracy is not None
    assert accuracy < 0.8


@pytest.mark.parametrize("data", TOYS)
@pytest.mark.parametrize(
    "activation", sorted(set(ACTIVATION_TITLES) - {"relu"})
)  # which has no derivative where biases are 0
def test_gradients_agree_with_central_differences(data: str, activation: str) -> None:
    settings = PlaygroundSettings(data=data, activation=activation, features=tuple(Feature), units=(3, 2))
    experiment = settings.open(replace(OPTIONS, dtype="float64"))
    checks = check_gradients(experiment.program, experiment.inputs(), cells=3)
    assert max(check.error for check in checks) < 1e-6


def test_features_are_taken_in_one_order() -> None:
    shuffled = PlaygroundSettings(features=(Feature.SINE_X1, Feature.X2, Feature.X1)).open(OPTIONS)
    ordered = PlaygroundSettings(features=(Feature.X1, Feature.X2, Feature.SINE_X1)).open(OPTIONS)
    assert shuffled.network == ordered.network


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"data": "cirlces"}, "points among circles.*; got 'cirlces'.*circles"),
        ({"count": 1}, "from 2 to 1000 points; got 1"),
        ({"count": 60}, "at most 59 samples held back of playground .*; got 60"),
        ({"count": 65}, "batch size from 1 to 5 .*; got 10"),
        ({"noise": float("inf")}, "noise from 0 to 3; got inf"),
        ({"data_seed": -2}, "seed of the points .*; got -2"),
        ({"features": ()}, "at least one input; got none"),
        ({"features": ("x1", "x9")}, "inputs among x1, .*; got 'x9'"),
        ({"units": (0,)}, f"from 1 to {MOST_UNITS} neurons in a layer; got 0"),
        ({"units": (MOST_UNITS + 1,)}, f"neurons in a layer; got {MOST_UNITS + 1}"),
        ({"units": (2.0,)}, "neurons in a layer; got 2.0"),
        ({"units": (1,) * (MOST_LAYERS + 1)}, f"at most {MOST_LAYERS} hidden layers; got {MOST_LAYERS + 1}"),
        ({"activation": "softmax"}, "activation among tanh.*; got 'softmax'"),
        ({"points": ()}, "at least one point; got none"),
        ({"points": ((9.0, 0.0, 1.0),) * 100}, "points from -6 to 6"),
        ({"points": ((1.0, 0.0, 0.5),) * 100}, "a class, 0 or 1; got 0.5"),
    ],
)
def test_impossible_settings_get_one_sentence(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=rf"^Expected [^.]*{message}.*\.$"):
        PlaygroundSettings(**changed).open(OPTIONS)


def test_points_of_ones_own_are_kept_in_the_settings() -> None:
    own = ((1.5, -2.0, 1.0), (0.0, 3.0, 0.0), (5.0, 5.0, 1.0))
    experiment = PlaygroundSettings(points=own).open(Options(batch_size=2))
    assert experiment.dataset is not None
    assert points_in(experiment.dataset) == own
    np.testing.assert_array_equal(experiment.dataset.labels, [1, 0, 1])


def test_only_points_of_ones_own_let_a_run_go_on() -> None:
    settings = PlaygroundSettings()
    assert isinstance(settings, LiveSettings)
    moved = replace(settings, points=settings.drawn()[:-1])
    assert settings.keeps_run(moved)
    assert moved.keeps_run(replace(moved, points=settings.drawn()))
    assert not moved.keeps_run(settings)
    assert not settings.keeps_run(replace(moved, noise=0.0))
    assert not settings.keeps_run(replace(moved, units=(3,)))


def test_other_points_from_an_iteration_on_leave_what_was_before() -> None:
    settings = PlaygroundSettings()
    first = settings.open(OPTIONS)
    fewer = replace(settings, points=settings.drawn()[:100]).open(OPTIONS)
    changed = first.with_data(20, fewer)
    assert changed.dataset_at(19) is first.dataset
    assert changed.dataset_at(20) is fewer.dataset
    for iteration in (0, 13, 19):
        assert changed.samples(iteration) == first.samples(iteration)
        np.testing.assert_array_equal(changed.batch(iteration)["x"], first.batch(iteration)["x"])
    assert fewer.dataset is not None
    inputs = fewer.dataset.inputs.astype(np.float32)
    for iteration in range(20, 40):
        samples = list(changed.samples(iteration))
        assert max(samples) < 40
        np.testing.assert_array_equal(changed.batch(iteration)["x"], inputs[samples])


def test_what_was_planned_for_later_is_dropped_where_other_points_come_earlier() -> None:
    settings = PlaygroundSettings()
    first = settings.open(OPTIONS)
    second, third = (replace(settings, points=settings.drawn()[:count]).open(OPTIONS) for count in (150, 120))
    changed = first.with_data(20, second).with_data(10, third)
    assert [changed.dataset_at(iteration) for iteration in (0, 9, 10, 20, 30)] == [
        *[first.dataset] * 2,
        *[third.dataset] * 3,
    ]
    assert first.with_data(20, second).with_data(0, third).earlier == ()
