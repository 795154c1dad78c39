"""Draw any operation: its operands, each as large as it can be, an arrow, its result."""

from collections.abc import Iterator, Sequence

from core.ops.base import REGISTRY
from core.ops.shape import Moved
from viz_app.frame.frame import Frame, MapView
from viz_app.picture.elements import Element, Rect
from viz_app.picture.grid import Grid
from viz_app.picture.legible import has_room
from viz_app.picture.stages.figures import (
    LABEL,
    LABEL_WIDTH,
    LEGEND,
    fit,
    grid_of,
    map_with_legend,
    name_of,
    sign,
    strip_thickness,
)
from viz_app.picture.stages.labels import (
    lines_of_names,
    room_for_rows,
    row_names,
    shown_part,
)

OPS = tuple(op for op in REGISTRY.values() if issubclass(op, Moved))
"""Operations that only move cells, unless another stage draws them; every operation without a stage has this one."""

_SIGN, _DOWN = 2.6, 1.5
"""The width of a sign between maps beside each other, and its height between maps below each other, in em."""


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the operands, with commas between them, and the result after an arrow."""
    parts = [(view, grid_of(frame, view)) for view in (*frame.operands, frame.result)]
    between = (*(",",) * (len(frame.operands) - 1), r"\to")
    beside, below = _columns(parts, box, em), _rows(parts, box, em)
    wide = _worth(parts, below, em) > _worth(parts, beside, em)
    cells = below if wide else beside
    for number, ((view, grid), cell) in enumerate(zip(parts, cells, strict=True)):
        if number:
            before = Rect(cell.x - _SIGN * em, cell.y, _SIGN * em, cell.height)
            if wide:
                before = Rect(cell.x, cell.y - _DOWN * em, cell.width, _DOWN * em)
            down = wide and between[number - 1] == r"\to"
            yield sign(before, r"\downarrow" if down else between[number - 1], em)
        yield from _one(view, grid, cell, em)


Parts = Sequence[tuple[MapView, Grid]]


def _columns(parts: Parts, box: Rect, em: float) -> list[Rect]:
    """Return the rooms of maps beside each other."""
    width = (box.width - (len(parts) - 1) * _SIGN * em) / len(parts)
    return [Rect(box.x + number * (width + _SIGN * em), box.y, width, box.height) for number in range(len(parts))]


def _rows(parts: Parts, box: Rect, em: float) -> list[Rect]:
    """Return the rooms of maps below each other: a flat one takes what it can use, and leaves the others the rest."""
    room = box.height - (len(parts) - 1) * _DOWN * em
    wanted = [_used(view, grid, Rect(0, 0, box.width, room), em) for view, grid in parts]
    shares = [0.0] * len(parts)
    for left, number in enumerate(sorted(range(len(parts)), key=wanted.__getitem__)):
        shares[number] = min(wanted[number], (room - sum(shares)) / (len(parts) - left))
    spare = (room - sum(shares)) / len(parts)
    y, rooms = box.y, []
    for share in shares:
        rooms.append(Rect(box.x, y, box.width, share + spare))
        y += share + spare + _DOWN * em
    return rooms


def _used(view: MapView, grid: Grid, room: Rect, em: float) -> float:
    """Return the height that a map can use in a room, with its name and legend."""
    return _map_size(view, grid, room, em)[1] + _chrome(view, grid) * em


def _worth(parts: Parts, rooms: Sequence[Rect], em: float) -> tuple[bool, float]:
    """Return whether all cells have room for their numbers, and how large the smallest one gets."""
    sizes = [(_map_size(view, grid, room, em), grid.size) for (view, grid), room in zip(parts, rooms, strict=True)]
    cells = [(width / columns, height / rows) for (width, height), (rows, columns) in sizes]
    return all(has_room(*cell, em) for cell in cells), min(min(cell) for cell in cells)


def _chrome(view: MapView, grid: Grid) -> float:
    """Return the height of what stands above and below a map, in em."""
    return LABEL + LEGEND + 0.4 + 1.1 * lines_of_names(view, grid)


def _map_size(view: MapView, grid: Grid, room: Rect, em: float) -> tuple[float, float]:
    rows, columns = grid.size
    named = room_for_rows(view, grid)
    height = max(room.height - _chrome(view, grid) * em, 1.0)
    images = bool(grid.tiles) and not named and not lines_of_names(view, grid)
    units = fit(rows, columns, room.width - (2 + named) * em, height, em, square=images)
    wide, high = units.size(grid)
    return wide, max(high, min(strip_thickness(room, 3, em) * em, height)) if rows == 1 else high


def _one(view: MapView, grid: Grid, cell: Rect, em: float) -> Iterator[Element]:
    width, height = _map_size(view, grid, cell, em)
    lines = lines_of_names(view, grid)
    rect = cell.centered(width, height).moved(0, (LABEL - LEGEND - 1.1 * lines) / 2 * em)
    if named := room_for_rows(view, grid):
        rect = rect.moved(min(named * em / 2, cell.right - em - rect.right), 0)
    wide = max(width, LABEL_WIDTH * em)
    label = Rect(rect.center[0] - wide / 2, rect.y - (LABEL + 0.2) * em, wide, LABEL * em)
    yield from name_of(view, label, em, part=shown_part(view, grid))
    yield from row_names(view, grid, rect, em)
    yield from map_with_legend(view, grid, rect, em)
