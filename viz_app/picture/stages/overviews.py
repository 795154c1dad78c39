"""Show the whole of maps of which a part is drawn elsewhere, small, with their names and a frame around the part."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from viz_app.frame.frame import MapView
from viz_app.picture.elements import Element, Heatmap, Rect, Stroke, Text, Tone
from viz_app.picture.grid import Grid
from viz_app.picture.legible import has_room
from viz_app.picture.stages.excerpts import is_excerpt, jumps
from viz_app.picture.stages.labels import legend_of
from viz_app.picture.typeset import text_width

_LEVEL = 2.2
"""Half of the least height, in em, for which an overview is made smaller to stand level with its part."""
_CAPTION, _SIZE = 1.2, 0.8
"""The height of a caption and the size of its type, in em."""
_CELL, _LARGE_CELL = 1.2, 3.0
"""The largest cell, and where the overviews take a room of their own, in em."""
_STRIP = 0.8
"""The least side of an overview, in em."""
_LEGEND, _LEGEND_WIDTH = 2.0, 6.0
"""The height that a legend takes below an overview, and its width, in em."""
_ANY = 0.0
"""The size of text around numbers that may be of any size, in pixels."""
_ROOM_BESIDE = 15.0
"""The least width of a room in which legends stand beside overviews, in em."""


@dataclass(frozen=True)
class Whole:
    """A map as a whole, its room, and which part of it is drawn elsewhere.

    Parameters
    ----------
    map : MapView
        The map.
    grid : Grid
        The whole of it.
    slot : Rect
        The room, with that of its caption.
    part : Grid or None
        What is drawn elsewhere and framed here.
    """

    map: MapView
    grid: Grid
    slot: Rect
    part: Grid | None = None


def overviews(maps: Sequence[Heatmap], whole_of: Callable[[MapView], Grid], box: Rect, em: float) -> Iterator[Element]:
    """Yield the whole of every map that is drawn in part, small, with a frame around each part of it that is drawn."""
    parts = list({(m.map.key, m.grid.pick): m for m in maps if is_excerpt(m.grid)}.values())
    if not parts:
        return
    slots = (slot.inset(0.4 * em, 0.2 * em) for slot in _slots(parts, box, em))
    wholes = [Whole(m.map, whole_of(m.map), slot, m.grid) for m, slot in zip(parts, slots, strict=True)]
    for whole, caption in zip(wholes, _captions(wholes, em), strict=True):
        yield from _overview(whole, caption, _rect(whole, whole.slot, _CELL, em), em)


def with_legends(wholes: Sequence[Whole], em: float) -> Iterator[Element]:
    """Yield overviews that take a room of their own: as large as there is room, with legends where there is."""
    for whole, caption in zip(wholes, _captions(wholes, em), strict=True):
        alone = _rect(whole, whole.slot, _LARGE_CELL, em)
        if alone is None:
            continue
        slot = whole.slot
        beside = slot.width >= _ROOM_BESIDE * em
        if beside:
            slot = Rect(slot.x, slot.y, slot.width - (_LEGEND_WIDTH + 1) * em, slot.height)
        rect = _rect(whole, slot if beside else _raised(slot, em), _LARGE_CELL, em)
        if rect is None or _loses_numbers(whole.grid, alone, rect):
            yield from _overview(whole, caption, alone, em)
            continue
        yield from _overview(Whole(whole.map, whole.grid, slot, whole.part), caption, rect, em)
        bar = Rect(slot.right + 0.5 * em, rect.center[1] - 0.75 * em, _LEGEND_WIDTH * em, 1.5 * em)
        if not beside:
            width = min(max(rect.width, _LEGEND_WIDTH * em), slot.width)
            bar = Rect(rect.center[0] - width / 2, rect.bottom + 0.4 * em, width, 1.5 * em)
        yield from legend_of(whole.map, bar, em)


def _raised(slot: Rect, em: float) -> Rect:
    """Return a room that leaves the height of a legend free below it."""
    return Rect(slot.x, slot.y, slot.width, slot.height - _LEGEND * em)


def _loses_numbers(grid: Grid, before: Rect, after: Rect) -> bool:
    """Tell whether the cells of a map have room for their numbers in one place, and none in another one."""
    rows, columns = grid.full_size
    had, has = (has_room(rect.width / columns, rect.height / rows, _ANY) for rect in (before, after))
    return had and not has


def _slots(parts: Sequence[Heatmap], box: Rect, em: float) -> list[Rect]:
    """Return the rooms of overviews: each level with its part where these stand below each other, or equal shares."""
    if box.height <= box.width:
        length = box.width / len(parts)
        return [Rect(box.x + number * length, box.y, length, box.height) for number in range(len(parts))]
    middles = [part.rect.center[1] for part in parts]
    halves = [(b - a) / 2 for a, b in pairwise(middles)]
    half = min(*halves, box.height / 2, box.height) if halves else box.height / 2
    half = min(half, *(min(middle - box.y, box.bottom - middle) for middle in middles))
    length = box.height / len(parts)
    if half < min(length / 2, _LEVEL * em):
        return [Rect(box.x, box.y + number * length, box.width, length) for number in range(len(parts))]
    return [Rect(box.x, middle - half, box.width, 2 * half) for middle in middles]


def _captions(wholes: Sequence[Whole], em: float) -> list[str]:
    """Return what stands above overviews, all in the same form: the longest for which all of them have room."""
    forms = [
        [f"{one.map.name} · {one.map.shape_text}{_noted(one.map)}", f"{one.map.name}{_noted(one.map)}", one.map.name]
        for one in wholes
    ]
    way = next(
        (
            way
            for way in range(2)
            if all(text_width(form[way], _SIZE * em) <= one.slot.width for form, one in zip(forms, wholes, strict=True))
        ),
        2,
    )
    return [form[way] for form in forms]


def _noted(view: MapView) -> str:
    return f" · {view.note}" if view.note else ""


def _rect(whole: Whole, slot: Rect, largest: float, em: float) -> Rect | None:
    """Return the rectangle of a map below its caption, with cells of at most ``largest`` em; ``None`` in no room."""
    rows, columns = whole.grid.full_size
    room = Rect(slot.x, slot.y + _CAPTION * em, slot.width, slot.height - _CAPTION * em)
    if room.height < 0.3 * em or room.width < em:
        return None
    unit = min(room.width / columns, room.height / rows, largest * em)
    least = min(_STRIP * em, room.width), min(_STRIP * em, room.height)
    width, height = max(columns * unit, least[0]), max(rows * unit, least[1])
    return Rect(room.center[0] - width / 2, room.y + (room.height - height) / 2, width, height)


def _overview(whole: Whole, caption: str, rect: Rect | None, em: float) -> Iterator[Element]:
    """Yield a whole map with its name, and frames around the part of it that is drawn elsewhere."""
    if rect is None:
        return
    slot, part = whole.slot, whole.part
    yield Text(Rect(slot.x, rect.y - _CAPTION * em, slot.width, 1.1 * em), caption, _SIZE, Tone.MUTED)
    yield Heatmap(rect, whole.map, whole.grid)
    if part is None:
        return
    for top, bottom in _runs(part.rows, part.size[0]):
        for left, right in _runs(part.columns, part.size[1]):
            corners = np.array([part.index_at(top, left), part.index_at(bottom - 1, right - 1)], dtype=np.intp)
            yield from _framed(rect, whole.grid, whole.grid.places(corners.reshape(2, len(whole.map.shape))))


def _framed(rect: Rect, whole: Grid, corners: NDArray[np.intp]) -> Iterator[Stroke]:
    """Yield a line around the cells between two corners, where both are drawn."""
    if len(corners) < 2:
        return
    rows, columns = whole.size
    (top, left), (bottom, right) = corners.min(axis=0).tolist(), (corners.max(axis=0) + 1).tolist()
    x, end = (rect.x + part / columns * rect.width for part in (left, right))
    y, below = (rect.y + part / rows * rect.height for part in (top, bottom))
    yield Stroke(((x, y), (end, y), (end, below), (x, below), (x, y)), Tone.SELECTED, 1.5)


def _runs(lines: Sequence[int] | None, count: int) -> list[tuple[int, int]]:
    """Return where, among the lines that are drawn, each run of neighbours begins, and where it ends."""
    return list(pairwise([0, *jumps(lines), count]))
