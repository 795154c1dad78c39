"""Draw an image and its patches, in either order: the image, its patches side by side, and the rows that they are."""

from collections.abc import Iterator

from core.ops.windows.patches import CutPatches, JoinPatches
from viz_app.frame.frame import Frame
from viz_app.picture.elements import Element, Rect
from viz_app.picture.grid import Grid
from viz_app.picture.stages.equation import equation
from viz_app.picture.stages.figures import grid_of, made_up

OPS = (CutPatches, JoinPatches)


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the operand, the patches side by side where the image has one channel, and the result."""
    op, views = frame.step.op, (frame.operands[0], frame.result)
    assert isinstance(op, CutPatches | JoinPatches)
    parts = [(view, grid_of(frame, view)) for view in views]
    rows = views[isinstance(op, CutPatches)]
    if op.channels == 1 and rows.array is not None and rows.computed is None:
        sample = grid_of(frame, rows).pick[0] or 0
        pieces = rows.array[sample].reshape(-1, op.size, op.size)
        name = r"\mathrm{patches}"
        view = made_up("patches", name, pieces, rows.value.range)
        parts.insert(1, (view, Grid(pieces.shape, (None, None, None), tiles=(op.rows, op.columns))))
    yield from equation(parts, (r"\to",) * (len(parts) - 1), box, em)
