"""The gradient check finds what is wrong, and nothing else."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest

from core.builder import Builder
from core.iteration import compile_iteration
from core.layers import Dense
from core.network import Network
from core.ops.activations import Tanh, TanhDerivative
from core.ops.base import Op
from core.ops.elementwise import Hadamard, Scale
from core.ops.reduce import Mean
from core.optimizers import SGD
from core.program import Program
from core.run.gradcheck import Check, central_difference, check_gradients, evaluate, relative_error
from core.values import Array, Role

NETWORK = Network((3,), (Dense(4, "tanh"), Dense(2, "softmax")))
PROGRAM = compile_iteration(NETWORK, "cross_entropy", SGD(0.1), 5)


def inputs(seed: int = 0) -> dict[str, Array]:
    generator = np.random.default_rng(seed)
    data = {"x": generator.normal(size=(5, 3)), "y": np.eye(2)[generator.integers(0, 2, 5)]}
    return dict(NETWORK.initial(seed, "float64")) | data


@pytest.mark.parametrize(
    ("gradient", "difference", "scale", "error"),
    [
        (1.0, 1.0, 1e-8, 0.0),
        (1.0, 0.5, 1e-8, 0.5),
        (-1.0, 1.0, 1e-8, 2.0),
        (0.0, 0.0, 1e-8, 0.0),
        (1e-12, 0.0, 1e-3, 1e-9),
        (math.nan, 1.0, 1e-8, math.inf),
        (1.0, math.inf, 1e-8, math.inf),
    ],
)
def test_relative_error(gradient: float, difference: float, scale: float, error: float) -> None:
    assert relative_error(gradient, difference, scale) == pytest.approx(error)
    assert relative_error(difference, gradient, scale) == pytest.approx(error)


def test_central_difference_of_a_square_is_exact() -> None:
    builder = Builder()
    x = builder.input("x", (2, 2), Role.INPUT)
    loss = builder.apply(Mean(), builder.apply(Hadamard(), x, x, key="squares"), key="loss")
    program = builder.build(loss=loss.key)
    given = {"x": np.array([[1.0, -2.0], [0.0, 30.0]])}
    for index in np.ndindex(2, 2):
        assert central_difference(program, given, "x", index) == pytest.approx(
            given["x"][index] / 2, rel=1e-8, abs=1e-8
        )
    assert given["x"].tolist() == [[1, -2], [0, 30]]


def test_a_program_without_loss_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a program with a loss"):
        central_difference(replace(PROGRAM, loss=None), inputs(), "w_1", (0, 0))


def test_evaluate_works_in_float64_and_stops_at_the_key() -> None:
    values = evaluate(PROGRAM, {key: array.astype("float32") for key, array in inputs().items()}, "net_1")
    assert "out_1" not in values
    assert {array.dtype for array in values.values()} == {np.dtype("float64")}


def test_a_right_network_passes() -> None:
    checks = check_gradients(PROGRAM, inputs())
    assert [(check.key, check.cells) for check in checks] == [("w_1", 12), ("b_1", 4), ("w_2", 8), ("b_2", 2)]
    assert max(check.error for check in checks) < 1e-7


def test_the_largest_gradient_is_among_the_cells() -> None:
    gradient = evaluate(PROGRAM, inputs(), "grad_w_1")["grad_w_1"]
    largest = np.unravel_index(int(np.abs(gradient).argmax()), gradient.shape)
    check = check_gradients(PROGRAM, inputs(), cells=1)[0]
    assert check.cells == 1
    assert check.index == largest
    assert check.gradient == gradient[largest]


def test_the_same_seed_checks_the_same_cells() -> None:
    assert check_gradients(PROGRAM, inputs(), cells=3, seed=4) == check_gradients(PROGRAM, inputs(), cells=3, seed=4)


def test_only_trained_parameters_are_checked() -> None:
    program = compile_iteration(NETWORK, "cross_entropy", SGD(0.1), 5, frozen=("w_1", "b_2"))
    assert [check.key for check in check_gradients(program, inputs())] == ["b_1", "w_2"]


def test_no_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="expected at least 1 cell of each parameter; got 0"):
        check_gradients(PROGRAM, inputs(), cells=0)


@dataclass(frozen=True)
class WrongTanhDerivative(TanhDerivative, abstract=True):
    """A derivative that is one part in ten thousand too large."""

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.multiply(super().compute(*arrays, out=out), 1.0001, out=out)


@dataclass(frozen=True)
class BrokenTanhDerivative(TanhDerivative, abstract=True):
    """A derivative that is not a number."""

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.multiply(super().compute(*arrays, out=out), np.nan, out=out)


@dataclass(frozen=True)
class WrongScale(Scale, abstract=True):
    """A scaling that forgets one cell."""

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        result = super().compute(*arrays, out=out)
        result[0, 0] = 0
        return result


def planted(wrong: Op, key: str) -> Program:
    """Return the program with another operation in the step that writes ``key``."""
    steps = tuple(replace(step, op=wrong) if step.output.key == key else step for step in PROGRAM.steps)
    return replace(PROGRAM, steps=steps)


def test_planting_the_right_operation_changes_nothing() -> None:
    assert isinstance(PROGRAM.producers["out_1"].op, Tanh)
    assert check_gradients(planted(TanhDerivative(), "derivative_1"), inputs()) == check_gradients(PROGRAM, inputs())


@pytest.mark.parametrize(
    ("wrong", "key", "caught"),
    [
        (WrongTanhDerivative(), "derivative_1", {"w_1", "b_1"}),
        (BrokenTanhDerivative(), "derivative_1", {"w_1", "b_1"}),
        (WrongScale(), "delta_2", {"w_1", "b_1", "w_2", "b_2"}),
    ],
    ids=["a wrong derivative", "a derivative that is not a number", "a forgotten cell"],
)
def test_a_planted_error_is_caught(wrong: Op, key: str, caught: set[str]) -> None:
    checks: list[Check] = check_gradients(planted(wrong, key), inputs())
    assert {check.key for check in checks if check.error > 1e-5} == caught
    assert all(check.error < 1e-7 for check in checks if check.key not in caught)
