"""Draw softmax: the scores of one sample, their exponentials with the sum, the probabilities."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from core.ops.base import show_shape
from core.ops.softmax import Softmax, SoftmaxGradient
from core.values import Index, Range
from viz_app.frame.frame import Explained, Frame, MapView, Mark
from viz_app.frame.words.numbers import number
from viz_app.picture.elements import Align, Element, Heatmap, Panel, Rect, Stroke, Text, Tone
from viz_app.picture.grid import Grid
from viz_app.picture.legible import has_room
from viz_app.picture.stages.equation import Parts, equation
from viz_app.picture.stages.figures import (
    LABEL,
    LABEL_WIDTH,
    LEGEND,
    SLICES,
    STRIP,
    WIDEST,
    Units,
    fit,
    focused_output,
    grid_of,
    made_up,
    map_with_legend,
    matrix_of,
    name_of,
    slices,
    strip,
    told,
)
from viz_app.picture.stages.labels import (
    column_names,
    lines_of_names,
    names_of_rows,
    noun_of,
    room_for_rows,
    row_names,
    shown_part,
)

OPS = (Softmax, SoftmaxGradient)

_ROOM_FOR_SLICES = 26
"""The least height of a room in which slices can be chosen, in em."""

_LEAST_BARS = 4.0
"""The least height of the bars, in em."""
_SIDE = LABEL_WIDTH + 1.5
"""The room of a name left of the row in detail, and of a legend right of it, in em."""
_LEAST_UNIT = 0.5
"""The least width of a cell of the row in detail, in em."""
_LEAST_ROW = 30.0
"""The least width of the row in detail, with what is written beside its arrows, in em."""
_AROUND_MAPS, _LEAST_CELL = LABEL + LEGEND + 1.6, 0.75
"""What stands above and below the maps that are above it, and the least height of their cells, in em."""
_THICKEST = 5.5
"""The most that a row of cells grows to where there are no bars, in em."""


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the whole matrix where it has more than one row, and beside or below it one row in detail.

    Where the row has no room, the maps stand alone.
    """
    assert frame.explained is not None
    row = frame.explained.index[:-1]
    out = frame.result
    one = _gradient_row if isinstance(frame.step.op, SoftmaxGradient) else _one_row
    if out.shape[-2] <= 1:
        yield from one(frame, row, box, em)
        return
    choosing = math.prod(out.shape[:-2]) > 1 and box.height > _ROOM_FOR_SLICES * em
    rest = Rect(box.x, box.y, box.width, box.height - (SLICES + 0.8) * em) if choosing else box
    width = (0.42 if names_of_rows(out, matrix_of(frame, out)) else 0.36) * rest.width
    beside = Rect(rest.x + width + em, rest.y, rest.width - width - em, rest.height)
    low = _least_height(frame, em)
    if beside.width >= _LEAST_ROW * em and _row_unit(out, beside, em) >= _LEAST_UNIT * em and rest.height >= low:
        if choosing:
            yield from slices(frame, out, Rect(box.x, box.bottom - SLICES * em, box.width, SLICES * em), em)
        yield from _matrices(frame, Rect(rest.x, rest.y, width, rest.height), em)
        yield from one(frame, row, beside, em)
        return
    above = Rect(box.x, box.y, box.width, box.height - low - em)
    below = Rect(box.x, above.bottom + em, box.width, low)
    rows = grid_of(frame, replace(out, excerpt=None)).size[0]
    if has_room(_row_unit(out, below, em), STRIP * em, em) and above.height > (_AROUND_MAPS + _LEAST_CELL * rows) * em:
        yield from _maps(frame, above, em)
        yield from one(frame, row, below, em)
    else:
        yield from _maps(frame, box, em)


def _maps(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield what goes in and what comes out beside each other: all heads of it, or one where its cells are too narrow.

    They are never drawn in part: a part without its exponentials tells nothing of softmax.
    """
    views = [replace(view, excerpt=None) for view in (*frame.operands, frame.result)]
    signs = (*(",",) * (len(views) - 2), r"\to")
    heads = [(view, grid_of(frame, view)) for view in views]
    one = [(view, matrix_of(frame, view)) for view in views]
    wide = all(rect.width >= _LEAST_UNIT * em * columns for rect, columns in _drawn(heads, signs, box, em))
    yield from equation(heads if wide else one, signs, box, em)


def _drawn(parts: Parts, signs: Sequence[str], box: Rect, em: float) -> list[tuple[Rect, int]]:
    """Return where maps stand in an equation, and how many columns they have."""
    return [(e.rect, e.grid.size[1]) for e in equation(parts, signs, box, em) if isinstance(e, Heatmap)]


def _row_unit(view: MapView, box: Rect, em: float) -> float:
    """Return the width of a cell of the row in detail, in pixels."""
    return (box.width - 2 * _SIDE * em) / view.shape[-1]


def _least_height(frame: Frame, em: float) -> float:
    """Return the least height of the row in detail, in pixels."""
    rows = 4 * STRIP + 3 * 2.2 if isinstance(frame.step.op, SoftmaxGradient) else 3 * STRIP + 2 * 2.2
    return (rows + 2.2 + 1.1 * max(1, lines_of_names(frame.result, matrix_of(frame, frame.result))) + 0.4) * em


def _matrices(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield what goes in and what comes out, all rows of it, with their names; narrow maps beside each other."""
    grid = matrix_of(frame, frame.result)
    lines = 1.1 * lines_of_names(frame.result, grid)
    views = (*frame.operands, frame.result)
    named = room_for_rows(frame.result, grid) * em
    room = Rect(box.x + named, box.y, box.width - named, box.height - lines * em)
    most = max(int(room.height / ((LABEL + LEGEND + 6) * em)), 1)
    cells = _cells(room, len(views[-most:]), down=True)  # the row in detail shows all of them
    units = _units(grid, cells[0], em)
    beside = _cells(room, len(views), down=False)
    other = _units(grid, beside[0], em)
    if (
        not named
        and beside[0].width > (LABEL_WIDTH + 1) * em
        and other.width * other.height > units.width * units.height
    ):
        cells, units = beside, other
    width, height = units.size(grid)
    for cell, view in zip(cells, views[-len(cells) :], strict=True):
        rect = cell.centered(width, height).moved(0, (LABEL + 0.3 - LEGEND) / 2 * em)
        wide = max(width, LABEL_WIDTH * em)
        label = Rect(rect.center[0] - wide / 2, rect.y - (LABEL + 0.3) * em, wide, LABEL * em)
        yield from name_of(view, label, em, part=shown_part(view, grid))
        yield from row_names(view, grid, rect, em)
        yield from map_with_legend(view, grid, rect, em, named=view is frame.result)


def _cells(room: Rect, count: int, *, down: bool) -> list[Rect]:
    """Return equal rooms below each other, or beside each other."""
    if down:
        high = room.height / count
        return [Rect(room.x, room.y + k * high, room.width, high) for k in range(count)]
    wide = room.width / count
    return [Rect(room.x + k * wide, room.y, wide, room.height) for k in range(count)]


def _units(grid: Grid, cell: Rect, em: float) -> Units:
    return fit(*grid.size, cell.width - em, cell.height - (LABEL + LEGEND + 0.6) * em, em)


def _one_row(frame: Frame, row: Index, box: Rect, em: float) -> Iterator[Element]:
    net, out = frame.operands[0], frame.result
    assert frame.explained is not None
    terms, count = frame.explained.terms, net.shape[-1]
    grid = Grid(net.shape, (*row, None))
    side = _SIDE * em
    unit = min((box.width - 2 * side) / count, WIDEST * em)
    width = count * unit
    height = min(max(0.12 * box.height, STRIP * em), 4 * em)
    below = 1.1 * max(1, lines_of_names(out, grid)) * em
    bars = min(box.height - 3 * height - below - 9 * em, 9 * em)
    if bars < _LEAST_BARS * em:  # what they would take makes the rows higher
        bars, height = 0.0, max(height, min((box.height - below - 9 * em) / 3, 1.1 * unit, _THICKEST * em))
    total = 3 * height + bars + below + 8.1 * em
    x, y = box.x + (box.width - width) / 2, box.y + (box.height - total) / 2
    yield _heading(net, row, Rect(x, y, width, 1.2 * em), em)
    y += 2.2 * em
    yield from _strip(net, grid, Rect(x, y, width, height), side, em)
    y += height
    yield from _arrow(Rect(x, y, width, 2.2 * em), "exp(score − largest)", em)
    y += 2.2 * em
    exponentials = _exponentials(frame.explained, focused_output(frame))
    rect = Rect(x, y, width, height)
    yield from _strip(exponentials, Grid(exponentials.shape, (0, None)), rect, side, em)
    y += height
    divisor = told(float(terms.contributions.sum()), frame.explained)
    yield from _arrow(Rect(x, y, width, 2.2 * em), f"÷ sum = {divisor}", em)
    y += 2.2 * em
    rect = Rect(x, y, width, height)
    yield from _strip(out, grid, rect, side, em)
    yield from column_names(out, grid, rect, em)
    yield from _bars(frame, row, Rect(x, rect.bottom + below + 1.1 * em, width, bars), em)


def _heading(view: MapView, row: Index, rect: Rect, em: float) -> Text:
    """Return what the row is called, above a strip that may be narrower than that."""
    text = _row_name(view, row)
    width = max(rect.width, 0.5 * len(text) * em)
    return Text(Rect(rect.center[0] - width / 2, rect.y, width, rect.height), text, 0.85, Tone.MUTED)


def _row_name(view: MapView, row: Index) -> str:
    """Return what the row is called: ``sample 2, head 0, question``."""
    nouns = (*(noun_of(view, axis) for axis in range(len(row) - 1)), "row")
    names = [view.names(axis, row[0] if len(row) > 1 else 0) for axis in range(len(row))]
    return ", ".join(name[i] if name else f"{noun} {i}" for i, name, noun in zip(row, names, nouns, strict=True))


def _gradient_row(frame: Frame, row: Index, box: Rect, em: float) -> Iterator[Element]:
    """Yield one row of the gradient: probabilities, gradient, their products with the sum, and what comes out."""
    probability, gradient = frame.operands
    assert probability.array is not None
    assert gradient.array is not None
    out = frame.result
    products = np.asarray(probability.array[row] * gradient.array[row], dtype=np.float64)
    mixed = made_up("products", r"g \odot s", products.reshape(1, -1))
    grid = Grid(out.shape, (*row, None))
    count = out.shape[-1]
    side = _SIDE * em
    width = count * min((box.width - 2 * side) / count, WIDEST * em)
    height = min(max(0.12 * box.height, STRIP * em), 4 * em)
    gap = 2.2 * em
    x, y = box.x + (box.width - width) / 2, box.y + (box.height - 4 * height - 3 * gap - 3.6 * em) / 2
    yield _heading(out, row, Rect(x, y, width, 1.2 * em), em)
    y += 2.2 * em
    total = number(float(products.sum()))
    for view, lines in ((probability, grid), (gradient, grid), (mixed, Grid(mixed.shape, (0, None)))):
        yield from _strip(view, lines, Rect(x, y, width, height), side, em)
        y += height + gap
    yield from _arrow(Rect(x, y - gap, width, gap), f"s ⊙ (g − sum), sum = {total}", em)
    rect = Rect(x, y, width, height)
    yield from _strip(out, grid, rect, side, em)
    yield from column_names(out, grid, rect, em)


def _exponentials(explained: Explained, focus: Index | None) -> MapView:
    terms = explained.terms
    array = terms.contributions.reshape(1, -1)
    marks = () if focus is None else ((Mark.SELECTED, np.array([[0, terms.own]], dtype=np.intp)),)
    return made_up("exponentials", r"\mathrm{exponentials}", array, Range.NON_NEGATIVE, marks,
                   covered=explained.covered)  # fmt: skip


def _strip(view: MapView, grid: Grid, rect: Rect, side: float, em: float) -> Iterator[Element]:
    yield from strip(view, grid, rect, side, em, show_shape(grid.size))


def _arrow(rect: Rect, text: str, em: float) -> Iterator[Element]:
    x = rect.center[0]
    yield Stroke(((x, rect.y + 0.35 * em), (x, rect.bottom - 0.35 * em)), Tone.MUTED, 1.5, arrow=True)
    yield Text(Rect(x + 0.8 * em, rect.y, 14 * em, rect.height), text, 0.95, Tone.TEXT, Align.LEFT)


def _bars(frame: Frame, row: Index, box: Rect, em: float) -> Iterator[Element]:
    """Yield a bar for each probability."""
    out = frame.result
    if box.height < _LEAST_BARS * em or out.array is None:
        return
    values = out.array[row]
    if not np.isfinite(values).all():
        return
    unit = box.width / len(values)
    best = int(values.argmax())
    top = box.y + 1.4 * em
    yield Stroke(((box.x, box.bottom), (box.right, box.bottom)), Tone.FAINT, 1.0)
    yield Stroke(((box.x, top), (box.right, top)), Tone.FAINT, 1.0, dashed=True)
    yield Text(Rect(box.x - 2.4 * em, top - 0.6 * em, 2 * em, 1.2 * em), "1", 0.8, Tone.MUTED, Align.RIGHT)
    for position, value in enumerate(values):
        if not out.known((*row, position)):
            continue
        height = max(float(value) * (box.height - 1.4 * em), 1.0)
        bar = Rect(box.x + (position + 0.18) * unit, box.bottom - height, 0.64 * unit, height)
        yield Panel(bar, Tone.ACCENT if position == best else Tone.MUTED, radius=2)
        if unit > 2.2 * em:
            label = Rect(box.x + position * unit, bar.y - 1.3 * em, unit, 1.2 * em)
            yield Text(label, number(float(value), 2), 0.8, Tone.MUTED)
