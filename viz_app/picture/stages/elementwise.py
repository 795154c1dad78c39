"""Draw a function of each cell: what goes in, the curve of the function, what comes out."""

from collections.abc import Iterator

import numpy as np

from core.ops.base import REGISTRY
from core.ops.unary import Unary
from core.values import Array
from viz_app.frame.frame import Frame
from viz_app.frame.levels import round_up
from viz_app.frame.words.numbers import number
from viz_app.picture.elements import Align, Dot, Element, Formula, Panel, Rect, Stroke, Text, Tone
from viz_app.picture.grid import Grid
from viz_app.picture.legible import cell_wanted, has_room
from viz_app.picture.stages.closeup import characters_of
from viz_app.picture.stages.excerpts import is_excerpt
from viz_app.picture.stages.figures import (
    LABEL,
    LABEL_WIDTH,
    LEGEND,
    Units,
    figure,
    fit,
    grid_of,
    strip_thickness,
)

OPS = tuple(op for op in REGISTRY.values() if issubclass(op, Unary))

_MOST_DOTS = 400
_FEW = 60
_USUAL_CHART, _LEAST_CHART = 30.0, 9.0
"""The largest side of a chart beside cells without numbers, and the least of any, in em."""
_FEW_COLUMNS = 6
"""An excerpt of more columns takes no room from the chart."""
_SHARES = (1.0, 0.9, 0.8, 0.71, 0.62, 0.5)
"""The shares of its largest side that a chart is tried with, until the cells beside it have room for their numbers."""
_FREE = 0.6
"""What is free above and below a map with its name and legend, in em."""
_LARGER = 1.4
"""How much larger cells make it worth that the value stands beside its argument, and not cell below cell."""


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the argument above the value, or beside it, and beside them the curve with every cell on it."""
    grid = grid_of(frame, frame.operands[0])
    most = max(min(box.height - 6.4 * em, 0.4 * box.width), _LEAST_CHART * em)
    usual = min(most, _USUAL_CHART * em)
    most = most if grid.size[0] == 1 else usual  # maps of many rows use the room themselves
    shares = (1.0,) if is_excerpt(grid) and grid.size[1] > _FEW_COLUMNS else _SHARES
    sides = (share * most for share in shares if share * most >= _LEAST_CHART * em)
    side = next((side for side in sides if _is_legible(frame, _beside_chart(box, side, em), em)), usual)
    yield from _maps(frame, _beside_chart(box, side, em), em)
    chart = Rect(box.right - side - em, box.center[1] - side / 2 - 0.4 * em, side, side)
    yield from _chart(frame, chart, em)


def _beside_chart(box: Rect, side: float, em: float) -> Rect:
    """Return the room of the maps beside a chart of a side."""
    return Rect(box.x, box.y, box.width - side - 5 * em, box.height)


def _is_legible(frame: Frame, box: Rect, em: float) -> bool:
    """Tell whether the cells of the maps have room for their numbers."""
    grid = grid_of(frame, frame.operands[0])
    units, _ = _units(grid, box, em)
    if not is_excerpt(grid):
        return has_room(units.width, units.height, em)
    wide, high = cell_wanted(em, characters_of(frame))
    return units.width >= wide and units.height >= high


def _units(grid: Grid, box: Rect, em: float) -> tuple[Units, bool]:
    """Return the size of the cells of both maps, and whether the maps stand beside each other."""
    rows, columns = grid.size
    chrome = (LABEL + LEGEND + _FREE) * em
    below = fit(rows, columns, box.width - em, max(box.height / 2 - chrome, 0.1 * em), em)
    units = fit(rows, columns, box.width / 2 - LABEL_WIDTH / 2 * em, box.height - chrome, em)
    beside = rows > 1.5 * columns or min(units.width, units.height) > _LARGER * min(below.width, below.height)
    legible, legible_below = (has_room(one.width, one.height, em) for one in (units, below))
    beside = legible if legible != legible_below else beside
    return (units if beside else below), beside


def _maps(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    views = (frame.operands[0], frame.result)
    grids = [grid_of(frame, view) for view in views]
    units, beside = _units(grids[0], box, em)
    across, down = (2, 1) if beside else (1, 2)
    width, height = units.size(grids[0])
    if grids[0].size[0] == 1:
        height = max(height, strip_thickness(box, 3, em) * em)
    for number_, (view, grid) in enumerate(zip(views, grids, strict=True)):
        cell = Rect(
            box.x + (number_ * box.width / 2 if beside else 0),
            box.y + (0 if beside else number_ * box.height / 2),
            box.width / across,
            box.height / down,
        )
        rect = cell.centered(width, height).moved(0, (LABEL + 0.3 - LEGEND) / 2 * em)
        yield from figure(view, grid, rect, em)


def _chart(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    argument, result = frame.operands[0], frame.result
    assert frame.curve is not None
    xs, ys = frame.curve.xs, frame.curve.ys
    low, high = float(xs[0]), float(xs[-1])
    least, largest = float(np.nanmin(ys)), float(np.nanmax(ys))
    bottom, top = -round_up(-least) if least < 0 else 0.0, round_up(largest) if largest > 0 else 1e-9
    margin = 0.06 * (top - bottom)
    to_x = box.width / (high - low)
    to_y = box.height / (top - bottom + 2 * margin)

    def point(x: float, y: float) -> tuple[float, float]:
        return (
            box.x + (min(max(x, low), high) - low) * to_x,
            box.bottom - (min(max(y, bottom - margin), top + margin) - bottom + margin) * to_y,
        )

    yield Panel(box, Tone.SURFACE, outline=Tone.FAINT)
    yield Stroke((point(low, 0), point(high, 0)), Tone.MUTED, 1.0)
    yield Stroke((point(0, bottom - margin), point(0, top + margin)), Tone.MUTED, 1.0)
    for start, end in _defined(ys):
        places = zip(xs[start:end].tolist(), ys[start:end].tolist(), strict=True)
        yield Stroke(tuple(point(x, y) for x, y in places), Tone.ACCENT, 2.5)
    yield from _dots(frame, point)
    yield from _ticks(box, (low, high), (bottom, top), point, em)
    yield Formula(Rect(box.x, box.bottom + 1.3 * em, box.width, 1.8 * em), argument.tex, 0.9, Tone.MUTED)
    yield Formula(Rect(box.x, box.y - 2.2 * em, box.width, 2.0 * em), result.tex, 0.9, Tone.MUTED)


def _defined(ys: Array) -> Iterator[tuple[int, int]]:
    """Yield where each part of the curve begins and ends; a root has none left of 0."""
    edges = np.diff(np.pad((~np.isnan(ys)).astype(np.int8), 1))
    yield from zip(np.flatnonzero(edges > 0).tolist(), np.flatnonzero(edges < 0).tolist(), strict=True)


def _dots(frame: Frame, point: "object") -> Iterator[Element]:
    assert callable(point)
    xs, ys = frame.operands[0].array, frame.result.array
    assert xs is not None
    assert ys is not None
    done = xs.size if frame.result.computed is None else frame.result.computed
    every = max(1, xs.size // _MOST_DOTS)
    for x, y in zip(xs.ravel()[:done:every], ys.ravel()[:done:every], strict=True):
        if np.isfinite(x) and np.isfinite(y):
            yield Dot(point(float(x), float(y)), 5.0 if done <= _FEW else 3.0, Tone.FIRST)
    focus = frame.detail.focus if frame.detail else None
    cell = focus.index if focus and focus.key in (frame.operands[0].key, frame.result.key) else None
    if cell is not None and frame.result.known(cell) and np.isfinite([xs[cell], ys[cell]]).all():
        here = point(float(xs[cell]), float(ys[cell]))
        yield Stroke((point(float(xs[cell]), 0), here), Tone.SELECTED, 1.5, dashed=True)
        yield Stroke((here, point(0, float(ys[cell]))), Tone.SELECTED, 1.5, dashed=True)
        yield Dot(here, 6.0, Tone.SELECTED)


def _ticks(
    box: Rect, across: tuple[float, float], upwards: tuple[float, float], point: "object", em: float
) -> Iterator[Element]:
    assert callable(point)
    wide = min(4 * em, 0.5 * box.width)
    for x, align in ((across[0], Align.LEFT), (across[1], Align.RIGHT)):
        left = point(x, 0)[0] - (0 if align is Align.LEFT else wide)
        yield Text(Rect(left, box.bottom + 0.2 * em, wide, 1.1 * em), number(x, 3), 0.8, Tone.MUTED, align)
    for y in upwards:
        if y:
            height = point(0, y)[1]
            yield Text(
                Rect(box.x - 3.4 * em, height - 0.55 * em, 3 * em, 1.1 * em), number(y, 3), 0.8, Tone.MUTED, Align.RIGHT
            )


__all__ = ["OPS", "arrange"]
