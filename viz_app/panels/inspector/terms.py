"""Lay out where a cell came from as a table: its factors, their products, and the running sum."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ops.base import Cells, Combine, Terms
from core.values import Index
from viz_app.frame.words.numbers import in_cell, number, place

TOP = 20
"""How many terms are shown when the largest come first; the others are one row."""

_CHARACTERS = 7
_LONGEST_HEADING = 12
_SHORT = {"product": "prod.", "exponential": "exp", "number": "num."}
"""Headings for narrow columns."""


@dataclass(frozen=True)
class Source:
    """An input cell: the number of the input, and the index in it."""

    input: int
    index: Index


@dataclass(frozen=True, eq=False)
class Column:
    """A column: its heading, its numbers from top to bottom, and what stands in the row of the remaining terms.

    ``cells`` are the cells that it shows, where they are cells.
    """

    heading: str
    numbers: NDArray[np.floating]
    rest: float | None = None
    cells: Cells | None = None


class TermsTable:
    """The terms of one cell as rows and columns of text.

    Parameters
    ----------
    terms : Terms
        Where the cell came from.
    names : tuple of str
        The name of every input.
    largest_first : bool
        Put the largest terms first, and the sum of all but ``TOP`` in one last row.
    """

    def __init__(self, terms: Terms, names: tuple[str, ...], largest_first: bool = False) -> None:
        self._terms, self._names = terms, names
        self._sources = () if terms.paired else _single_cells(terms)
        self._count = len(terms.contributions) if terms.paired else len(self._sources)
        combinable = len(terms.contributions) == self._count
        largest_first = largest_first and combinable
        self._order = _largest_first(terms.contributions) if largest_first else np.arange(self._count)
        self._shown = TOP if largest_first and self._count > TOP + 1 else self._count
        with np.errstate(all="ignore"):
            inputs = self._input_columns()
            self._columns = (*inputs, *(self._combining_columns(inputs) if combinable else ()))

    @property
    def headings(self) -> tuple[str, ...]:
        """The heading of each column."""
        return ("k" if self._terms.paired else "cell", *(column.heading for column in self._columns))

    @property
    def short_headings(self) -> tuple[str, ...]:
        """The heading of each column, as short as can be: an array without the places of the cells in it."""
        names = (
            column.heading if column.cells is None else self._names[column.cells.input] for column in self._columns
        )
        return self.headings[0], *(_SHORT.get(name, name) for name in names)

    def longest_label(self, *, short: bool = False) -> str:
        """Return the longest of what names or counts the terms."""
        rows = {*range(min(self.rows, TOP + 1)), self.rows - 1}
        return max((self.text(row, 0, short=short) for row in rows if row >= 0), key=len, default="")

    @property
    def rows(self) -> int:
        """The number of rows, with that of the remaining terms."""
        return self._shown + (self._shown < self._count)

    def text(self, row: int, column: int, characters: int = _CHARACTERS, *, short: bool = False) -> str:
        """Return what stands in a row and column; numbers take so many characters at most.

        In short, cells that have the same place in several arrays are called as their arrays.
        """
        remaining = row >= self._shown
        if column == 0:
            return f"+ {self._count - self._shown}" if remaining else self._label(row, short=short)
        shown = self._columns[column - 1]
        if remaining:
            return "" if shown.rest is None else _short(shown.rest, characters)
        return _short(float(shown.numbers[row]), characters)

    def input_of(self, column: int) -> int | None:
        """Return the number of the input whose cells a column shows."""
        cells = self._cells_of(column)
        return None if cells is None else cells.input

    def source(self, row: int, column: int) -> Source | None:
        """Return the input cell that a place in the table shows."""
        if row >= self._shown:
            return None
        term = int(self._order[row])
        if not self._terms.paired:
            return self._sources[term] if column < 2 else None
        cells = self._cells_of(column)
        return None if cells is None else Source(cells.input, _index(cells.indices[term]))

    def full(self, row: int, column: int) -> str:
        """Return what stands in a row and column with every digit, and the name of its cell."""
        name = self.cell_name(row, column)
        if column == 0 or row >= self._shown:
            return name
        value = number(float(self._columns[column - 1].numbers[row]), 8)
        return f"{name} = {value}" if name else value

    def cell_name(self, row: int, column: int) -> str:
        """Return the name and index of the input cell at a place in the table, or nothing."""
        source = self.source(row, column)
        return f"{self._names[source.input]}{place(source.index)}" if source else ""

    def _cells_of(self, column: int) -> Cells | None:
        """Return the cells that a column shows: two columns may show cells of one input."""
        return self._columns[column - 1].cells if column > 0 else None

    def _label(self, row: int, *, short: bool) -> str:
        if self._terms.paired:
            return f"{self._order[row]}"
        source = self.source(row, 0)
        alike = len(self._sources) > 1 and len({one.index for one in self._sources}) == 1
        return self._names[source.input] if short and alike and source else self.cell_name(row, 0)

    def _input_columns(self) -> tuple[Column, ...]:
        cells = self._terms.cells
        if not self._terms.paired:
            numbers = np.concatenate([part.values for part in self._terms.involved]) if cells else np.empty(0)
            return (Column("number", numbers[self._order]),)
        return tuple(
            Column(_heading(self._names[part.input], part), part.values[self._order], None, part) for part in cells
        )

    def _combining_columns(self, inputs: tuple[Column, ...]) -> list[Column]:
        """Return the columns that say how the contributions make the value."""
        contributions = self._terms.contributions[self._order].astype(np.float64)
        rest = float(contributions[self._shown :].sum())
        columns = []
        if not (len(inputs) == 1 and np.array_equal(inputs[0].numbers, contributions, equal_nan=True)):
            columns.append(Column(self._contribution_heading(inputs, contributions), contributions, rest))
        if self._terms.combine in (Combine.SUM, Combine.MEAN) and self._count > 1:
            sums = np.cumsum(contributions)
            columns.append(Column("sum", sums, float(sums[-1])))
        if self._terms.combine is Combine.SHARE:
            shares = contributions / contributions.sum()
            columns.append(Column("share", shares, float(shares[self._shown :].sum())))
        return columns

    def _contribution_heading(self, inputs: tuple[Column, ...], contributions: NDArray[np.float64]) -> str:
        if self._terms.combine is Combine.SHARE:
            return "exponential"
        if self._terms.combine is Combine.APPLY:
            return "result"
        if len(inputs) == 2:
            product = inputs[0].numbers.astype(np.float64) * inputs[1].numbers.astype(np.float64)
            if np.allclose(product, contributions, equal_nan=True):
                return "product"
        return "term"


def shared(room: int, needed: Sequence[int], least: int = 0) -> list[int]:
    """Return the widths of columns that share some room: as wide as each other, but where one needs more.

    Where they need more than there is, all give up the same share of what they need above the least, which is that of
    numbers.
    """
    if sum(needed) >= room:
        least = min(least, room // max(len(needed), 1))
        above = [max(need - least, 0) for need in needed]
        spare = room - least * len(needed)
        return [least + more * spare // max(sum(above), 1) for more in above]
    widths: dict[int, int] = {}
    for place_ in sorted(range(len(needed)), key=needed.__getitem__, reverse=True):
        equal = (room - sum(widths.values())) // (len(needed) - len(widths))
        widths[place_] = max(equal, needed[place_])
    return [widths[place_] for place_ in range(len(needed))]


def _short(value: float, characters: int) -> str:
    """Write a number in as many digits as there is room for in a column; in a narrow one as in a cell of a map."""
    texts = [number(value, digits) for digits in (4, 3, 2)]
    if characters < _CHARACTERS:
        return in_cell(value, characters) or texts[-1]
    return next((text for text in texts if len(text) <= characters), texts[-1])


def _index(row: NDArray[np.intp]) -> Index:
    return tuple(int(i) for i in row)


def _single_cells(terms: Terms) -> tuple[Source, ...]:
    """Return every input cell in turn that has a say, for terms that are single cells."""
    return tuple(Source(cells.input, _index(row)) for cells in terms.involved for row in cells.indices)


def _largest_first(contributions: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.argsort(-np.abs(contributions), kind="stable")


def _heading(name: str, cells: Cells) -> str:
    """Return a name with the index that the terms share, and k where they count along an axis: ``w₁[k, 3]``.

    The name alone where they go another way through the array, or where that would be too long for a column.
    """
    axes = [_axis(positions) for positions in cells.indices.T]
    whole = f"{name}[{', '.join(map(str, axes))}]"
    return name if None in axes or not axes or len(whole) > _LONGEST_HEADING else whole


def _axis(positions: NDArray[np.intp]) -> str | None:
    if positions.size and (positions == positions[0]).all():
        return str(positions[0])
    return "k" if np.array_equal(positions, np.arange(len(positions))) else None
