"""Pooling with padding and with one more window for the rest is that of PyTorch, forward and backward."""

from typing import Any

import numpy as np
import pytest

from core.layers import MaxPool2d as MaxPoolLayer
from core.network import Network
from core.ops.base import ShapeError
from core.ops.windows.pooling import AveragePool2d, MaxPool2d
from core.run.arithmetic import arithmetic
from core.values import Array
from tests.core.ops.differences import differentiated, run

CASES: list[tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int], bool]] = [
    ((7, 6), (3, 3), (2, 2), (1, 1), False),
    ((7, 6), (3, 2), (2, 3), (1, 0), True),
    ((5, 5), (2, 2), (2, 2), (0, 0), True),
    ((4, 5), (2, 3), (3, 3), (1, 1), True),  # the last window would see nothing but padding
    ((6, 8), (4, 2), (1, 2), (2, 1), True),
]


def backward(op: Any, x: Array, seed: Array) -> tuple[Array, Array]:
    program, gradient = differentiated(op, [x], 0)
    with arithmetic():
        values = run(program, {"in_0": x, "seed": seed})
    return values["result"], values[gradient.key]


@pytest.mark.parametrize("average", [False, True], ids=["max", "average"])
def test_pooling_is_that_of_pytorch(average: bool) -> None:
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    for size, window, stride, padding, ceil in CASES:
        generator = np.random.default_rng(0)
        for x in (generator.normal(size=(2, 3, *size)), np.round(generator.normal(size=(2, 3, *size)))):
            leaf = torch.tensor(x, requires_grad=True)
            about = {"stride": stride, "padding": padding, "ceil_mode": ceil}
            if average:
                out = functional.avg_pool2d(leaf, window, count_include_pad=False, **about)
            else:
                out = functional.max_pool2d(leaf, window, **about)
            seed = generator.normal(size=out.shape)
            out.backward(torch.tensor(seed))
            kind = AveragePool2d if average else MaxPool2d
            op = kind(window, stride, padding=(padding[0],) * 2 + (padding[1],) * 2, ceil=ceil)
            value, gradient = backward(op, x, seed)
            np.testing.assert_allclose(value, out.detach().numpy(), rtol=1e-10)
            np.testing.assert_allclose(gradient, leaf.grad.numpy(), rtol=1e-10, atol=1e-12)


def test_a_padding_beyond_half_the_window_is_refused() -> None:
    message = "expected a padding of at most half the window, 1 rows and 1 columns; got"
    with pytest.raises(ShapeError, match=message):
        MaxPool2d((2, 3), padding=(0, 2, 0, 0))
    with pytest.raises(ShapeError, match=message):
        Network((1, 6, 6), (MaxPoolLayer(2, padding=2),))
