"""Convolution, pooling and their gradients against plain loops, and the same bytes however they are computed."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings

from core.ops.base import Example, Op, Scratch
from core.ops.windows.columns import empty_images
from core.ops.windows.convolution import Conv2d, Conv2dInputGradient, Conv2dKernelGradient
from core.ops.windows.pooling import AveragePool2d, MaxPool2d
from core.ops.windows.pooling_gradients import AveragePool2dGradient, MaxPool2dGradient
from core.values import Array, Shape
from tests.core.ops import test_terms
from tests.core.ops.cases import case as case_of
from tests.core.sliding import (
    Sliding,
    naive_convolution,
    naive_gradients,
    naive_pooling,
    naive_pooling_gradient,
    slidings,
)

EXACT = {"rtol": 1e-12, "atol": 1e-12}


@given(slidings())
def test_convolution(case: Sliding) -> None:
    images, kernels = case.draw(case.images, case.kernels)
    result = Conv2d(*case.settings).compute(images, kernels)
    np.testing.assert_allclose(result, naive_convolution(case, images, kernels), **EXACT)


@given(slidings())
def test_gradients_of_a_convolution(case: Sliding) -> None:
    images, kernels, delta = case.draw(case.images, case.kernels, case.deltas)
    expected_images, expected_kernels = naive_gradients(case, images, kernels, delta)
    to_images = Conv2dInputGradient(*case.settings, case.size).compute(delta, kernels)
    to_kernels = Conv2dKernelGradient(*case.settings, case.window).compute(images, delta)
    np.testing.assert_allclose(to_images, expected_images, **EXACT)
    np.testing.assert_allclose(to_kernels, expected_kernels, **EXACT)


@given(slidings(padded=False))
@pytest.mark.parametrize(("kind", "op"), [("max", MaxPool2d), ("mean", AveragePool2d)])
def test_pooling(kind: str, op: type[MaxPool2d | AveragePool2d], case: Sliding) -> None:
    (images,) = case.draw(case.images)
    result = op(case.window, case.stride).compute(images)
    np.testing.assert_allclose(result, naive_pooling(case, images, kind), **EXACT)


@given(slidings(padded=False))
def test_gradients_of_pooling_with_ties(case: Sliding) -> None:
    images, delta = case.draw(case.images, (case.samples, case.channels, *case.output_size))
    images = np.round(images)  # few levels, many ties
    to_winner = MaxPool2dGradient(case.window, case.stride).compute(images, delta)
    shared = AveragePool2dGradient(case.window, case.stride, case.size).compute(delta)
    np.testing.assert_allclose(to_winner, naive_pooling_gradient(case, images, delta, "max"), **EXACT)
    np.testing.assert_allclose(shared, naive_pooling_gradient(case, images, delta, "mean"), **EXACT)


@pytest.mark.parametrize("constant", [0.0, -3.5])
def test_of_equal_cells_the_first_in_raster_order_wins(constant: float) -> None:
    gradient = MaxPool2dGradient((2, 2)).compute(np.full((1, 1, 4, 4), constant), np.ones((1, 1, 2, 2)))
    assert np.argwhere(gradient[0, 0]).tolist() == [[0, 0], [0, 2], [2, 0], [2, 2]]
    assert MaxPool2d((2, 2)).terms((0, 0, 1, 1), np.full((1, 1, 4, 4), constant)).own == 0


def operations(case: Sliding) -> Iterator[tuple[Op, tuple[Shape, ...]]]:
    yield Conv2d(*case.settings), (case.images, case.kernels)
    yield Conv2dKernelGradient(*case.settings, case.window), (case.images, case.deltas)
    yield Conv2dInputGradient(*case.settings, case.size), (case.deltas, case.kernels)


def poolings(case: Sliding) -> Iterator[tuple[Op, tuple[Shape, ...]]]:
    pooled = (case.samples, case.channels, *case.output_size)
    yield MaxPool2d(case.window, case.stride), (case.images,)
    yield AveragePool2d(case.window, case.stride), (case.images,)
    yield MaxPool2dGradient(case.window, case.stride), (case.images, pooled)
    yield AveragePool2dGradient(case.window, case.stride, case.size), (pooled,)


def reordered(array: Array) -> Array:
    """Return the same numbers lying in memory as the operations like them."""
    result = empty_images(array.shape, array.dtype)
    result[...] = array
    return result


@given(slidings())
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_way_to_compute_gives_the_same_bytes(dtype: str, case: Sliding) -> None:
    for op, shapes in operations(case):
        arrays = case.draw(*shapes, dtype=dtype)
        expected = op.compute(*arrays)
        scratch = Scratch.allocate(op.scratch_shapes(*shapes), arrays[0].dtype)
        for _ in range(2):  # the second time what was gathered is there already
            for inputs in (arrays, [reordered(array) for array in arrays]):
                for out in (np.full(expected.shape, np.nan, dtype), reordered(np.full(expected.shape, np.nan, dtype))):
                    op.compute(*inputs, out=out, scratch=scratch)  # type: ignore[call-arg]
                    assert out.tobytes() == expected.tobytes()


@given(slidings())
def test_the_kernel_gradient_reads_the_columns_that_the_convolution_gathered(case: Sliding) -> None:
    images, kernels, delta = case.draw(case.images, case.kernels, case.deltas, dtype="float32")
    forward, backward = Conv2d(*case.settings), Conv2dKernelGradient(*case.settings, case.window)
    shapes = {
        **forward.scratch_shapes(images.shape, kernels.shape),
        **backward.scratch_shapes(images.shape, delta.shape),
    }
    scratch = Scratch.allocate(shapes, images.dtype)
    expected = backward.compute(images, delta)
    forward.compute(images, kernels, scratch=scratch)
    other = np.zeros_like(images)  # not looked at: the columns are filled
    assert backward.compute(other, delta, scratch=scratch).tobytes() == expected.tobytes()
    scratch.filled.clear()
    assert not backward.compute(other, delta, scratch=scratch).any()


@given(slidings(largest=4, most=2))
@settings(max_examples=25)
def test_terms_and_reach_of_convolutions(case: Sliding) -> None:
    for op, shapes in operations(case):
        check_explanations(Example(op, shapes))


@given(slidings(largest=5, most=2, padded=False))
@settings(max_examples=25)
def test_terms_and_reach_of_pooling(case: Sliding) -> None:
    for op, shapes in poolings(case):
        check_explanations(Example(op, shapes))


def check_explanations(example: Example) -> None:
    case = case_of(example)
    test_terms.test_terms_recombine_to_the_value(case)
    test_terms.test_terms_hold_the_numbers_of_the_inputs(case)
    test_terms.test_reach_is_the_transpose_of_terms(case)
    test_terms.test_cells_outside_the_terms_have_no_influence(case)


@given(slidings())
def test_padding_cells_are_told_apart_from_image_cells(case: Sliding) -> None:
    images, kernels = case.draw(case.images, case.kernels)
    top, bottom, left, right = case.padding
    marked = np.pad(np.ones(case.size), ((top, bottom), (left, right)))
    op = Conv2d(*case.settings)
    for row, column in np.ndindex(*case.output_size):
        terms = op.terms((0, 0, row, column), images, kernels)
        rows, columns = case.geometry.positions(row, column)
        seen = marked[np.ix_(rows, columns)]
        assert len(terms.contributions) == case.channels * int(seen.sum())
        assert terms.padding.tolist() == np.argwhere(seen == 0).tolist()  # type: ignore[attr-defined]


def test_the_winner_of_a_pooled_cell_is_known() -> None:
    images = np.array([[[[1.0, 7.0, 0.0, 2.0], [3.0, 5.0, 9.0, 8.0]]]])
    terms = MaxPool2d((2, 2)).terms((0, 0, 0, 1), images)
    assert terms.cells[0].indices[terms.own].tolist() == [0, 0, 1, 2]
    assert terms.result == 9.0
