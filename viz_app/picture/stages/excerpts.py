"""Choose which rows and columns of a map are drawn where there is no room for all, and show where they are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.ops.base import Combine, Terms
from core.ops.linear import MatMul
from core.ops.softmax import RowTimesJacobian, SoftmaxJacobian
from core.values import Index
from viz_app.frame.frame import Frame, MapView, Mark
from viz_app.frame.views import Excerpt
from viz_app.picture.elements import Element, Heatmap, Rect, Stroke, Text, Tone
from viz_app.picture.grid import Grid
from viz_app.picture.typeset import fitting

MOST_TERMS = 40
"""More terms of a cell than that are not asked for: no picture has room for their numbers."""


_LEVEL = 2.2
"""Half of the least height, in em, for which an overview is made smaller to stand level with its part."""


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
    wanted = view.excerpt
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
    return replace(
        grid,
        rows=_lines([row for row, _ in places], size[0], wanted.rows),
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
    for k in _jumps(grid.rows):
        y = rect.y + k * rect.height / rows
        yield Stroke(((rect.x, y), (rect.right, y)), Tone.SURFACE, 3.0)
    for k in _jumps(grid.columns):
        x = rect.x + k * rect.width / columns
        yield Stroke(((x, rect.y), (x, rect.bottom)), Tone.SURFACE, 3.0)


def _jumps(lines: Sequence[int] | None) -> list[int]:
    return [] if lines is None else [k for k in range(1, len(lines)) if lines[k] != lines[k - 1] + 1]


def overviews(maps: Sequence[Heatmap], whole_of: Callable[[MapView], Grid], box: Rect, em: float) -> Iterator[Element]:
    """Yield the whole of every map that is drawn in part, small, with a frame around each part of it that is drawn."""
    parts = list({(m.map.key, m.grid.pick): m for m in maps if is_excerpt(m.grid)}.values())
    if not parts:
        return
    for part, slot in zip(parts, _slots(parts, box, em), strict=True):
        yield from overview(part.map, whole_of(part.map), slot.inset(0.4 * em, 0.2 * em), em, part.grid)


def _slots(parts: Sequence[Heatmap], box: Rect, em: float) -> list[Rect]:
    """Return the rooms of overviews: each level with its part where these stand below each other, or equal shares."""
    if box.height <= box.width:
        length = box.width / len(parts)
        return [Rect(box.x + number * length, box.y, length, box.height) for number in range(len(parts))]
    middles = [part.rect.center[1] for part in parts]
    halves = [(b - a) / 2 for a, b in pairwise(middles)]
    half = min(*halves, box.height / 2, box.height) if halves else box.height / 2
    half = min(half, *(min(middle - box.y, box.bottom - middle) for middle in middles))
    length = box.height / len(parts)
    if half < min(length / 2, _LEVEL * em):
        return [Rect(box.x, box.y + number * length, box.width, length) for number in range(len(parts))]
    return [Rect(box.x, middle - half, box.width, 2 * half) for middle in middles]


def overview(view: MapView, whole: Grid, slot: Rect, em: float, part: Grid | None = None) -> Iterator[Element]:
    """Yield a whole map with its name, small, and frames around the part of it that is drawn elsewhere."""
    rows, columns = whole.full_size
    room = Rect(slot.x, slot.y + 1.2 * em, slot.width, slot.height - 1.2 * em)
    if room.height < 0.3 * em or room.width < em:
        return
    unit = min(room.width / columns, room.height / rows, 1.2 * em)
    width, height = max(columns * unit, min(0.8 * em, room.width)), max(rows * unit, min(0.8 * em, room.height))
    rect = Rect(room.center[0] - width / 2, room.y + (room.height - height) / 2, width, height)
    noted = (f"{view.name} · {view.shape_text} · {view.note}", f"{view.name} · {view.note}") if view.note else ()
    text = fitting((*noted, f"{view.name} · {view.shape_text}", view.name), slot.width, 0.8 * em)
    yield Text(Rect(slot.x, rect.y - 1.2 * em, slot.width, 1.1 * em), text, 0.8, Tone.MUTED)
    yield Heatmap(rect, view, whole)
    if part is None:
        return
    for top, bottom in _runs(part.rows, part.size[0]):
        for left, right in _runs(part.columns, part.size[1]):
            corners = np.array([part.index_at(top, left), part.index_at(bottom - 1, right - 1)], dtype=np.intp)
            yield from _framed(rect, whole, whole.places(corners.reshape(2, len(view.shape))))


def _framed(rect: Rect, whole: Grid, corners: NDArray[np.intp]) -> Iterator[Stroke]:
    """Yield a line around the cells between two corners, where both are drawn."""
    if len(corners) < 2:
        return
    rows, columns = whole.size
    (top, left), (bottom, right) = corners.min(axis=0).tolist(), (corners.max(axis=0) + 1).tolist()
    x, end = (rect.x + part / columns * rect.width for part in (left, right))
    y, below = (rect.y + part / rows * rect.height for part in (top, bottom))
    yield Stroke(((x, y), (end, y), (end, below), (x, below), (x, y)), Tone.SELECTED, 1.5)


def _runs(lines: Sequence[int] | None, count: int) -> list[tuple[int, int]]:
    """Return where, among the lines that are drawn, each run of neighbours begins, and where it ends."""
    return list(pairwise([0, *_jumps(lines), count]))
