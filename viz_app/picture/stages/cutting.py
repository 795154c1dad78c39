"""Draw what is cut out of an array, and what is put back among zeros: the whole, a line around the part, the part."""

from collections.abc import Iterator

import numpy as np

from core.ops.parts import AmongZeros
from core.ops.pick import Pick, Place
from core.ops.slices import Embed, Slice
from core.values import Shape
from viz_app.frame.frame import Frame
from viz_app.picture.elements import Element, Heatmap, Rect, Tone
from viz_app.picture.grid import Grid
from viz_app.picture.stages import generic
from viz_app.picture.stages.labels import outline

OPS = (Slice, Pick, Embed, Place)


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the operand, an arrow and the result, and in the larger one a line around what both have."""
    op = frame.step.op
    assert isinstance(op, Slice | Pick | Embed | Place)
    whole, part_ = frame.operands[0], frame.result
    if isinstance(op, AmongZeros):
        whole, part_ = part_, whole
    start, length = (op.position, 1) if isinstance(op, Pick | Place) else (op.start, part_.shape[op.axis])
    run = range(start, start + length)
    for element in generic.arrange(frame, box, em):
        yield element
        if isinstance(element, Heatmap) and element.map.key == whole.key:
            part = _part(element.rect, element.grid, whole.value.shape, op.axis, run)
            if part is not None:
                yield outline(part, Tone.SELECTED)


def _part(rect: Rect, grid: Grid, shape: Shape, axis: int, run: range) -> Rect | None:
    """Return where the positions of an axis that go on are drawn; nothing where they are no rectangle, or all."""
    if grid.fold or grid.tiles or len(run) == shape[axis]:
        return None
    first = [0 if position is None else position for position in grid.pick]
    last = [size - 1 if position is None else position for size, position in zip(shape, grid.pick, strict=True)]
    if grid.pick[axis] is None:
        first[axis], last[axis] = run[0], run[-1]
    corners = grid.places(np.array([first, last], np.intp))
    if len(corners) < 2 or first[axis] not in run:
        return None
    (top, left), (bottom, right) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    rows, columns = grid.size
    wide, high = rect.width / columns, rect.height / rows
    return Rect(rect.x + left * wide, rect.y + top * high, (right - left + 1) * wide, (bottom - top + 1) * high)
