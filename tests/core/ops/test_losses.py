"""Losses at their kinks and borders: ties, certainty, what is not finite; as PyTorch has them."""

from typing import Any

import numpy as np
import pytest

from core.builder import Builder
from core.iteration import compile_iteration
from core.layers import Dense
from core.network import Network
from core.ops.losses import LOSSES, BinaryCrossEntropy, BinaryEntropySlope, HuberError, parse_loss
from core.optimizers import SGD
from core.run.arithmetic import arithmetic
from core.run.trace import Trace
from core.values import Array, Role
from tests.core.ops.differences import differentiated, run

both_dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])
SPECIAL = (0.0, -0.0, 1.0, 0.5, 0.25, -0.25, 2.0, 1e-30, 1e30, np.nan, np.inf, -np.inf)
DISTANCES = ("squared_error", "absolute_error", "huber_error", "huber_error:0.25")


def slope_of(name: str, out: Array, y: Array) -> Array:
    """Return the derivative of the loss of each sample with respect to its outputs."""
    program, gradient = differentiated(parse_loss(name), [out, y], 0)
    with arithmetic():
        return run(program, {"in_0": out, "in_1": y, "seed": np.ones((len(out), 1))})[gradient.key]


def torch_loss(name: str, out: Any, y: Any) -> Any:
    functional = pytest.importorskip("torch").nn.functional
    match name.partition(":"):
        case ("binary_cross_entropy", _, _):
            return functional.binary_cross_entropy(out, y, reduction="none")
        case ("squared_error", _, _):
            return functional.mse_loss(out, y, reduction="none") / 2
        case ("absolute_error", _, _):
            return functional.l1_loss(out, y, reduction="none")
    _, _, limit = name.partition(":")
    return functional.huber_loss(out, y, reduction="none", delta=float(limit or 1))


@pytest.mark.parametrize("name", DISTANCES)
def test_distances_and_their_slopes_are_those_of_pytorch_at_any_number(name: str) -> None:
    torch = pytest.importorskip("torch")
    for target in (0.0, 1.0, np.inf):
        out = np.array(SPECIAL)[:, None]
        y = np.full_like(out, target)
        leaf = torch.tensor(out, requires_grad=True)
        losses = torch_loss(name, leaf, torch.tensor(y)).sum(dim=1, keepdim=True)
        losses.sum().backward()
        with arithmetic():
            np.testing.assert_allclose(parse_loss(name).compute(out, y), losses.detach().numpy(), rtol=1e-12)
            error, slope = out - y, slope_of(name, out, y)
        finite = np.isfinite(error)
        np.testing.assert_allclose(slope[finite], leaf.grad.numpy()[finite], rtol=1e-12)
        assert np.isnan(slope[np.isnan(error)]).all()  # PyTorch says 0 here for an absolute error
        assert (np.sign(slope[np.isinf(error)]) == np.sign(error[np.isinf(error)])).all()


@pytest.mark.parametrize("name", DISTANCES)
def test_what_is_right_costs_nothing_and_pulls_nowhere(name: str) -> None:
    out = np.array([[0.3, -2.0, 0.0]])
    assert parse_loss(name).compute(out, out) == 0
    assert not slope_of(name, out, out).any()


def test_the_slope_at_the_kink_of_a_huber_error_is_that_of_both_sides() -> None:
    out, y = np.array([[0.5, -0.5, 0.49, 0.51, 7.0]]), np.zeros((1, 5))
    assert slope_of("huber_error:0.5", out, y).tolist() == [[0.5, -0.5, 0.49, 0.5, 0.5]]
    each = HuberError(0.5).compute(out.T, y.T)[:, 0]
    np.testing.assert_allclose(each, [0.125, 0.125, 0.49**2 / 2, 0.5 * (0.51 - 0.25), 0.5 * 6.75], rtol=1e-15)


def test_a_huber_error_within_its_limit_is_the_squared_error() -> None:
    out, y = np.random.default_rng(0).normal(size=(2, 5, 3))
    np.testing.assert_allclose(HuberError(1e3).compute(out, y), LOSSES["squared_error"]().compute(out, y))


@pytest.mark.parametrize("limit", [0, -1, float("nan"), float("inf"), True, "1"])
def test_a_limit_that_is_none_is_refused(limit: Any) -> None:
    with pytest.raises(ValueError, match="expected a positive, finite limit of the Huber error; got"):
        HuberError(limit)


@both_dtypes
def test_a_binary_cross_entropy_is_finite_at_its_border(dtype: str) -> None:
    out = np.array([[0.0], [1.0], [0.0], [1.0]], dtype)
    y = np.array([[0.0], [1.0], [1.0], [0.0]], dtype)
    right_0, right_1, wrong_0, wrong_1 = BinaryCrossEntropy().compute(out, y)[:, 0]
    limits = np.finfo(dtype)
    assert right_0 == 0
    assert right_1 == 0
    np.testing.assert_allclose([wrong_0, wrong_1], [-np.log(limits.tiny), -np.log(limits.epsneg)], rtol=1e-6)
    slopes = BinaryEntropySlope().compute(y, out)[:, 0]
    assert np.isfinite(slopes).all()
    assert slopes[2] < -1e30
    assert slopes[3] == 1 / limits.epsneg


@both_dtypes
def test_a_binary_cross_entropy_keeps_its_digits_near_what_is_right(dtype: str) -> None:
    out = np.array([[1e-20], [1e-5], [0.5]], dtype)
    np.testing.assert_allclose(
        BinaryCrossEntropy().compute(out, np.zeros_like(out)), -np.log1p(-out.astype(np.longdouble)), rtol=1e-6
    )


def test_a_binary_cross_entropy_is_that_of_pytorch() -> None:
    torch = pytest.importorskip("torch")
    generator = np.random.default_rng(1)
    out, y = generator.uniform(0.001, 0.999, (2, 40, 3))
    y[:20] = np.round(y[:20])
    leaf = torch.tensor(out, requires_grad=True)
    losses = torch_loss("binary_cross_entropy", leaf, torch.tensor(y)).sum(dim=1, keepdim=True)
    losses.sum().backward()
    np.testing.assert_allclose(BinaryCrossEntropy().compute(out, y), losses.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(slope_of("binary_cross_entropy", out, y), leaf.grad.numpy(), rtol=1e-12)


@both_dtypes
@pytest.mark.parametrize("score", [-1e4, -90.0, -20.0, 0.0, 20.0, 90.0, 1e4])
def test_after_a_sigmoid_the_delta_is_the_difference_however_sure_it_is(score: float, dtype: str) -> None:
    network = Network((1,), (Dense(2, "sigmoid", bias=False),))
    program = compile_iteration(network, "binary_cross_entropy", SGD(0.1), 2)
    data = {"x": np.ones((2, 1)), "y": np.array([[0.0, 1.0], [1.0, 0.0]])}
    trace = Trace(program, {"w_1": np.array([[score, -score]])}, lambda _: data, dtype)
    backward = [
        step.output.key for step in program.steps if step.output.role is Role.DELTA or "error" in step.output.key
    ]
    assert backward == ["error_1", "delta_1"]
    wide = np.array([[score, -score]], np.longdouble)
    with arithmetic():
        expected = 1 / (1 + np.exp(-wide)) - data["y"]
    np.testing.assert_allclose(trace.array("delta_1"), expected / 2, rtol=1e-6, atol=float(np.finfo(dtype).eps))
    assert np.isfinite(trace.array("loss"))


def test_samples_that_count_differently_are_scaled_by_row() -> None:
    builder = Builder()
    inputs = [builder.input(name, (3, 2), Role.INPUT) for name in ("in_0", "in_1")]
    assert builder.apply(BinaryCrossEntropy(), *inputs, key="losses").shape == (3, 1)
    generator = np.random.default_rng(0)
    out, y = generator.uniform(0.1, 0.9, (2, 3, 2))
    program, gradient = differentiated(BinaryCrossEntropy(), [out, y], 0)
    seed = np.array([[1.0], [0.0], [3.0]])
    computed = run(program, {"in_0": out, "in_1": y, "seed": seed})[gradient.key]
    np.testing.assert_allclose(computed, seed * ((1 - y) / (1 - out) - y / out))
