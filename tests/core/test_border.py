"""What a run does not hold for is refused where it comes in, in one sentence."""

from typing import Any

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.iteration import compile_iteration
from core.layers import Dense
from core.network import Network
from core.optimizers import SGD
from core.options import LARGEST_SEED, OptionError, Options, Rates
from core.preset import network_experiment
from core.presets import open_preset
from core.run.run import Run
from core.run.trace import Trace
from core.values import Array


def network(activation: str | None) -> Network:
    return Network((2,), (Dense(3, activation),))  # type: ignore[arg-type]


def trace(
    targets: Array, activation: str = "softmax", through_jacobian: bool = False, loss: str = "cross_entropy"
) -> Trace:
    program = compile_iteration(network(activation), loss, SGD(0.1), len(targets), through_jacobian=through_jacobian)
    data = {"x": np.ones((len(targets), 2)), "y": targets}
    return Trace(program, network(activation).initial(0), lambda _: data)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "tanh", "gelu", None])
def test_a_cross_entropy_of_what_is_no_probability_is_refused(activation: str | None) -> None:
    suiting = "squared_error or absolute_error or huber_error"
    for loss in ("cross_entropy", "binary_cross_entropy"):
        with pytest.raises(ValueError, match=f"end the network with softmax or sigmoid, or take {suiting}; got"):
            compile_iteration(network(activation), loss, SGD(0.1), 1)
        for other in suiting.split(" or "):
            assert compile_iteration(network(activation), other, SGD(0.1), 1).updates


@pytest.mark.parametrize("through_jacobian", [False, True])
@pytest.mark.parametrize(
    ("row", "sum_"), [([0.5, 0, 0], "0.5"), ([1, 1, 0], "2"), ([0, 0, 0], "0"), ([0.5, 0.5, 0.01], "1.01")]
)
def test_targets_that_do_not_add_up_to_1_are_refused(row: list[float], sum_: str, through_jacobian: bool) -> None:
    with pytest.raises(ValueError, match=rf"^y: expected targets that add up to 1 .* row 1 adds up to {sum_}$"):
        trace(np.array([[1.0, 0, 0], row]), through_jacobian=through_jacobian).array("net_1")


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
@pytest.mark.parametrize("wrong", [-0.5, 1.5, np.nan, np.inf])
def test_targets_that_are_no_probabilities_are_refused(wrong: float, loss: str, activation: str) -> None:
    with pytest.raises(ValueError, match=rf"^y: expected targets from 0 to 1 for the cross-entropy; got {wrong:g}$"):
        trace(np.array([[wrong, 1 - wrong, 0]]), activation, loss=loss).array("net_1")


def test_what_a_cross_entropy_holds_for_is_taken() -> None:
    assert trace(np.array([[0.3333, 0.3333, 0.3333]])).array("loss") > 0
    assert trace(np.array([[1.0, 1, 0]]), "sigmoid").array("loss") > 0
    assert trace(np.array([[1.0, 1, 0]]), "softmax", loss="binary_cross_entropy").array("loss") > 0


def test_the_targets_of_a_data_set_are_checked_when_it_is_opened() -> None:
    dataset = Dataset("halves", np.ones((2, 2)), np.array([[1.0, 0, 0], [0.5, 0, 0]]))
    with pytest.raises(ValueError, match=r"row 1 adds up to 0\.5$"):
        network_experiment("own", network("softmax"), dataset, Options(), loss="cross_entropy", rates=Rates(0.1))


@pytest.mark.parametrize("rate", [1e39, 1e-60])
def test_a_rate_that_the_dtype_cannot_hold_is_refused(rate: float) -> None:
    with pytest.raises(OptionError) as refused:
        Options(learning_rate=rate)
    assert str(refused.value) == f"Expected a learning rate that float32 can hold; got {rate!r}."
    assert Options(learning_rate=rate, dtype="float64").learning_rate == rate


def test_a_run_refuses_a_rate_that_its_dtype_cannot_hold() -> None:
    program = compile_iteration(network("softmax"), "cross_entropy", SGD(1e39), 1)
    arguments: tuple[Any, ...] = (program, network("softmax").initial(0), lambda _: {})
    with pytest.raises(ValueError, match=r"^eta: expected a number that float32 can hold; got 1e\+39$"):
        Run(*arguments, "float32")
    Run(*arguments, "float64")


def test_a_seed_that_no_field_can_show_is_refused() -> None:
    with pytest.raises(OptionError, match=r"^Expected a seed from 0 to 4294967295; got 4294967296\.$"):
        open_preset("digits", seed=2**32)
    assert open_preset("sigmoid-3-4-2", seed=LARGEST_SEED).options.seed == LARGEST_SEED


def test_an_option_that_there_is_not_is_refused() -> None:
    with pytest.raises(OptionError, match=r"^Expected options among batch_size, .*; got 'stride'\.$"):
        open_preset("digits", stride=2)
