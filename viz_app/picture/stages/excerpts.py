"""Choose which rows and columns of a map are drawn where there is no room for all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from core.ops.base import Combine, Terms
from core.ops.linear import MatMul
from core.ops.softmax import RowTimesJacobian, SoftmaxJacobian
from core.values import Index
from viz_app.frame.frame import Frame, MapView, Mark
from viz_app.frame.views import Excerpt
from viz_app.picture.elements import Rect, Stroke, Tone
from viz_app.picture.grid import Grid

MOST_TERMS = 40
"""More terms of a cell than that are not asked for: no picture has room for their numbers."""


@dataclass(frozen=True)
class Term:
    """One term of a cell: the input cells that it is made from, each with the number of the input, and its value."""

    cells: tuple[tuple[int, Index], ...]
    contribution: float


@dataclass(frozen=True)
class Limits:
    """How many rows and columns of the result there is room for, and how many terms of each of its cells."""

    rows: int
    columns: int
    terms: int


@lru_cache(maxsize=8)  # a stage asks for them at every try
def largest_terms(terms: Terms, most: int = MOST_TERMS) -> tuple[Term, ...]:
    """Return the terms of a cell, the largest first; the one that a maximum or a share is of comes first."""
    contributions = terms.contributions
    if not terms.paired:
        singles = [(part.input, index) for part in terms.involved for index in map(tuple, part.indices.tolist())]
        if len(contributions) != len(singles):
            contributions = np.concatenate([part.values for part in terms.involved]).astype(np.float64)
        return tuple(Term((singles[k],), float(contributions[k])) for k in _order(terms, contributions)[:most])
    return tuple(
        Term(tuple((part.input, tuple(part.indices[k].tolist())) for part in terms.cells), float(contributions[k]))
        for k in (_order(terms, contributions)[:most] if terms.cells else ())
    )


def _order(terms: Terms, contributions: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[int]:
    sizes = np.nan_to_num(np.abs(contributions), nan=np.inf, posinf=np.inf)
    if terms.combine in (Combine.MAX, Combine.SHARE) and terms.own < len(sizes):
        sizes = np.where(np.arange(len(sizes)) == terms.own, np.inf, sizes)
    return [int(k) for k in np.argsort(-sizes, kind="stable")]


def excerpted(frame: Frame, limits: Limits) -> Frame:
    """Return a frame whose maps are drawn in part: around the cell that stays in sight, and what it is made of."""
    terms = largest_terms(frame.home.terms)
    cells = [
        tuple(dict.fromkeys(c for term in terms for i, c in term.cells if i == k)) for k in range(len(frame.operands))
    ]
    rows, columns, inner = limits.rows, limits.columns, limits.terms
    falk = isinstance(frame.step.op, (MatMul, RowTimesJacobian, SoftmaxJacobian))
    rooms = [(rows, inner), (inner, columns)] if falk else [(rows, columns)] * len(cells)
    operands = tuple(
        replace(view, excerpt=Excerpt(wanted, *room))
        for view, wanted, room in zip(frame.operands, cells, rooms, strict=False)
    )
    return replace(
        frame, operands=operands, result=replace(frame.result, excerpt=Excerpt((frame.home.index,), rows, columns))
    )


def located(frame: Frame) -> Frame:
    """Return a frame whose maps show where the cell that stays in sight is, and what it is made of.

    Where a cell is focused its marks say so already.
    """
    if frame.detail is not None:
        return frame
    terms = frame.home.terms
    operands = list(frame.operands)
    for part in terms.involved:
        mark = Mark.FIRST if part.input == 0 else Mark.SECOND
        view = operands[part.input]
        operands[part.input] = replace(view, marks=(*view.marks, (mark, part.indices)))
    here = np.array([terms.index], dtype=np.intp).reshape(1, len(terms.index))
    return replace(frame, operands=tuple(operands), result=replace(frame.result, marks=((Mark.SELECTED, here),)))


def narrowed(view: MapView, grid: Grid) -> Grid:
    """Return the part of a grid that the excerpt of its map asks for; of tiles, a part of one."""
    wanted, tiled = view.excerpt, grid.tiles is not None
    if wanted is None or grid.fold or grid.rows is not None or grid.columns is not None:
        return grid
    if grid.tiles:
        if grid.full_size[0] <= wanted.rows and grid.full_size[1] <= wanted.columns:
            return grid
        axis = grid.axes[0]
        position = wanted.cells[0][axis] if wanted.cells else 0
        grid = replace(grid, tiles=None, pick=tuple(position if a == axis else p for a, p in enumerate(grid.pick)))
    indices = np.array(wanted.cells, dtype=np.intp).reshape(len(wanted.cells), len(grid.shape))
    places = grid.places(indices).tolist()
    size = grid.full_size
    rows = _lines([row for row, _ in places], size[0], wanted.rows)
    return replace(
        grid,
        rows=tuple(range(size[0])) if rows is None and tiled else rows,  # a whole tile is a part of the whole
        columns=_lines([column for _, column in places], size[1], wanted.columns),
    )


def _lines(wanted: Iterable[int], count: int, most: int) -> tuple[int, ...] | None:
    """Return the lines that are drawn: those that are wanted, and around the first as many as there is room for."""
    if count <= most:
        return None
    chosen = list(dict.fromkeys(wanted))[:most] or [0]
    first = chosen[0]
    taken = set(chosen)
    for distance in range(1, count):
        for line in (first + distance, first - distance):
            if len(taken) < most and 0 <= line < count:
                taken.add(line)
        if len(taken) >= most:
            break
    return tuple(sorted(taken))


def is_excerpt(grid: Grid) -> bool:
    """Tell whether a grid draws a part of its picture."""
    return grid.rows is not None or grid.columns is not None


def breaks(grid: Grid, rect: Rect) -> Iterator[Stroke]:
    """Yield gaps between rows and columns that are no neighbours in the whole."""
    rows, columns = grid.size
    for k in jumps(grid.rows):
        y = rect.y + k * rect.height / rows
        yield Stroke(((rect.x, y), (rect.right, y)), Tone.SURFACE, 3.0)
    for k in jumps(grid.columns):
        x = rect.x + k * rect.width / columns
        yield Stroke(((x, rect.y), (x, rect.bottom)), Tone.SURFACE, 3.0)


def jumps(lines: Sequence[int] | None) -> list[int]:
    """Return where, among the lines that are drawn, one is no neighbour of the one before it."""
    return [] if lines is None else [k for k in range(1, len(lines)) if lines[k] != lines[k - 1] + 1]
