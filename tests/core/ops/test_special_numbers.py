"""On any number an operation computes what its terms say: NaN, infinities, zeros, ties, the largest, the smallest."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from core.ops.base import Combine, all_indices
from core.run.arithmetic import arithmetic
from core.values import Array
from tests.core.ops.cases import Case, every_example
from tests.core.ops.test_explanations import pasted

CELLS = 4
"""So many cells of a result are explained of each array that is tried."""
both_dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


def planted(case: Case, dtype: str) -> Iterator[list[Array]]:
    """Yield the inputs with a special number in one cell of one input, in several or all of it, and in all inputs."""
    limits = np.finfo(dtype)
    numbers = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, float(limits.tiny), -float(limits.smallest_subnormal))
    for number in (*numbers, float(limits.max), -float(limits.max), 1e5, -1e5):
        yield [np.full(shape, number, dtype) for shape in case.shapes]
        for i, shape in enumerate(case.shapes):
            whole = case.arrays(dtype)
            whole[i] = np.full(shape, number, dtype)
            yield whole
            cells = all_indices(shape)
            for chosen in (cells[len(cells) // 2 :][:1], cells[[0, len(cells) // 2, -1]]):
                arrays = case.arrays(dtype)
                arrays[i] = arrays[i].copy()
                arrays[i][tuple(chosen.T)] = number
                yield arrays


def some_cells(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return cells of an array, spread evenly: its corners, where it has them, are among them."""
    cells = list(product(*(range(size) for size in shape)))
    chosen = np.linspace(0, len(cells) - 1, min(len(cells), CELLS)).round().astype(int)
    return [cells[i] for i in chosen]


@every_example
@both_dtypes
def test_terms_of_any_number_recombine_to_the_value(case: Case, dtype: str) -> None:
    with arithmetic():
        for arrays in planted(case, dtype):
            value = case.op.compute(*arrays)
            for index in some_cells(value.shape):
                terms = case.op.terms(index, *arrays)
                parts = terms.contributions
                parts = parts[[terms.own]] if terms.combine is Combine.PICK else parts  # the others have no say
                assert outside(case, arrays) or agree(terms.result, value[index], parts, arrays), (index, arrays)


@every_example
@both_dtypes
def test_the_source_of_any_number_gives_the_value(case: Case, dtype: str) -> None:
    """What a reader pastes into Python makes no NaN where the operation makes none, and none less."""
    with arithmetic():
        for arrays in planted(case, dtype):
            value, shown = case.op.compute(*arrays), pasted(case.op, case.names, arrays)
            if outside(case, arrays) or overflows(value, arrays):
                continue
            assert np.array_equal(np.isnan(shown), np.isnan(value)), arrays
            infinite = np.isinf(value)
            assert np.array_equal(np.asarray(shown)[infinite], value[infinite]), arrays


def overflows(value: Array, arrays: list[Array]) -> bool:
    """Tell whether the order of adding up decides: finite numbers made one that is none."""
    large = max(float(np.abs(array).max(initial=0)) for array in arrays)
    return large >= float(np.finfo(value.dtype).max) / 16 and all(np.isfinite(array).all() for array in arrays)


def outside(case: Case, arrays: list[Array]) -> bool:
    """Tell whether a number is none that its input may hold: what is no probability need only raise nothing."""
    shares = [
        array for array, domain in zip(arrays, case.domains, strict=True) if domain in ("distribution", "one_hot")
    ]
    return any(((array < 0) | (array > 1)).any() for array in shares)


def agree(expected: float, value: np.floating, contributions: Array, inputs: list[Array]) -> bool:
    """Tell whether a number is the expected one, as far as its dtype can hold it and its sums do not overflow."""
    limits = np.finfo(value.dtype)
    size = float(np.abs(contributions).sum()) if len(contributions) else 0.0
    if all(np.isfinite(array).all() for array in inputs) and not size < limits.max / 16:
        return True  # the order in which it is added up decides
    if not np.isfinite(expected):
        return bool(np.isnan(value) if np.isnan(expected) else value == expected)
    error = 1e3 * float(limits.eps)
    return abs(expected - float(value)) <= error * max(size, abs(expected)) + 1e3 * float(limits.tiny)
