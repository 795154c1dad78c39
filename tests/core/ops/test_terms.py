"""``terms`` says exactly where a cell came from, ``reach`` where it goes."""

from itertools import product

import numpy as np
import pytest

from core.ops.base import Indices
from core.values import Index, Shape
from tests.core.ops.cases import Case, every_example


def cells_of(shape: Shape) -> list[Index]:
    return list(product(*(range(size) for size in shape)))


def as_set(indices: Indices) -> set[Index]:
    return {tuple(int(i) for i in index) for index in indices}


@every_example
def test_terms_recombine_to_the_value(case: Case) -> None:
    arrays = case.arrays()
    value = case.op.compute(*arrays)
    for index in cells_of(value.shape):
        terms = case.op.terms(index, *arrays)
        assert terms.index == index
        assert terms.contributions.dtype == np.float64
        assert terms.result == pytest.approx(float(value[index]), rel=1e-12, abs=1e-13)


@every_example
def test_terms_of_float32_recombine_to_the_value(case: Case) -> None:
    arrays = case.arrays("float32")
    value = case.op.compute(*arrays)
    for index in cells_of(value.shape):
        assert case.op.terms(index, *arrays).result == pytest.approx(float(value[index]), rel=1e-4, abs=1e-5)


@every_example
def test_terms_hold_the_numbers_of_the_inputs(case: Case) -> None:
    arrays = case.arrays()
    for index in cells_of(case.output_shape):
        for cells in case.op.terms(index, *arrays).cells:
            array = arrays[cells.input]
            assert cells.indices.shape == (len(cells.values), array.ndim)
            assert cells.values.tolist() == [float(array[tuple(cell)]) for cell in cells.indices]
            assert len(as_set(cells.indices)) == len(cells.indices)


@every_example
def test_reach_is_the_transpose_of_terms(case: Case) -> None:
    arrays = case.arrays()
    reached: set[tuple[int, Index, Index]] = set()
    for index in cells_of(case.output_shape):
        for cells in case.op.terms(index, *arrays).cells:
            reached |= {(cells.input, cell, index) for cell in as_set(cells.indices)}
    claimed = set()
    for i, shape in enumerate(case.shapes):
        for cell in cells_of(shape):
            indices = case.op.reach(i, cell, *case.shapes)
            assert indices.shape == (len(indices), len(case.output_shape))
            assert len(as_set(indices)) == len(indices)
            claimed |= {(i, cell, index) for index in as_set(indices)}
    assert claimed == reached


@every_example
def test_cells_outside_the_terms_have_no_influence(case: Case) -> None:
    arrays = case.arrays()
    value = case.op.compute(*arrays)
    for index in cells_of(value.shape):
        terms = case.op.terms(index, *arrays)
        changed = [case.redraw(i, seed=sum(index)) for i in range(len(arrays))]
        for cells in terms.cells:
            where = tuple(cells.indices.T)
            changed[cells.input][where] = arrays[cells.input][where]
        assert float(case.op.compute(*changed)[index]) == pytest.approx(float(value[index]), rel=1e-12, abs=1e-13)
