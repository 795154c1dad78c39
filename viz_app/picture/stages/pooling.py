"""Draw pooling: the window and its winner, and where the delta goes on its way back."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core.ops.base import Combine
from core.ops.windows.pooling import AveragePool2d, MaxPool2d
from core.ops.windows.pooling_gradients import AveragePool2dGradient, MaxPool2dGradient
from core.values import Index
from viz_app.frame.frame import Explained, Frame, MapView, Mark
from viz_app.frame.views import Marks
from viz_app.picture.elements import Element, Heatmap, Legend, Rect, Text, Tone
from viz_app.picture.grid import Grid, tile_layout
from viz_app.picture.stages.figures import (
    LABEL,
    LEGEND,
    focused_output,
    legend_below,
    made_up,
    marks_of_kind,
    name_of,
    square_in,
    told,
)
from viz_app.picture.stages.labels import shown_part

OPS = (MaxPool2d, AveragePool2d, MaxPool2dGradient, AveragePool2dGradient)


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield one channel of the operands and of the result, every channel below them, and the window in numbers."""
    assert frame.explained is not None
    cell = frame.explained.index
    views = (*frame.operands, frame.result)
    order = (1, 0, 2) if len(views) == 3 else range(len(views))  # as in the formula: the delta is sent to the winners
    backward = len(views) == 3 or frame.result.shape[2] > frame.operands[0].shape[2]
    middle = 0.0 if backward else 0.2 * box.width
    gap = 2.4 * em
    width = (box.width - middle - gap * (len(views) - 1)) / len(views)
    marks = _marks(frame.explained, len(frame.operands))
    x = box.x
    for place, position in enumerate(order):
        view = views[position]
        if place:
            yield Text(Rect(x, box.y, gap, 0.7 * box.height), "→" if place == len(views) - 1 else ",", 1.5)
            x += gap
        column = Rect(x, box.y, width, box.height)
        marked = marks_of_kind(view, Mark.REACHED) + marks.get(position, ())
        if cell != focused_output(frame):
            marked += marks_of_kind(view, Mark.SELECTED)
        yield from _channel(replace(view, marks=marked), cell, column, em)
        x += width
        if place == 0 and middle:
            yield from _window(frame, frame.explained, Rect(x + em, box.y, middle - em, 0.72 * box.height), em)
            x += middle


def _marks(explained: Explained, result: int) -> dict[int, Marks]:
    """Return the highlighted cells, by position of the map: the window, its winner unless covered, the result."""
    terms = explained.terms
    marks: dict[int, Marks] = {result: ((Mark.SELECTED, np.array([terms.index], dtype=np.intp)),)}
    for cells in terms.cells:
        marks[cells.input] = ((Mark.FIRST if cells.input == 0 else Mark.SECOND, cells.indices),)
    if terms.combine is Combine.MAX and not explained.covered:
        marks[0] += ((Mark.SELECTED, terms.cells[0].indices[[terms.own]]),)
    return marks


def _channel(view: MapView, cell: Index, box: Rect, em: float) -> Iterator[Element]:
    """Yield one channel large, and all of them below it."""
    grid = Grid(view.shape, (*cell[:2], None, None))
    count = view.shape[1]
    strip = min(0.26 * box.height, 11 * em) if count > 1 else 0.0
    room = Rect(box.x, box.y + (LABEL + 0.3) * em, box.width, box.height - (LABEL + LEGEND + 0.9) * em - strip)
    rect = square_in(grid, room)
    label = Rect(box.x, rect.y - (LABEL + 0.3) * em, box.width, LABEL * em)
    yield from name_of(view, label, em, part=shown_part(view, grid))
    yield Heatmap(rect, view, grid)
    legend = legend_below(rect, em)
    yield Legend(legend, view.levels)
    if count > 1:
        every = Grid(view.shape, (cell[0], None, None, None), tiles=tile_layout(count))
        top = legend.bottom + 1.5 * em
        yield Text(Rect(box.x, top - 1.2 * em, box.width, 1.1 * em), f"all {count} channels", 0.8, Tone.MUTED)
        yield Heatmap(square_in(every, Rect(box.x, top, box.width, box.bottom - top)), view, every)


def _window(frame: Frame, explained: Explained, box: Rect, em: float) -> Iterator[Element]:
    """Yield the numbers under the window, the winner highlighted, and what becomes of them."""
    op, (view,), terms = frame.step.op, frame.operands, explained.terms
    assert isinstance(op, (MaxPool2d, AveragePool2d))
    seen = terms.cells[0].indices[:, 2:]
    size = tuple(len(np.unique(seen[:, axis])) for axis in (0, 1))  # beyond the image there is nothing to see
    patch = terms.cells[0].values.reshape(size)
    winner = np.array([np.unravel_index(terms.own, size)], dtype=np.intp)
    marks = ((Mark.SELECTED, winner),) if terms.combine is Combine.MAX and not explained.covered else ()
    window = replace(made_up("window", "window", patch, marks=marks), levels=view.levels)
    rect = square_in(Grid(patch.shape, (None, None)), box.centered(min(box.width, 12 * em), min(box.width, 12 * em)))
    yield Text(Rect(box.x, rect.y - 1.6 * em, box.width, 1.2 * em), "the window", 0.85, Tone.MUTED)
    yield Heatmap(rect, window, Grid(patch.shape, (None, None)), terms=True)
    word = "max" if terms.combine is Combine.MAX else "mean"
    text = f"{word} = {told(terms.result, explained)}"
    yield Text(
        Rect(box.x, rect.bottom + 0.8 * em, box.width, 1.8 * em), text, 1.15, Tone.SELECTED, bold=True, result=True
    )
