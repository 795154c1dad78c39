"""Draw a matrix product in Falk's scheme: A to the left of C, B above C, so that a row meets a column in its cell."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.ops.base import raised, show_shape
from core.ops.linear import MatMul
from core.ops.softmax import RowTimesJacobian
from core.values import Index
from viz_app.frame import Frame, MapView, Mark
from viz_app.grid import Grid, line_as_image, slice_of
from viz_app.picture import Align, Element, Heatmap, Legend, Rect, Stroke, Text, Tone
from viz_app.stages.parts import (
    HIGHEST,
    LABEL,
    LABEL_WIDTH,
    ROW_NAMES,
    STRETCH,
    STRIP,
    WIDEST,
    chooser,
    column_names,
    lead_of,
    made_up,
    matrix_of,
    name_of,
    names_of_rows,
    row_names,
    selected,
)

OPS = (MatMul, RowTimesJacobian)

_GAP = 1.2
_SLICES = 4.6
"""The height of the strip from which a slice of a stack is chosen, in em."""


@dataclass(frozen=True)
class _Falk:
    """The rectangles of the three maps."""

    a: Rect
    b: Rect
    c: Rect


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the three maps, and in the free corner what the cell that is looked at is made of."""
    grids = _grids(frame)
    names = names_of_rows(frame.operands[0], grids[0]) or names_of_rows(frame.result, grids[2])
    if len(frame.result.shape) > 2:
        strip = Rect(box.x, box.bottom - _SLICES * em, box.width, _SLICES * em)
        yield from _slices(frame, strip, em)
        box = Rect(box.x, box.y, box.width, box.height - (_SLICES + 0.8) * em)
    if names:
        box = Rect(box.x + ROW_NAMES * em, box.y, box.width - ROW_NAMES * em, box.height)
    falk = _place(grids, box, em)
    if names:
        yield from row_names(names, falk.a, em)
    above_a = _name_rect(falk.a, falk.a.y - (LABEL + 0.3) * em, em, to_the_left=True)
    yield from _left(frame.operands[0], grids[0], falk.a, above_a, em)
    yield from _right(frame, grids, falk, em)
    corner = Rect(box.x, box.y, falk.b.x - 1.5 * em - box.x, above_a.y - 0.8 * em - box.y)
    yield from _corner(frame, grids, falk, corner, em)


def _slices(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield every matrix of the result's stack, small; a click shows the product that makes it."""
    view = frame.result
    lead = lead_of(frame, view)
    axis = len(lead) - 1
    count = view.shape[axis]
    grids = [slice_of(view.shape, (*lead[:-1], number)) for number in range(count)]
    noun = ("slice", "head")[axis] if axis < 2 else "slice"
    text = f"{noun} {lead[-1]} of {count}; click another"
    yield Text(Rect(box.x, box.y, box.width, 1.1 * em), text, 0.8, Tone.MUTED)
    strip = Rect(box.x, box.y + 1.2 * em, box.width, box.height - 1.2 * em)
    yield from chooser(view, grids, lead[-1], ("sample", "channel")[min(axis, 1)], strip, em)


def _name_rect(rect: Rect, y: float, em: float, *, to_the_left: bool = False) -> Rect:
    """Return where the name of a map stands: as wide as the map, or wider on its free side."""
    width = max(rect.width, LABEL_WIDTH * em)
    return Rect(rect.right - width if to_the_left else rect.x, y, width, LABEL * em)


def _name(view: MapView, grid: Grid, label: Rect, em: float, align: Align) -> Iterator[Element]:
    """Yield the name of a factor; one that is drawn transposed says so, and has the shape that is seen."""
    tex = raised(view.tex, r"\top") if grid.flip else ""
    yield from name_of(view, label, em, align, tex=tex, shape=show_shape(grid.size) if grid.flip else "")


def _align(rect: Rect, em: float, narrow: Align) -> Align:
    return narrow if rect.width < LABEL_WIDTH * em else Align.CENTER


def _left(a: MapView, grid: Grid, rect: Rect, label: Rect, em: float) -> Iterator[Element]:
    yield from _name(a, grid, label, em, _align(rect, em, Align.RIGHT))
    yield Heatmap(rect, a, grid)
    width = min(label.width, 11 * em)
    yield Legend(Rect(rect.right - width, rect.bottom + 0.5 * em, width, 1.5 * em), a.levels)


def _right(frame: Frame, grids: tuple[Grid, Grid, Grid], falk: _Falk, em: float) -> Iterator[Element]:
    b, c = frame.operands[1], frame.result
    align = _align(falk.b, em, Align.LEFT)
    yield from _name(b, grids[1], _name_rect(falk.b, falk.b.y - (LABEL + 0.3) * em, em), em, align)
    yield Heatmap(falk.b, b, grids[1])
    yield Legend(Rect(falk.b.right + em, falk.b.y, 8 * em, 1.5 * em), b.levels)
    yield Heatmap(falk.c, c, grids[2])
    names = list(column_names(c, grids[2], falk.c, em))
    yield from names
    below = falk.c.bottom + (1.3 if names else 0.3) * em
    yield from name_of(c, _name_rect(falk.c, below, em), em, align)
    middle = falk.c.y + min(falk.c.height, STRIP * em) / 2
    yield Legend(Rect(falk.c.right + em, middle - 0.75 * em, 8 * em, 1.5 * em), c.levels)


def _grids(frame: Frame) -> tuple[Grid, Grid, Grid]:
    op = frame.step.op
    a, b = (matrix_of(frame, view) for view in frame.operands)
    c = matrix_of(frame, frame.result)
    if isinstance(op, MatMul):
        return replace(a, flip=op.transpose_a), replace(b, flip=op.transpose_b), c
    row = b.pick[0]
    return replace(a, pick=(row, None)), b, replace(c, pick=(row, None))


def _place(grids: tuple[Grid, Grid, Grid], box: Rect, em: float) -> _Falk:
    (rows, inner), (_, columns), _ = (grid.size for grid in grids)
    names = (2 * LABEL + 1.6) * em
    width = box.width - (_GAP + 9.5) * em
    height = box.height - names - _GAP * em
    left_unit, right_unit = _split(inner, columns, width, WIDEST * em, LABEL_WIDTH * em)
    right_unit = min(right_unit, (width - LABEL_WIDTH * em) / columns)
    top_unit, bottom_unit = _split(inner, rows, height, HIGHEST * em, STRIP * em)
    top_unit, right_unit = _near_square(top_unit, right_unit, inner, columns, em)
    bottom_unit, left_unit = _near_square(bottom_unit, left_unit, rows, inner, em)
    top, bottom = inner * top_unit, rows * bottom_unit
    left, right = inner * left_unit, columns * right_unit
    margin = max(left, LABEL_WIDTH * em) - left
    x = box.x + (width - left - right - margin) / 2 + margin
    y = box.y + (LABEL + 0.3) * em + (height - top - bottom) / 2
    column, row = x + left + _GAP * em, y + top + _GAP * em
    return _Falk(
        Rect(x, row, left, bottom),
        Rect(column, y, right, top),
        Rect(column, row, right, bottom),
    )


def _split(first: int, second: int, room: float, largest: float, least: float) -> tuple[float, float]:
    """Share a length between two axes of so many cells, neither being shorter than ``least`` where its cells allow."""
    even = min(room / (first + second), largest)
    least = min(least, 0.45 * room)
    second_unit = min(max(even, least / second), largest)
    first_unit = min((room - second * second_unit) / first, largest)
    if first * first_unit < least:
        first_unit = min(least / first, largest)
        second_unit = min((room - first * first_unit) / second, largest)
    return first_unit, second_unit


def _near_square(down: float, across: float, rows: int, columns: int, em: float) -> tuple[float, float]:
    """Bring the cells of a map towards a square, but leave strips as thick as they are."""
    if rows * down > STRIP * em * 1.05:
        down = max(min(down, STRETCH * across), STRIP * em / rows)
    if columns * across > LABEL_WIDTH * em:
        across = max(min(across, 2 * STRETCH * down), LABEL_WIDTH * em / columns)
    return down, across


def _corner(frame: Frame, grids: tuple[Grid, Grid, Grid], falk: _Falk, box: Rect, em: float) -> Iterator[Element]:
    """Yield the products of the cell looked at above A, and rows and columns that are images above those."""
    cell = selected(frame)
    if frame.detail and cell is not None and frame.detail.terms is not None and box.height > 7 * em:
        strip = Rect(falk.a.x, box.bottom - STRIP * em, falk.a.width, STRIP * em)
        yield from _products(frame, strip, box, em)
        box = Rect(box.x, box.y, box.width, box.height - (STRIP + 4.2) * em)
    images = _images(frame, grids, cell)
    side = min(box.height - 2.4 * em, (box.width - (len(images) - 1) * em) / max(len(images), 1), 15 * em)
    if not images or side < 4 * em:
        return
    total = len(images) * side + (len(images) - 1) * em
    x = box.x + (box.width - total) / 2
    top = box.y + (box.height - side - 1.4 * em) / 2
    for text, view, grid in images:
        rows, columns = grid.size
        unit = min(side / rows, side / columns)
        rect = Rect(x, top + 1.4 * em, side, side).centered(columns * unit, rows * unit)
        yield Text(Rect(x - 0.5 * em, rect.y - 1.4 * em, side + em, 1.2 * em), text, 0.8, Tone.MUTED)
        yield Heatmap(rect, view, grid)
        x += side + em


def _products(frame: Frame, strip: Rect, box: Rect, em: float) -> Iterator[Element]:
    """Yield the products as a strip whose columns stand above A's, and the running sum as a line above it."""
    assert frame.detail is not None
    assert frame.detail.terms is not None
    products = frame.detail.terms.contributions
    if strip.height > box.height or strip.width < 3 * em:
        return
    view = made_up("products", "products", products.reshape(1, -1))
    yield Heatmap(strip, view, Grid(view.shape, (None, None)))
    text = "products and their running sum"
    chart = Rect(strip.x, strip.y - 2.6 * em, strip.width, 2.2 * em)
    left = max(min(strip.x, strip.right - 20 * em), box.x)
    heading = Rect(left, chart.y - 1.5 * em, box.right - left, 1.2 * em)
    yield Text(heading, text, 0.8, Tone.MUTED, Align.RIGHT)
    sums = np.concatenate([[0.0], np.cumsum(products)])
    low, high = float(sums.min()), float(sums.max())
    if not np.isfinite(low + high):
        return
    span = (high - low) or 1.0
    places = chart.x + np.arange(len(sums)) * chart.width / len(products)
    heights = chart.bottom - (sums - low) / span * chart.height
    zero = chart.bottom + low / span * chart.height
    yield Stroke(((chart.x, zero), (chart.right, zero)), Tone.FAINT, 1.0)
    yield Stroke(tuple(zip(places.tolist(), heights.tolist(), strict=True)), Tone.SELECTED, 1.8)


def _images(frame: Frame, grids: tuple[Grid, Grid, Grid], cell: Index | None) -> list[tuple[str, MapView, Grid]]:
    """Return the rows and columns that are images: those that meet in the cell looked at, else the first ones."""
    if len(frame.result.shape) != 2:
        return []
    row, column = cell if cell is not None else (min(frame.options.sample, frame.result.shape[0] - 1), 0)
    a, b = frame.operands
    lines = [
        (a, 0, frame.options.sample if grids[0].flip else row),
        (a, 1, row if grids[0].flip else None),
        (b, 0, column if grids[1].flip else None),
        (b, 1, None if grids[1].flip else column),
        (frame.result, 0, row),
        (frame.result, 1, column),
    ]
    found = []
    for view, axis, line in lines:
        image = view.value.column_image if axis else view.value.row_image
        if image and line is not None:
            text = f"{view.name}, {'column' if axis else 'row'} {line}"
            found.append((text, _unmarked(view), line_as_image(view.shape, axis, line, image)))
    return found


def _unmarked(view: MapView) -> MapView:
    return replace(view, marks=tuple((kind, cells) for kind, cells in view.marks if kind is Mark.SELECTED))
