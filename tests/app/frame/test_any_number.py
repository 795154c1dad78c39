"""No number keeps a cell from being explained and drawn: NaN, infinities, zeros, ties, the largest, the smallest."""

import os
from collections.abc import Iterator

import numpy as np
import pytest

from core.builder import Builder
from core.ops.base import all_indices
from core.run.trace import Cursor, Trace
from core.values import Array, Index, Role, Shape
from tests.core.ops.cases import CASES, Case, every_example
from viz_app.frame.frame import Focus, Frame, resolve
from viz_app.panels.inspector.terms import TermsTable
from viz_app.picture.stages import arrange

EVERY = "NETSTEP_EVERY_ROOM" in os.environ
DRAWN = {type(case.op): case for case in reversed(CASES)}.values()
"""The cases that are drawn, too, where the number is in all cells: the first of each operation."""


def planted(case: Case, dtype: str) -> Iterator[tuple[bool, list[Array]]]:
    """Yield the inputs with a special number in all cells, and in the first cell of each; targets are checked.

    With each comes whether it is in all cells.
    """
    limits = np.finfo(dtype)
    numbers = (np.nan, -np.inf, 0.0, float(limits.max))
    for number in numbers if dtype == "float32" else numbers[::3]:
        places = [i for i in range(len(case.shapes)) if i not in case.op.constant_inputs]
        everywhere = [
            np.full(shape, number, dtype) if i in places else drawn
            for i, (shape, drawn) in enumerate(zip(case.shapes, case.arrays(dtype), strict=True))
        ]
        yield True, everywhere
        if abs(number) < 1:
            continue  # zeros and the smallest are odd where all of them are
        for i in places:
            arrays = [array.copy() for array in case.arrays(dtype)]
            arrays[i][(0,) * arrays[i].ndim] = number
            yield False, arrays


def trace_of(case: Case, arrays: list[Array], dtype: str) -> Trace:
    builder = Builder()
    inputs = [builder.input(name, shape, Role.INPUT) for name, shape in zip(case.names, case.shapes, strict=True)]
    builder.apply(case.op, *inputs, key="result")
    data = dict(zip(case.names, arrays, strict=True))
    return Trace(builder.build(output="result"), {}, lambda _: data, dtype)


def frames(case: Case, trace: Trace) -> Iterator[Frame]:
    """Yield the step as a whole, and with each of some cells focused, walked to, and asked what it reaches."""
    yield resolve(trace, Cursor(0, 0))
    for index in some(case.output_shape):
        number = int(np.ravel_multi_index(index, case.output_shape)) if index else 0
        yield resolve(trace, Cursor(0, 0), focus=Focus("result", index))
        yield resolve(trace, Cursor(0, 0, number))
    for name, shape in zip(case.names, case.shapes, strict=True):
        for index in some(shape):
            yield resolve(trace, Cursor(0, 0), focus=Focus(name, index, reach=True))


def some(shape: Shape) -> list[Index]:
    cells = all_indices(shape)
    return [tuple(int(i) for i in cells[place]) for place in {0, len(cells) - 1}]


@every_example
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_any_number_is_explained_and_drawn(case: Case, dtype: str) -> None:
    for everywhere, arrays in planted(case, dtype):
        trace = trace_of(case, arrays, dtype)
        drawn = EVERY or (everywhere and dtype == "float32" and case in DRAWN)
        for frame in frames(case, trace):
            assert frame.caption
            assert not drawn or arrange(frame, 900, 600, 14).elements
            assert frame.detail is None or frame.live.startswith(frame.detail.view.name)
            if frame.detail is not None and frame.detail.terms is not None:
                table = TermsTable(frame.detail.terms, frame.detail.term_names, largest_first=True)
                assert all(table.text(row, 0) for row in range(table.rows))
                assert all(table.text(0, column) for column in range(len(table.headings)) if table.rows)
