"""Write beside a map what its rows and columns are called, and what the grey of its hidden cells stands for."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from core.data.objects import LOOKS
from core.values import AxisKind, Role
from viz_app.frame.frame import MapView, Mark
from viz_app.frame.words.names import Names
from viz_app.picture.elements import Align, Element, Heatmap, Legend, Panel, Rect, Sketch, Stroke, Text, Tone
from viz_app.picture.grid import Grid
from viz_app.picture.legible import LEAST
from viz_app.picture.stages.excerpts import breaks, is_excerpt
from viz_app.picture.typeset import text_width

_ROW_NAMES, _ROW_NUMBERS = 7.8, 2.4
"""The width that the names of rows, and their numbers in an excerpt, are given, in em."""
_LETTERS = 3
"""Names of so many letters take no more room than numbers."""
_MOST_ROWS = 32
"""More rows are too thin for their names."""
_SIZE = 0.8
_LINE = 1.1
"""The height of a line of names, in em."""
_LINE_WIDTH = 2.5
_SKETCH = 1.0
"""The size of an object beside its name, in em."""
_LEAST_NAME = 0.62
"""The least size of the letters of names below columns, in em."""
_APART = 0.15
_SHORT = 3
"""Names of more letters keep so far, in em, from the edges of their columns."""
_BETWEEN = 0.3
"""How far shorter ones are from each other, in sizes of their type."""
_STEPS = (1, 2, 4, 5, 8, 10)
"""Where there is no room for the name of each line, every second one is named, or every fourth, and so on."""
_LEAST_ROW = 0.9
"""The least height of a row beside which a name can stand, in em."""
_LETTER = 0.46
"""The width of a letter of a name, in em, roughly."""


def drawn(view: MapView, grid: Grid, rect: Rect) -> Iterator[Element]:
    """Yield a map, and where lines of it are left out."""
    yield Heatmap(rect, view, grid)
    yield from breaks(grid, rect)


def outline(rect: Rect, tone: Tone) -> Stroke:
    """Return a line around a rectangle."""
    corners = (
        (rect.x, rect.y),
        (rect.right, rect.y),
        (rect.right, rect.bottom),
        (rect.x, rect.bottom),
        (rect.x, rect.y),
    )
    return Stroke(corners, tone, _LINE_WIDTH)


def legend_of(view: MapView, rect: Rect, em: float, *, below: bool = False) -> Iterator[Element]:
    """Yield the legend of a map, and beside or ``below`` it what its grey is; none where colour says nothing."""
    if view.value.role in (Role.CONSTANT, Role.HYPERPARAMETER, Role.CHANCE):
        return
    if view.hidden is None or (rect.width < 10 * em and not below):
        yield Legend(rect, view.levels)
        return
    bar = rect if below else Rect(rect.x, rect.y, rect.width - 5.5 * em, rect.height)
    left, top = (rect.x, rect.bottom + 0.6 * em) if below else (bar.right + em, rect.y)
    swatch = Rect(left, top, 1.2 * em, max(rect.height - em, 0.5 * em))
    yield Legend(bar, view.levels)
    yield Panel(swatch, Tone.FAINT, radius=0)
    word = Rect(swatch.right + 0.3 * em, top - 0.3 * em, 3 * em, 1.1 * em)
    yield Text(word, "hidden", 0.8, Tone.MUTED, Align.LEFT)


def room_for_rows(view: MapView, grid: Grid) -> float:
    """Return the width that the names of the rows are given left of a map, in em; 0 where they have none."""
    if not names_of_rows(view, grid):
        return 0.0
    named = _named_rows(view, grid)
    return _ROW_NAMES if max(map(len, named), default=0) > _LETTERS else _ROW_NUMBERS


def names_of_rows(view: MapView, grid: Grid) -> Names:
    """Return the names of the rows (tokens), or nothing; the rows of an excerpt have at least numbers."""
    names = _named_rows(view, grid)
    if not is_excerpt(grid) or len(grid.axes) < 2:
        return names
    if names:
        return _chosen(names, grid.rows)
    return tuple(map(str, grid.rows or range(grid.full_size[0])))


def _named_rows(view: MapView, grid: Grid) -> Names:
    if grid.fold or len(grid.axes) < 2 or (grid.tiles and grid.tiles[0] > 1):
        return ()
    names = view.names(grid.axes[-1] if grid.flip else grid.axes[-2], sample_of(grid))
    return names if is_excerpt(grid) or len(names) <= _MOST_ROWS else ()


def names_of_columns(view: MapView, grid: Grid) -> Names:
    """Return the names of the columns (classes, tokens), or of tiles in a row where their columns have none.

    The columns of an excerpt have at least numbers.
    """
    names = _named_columns(view, grid)
    if not is_excerpt(grid):
        return names
    if names:
        return _chosen(names, grid.columns)
    return tuple(map(str, grid.columns or range(grid.full_size[1])))


def _chosen(names: Names, lines: tuple[int, ...] | None) -> Names:
    return names if lines is None else tuple(names[line] for line in lines)


def _named_columns(view: MapView, grid: Grid) -> Names:
    if grid.fold or not grid.axes or (grid.tiles and grid.tiles[0] > 1) or (grid.flip and len(grid.axes) < 2):
        return ()
    sample = sample_of(grid)
    names = view.names(grid.axes[-2] if grid.flip else grid.axes[-1], sample)
    if grid.tiles:
        return names * grid.tiles[1] or view.names(grid.axes[0], sample)
    return names


def sample_of(grid: Grid) -> int:
    """Return the sample that a map shows, where its first axis is that of the samples."""
    return grid.pick[0] or 0 if len(grid.shape) > 2 else 0


def lines_of_names(view: MapView, grid: Grid) -> int:
    """Return how many lines the names of the columns may take: two where they have two words."""
    names = names_of_columns(view, grid)
    return 0 if not names else 2 if any(" " in name for name in names) else 1


def column_names(view: MapView, grid: Grid, rect: Rect, em: float) -> Iterator[Text | Sketch]:
    """Yield the names of the columns (classes, tokens) below a map, where they have names and there is room.

    Objects are drawn where there is no room for their names.
    """
    names = names_of_columns(view, grid)
    if not names or grid.size[1] % len(names):
        return
    unit = rect.width / len(names)
    longest = max(text_width(word, 1.0) for name in names for word in name.split())
    every = _every(names, unit, max(LEAST, _LEAST_NAME * em) * (longest + _BETWEEN))
    size = min(_SIZE * em, _room_for(names, unit * every, longest, em))
    if unit * every < 0.7 * em or size < max(LEAST, _LEAST_NAME * em):
        looks = [LOOKS[name] for name in names if name in LOOKS]
        if len(looks) == len(names) and unit >= 0.9 * em:
            for number, look in enumerate(looks):
                yield Sketch(Rect(rect.x + number * unit, rect.bottom + 0.15 * em, unit, _SKETCH * em), look)
        return
    wrap = any(" " in name and len(name) * _LETTER * em > unit for name in names)
    for number, text in list(enumerate(names))[::every]:
        here = Rect(rect.x + number * unit, rect.bottom + 0.15 * em, unit, (1 + wrap) * _LINE * em)
        if every > 1:
            here = Rect(here.center[0] - every * unit / 2, here.y, every * unit, here.height)
        yield Text(here.inset(_apart(names) * em, 0), text, size / em, Tone.MUTED, wrap=wrap)


def _every(names: Names, unit: float, wanted: float) -> int:
    """Return how many lines on each next one is named that has ``wanted`` pixels: short names are a ruler.

    Of words each is told, or none.
    """
    if max(map(len, names)) > _SHORT:
        return 1
    return next((step for step in _STEPS if step * unit >= wanted), _STEPS[-1])


def _room_for(names: Names, width: float, longest: float, em: float) -> float:
    """Return how large the letters of names may be, in pixels, so that none comes close to its neighbour."""
    if max(map(len, names)) > _SHORT:
        return (width - 2 * _APART * em) / longest
    return width / (longest + _BETWEEN)


def _apart(names: Names) -> float:
    """Return how far names keep from the edges of their columns, in em; single figures are apart as they are."""
    return _APART if max(map(len, names)) > _SHORT else 0.0


def below_names(rect: Rect, names: list[Text | Sketch]) -> Rect:
    """Return the rectangle of a map moved down by the height of the names below it."""
    return rect.moved(0, max((text.rect.bottom for text in names), default=rect.bottom) - rect.bottom)


def row_names(view: MapView, grid: Grid, rect: Rect, em: float) -> Iterator[Text | Sketch]:
    """Yield the names of the rows left of a map, where there is room for them, and objects as they look."""
    names = names_of_rows(view, grid)
    if not names or grid.size[0] != len(names):
        return
    unit = rect.height / len(names)
    every = _every(names, unit, _LEAST_ROW * em)
    if every * unit >= _LEAST_ROW * em:
        for number, text in list(enumerate(names))[::every]:
            right, left = rect.x - 0.5 * em, rect.x - room_for_rows(view, grid) * em
            if text in LOOKS:
                yield Sketch(Rect(right - _SKETCH * em, rect.y + number * unit, _SKETCH * em, unit), LOOKS[text])
                right -= (_SKETCH + 0.3) * em
            here = Rect(left, rect.y + (number + 0.5 - every / 2) * unit, right - left, every * unit)
            yield Text(here, text, _SIZE, Tone.MUTED, Align.RIGHT)


class Part(NamedTuple):
    """Which part of a value is drawn, what its tiles are, and the part as an index; or nothing.

    For example ``sample 2``, ``8 channels`` and ``[2, …]``.
    """

    picked: str = ""
    tiles: str = ""
    lead: str = ""

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.picked, self.tiles)))


def shown_part(view: MapView, grid: Grid) -> Part:
    """Return which part of a stack is drawn."""
    if len(view.shape) < 3:
        return Part()
    parts, tiles = [], ""
    if view.shape[0] > 1 and grid.pick[0] is not None:
        parts.append(f"{noun_of(view, 0)} {grid.pick[0]}")
    if len(view.shape) > 3 and not grid.tiles and view.shape[1] > 1:
        parts.append(f"{noun_of(view, 1)} {grid.pick[1]}")
    if grid.tiles and view.shape[grid.axes[0]] > 1:
        tiles = f"{view.shape[grid.axes[0]]} {noun_of(view, grid.axes[0])}s"
    lead = ", ".join(str(pick) for pick in grid.pick if pick is not None)
    return Part(", ".join(parts), tiles, f"[{lead}, …]" if parts else "")


def noun_of(view: MapView, axis: int) -> str:
    """Return what stands along an axis of a stack: samples, filters, heads, channels, or slices of anything else."""
    kind = view.value.axis(axis).kind
    return "slice" if kind is AxisKind.POSITION else kind.value


def unmarked(view: MapView) -> MapView:
    """Return a map in which no cell but the focused one, and what it is combined with, is highlighted."""
    pair = Mark.SELECTED, Mark.PARTNER
    return replace(view, marks=tuple((kind, cells) for kind, cells in view.marks if kind in pair))
