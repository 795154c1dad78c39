"""Draw what picks and drops: rows of a table by their numbers, one of two arrays by a mask, a mask by chance."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core.ops.choices import Where
from core.ops.dropping import DropoutMask
from core.ops.lookup import Gather, ScatterAdd
from viz_app.frame.frame import Frame, MapView, Mark
from viz_app.picture.elements import Element, Rect
from viz_app.picture.stages.equation import equation
from viz_app.picture.stages.figures import focused_output, grid_of

OPS = (Gather, ScatterAdd, Where, DropoutMask)


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield what is chosen from and what chooses, with commas between them, and the result after an arrow."""
    views = (*_picked(frame), frame.result)
    between = (*(",",) * (len(views) - 2), r"\to")
    yield from equation([(view, grid_of(frame, view)) for view in views], between, box, em)


def _picked(frame: Frame) -> tuple[MapView, ...]:
    """Return the operands; where a cell of the result is focused, only the row that was picked for it is marked."""
    terms = frame.detail.terms if frame.detail else None
    if not isinstance(frame.step.op, Gather) or focused_output(frame) is None or terms is None:
        return frame.operands
    table, numbers = frame.operands
    if len(terms.contributions) < len(terms.cells[0].indices):
        return frame.operands  # the number names no row
    row = terms.cells[0].indices[[terms.own]]
    marks = tuple((kind, cells) for kind, cells in table.marks if kind is not Mark.FIRST)
    return replace(table, marks=(*marks, (Mark.FIRST, np.asarray(row, np.intp)))), numbers
