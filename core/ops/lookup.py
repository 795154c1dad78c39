"""Look rows up in a table by their number, and add rows up in the places that numbers say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ops import longhand
from core.ops.base import (
    Cells,
    Combine,
    Example,
    GradientBuilder,
    Gradients,
    Indices,
    Op,
    Purpose,
    Scratch,
    Step,
    Terms,
    crossings,
)
from core.values import Array, Axes, Index, Range, Shape, Value


@dataclass(frozen=True)
class Gather(Op):
    """Look rows up in a table: each number picks a row.

    c[..., j] = t[n[...], j]. A number that is no row, or not whole, gives a row of NaN: there is nothing to look up.

    Derivative: dL/dt adds up, for each row, the gradients of all places that have picked it.

    Shapes: a table (V, d) and numbers (...) give (..., d).

    Raises
    ------
    ShapeError
        If the table is not a matrix.
    """

    title = "Look-up"
    says = "Each number of {b} picks the row of {a} that has this number."
    why = "A number only names a thing; its row in the table says what is known of it, and can be learnt."
    look = "Equal numbers give equal rows of {c}; click a cell to see the row of {a} that it was copied from."
    helpers = (longhand.gather,)
    arity = 2
    constant_inputs = (1,)

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 2), (4,)), ("real", "whole"))
        yield Example(cls(), ((4, 2), (2, 2)), ("real", "whole"))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        table, numbers = shapes
        if len(table) != 2:
            raise self.fail("a table of rows, and their numbers", table, numbers)
        return (*numbers, table[1])

    def output_axes(self, *inputs: Value) -> Axes:
        table, numbers = inputs
        return (*numbers.axes, table.axis(1)) if numbers.axes or not numbers.shape else ()

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return _room(shapes[1])

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        table, numbers = arrays
        out = np.empty(self.output_shape(table.shape, numbers.shape), table.dtype) if out is None else out
        rows, known = _rows(numbers, len(table), scratch)
        np.take(table, rows, axis=0, out=out, mode="clip")
        if not known.all():
            out[~known] = np.nan
        return out

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        table, numbers = step.inputs
        assert delta is not None
        op = ScatterAdd(table.shape[0])
        return {table: build.gradient(table, op, numbers, delta, purpose=_TO_ROWS)} if build.wants(table) else {}

    def equation(self, *symbols: str) -> str:
        return rf"\left({symbols[0]}\right)_{{{symbols[1]}}}"

    def source(self, *names: str) -> str:
        return f"gather({names[0]}, {names[1]})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        table, numbers = arrays
        *place, column = index
        number = numbers[tuple(place)]
        where = np.array([place], np.intp).reshape(1, len(place))
        cells = (
            Cells(0, crossings(range(len(table)), column), table[:, column]),
            Cells(1, where, np.array([number])),
        )
        row = _row(float(number), len(table))
        if row is None:
            return Terms(index, cells, np.array([np.nan]), Combine.APPLY)
        return Terms(index, cells, table[:, column].astype(np.float64), Combine.PICK, own=row)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        table, numbers = shapes
        if i == 1:
            return crossings(*index, range(table[1]))
        return crossings(*map(range, numbers), index[1])

    def output_range(self, *ranges: Range) -> Range:
        return ranges[0]


@dataclass(frozen=True)
class ScatterAdd(Op):
    """Add rows up in the places that numbers say: the gradient of a look-up.

    c[v, j] = sum over all places with n[...] = v of a[..., j]. What has a number that is no place is left out.

    Shapes: numbers (...) and rows (..., d) give (``size``, d).

    Parameters
    ----------
    size : int
        How many places there are.

    Raises
    ------
    ShapeError
        If there is not one number for each row.
    """

    size: int = 1

    title = "Adding up by number"
    says = "Each row of {b} is added where its number in {a} says."
    why = "What has one number belongs together, wherever it stands, so its rows are added up."
    look = "Rows of {c} whose number does not occur in {a} are 0."
    helpers = (longhand.scatter_add,)
    arity = 2
    constant_inputs = (0,)

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(3), ((4,), (4, 2)), ("whole", "real"))
        yield Example(cls(4), ((2, 2), (2, 2, 2)), ("whole", "real"))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        numbers, rows = shapes
        if not rows or rows[:-1] != numbers:
            raise self.fail("a number for each row", numbers, rows)
        return (self.size, rows[-1])

    def output_axes(self, *inputs: Value) -> Axes:
        return ()

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return _room(shapes[0])

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        numbers, rows = arrays
        out = np.empty((self.size, rows.shape[-1]), rows.dtype) if out is None else out
        out[...] = 0
        places, known = _rows(numbers, self.size, scratch)
        if known.all():
            np.add.at(out, places, rows)
        else:
            np.add.at(out, places[known], rows[known])
        return out

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        numbers, rows = step.inputs
        assert delta is not None
        return {rows: build.gradient(rows, Gather(), delta, numbers)} if build.wants(rows) else {}

    def equation(self, *symbols: str) -> str:
        return rf"\sum_{{{symbols[0]}}} {symbols[1]}"

    def source(self, *names: str) -> str:
        return f"scatter_add({names[0]}, {names[1]}, size={self.size})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        numbers, rows = arrays
        row, column = index
        places = crossings(*map(range, numbers.shape)) if numbers.shape else np.empty((1, 0), np.intp)
        where = np.column_stack([places, np.full(len(places), column, np.intp)])
        met = np.array([_row(float(number), self.size) == row for number in numbers.ravel()])
        values = rows[..., column].ravel()
        cells = Cells(0, places, numbers.ravel()), Cells(1, where, values)
        return Terms(index, cells, np.where(met, values.astype(np.float64), 0.0))

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        columns = range(shapes[1][-1]) if i == 0 else index[-1]
        return crossings(range(self.size), columns)

    def output_range(self, *ranges: Range) -> Range:
        return Range.SIGNED if ranges[1] is Range.SIGNED else Range.NON_NEGATIVE


def _room(numbers: Shape) -> Mapping[str, Shape]:
    """Return the work arrays of ``_rows``: room for whole numbers, which may take twice the bytes."""
    return {f"rows:{numbers}": (2, *numbers), f"known:{numbers}": numbers}


def _rows(numbers: Array, count: int, scratch: Scratch | None) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return numbers as whole ones, and where they are those of rows."""
    if scratch is None:
        scratch = Scratch.allocate(_room(numbers.shape), numbers.dtype)
    limited = scratch[f"known:{numbers.shape}"]
    rows = scratch[f"rows:{numbers.shape}"].reshape(-1).view(np.intp)[: numbers.size].reshape(numbers.shape)
    known = limited.reshape(-1).view(np.bool_)[: numbers.size].reshape(numbers.shape)
    np.minimum(np.fmax(numbers, 0, out=limited), count - 1, out=limited)
    np.copyto(rows, limited, casting="unsafe")
    np.equal(rows, numbers, out=known)
    return rows, known


def _row(number: float, count: int) -> int | None:
    """Return the row that a number names; ``None`` where it names none."""
    return int(number) if 0 <= number < count and number == int(number) else None


_TO_ROWS = Purpose(
    "The gradient of each place goes back to the row that it had picked; rows that were picked twice add up.",
    why="A row that several places picked had a say in all of them, so their gradients add up; the others had none.",
    look="Rows of {c} that nobody has picked are 0: they learn nothing from this batch.",
)
