"""Draw a matrix product in Falk's scheme: A to the left of C, B above C, so that a row meets a column in its cell."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.ops.base import raised, show_shape
from core.ops.linear import MatMul
from core.ops.softmax import RowTimesJacobian, SoftmaxJacobian
from viz_app.frame.frame import Frame, MapView, Mark
from viz_app.picture.elements import Align, Element, Heatmap, Legend, Rect, Stroke, Text, Tone
from viz_app.picture.grid import Grid, line_as_image
from viz_app.picture.stages.excerpts import breaks, is_excerpt, narrowed
from viz_app.picture.stages.figures import (
    HIGHEST,
    LABEL,
    LABEL_WIDTH,
    SLICES,
    STRETCH,
    STRIP,
    WIDEST,
    made_up,
    matrix_of,
    name_of,
    slices,
    told,
)
from viz_app.picture.stages.labels import (
    Part,
    below_names,
    column_names,
    drawn,
    lines_of_names,
    names_of_rows,
    room_for_rows,
    row_names,
    shown_part,
    unmarked,
)
from viz_app.picture.typeset import fitting, text_width

OPS = (MatMul, RowTimesJacobian, SoftmaxJacobian)

_GAP = 1.2
_READABLE = 1.4
"""The height of a row in which numbers can be read, in em."""
_LARGEST_IMAGE = 32
"""In em."""
_ROOM_FOR_SLICES = 22.0
"""The least height of a room in which slices can be chosen beside excerpts, in em."""
_LOW = 1.8
"""How much wider than high a room is in which slices are chosen beside the maps."""
_BESIDE = 12.5
"""The width that they take there, in em."""


@dataclass(frozen=True)
class _Falk:
    """The rectangles of the three maps."""

    a: Rect
    b: Rect
    c: Rect


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the three maps, and in the free corner what the focused cell is made of."""
    if isinstance(frame.step.op, SoftmaxJacobian):
        frame = _outer(frame)
    stack = next((view for view in (frame.result, frame.operands[1]) if len(view.shape) > 2), None)
    low = stack is not None and stack.excerpt is not None and box.height < _ROOM_FOR_SLICES * em
    if stack is not None and math.prod(stack.shape[:-2]) > 1 and not low:  # overviews show all of it, too
        strip, box = _shares(box, em)
        yield from slices(frame, stack, strip, em)
    grids = _grids(frame)
    named = next(
        (pair for pair in ((frame.operands[0], grids[0]), (frame.result, grids[2])) if names_of_rows(*pair)), None
    )
    if named:
        room = room_for_rows(*named) * em
        box = Rect(box.x + room, box.y, box.width - room, box.height)
    beside = room_for_rows(frame.operands[1], grids[1]) if is_excerpt(grids[1]) else 0.0
    falk = _place(
        grids, box, em, beside, lines_of_names(frame.result, grids[2]) or lines_of_names(frame.operands[1], grids[1])
    )
    if named:
        yield from row_names(*named, falk.a, em)
    above_a = _name_rect(falk.a, falk.a.y - (LABEL + 0.3) * em, em, to_the_left=True)
    yield from _left(frame.operands[0], grids[0], falk.a, above_a, em)
    yield from _right(frame, grids, falk, em)
    corner = Rect(box.x, box.y, falk.b.x - (1.5 + beside) * em - box.x, above_a.y - 0.8 * em - box.y)
    yield from _corner(frame, grids, falk, corner, em)


def _shares(box: Rect, em: float) -> tuple[Rect, Rect]:
    """Return the room of the slices to choose from, beside the maps in a low room, else below them, and the rest."""
    high = SLICES * em
    if box.width < _LOW * box.height:
        return Rect(box.x, box.bottom - high, box.width, high), Rect(
            box.x, box.y, box.width, box.height - high - 0.8 * em
        )
    side = min(_BESIDE * em, 0.25 * box.width)
    rest = Rect(box.x, box.y, box.width - side - em, box.height)
    return Rect(box.right - side, box.center[1] - high / 2, side, high), rest


def _outer(frame: Frame) -> Frame:
    """Return a frame of a Jacobian whose operands are the column and the row that meet in its cells."""
    (s,) = frame.operands
    row = [(mark, cells[-1:]) for mark, cells in s.marks if mark is not Mark.SELECTED]
    column = [(mark, cells) for mark, cells in s.marks[:1]]
    second = tuple((Mark.SECOND if mark is Mark.FIRST else mark, cells) for mark, cells in row[-1:] or s.marks)
    return replace(frame, operands=(replace(s, marks=tuple(column)), replace(s, marks=second)))


def _name_rect(rect: Rect, y: float, em: float, *, to_the_left: bool = False) -> Rect:
    """Return where the name of a map stands: as wide as the map, or wider on its free side."""
    width = max(rect.width, LABEL_WIDTH * em)
    return Rect(rect.right - width if to_the_left else rect.x, y, width, LABEL * em)


def _name(view: MapView, grid: Grid, label: Rect, em: float, align: Align) -> Iterator[Element]:
    """Yield the name of a factor; one that is drawn transposed says so, and has the shape that is seen."""
    tex = raised(view.tex, r"\top") if grid.flip else ""
    part = Part(f"row {grid.pick[0]}" if len(grid.axes) == 1 else "")
    if view.excerpt is not None and len(grid.axes) > 1:
        part = shown_part(view, grid)
    shape = show_shape((*view.shape[:-2], *grid.full_size)) if grid.flip else ""
    yield from name_of(view, label, em, align, tex=tex, shape=shape, part=part)


def _align(rect: Rect, em: float, narrow: Align) -> Align:
    return narrow if rect.width < LABEL_WIDTH * em else Align.CENTER


def _left(a: MapView, grid: Grid, rect: Rect, label: Rect, em: float) -> Iterator[Element]:
    yield from _name(a, grid, label, em, _align(rect, em, Align.RIGHT))
    yield from drawn(a, grid, rect)
    numbers = list(column_names(a, grid, rect, em)) if is_excerpt(grid) else []
    yield from numbers
    width = min(label.width, 11 * em)
    yield Legend(Rect(rect.right - width, below_names(rect, numbers).bottom + 0.5 * em, width, 1.5 * em), a.levels)


def _right(frame: Frame, grids: tuple[Grid, Grid, Grid], falk: _Falk, em: float) -> Iterator[Element]:
    b, c = frame.operands[1], frame.result
    align = _align(falk.b, em, Align.LEFT)
    yield from _name(b, grids[1], _name_rect(falk.b, falk.b.y - (LABEL + 0.3) * em, em), em, align)
    yield from drawn(b, grids[1], falk.b)
    if is_excerpt(grids[1]):
        yield from row_names(b, grids[1], falk.b, em)
    yield Legend(Rect(falk.b.right + em, falk.b.y, 8 * em, 1.5 * em), b.levels)
    yield from drawn(c, grids[2], falk.c)
    names = list(column_names(c, grids[2], falk.c, em)) or list(column_names(b, grids[1], falk.c, em))
    yield from names
    below = below_names(falk.c, names).bottom + 0.3 * em
    yield from _name(c, grids[2], _name_rect(falk.c, below, em), em, align)
    middle = falk.c.y + min(falk.c.height, STRIP * em) / 2
    yield Legend(Rect(falk.c.right + em, middle - 0.75 * em, 8 * em, 1.5 * em), c.levels)


def _grids(frame: Frame) -> tuple[Grid, Grid, Grid]:
    """Return the grids of the three maps; which part of them is drawn is chosen once they are turned."""
    views = (*frame.operands[:2], frame.result)
    a, b, c = (narrowed(view, grid) for view, grid in zip(views, _whole_grids(frame), strict=True))
    return a, b, c


def _whole_grids(frame: Frame) -> tuple[Grid, Grid, Grid]:
    op = frame.step.op
    a, b = (matrix_of(frame, replace(view, excerpt=None)) for view in frame.operands)
    c = matrix_of(frame, replace(frame.result, excerpt=None))
    if isinstance(op, MatMul):
        return replace(a, flip=op.transpose_a), replace(b, flip=op.transpose_b), c
    if isinstance(op, SoftmaxJacobian):
        line = replace(a, pick=(*c.pick[:-2], None))
        return replace(line, flip=True), line, c
    line = replace(a, pick=b.pick[:-1])
    return line, b, line


def _place(grids: tuple[Grid, Grid, Grid], box: Rect, em: float, beside: float, lines: int) -> _Falk:
    """Return the rectangles of the maps; ``beside`` is the width of what stands left of B, in em."""
    (rows, inner), (_, columns), _ = (grid.size for grid in grids)
    names = (2 * LABEL + (0.8 if lines else 0.5) + 1.1 * max(lines, 1)) * em
    width = box.width - (_GAP + beside + 9.5) * em
    height = box.height - names - _GAP * em
    named = LABEL_WIDTH * em
    left_unit, right_unit = _split(inner, columns, width, WIDEST * em, (named, named))
    right_unit = min(right_unit, (width - LABEL_WIDTH * em) / columns)
    top_unit, bottom_unit = _split(
        inner, rows, height, HIGHEST * em, (_least(inner, height, em), _least(rows, height, em))
    )
    top_unit, right_unit = _near_square(top_unit, right_unit, inner, columns, em)
    bottom_unit, left_unit = _near_square(bottom_unit, left_unit, rows, inner, em)
    top, bottom = inner * top_unit, rows * bottom_unit
    left, right = inner * left_unit, columns * right_unit
    margin = max(left, LABEL_WIDTH * em) - left
    x = box.x + (width - left - right - margin) / 2 + margin
    y = box.y + (LABEL + 0.3) * em + (height - top - bottom) / 2
    column, row = x + left + (_GAP + beside) * em, y + top + _GAP * em
    return _Falk(
        Rect(x, row, left, bottom),
        Rect(column, y, right, top),
        Rect(column, row, right, bottom),
    )


def _least(rows: int, height: float, em: float) -> float:
    """Return the least height of a map: enough to read its rows where they are few, else a share of the height."""
    return max(STRIP * em, min(_READABLE * em * rows, 0.3 * height))


def _split(first: int, second: int, room: float, largest: float, least: tuple[float, float]) -> tuple[float, float]:
    """Share a length between two axes: return the length of a cell of each.

    ``first`` and ``second`` count their cells; an axis is at least ``least`` long where its cells allow.
    """
    even = min(room / (first + second), largest)
    least_first, least_second = (min(length, 0.45 * room) for length in least)
    second_unit = min(max(even, least_second / second), largest)
    first_unit = min((room - second * second_unit) / first, largest)
    if first * first_unit < least_first:
        first_unit = min(least_first / first, largest)
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
    """Yield the products of the explained cell above A, and rows and columns that are images above those."""
    if isinstance(frame.step.op, SoftmaxJacobian):
        yield from _rule(frame.operands[0].name, box, em)
        return
    if box.height > 7 * em:
        strip = Rect(falk.a.x, box.bottom - STRIP * em, falk.a.width, STRIP * em)
        yield from _products(frame, grids[0], strip, box, em)
        box = Rect(box.x, box.y, box.width, box.height - (STRIP + 4.2) * em)
    images = _images(frame, grids)
    room = box.width - (len(images) - 0.4) * em  # their names are a little wider than they are
    side = min(box.height - 2.4 * em, room / max(len(images), 1), _LARGEST_IMAGE * em)
    if not images or side < 4 * em:
        return
    total = len(images) * side + (len(images) - 1) * em
    x = box.x + (box.width - total) / 2
    top = box.y + (box.height - side - 1.4 * em) / 2
    for text, view, grid in images:
        rows, columns = grid.size
        unit = min(side / rows, side / columns)
        rect = Rect(x, top + 1.4 * em, side, side).centered(columns * unit, rows * unit)
        above = Rect(x - 0.3 * em, rect.y - 1.4 * em, side + 0.6 * em, 1.2 * em)
        yield Text(above, fitting((text, view.name), above.width, 0.8 * em), 0.8, Tone.MUTED)
        yield Heatmap(rect, view, grid)
        x += side + em


def _rule(s: str, box: Rect, em: float) -> Iterator[Element]:
    """Yield what the cells of a Jacobian are, near the place where its column and its row meet."""
    if box.width > 12 * em and box.height > 4 * em:
        first, row, column = (
            f"on the diagonal: {s} · (1 − {s})",
            f"elsewhere: minus the row's {s}",
            f"· the column's {s}",
        )
        short = text_width(f"{row} {column}", 0.8 * em) > box.width
        rules = (first, row, column) if short else (first, f"{row} {column}")
        size = min(0.95, box.width / max(text_width(rule, em) for rule in rules))
        for line, text in enumerate(rules):
            here = Rect(box.x, box.bottom - (0.1 + 1.3 * (len(rules) - line)) * em, box.width, 1.3 * em)
            yield Text(here, text, size, Tone.MUTED, Align.RIGHT)


def _products(frame: Frame, grid: Grid, strip: Rect, box: Rect, em: float) -> Iterator[Element]:
    """Yield the products as a strip whose columns stand above A's, and the running sum as a line above it."""
    explained = frame.explained or frame.home
    products, total = explained.terms.contributions, told(explained.terms.result, explained)
    if strip.height > box.height or strip.width < 3 * em:
        return
    view = made_up("products", "products", products.reshape(1, -1), covered=explained.covered)
    chart = Rect(strip.x, strip.y - 2.6 * em, strip.width, 2.2 * em)
    left = max(min(strip.x, strip.right - 20 * em), box.x)
    heading = Rect(left, chart.y - 1.5 * em, box.right - left, 1.2 * em)
    if grid.columns is None:
        yield Heatmap(strip, view, Grid(view.shape, (None, None)))
        if not explained.covered:
            yield from _running_sum(products, chart)
        yield from _heading(("products and their running sum", "products, sum"), total, heading, em)
        return
    part = Grid(view.shape, (None, None), columns=grid.columns)
    yield Heatmap(strip, view, part)
    yield from breaks(part, strip)
    count = f"{len(grid.columns)} of {len(products):,} products"
    yield from _heading((count, ""), total, heading.moved(0, chart.bottom - heading.bottom + 0.1 * em), em)


def _heading(texts: tuple[str, str], result: str, box: Rect, em: float) -> Iterator[Text]:
    """Yield what stands above the products: their sum on the right, and what they are where there is room."""
    total = f"Σ = {result}"
    width = min((0.62 * len(total) + 0.5) * em, box.width)
    yield Text(
        Rect(box.right - width, box.y, width, box.height), total, 0.9, Tone.SELECTED, Align.RIGHT, True, result=True
    )
    room = Rect(box.x, box.y, box.width - width - 0.6 * em, box.height)
    text = next((text for text in texts if text and 0.47 * len(text) * em < room.width), None)
    if text:
        yield Text(room, text, 0.8, Tone.MUTED, Align.RIGHT)


def _running_sum(products: NDArray[np.float64], chart: Rect) -> Iterator[Element]:
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


def _meeting(frame: Frame, grids: tuple[Grid, Grid, Grid]) -> tuple[int, int]:
    """Return the row of A and the column of B that are shown: those of the focused cell, in whichever map it is."""
    row, column = frame.anchor or (min(frame.options.sample, frame.result.shape[0] - 1), 0)
    focus = frame.detail.focus if frame.detail else None
    a, b = frame.operands
    if focus and focus.key == a.key:
        row = focus.index[1 if grids[0].flip else 0]
    if focus and focus.key == b.key:
        column = focus.index[0 if grids[1].flip else 1]
    return row, column


def factors_as_images(frame: Frame) -> list[tuple[str, MapView, Grid]]:
    """Return the row and the column that meet in the explained cell, where both are images; else nothing."""
    if not isinstance(frame.step.op, MatMul) or len(frame.result.shape) != 2:
        return []
    a, b = frame.operands
    flips = frame.step.op.transpose_a, frame.step.op.transpose_b
    row, column = (frame.explained or frame.home).index
    found = []
    for view, axis, line in ((a, int(flips[0]), row), (b, int(not flips[1]), column)):
        image = view.value.column_image if axis else view.value.row_image
        if image:
            found.append((_called(view, axis, line), unmarked(view), line_as_image(view.shape, axis, line, image)))
    return found if len(found) == 2 else []


def _called(view: MapView, axis: int, line: int) -> str:
    return f"{view.name}, {'column' if axis else 'row'} {line}"


def _images(frame: Frame, grids: tuple[Grid, Grid, Grid]) -> list[tuple[str, MapView, Grid]]:
    """Return the rows and columns that are images: those of the focused cell, else the first ones."""
    if len(frame.result.shape) != 2:
        return []
    row, column = _meeting(frame, grids)
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
            found.append((_called(view, axis, line), unmarked(view), line_as_image(view.shape, axis, line, image)))
    return found
