"""Tell of one cell what it is made of, in cells that can be read whatever the room: its number and its largest terms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.ops.base import Combine, Terms
from core.values import Index
from viz_app.frame.frame import Frame, MapView, Mark
from viz_app.frame.numbers import place
from viz_app.frame.views import Marks
from viz_app.picture.elements import Align, Element, Heatmap, Rect, Text, Tone
from viz_app.picture.grid import Grid, listed
from viz_app.picture.stages.excerpts import Term, largest_terms, overview
from viz_app.picture.stages.figures import grid_of, made_up

_CELL = 3.4
"""The width of a cell, in em."""
_LEAST_CELL = 2.4
_ROW = 1.7
"""The height of a row, in em."""
_INDEX = 1.1
_FEWEST = 3
"""So many terms are shown at least, where there are so many."""
_MOST = 12
_NAMES = 5.4
_RESULT = 6.0

Row = tuple[str, MapView, Grid]


@dataclass(frozen=True)
class _Table:
    """Rows of cells, a column for each term, and what stands above each column."""

    rows: Sequence[Row]
    headings: Sequence[str]
    left_out: int


def height_of(frame: Frame, em: float) -> float:
    """Return the height of a close-up as a strip below maps, in pixels."""
    return (_rows_of(frame) * _ROW + 2 * _INDEX + 0.2) * em


def _rows_of(frame: Frame) -> int:
    terms = frame.home.terms
    return (len({part.input for part in terms.cells}) if terms.paired else 1) + _combines(terms)


def _combines(terms: Terms) -> bool:
    """Tell whether the contributions are other numbers than the cells and the result."""
    return terms.combine is not Combine.APPLY and (terms.paired and len(terms.cells) > 1 or terms.combine is Combine.SHARE)


def closeup(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the largest terms of the explained cell, each in a column, and its number; ``box`` is as wide as there is.

    Parameters
    ----------
    frame : Frame
        What is shown.
    box : Rect
        The room; the cells grow with its height.
    em : float
        The size of the text, in pixels.
    """
    explained = frame.explained or frame.home
    count = _rows_of(frame)
    high = min((box.height - 2 * _INDEX * em - 0.1 * em) / count, 3.2 * em)
    result = _RESULT * em
    names = min(_NAMES * em, 0.2 * box.width)
    room = box.width - names - result
    terms = largest_terms(explained.terms)
    fewest = min(_FEWEST, len(terms))
    wide = max(_LEAST_CELL * em, min(_CELL * em, room / max(fewest, 1)), high * 1.2)
    columns = max(min(int(room / wide), _MOST, len(terms)), fewest, 1)
    wide = min(max(wide, min(room / columns, 5 * em)), room / columns)
    table = _table(frame, explained.terms, terms[:columns])
    total = names + len(table.headings) * wide + result
    x = box.x + (box.width - total) / 2 + names
    y = box.y + (box.height - count * high - 2 * _INDEX * em) / 2 + _INDEX * em
    for k, heading in enumerate(table.headings):
        yield Text(Rect(x + k * wide, y - _INDEX * em, wide, _INDEX * em), heading, 0.75, Tone.MUTED)
    for position, (name, view, grid) in enumerate(table.rows):
        top = y + position * high
        yield Text(Rect(x - names, top, names - 0.5 * em, high), name, 0.9, Tone.MUTED, Align.RIGHT)
        if table.headings:
            yield Heatmap(Rect(x, top, wide * len(table.headings), high), view, grid)
    if table.left_out:
        below = Rect(x, y + count * high, max(wide * len(table.headings), em), _INDEX * em)
        yield Text(below, f"the {len(table.headings)} largest of {len(table.headings) + table.left_out:,}", 0.75, Tone.MUTED)
    cell = Rect(x + wide * len(table.headings) + 1.6 * em, y, result - 1.8 * em, count * high)
    yield from _result(frame, explained.index, cell, em)


def _result(frame: Frame, index: Index, rect: Rect, em: float) -> Iterator[Element]:
    """Yield the cell itself, with its name above it, after an equals sign."""
    yield Text(Rect(rect.x - 1.5 * em, rect.y, 1.4 * em, rect.height), "=", 1.2)
    view = frame.result
    rect = rect.centered(rect.width, min(rect.height, 2.6 * em))
    name = f"{view.name}{place(index)}"
    yield Text(Rect(rect.x, rect.y - _INDEX * em, rect.width, _INDEX * em), name, 0.75, Tone.MUTED)
    marks: Marks = ((Mark.SELECTED, np.array([index], dtype=np.intp).reshape(1, len(index))),)
    yield Heatmap(rect, replace(view, marks=marks), listed(view.shape, (index,)))


def _table(frame: Frame, terms: Terms, shown: Sequence[Term]) -> _Table:
    count = len(terms.contributions) if terms.paired else sum(len(part.values) for part in terms.cells)
    inputs = list(dict.fromkeys(i for term in shown for i, _ in term.cells)) if terms.paired else []
    rows: list[Row] = []
    for i in inputs:
        view = frame.operands[i]
        cells = [index for term in shown for k, index in term.cells if k == i]
        rows.append((_name(view, cells), replace(view, marks=()), _grid(view, cells)))
    values = np.array([[term.contribution for term in shown]], dtype=np.float64)
    if not terms.paired:
        numbers = np.array([[_number(frame, term) for term in shown]], dtype=np.float64)
        rows.append(("terms", made_up("cells", "cells", numbers), Grid(numbers.shape, (None, None))))
    if _combines(terms):
        word = "exponentials" if terms.combine is Combine.SHARE else "terms"
        rows.append((word, made_up("terms", "terms", values), Grid(values.shape, (None, None))))
    return _Table(rows, [_heading(frame, term) for term in shown], count - len(shown) if terms.cells else 0)


def _grid(view: MapView, cells: Sequence[Index]) -> Grid:
    return listed(view.shape, cells)


def _number(frame: Frame, term: Term) -> float:
    ((i, index),) = term.cells
    array = frame.operands[i].array
    assert array is not None
    return float(array[index])


def _name(view: MapView, cells: Sequence[Index]) -> str:
    """Return the name of a row: with the index where it is the same in all columns."""
    return f"{view.name}{place(cells[0])}" if len(set(cells)) == 1 and len(cells) > 1 else view.name


def _heading(frame: Frame, term: Term) -> str:
    """Return what stands above a column: the cell of the first input, by name where the columns are of several."""
    i, index = term.cells[0]
    return place(index) if len(term.cells) > 1 or len(frame.operands) == 1 else f"{frame.operands[i].name}{place(index)}"


def alone(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield a close-up that takes a stage of its own, with every map beside it, small."""
    views = {view.key: view for view in (*frame.operands, frame.result)}
    beside = box.width > 2.2 * box.height or box.height < height_of(frame, em) + 7 * em
    if beside:
        side = min(0.3 * box.width, box.width - 26 * em)
        rest = Rect(box.x, box.y, box.width - max(side, 0) - 0.5 * em, box.height)
        area = Rect(rest.right + 0.5 * em, box.y, max(side, 0), box.height)
    else:
        strip = max(height_of(frame, em), 0.45 * box.height)
        rest = Rect(box.x, box.bottom - strip, box.width, strip)
        area = Rect(box.x, box.y, box.width, box.height - strip - 0.5 * em)
    yield from closeup(frame, rest, em)
    slots = _slots(area, len(views), em)
    for view, slot in zip(views.values(), slots, strict=False):
        grid = grid_of(frame, replace(view, excerpt=None))
        yield from overview(view, grid, slot, em, framed=False)


def _slots(box: Rect, count: int, em: float) -> list[Rect]:
    """Return rooms for maps beside each other, or below each other where the room is upright; none where it is small."""
    if box.width < 5 * em or box.height < 3 * em:
        return []
    if box.width >= 1.2 * box.height or box.height < 3 * em * count:
        most = max(min(count, int(box.width / (6 * em))), 1)
        width = box.width / most
        return [Rect(box.x + k * width, box.y, width - 0.5 * em, box.height) for k in range(most)]
    return [Rect(box.x, box.y + k * box.height / count, box.width, box.height / count) for k in range(count)]


__all__ = ["alone", "closeup", "height_of"]
