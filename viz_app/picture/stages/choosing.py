"""Draw what picks and drops: rows of a table by their numbers, one of two arrays by a mask, a mask by chance."""

from collections.abc import Iterator

from core.ops.choices import Where
from core.ops.dropping import DropoutMask
from core.ops.lookup import Gather, ScatterAdd
from viz_app.frame.frame import Frame
from viz_app.picture.elements import Element, Rect
from viz_app.picture.stages.equation import equation
from viz_app.picture.stages.figures import grid_of

OPS = (Gather, ScatterAdd, Where, DropoutMask)


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield what is chosen from and what chooses, with commas between them, and the result after an arrow."""
    views = (*frame.operands, frame.result)
    between = (*(",",) * (len(frame.operands) - 1), r"\to")
    yield from equation([(view, grid_of(frame, view)) for view in views], between, box, em)
