"""Draw any operation: its operands, each as large as it can be, an arrow, its result."""

from collections.abc import Iterator

from core.ops.base import REGISTRY
from core.ops.shape import Moved
from viz_app.frame import Frame, MapView
from viz_app.grid import Grid
from viz_app.picture import Element, Heatmap, Rect
from viz_app.stages.parts import (
    LABEL,
    LABEL_WIDTH,
    LEGEND,
    column_names,
    fit,
    grid_of,
    legend_below,
    name_of,
    sign,
    strip_thickness,
)

OPS = tuple(op for op in REGISTRY.values() if issubclass(op, Moved))
"""Operations that only move cells have no better picture than this; every operation without a stage has this one."""

_SIGN = 2.6


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the operands, with commas between them, and the result after an arrow."""
    parts = [(view, grid_of(frame, view)) for view in (*frame.operands, frame.result)]
    between = (*(",",) * (len(frame.operands) - 1), r"\to")
    wide = any(grid.size[1] > 4 * grid.size[0] and grid.size[1] > 12 for _, grid in parts)
    for number, (view, grid) in enumerate(parts):
        cell = _cell(box, number, len(parts), em, wide=wide)
        if number:
            before = Rect(cell.x - _SIGN * em, cell.y, _SIGN * em, cell.height)
            if wide:
                before = Rect(cell.x, cell.y - _SIGN * em, cell.width, _SIGN * em)
            yield sign(before, r"\downarrow" if wide and between[number - 1] == r"\to" else between[number - 1], em)
        yield from _one(view, grid, cell, em)


def _cell(box: Rect, number: int, count: int, em: float, *, wide: bool) -> Rect:
    if wide:
        height = (box.height - (count - 1) * _SIGN * em) / count
        return Rect(box.x, box.y + number * (height + _SIGN * em), box.width, height)
    width = (box.width - (count - 1) * _SIGN * em) / count
    return Rect(box.x + number * (width + _SIGN * em), box.y, width, box.height)


def _one(view: MapView, grid: Grid, cell: Rect, em: float) -> Iterator[Element]:
    rows, columns = grid.size
    units = fit(
        rows, columns, cell.width - 2 * em, cell.height - (LABEL + LEGEND + 1.8) * em, em, square=bool(grid.tiles)
    )
    width, height = units.size(grid)
    if rows == 1:
        height = max(height, min(strip_thickness(cell, 3, em) * em, cell.height - (LABEL + LEGEND + 1.8) * em))
    rect = cell.centered(width, height).moved(0, (LABEL - LEGEND) / 2 * em)
    wide = max(width, LABEL_WIDTH * em)
    yield from name_of(view, Rect(rect.center[0] - wide / 2, rect.y - (LABEL + 0.2) * em, wide, LABEL * em), em)
    yield Heatmap(rect, view, grid)
    names = list(column_names(view, grid, rect, em))
    yield from names
    yield legend_below(rect.moved(0, 1.1 * em if names else 0), view.levels, em)
