"""A delta that is not finite reaches the cells that PyTorch says, in every layer, and no other."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.ops.base import Op
from core.ops.windows.convolution import Conv2d, Conv2dInputGradient, Conv2dKernelGradient
from core.ops.windows.pooling import AveragePool2d, MaxPool2d
from core.ops.windows.pooling_gradients import AveragePool2dGradient, MaxPool2dGradient
from core.run.arithmetic import arithmetic
from core.values import Array
from tests.core.sliding import Sliding, slidings

torch = pytest.importorskip("torch")
from torch.nn import functional  # noqa: E402

BROKEN = st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from([np.nan, np.inf, -np.inf])), min_size=1, max_size=3)
Broken = list[tuple[int, float]]


def planted(array: Array, broken: Broken) -> Array:
    result = array.copy()
    for place, number in broken:
        result.flat[place % result.size] = number
    return result


def backward(function: Any, inputs: list[Array], delta: Array) -> list[Array]:
    leaves = [torch.tensor(array, requires_grad=True) for array in inputs]
    function(*leaves).backward(torch.tensor(delta))
    return [leaf.grad.numpy() for leaf in leaves]


def same(op: Op, arrays: list[Array], expected: Array) -> None:
    with arithmetic():
        computed = op.compute(*arrays)
        np.testing.assert_allclose(computed, expected, rtol=1e-9, atol=1e-9)
        for index in np.ndindex(*expected.shape):
            np.testing.assert_allclose(op.terms(index, *arrays).result, expected[index], rtol=1e-9, atol=1e-9)


def convolved(case: Sliding) -> Any:
    top, bottom, left, right = case.padding

    def convolve(images: Any, kernels: Any) -> Any:
        padded = functional.pad(images, (left, right, top, bottom))
        return functional.conv2d(padded, kernels, stride=case.stride, dilation=case.dilation)

    return convolve


@given(slidings(largest=6, most=2), BROKEN)
@settings(max_examples=80, deadline=None)
def test_convolution(case: Sliding, broken: Broken) -> None:
    images, kernels, delta = case.draw(case.images, case.kernels, case.deltas)
    delta = planted(delta, broken)
    to_images, to_kernels = backward(convolved(case), [images, kernels], delta)
    same(Conv2dInputGradient(*case.settings, case.size), [delta, kernels], to_images)
    same(Conv2dKernelGradient(*case.settings, case.window), [images, delta], to_kernels)


@given(slidings(largest=6, most=2), BROKEN)
@settings(max_examples=40, deadline=None)
def test_convolution_of_what_is_not_finite(case: Sliding, broken: Broken) -> None:
    images, kernels = case.draw(case.images, case.kernels)
    for x, w in ((planted(images, broken), kernels), (images, planted(kernels, broken))):
        same(Conv2d(*case.settings), [x, w], convolved(case)(torch.tensor(x), torch.tensor(w)).numpy())


@given(slidings(largest=6, most=2, padded=False), BROKEN, st.booleans())
@settings(max_examples=80, deadline=None)
def test_pooling(case: Sliding, broken: Broken, ties: bool) -> None:
    assume(case.dilation == (1, 1))
    images, delta = case.draw(case.images, (case.samples, case.channels, *case.output_size))
    images = np.sign(images) if ties else images
    broken_delta, broken_images = planted(delta, broken), planted(images, broken)
    for x, d in ((images, broken_delta), (broken_images, delta), (broken_images, broken_delta)):
        (expected,) = backward(lambda a: functional.max_pool2d(a, case.window, case.stride), [x], d)
        same(MaxPool2dGradient(case.window, case.stride), [x, d], expected)
        (expected,) = backward(lambda a: functional.avg_pool2d(a, case.window, case.stride), [x], d)
        same(AveragePool2dGradient(case.window, case.stride, case.size), [d], expected)
    seen = torch.tensor(broken_images)
    same(
        MaxPool2d(case.window, case.stride),
        [broken_images],
        functional.max_pool2d(seen, case.window, case.stride).numpy(),
    )
    same(
        AveragePool2d(case.window, case.stride),
        [broken_images],
        functional.avg_pool2d(seen, case.window, case.stride).numpy(),
    )
