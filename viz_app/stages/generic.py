"""Draw any operation: its operands, an arrow, its result."""

from collections.abc import Iterator

from viz_app.frame import Frame
from viz_app.picture import Element, Rect
from viz_app.stages.parts import equation, grid_of


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the operands, with commas between them, and the result after an arrow."""
    parts = [(view, grid_of(frame, view)) for view in (*frame.operands, frame.result)]
    yield from equation(parts, (*(",",) * (len(frame.operands) - 1), r"\to"), box, em)
