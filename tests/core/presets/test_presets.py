from typing import Any

import numpy as np
import pytest

from core.builder import Builder
from core.experiment import Experiment
from core.ops.elementwise import Scale
from core.options import OptionError, Options
from core.presets import DEFAULT_PRESET, PRESETS, find_preset, open_preset
from core.run.gradcheck import check_gradients
from core.run.trace import Cursor
from core.values import Phase, Role

NAMES = tuple(PRESETS)
TRAINED = tuple(name for name in NAMES if open_preset(name).trainable)
SHAPES = {
    "digits": {"w_1": (64, 32), "b_1": (1, 32), "w_2": (32, 10), "b_2": (1, 10)},
    "mlp-784-800-10": {"w_1": (784, 800), "b_1": (1, 800), "w_2": (800, 10), "b_2": (1, 10)},
    "mlp-768-800-10": {"w_1": (768, 800), "b_1": (1, 800), "w_2": (800, 10), "b_2": (1, 10)},
    "sigmoid-3-4-2": {"w_1": (3, 4), "w_2": (4, 2)},
    "worked-2-2-2": {"w_1": (2, 2), "b_1": (1, 2), "w_2": (2, 2), "b_2": (1, 2)},
}


def values_of(experiment: Experiment, key: str, iteration: int = 0) -> Any:
    return experiment.trace().array(key, iteration)


def test_digits_open_by_default() -> None:
    assert DEFAULT_PRESET == "digits"
    assert open_preset().preset == "digits"


@pytest.mark.parametrize("name", SHAPES)
def test_parameters_have_the_sizes_of_the_name(name: str) -> None:
    program = open_preset(name).program
    assert {value.key: value.shape for value in program.parameters} == SHAPES[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_preset_runs_to_its_last_step(name: str) -> None:
    experiment = open_preset(name)
    assert experiment.preset == name
    trace = experiment.trace()
    assert trace.broken_step(Cursor(0, len(experiment.program.steps) - 1)) is None


@pytest.mark.parametrize("name", NAMES)
def test_every_preset_describes_itself(name: str) -> None:
    preset = PRESETS[name]
    assert preset.name == name
    assert preset.title
    assert preset.description.endswith(".")


@pytest.mark.parametrize("name", TRAINED)
def test_the_loss_goes_down(name: str) -> None:
    experiment = open_preset(name, same_samples=True)
    trace = experiment.trace()
    losses = [float(trace.array("loss", iteration)) for iteration in range(6)]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0]


def test_digits_are_learnt() -> None:
    experiment = open_preset("digits", batch_size=16)
    trace = experiment.trace()
    losses = [float(trace.array("loss", iteration)) for iteration in range(300)]
    assert np.mean(losses[-50:]) < 0.6 < 2 < np.mean(losses[:5])


@pytest.mark.parametrize("name", ["digits", "sigmoid-3-4-2", "worked-2-2-2"])
def test_gradients_agree_with_central_differences(name: str) -> None:
    experiment = open_preset(name, dtype="float64")
    checks = check_gradients(experiment.program, experiment.inputs(), cells=5)
    assert {check.key for check in checks} == set(experiment.program.updates)
    assert max(check.error for check in checks) < 1e-6


def test_outputs_carry_the_class_names() -> None:
    program = open_preset("digits").program
    assert program.values["out_2"].axis_names == (None, tuple("0123456789"))
    assert program.values["x"].row_image == (8, 8)


def test_a_seed_is_repeated_and_another_differs() -> None:
    first, again, other = (open_preset("digits", seed=seed).parameters["w_1"] for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.99


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_dtype_is_the_chosen_one(dtype: str) -> None:
    experiment = open_preset("digits", dtype=dtype)
    assert {array.dtype.name for array in experiment.inputs().values()} == {dtype}
    assert values_of(experiment, "loss").dtype == dtype


def test_the_worked_example_opens_in_float64_unless_chosen() -> None:
    assert open_preset("worked-2-2-2").options.dtype == "float64"
    assert values_of(open_preset("worked-2-2-2", dtype="float32"), "loss").dtype == np.float32


def test_a_chosen_learning_rate_is_taken() -> None:
    assert values_of(open_preset("digits", learning_rate=0.25), "eta") == 0.25
    assert values_of(open_preset("digits"), "eta") == pytest.approx(0.1)


def test_the_long_way_through_the_jacobian_gives_the_same_gradient() -> None:
    direct, long = (open_preset("digits", dtype="float64", through_jacobian=way) for way in (False, True))
    assert len(long.program.steps) > len(direct.program.steps)
    np.testing.assert_allclose(values_of(direct, "grad_w_1"), values_of(long, "grad_w_1"), atol=1e-12)


def test_samples_follow_each_other_and_wrap_around() -> None:
    experiment = open_preset("sigmoid-3-4-2", batch_size=3, sample=5)
    assert [experiment.samples(iteration) for iteration in range(3)] == [(5, 6, 7), (0, 1, 2), (3, 4, 5)]


def test_the_same_samples_stay() -> None:
    experiment = open_preset("sigmoid-3-4-2", batch_size=2, sample=7, same_samples=True)
    assert {experiment.samples(iteration) for iteration in range(5)} == {(7, 0)}


def test_a_batch_holds_its_samples() -> None:
    experiment = open_preset("digits", batch_size=4, sample=10)
    assert experiment.dataset is not None
    batch = experiment.batch(2)
    np.testing.assert_array_equal(batch["x"], experiment.dataset.inputs[18:22])
    np.testing.assert_array_equal(batch["y"].argmax(axis=1), [8, 9, 0, 1])
    assert set(experiment.inputs(2)) == {value.key for value in experiment.program.inputs}


def test_an_unknown_preset_lists_the_known_ones() -> None:
    with pytest.raises(OptionError, match=r"^Expected a preset among digits, .*; got 'nothing'\.$"):
        find_preset("nothing")


@pytest.mark.parametrize(
    ("name", "chosen", "message"),
    [
        ("digits", {"batch_size": 1798}, "batch size from 1 to 1797 .*; got 1798"),
        ("sigmoid-3-4-2", {"batch_size": 9}, "batch size from 1 to 8 .*; got 9"),
        ("worked-2-2-2", {"batch_size": 2}, "batch size of 1 .*; got 2"),
        ("digits", {"batch_size": 0}, "batch size .*; got 0"),
        ("digits", {"batch_size": 2.5}, "batch size .*; got 2.5"),
        ("digits", {"batch_size": True}, "batch size .*; got True"),
        ("digits", {"sample": 1797}, "sample from 0 to 1796 .*; got 1797"),
        ("worked-2-2-2", {"sample": 1}, "sample 0 .*; got 1"),
        ("digits", {"sample": -1}, "sample .*; got -1"),
        ("digits", {"seed": -1}, "seed .*; got -1"),
        ("digits", {"seed": "one"}, "seed .*; got 'one'"),
        ("digits", {"dtype": "float16"}, "float32 or float64; got 'float16'"),
        ("digits", {"learning_rate": 0.0}, "positive, finite learning rate; got 0.0"),
        ("digits", {"learning_rate": float("nan")}, "learning rate; got nan"),
        ("digits", {"learning_rate": float("inf")}, "learning rate; got inf"),
        ("digits", {"learning_rate": "fast"}, "learning rate; got 'fast'"),
    ],
)
def test_impossible_options_get_one_sentence(name: str, chosen: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=rf"^Expected [^.]*{message}\.$"):
        open_preset(name, **chosen)


def test_a_program_without_a_loss_runs_on_given_data() -> None:
    builder = Builder()
    factor = builder.constant("factor", 3.0, "3")
    x = builder.input("x", (2,), Role.INPUT)
    builder.apply(Scale(), factor, x, key="tripled")
    experiment = Experiment("own", builder.build(), {}, Options(), data=lambda _: {"x": np.array([1.0, 2.0])})
    assert not experiment.trainable
    assert experiment.samples(4) == (0,)
    np.testing.assert_array_equal(values_of(experiment, "tripled"), [3, 6])
    assert experiment.program.steps[0].phase is Phase.FORWARD


def test_an_experiment_without_data_is_refused() -> None:
    with pytest.raises(ValueError, match="own: expected a data set or a function"):
        Experiment("own", Builder().build(), {}, Options())
