"""Functions keep their digits where they are nearly 0, against decimal arithmetic of fifty digits."""

from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest

from core.builder import Builder
from core.ops.activations import Sigmoid, SigmoidDerivative, Tanh
from core.ops.base import Op
from core.ops.gelu import GELU, GELUDerivative
from core.ops.losses import CrossEntropy, TargetRatio
from core.ops.softmax import Softmax
from core.run.arithmetic import arithmetic
from core.run.executor import Executor
from core.run.trace import Trace
from core.values import Array, Role

Function = Callable[[Decimal], Decimal]
both_dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])
PI = Decimal("3.14159265358979323846264338327950288419716939937511")
CUBE = Decimal("0.044715")


def sigmoid(z: Decimal) -> Decimal:
    return 1 / (1 + (-z).exp())


def tanh(z: Decimal) -> Decimal:
    return 2 * sigmoid(2 * z) - 1


def root() -> Decimal:
    return (2 / PI).sqrt()


def gelu(z: Decimal) -> Decimal:
    return z * sigmoid(2 * root() * (z + CUBE * z**3))


def gelu_slope(z: Decimal) -> Decimal:
    gate = sigmoid(2 * root() * (z + CUBE * z**3))
    return gate + 2 * z * gate * (1 - gate) * root() * (1 + 3 * CUBE * z**2)


def grid(low: float, high: float, dtype: str) -> Array:
    return np.concatenate([np.linspace(low, high, 641), [0.0, 1e-30, -1e-30, 1e-3, -1e-3]]).astype(dtype)


def errors(op: Op, expected: Function, places: Array) -> Array:
    """Return how far the results are off, in last digits of what is expected."""
    with localcontext() as context:
        context.prec = 120
        exact = [expected(Decimal(float(place))) for place in places]
        with arithmetic():
            computed = op.compute(places)
        smallest = Decimal(float(np.finfo(places.dtype).tiny))
        eps = Decimal(float(np.finfo(places.dtype).eps))
        off = (abs(Decimal(float(a)) - b) / (max(abs(b), smallest) * eps) for a, b in zip(computed, exact, strict=True))
        return np.array([float(digits) for digits in off])


@both_dtypes
@pytest.mark.parametrize(
    ("op", "expected", "ends", "digits"),
    [
        (Sigmoid(), sigmoid, (-80, 80), 5),
        (Tanh(), tanh, (-80, 80), 5),
        # The argument of the exponential is rounded, and so are its last digits: as many as it is large.
        (GELU(), gelu, (-6, 80), 120),
        (GELUDerivative(), gelu_slope, (-0.5, 80), 60),
    ],
    ids=["sigmoid", "tanh", "gelu", "gelu'"],
)
def test_digits_are_kept(op: Op, expected: Function, ends: tuple[float, float], digits: float, dtype: str) -> None:
    assert errors(op, expected, grid(*ends, dtype)).max() < digits


@both_dtypes
def test_the_slope_of_gelu_keeps_its_digits_below_0(dtype: str) -> None:
    places = np.linspace(-6, -0.9, 300).astype(dtype)  # it is 0 at -0.75
    assert errors(GELUDerivative(), gelu_slope, places).max() < 400


@both_dtypes
def test_sigmoid_is_the_formula_on_the_screen_to_the_last_bit(dtype: str) -> None:
    z = grid(-1000, 1000, dtype)
    with arithmetic():
        pasted = eval(Sigmoid().source("z"), {"np": np}, {"z": z})
        assert Sigmoid().compute(z).tobytes() == pasted.tobytes()


@both_dtypes
@pytest.mark.parametrize("z", [-80.0, -20.0, -17.0, 0.0, 30.0])
def test_a_loss_through_a_sigmoid_has_its_slope_far_below_0(z: float, dtype: str) -> None:
    """The slope of -ln s(z) is s(z) - 1."""
    s = Sigmoid().compute(np.array([[z]], dtype))
    ratio = TargetRatio().compute(np.ones_like(s), s)
    delta = -(ratio * SigmoidDerivative().compute(s))
    np.testing.assert_allclose(delta, s.astype(np.float64) - 1, rtol=1e-6, atol=0)
    loss = CrossEntropy().compute(s, np.ones_like(s))
    np.testing.assert_allclose(loss, np.logaddexp(0, -z), rtol=1e-5, atol=1e-6)


@both_dtypes
@pytest.mark.filterwarnings("error")
def test_nothing_is_said_of_an_exponential_that_is_too_large(dtype: str) -> None:
    builder = Builder()
    z = builder.input("z", (4,), Role.INPUT)
    builder.apply(Sigmoid(), z, key="s")
    program = builder.build(output="s")
    data = {"z": np.array([-1e4, -800, 800, np.finfo(dtype).max], dtype)}
    executor = Executor(program, {}, dtype, keep=["s"])
    executor.run(data)
    assert executor.value("s").tolist() == [0, 0, 1, 1]
    assert Trace(program, {}, lambda _: data, dtype).array("s").tolist() == [0, 0, 1, 1]


@both_dtypes
@pytest.mark.parametrize("scores", [(0, -50, 3), (-80, 0, -20), (700, 0, 699), (-1e4, 5, 5)])
def test_probabilities_and_their_logarithm_keep_their_digits(scores: tuple[float, ...], dtype: str) -> None:
    z = np.array([scores], dtype)
    wide = z.astype(np.longdouble)
    exact = np.exp(wide - wide.max()) / np.exp(wide - wide.max()).sum()
    s = Softmax().compute(z)
    limits = np.finfo(dtype)
    np.testing.assert_allclose(s, exact, rtol=10 * float(limits.eps), atol=float(limits.tiny))
    for column in range(3):
        y = np.eye(3, dtype=dtype)[column : column + 1]
        expected = -np.log(np.maximum(exact[0, column], limits.tiny))
        np.testing.assert_allclose(CrossEntropy().compute(s, y), [[expected]], rtol=1e-6, atol=4 * float(limits.eps))
