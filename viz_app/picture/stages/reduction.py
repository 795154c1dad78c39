"""Draw sums, means, maxima and what repeats: beside each other; rows above what they add up to."""

from collections.abc import Iterator

from core.ops.reduce import Maximum, Mean
from core.ops.sums import Broadcast, Sum
from viz_app.frame.frame import Frame
from viz_app.picture.elements import Align, Element, Rect, Stroke, Text, Tone
from viz_app.picture.stages.equation import equation
from viz_app.picture.stages.figures import LABEL_WIDTH, STRIP, WIDEST, Units, fit, grid_of, strip, strip_thickness

_STRETCH, _WIDE = 2.6, 3.0
"""How much wider than high the cells of a column that is added up may be, and how wide they may be anyway, in em."""

OPS = (Sum, Broadcast, Mean, Maximum)


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the operand and the result, column above column."""
    if not _of_rows(frame):
        parts = [(view, grid_of(frame, view)) for view in (frame.operands[0], frame.result)]
        yield from equation(parts, (r"\to",), box, em)
        return
    top, bottom = frame.operands[0], frame.result
    grids = [grid_of(frame, top), grid_of(frame, bottom)]
    side = (LABEL_WIDTH + 1.5) * em
    strips = sum(STRIP * em for grid in grids if grid.size[0] == 1)
    rows = sum(grid.size[0] for grid in grids if grid.size[0] > 1)
    units = fit(max(rows, 1), grids[0].size[1], box.width - 2 * side, box.height - strips - 5 * em, em)
    few = min((box.width - 2 * side) / grids[0].size[1], WIDEST * em, max(_STRETCH * units.height, _WIDE * em))
    units = Units(max(units.width, few), units.height)
    thick = STRIP * 1.2 if rows else max(strip_thickness(box, 2, em, units.width), STRIP * 1.2)
    heights = [thick * em if grid.size[0] == 1 else units.height * grid.size[0] for grid in grids]
    width = units.width * grids[0].size[1]
    x = box.x + (box.width - width) / 2
    y = box.y + (box.height - sum(heights) - 3 * em) / 2
    first = Rect(x, y, width, heights[0])
    second = Rect(x, first.bottom + 3 * em, width, heights[1])
    yield from strip(top, grids[0], first, side, em)
    middle = first.center[0]
    yield Stroke(((middle, first.bottom + 0.5 * em), (middle, second.y - 0.5 * em)), Tone.MUTED, 1.8, arrow=True)
    text = "add up the rows" if isinstance(frame.step.op, Sum) else "repeat the row"
    yield Text(Rect(middle + em, first.bottom, 16 * em, 3 * em), text, 0.95, Tone.MUTED, Align.LEFT)
    yield from strip(bottom, grids[1], second, side, em)


def _of_rows(frame: Frame) -> bool:
    """Tell whether the rows of a matrix are added up to one, or one row is repeated."""
    if not isinstance(frame.step.op, (Sum, Broadcast)):
        return False
    shapes = sorted((frame.operands[0].shape, frame.result.shape))
    return all(len(shape) == 2 for shape in shapes) and shapes[0] == (1, shapes[1][1])
