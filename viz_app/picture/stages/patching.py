"""Draw an image and its patches, in either order: the image with the edges of its patches, and the rows they are."""

from collections.abc import Iterator, Sequence

from core.ops.windows.patches import CutPatches, JoinPatches
from viz_app.frame.frame import Frame
from viz_app.picture.elements import Element, Heatmap, Rect, Stroke, Tone
from viz_app.picture.grid import Grid
from viz_app.picture.stages.equation import equation
from viz_app.picture.stages.excerpts import is_excerpt
from viz_app.picture.stages.figures import grid_of

OPS = (CutPatches, JoinPatches)

_EDGE = 2.0
"""The width of the line between two patches."""


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the operand and the result; the image has a line along every edge of a patch."""
    op, views = frame.step.op, (frame.operands[0], frame.result)
    assert isinstance(op, CutPatches | JoinPatches)
    image = views[isinstance(op, JoinPatches)]
    parts = [(view, grid_of(frame, view)) for view in views]
    pixels = not any(is_excerpt(grid) for _, grid in parts)
    for element in equation(parts, (r"\to",), box, em, square=pixels):
        yield element
        if isinstance(element, Heatmap) and element.map is image:
            yield from _edges(element.grid, element.rect, op.size)


def _edges(grid: Grid, rect: Rect, size: int) -> Iterator[Stroke]:
    """Yield lines between the patches of an image of which a map draws all, or some rows and columns."""
    rows, columns = grid.size
    for k in _cuts(grid, 0, size):
        y = rect.y + k * rect.height / rows
        yield Stroke(((rect.x, y), (rect.right, y)), Tone.ACCENT, _EDGE)
    for k in _cuts(grid, 1, size):
        x = rect.x + k * rect.width / columns
        yield Stroke(((x, rect.y), (x, rect.bottom)), Tone.ACCENT, _EDGE)


def _cuts(grid: Grid, axis: int, size: int) -> list[int]:
    """Return which of the lines that are drawn along an axis begin a patch, but for the first of them."""
    drawn = (grid.rows, grid.columns)[axis]
    lines: Sequence[int] = range(grid.size[axis]) if drawn is None else drawn
    patches = [line // size for line in lines]  # the side of a channel is a number of patches
    return [k for k in range(1, len(patches)) if patches[k] != patches[k - 1]]
