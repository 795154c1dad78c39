"""Place maps with their names and legends: what every stage is put together from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.values import Array, Index, Range, Role, Value
from viz_app.frame import Frame, MapView, Mark
from viz_app.grid import Grid, montage
from viz_app.levels import Levels, levels_for
from viz_app.picture import Align, Element, Formula, Heatmap, Legend, Panel, Rect, Text, Tone

LABEL = 3.6
"""The height of a name with its shape below it, in em."""
LEGEND = 2.1
"""The height of a legend with its numbers and the space above it, in em."""
LABEL_WIDTH = 7.5
"""The width that a name is given beside or above a map, in em."""
STRIP = 2.0
"""The least thickness of a single row or column, in em."""
WIDEST, HIGHEST = 6.5, 4.6
"""The largest cell, in em."""
STRETCH = 1.7
"""How far a cell may be from square."""


@dataclass(frozen=True)
class Units:
    """The width and the height of a cell, in pixels."""

    width: float
    height: float

    def size(self, grid: Grid) -> tuple[float, float]:
        """Return the width and height of a whole map."""
        rows, columns = grid.size
        return columns * self.width, rows * self.height


def fit(rows: int, columns: int, width: float, height: float, em: float, *, square: bool = False) -> Units:
    """Return the largest cells with which so many rows and columns fit, nearly square but for thin strips."""
    across, down = min(width / columns, WIDEST * em), min(height / rows, HIGHEST * em)
    stretch = 1.0 if square else STRETCH
    across, down = min(across, stretch * down), min(down, stretch * across)
    if square:
        return Units(across, down)
    down = max(down, min(STRIP * em, height) / rows)
    across = max(across, min(STRIP * em, width) / columns)
    return Units(across, down)


def name_of(
    view: MapView, rect: Rect, em: float, align: Align = Align.CENTER, *, tex: str = "", shape: str = ""
) -> Iterator[Element]:
    """Yield the symbol of a value and its shape below it, or what is written instead; ``rect`` is LABEL em high."""
    top = Rect(rect.x, rect.y, rect.width, rect.height - 1.2 * em)
    yield Formula(top, tex or view.tex, 1.15, align=align)
    yield Text(Rect(rect.x, top.bottom, rect.width, 1.1 * em), shape or view.shape_text, 0.82, Tone.MUTED, align)


def legend_below(rect: Rect, levels: Levels, em: float) -> Legend:
    """Return the legend that stands below a map."""
    width = min(max(rect.width, 5 * em), 11 * em)
    return Legend(Rect(rect.center[0] - width / 2, rect.bottom + 0.5 * em, width, (LEGEND - 0.6) * em), levels)


def figure(view: MapView, grid: Grid, rect: Rect, em: float) -> Iterator[Element]:
    """Yield a map with its name above and its legend below; ``rect`` is the map's own rectangle."""
    width = max(rect.width, LABEL_WIDTH * em)
    label = Rect(rect.center[0] - width / 2, rect.y - (LABEL + 0.3) * em, width, LABEL * em)
    yield from name_of(view, label, em)
    yield Heatmap(rect, view, grid)
    yield legend_below(rect, view.levels, em)


def sign(rect: Rect, tex: str, em: float) -> Formula:
    """Return an operator between two maps."""
    return Formula(rect.centered(min(rect.width, 2.4 * em), min(rect.height, 2.4 * em)), tex, 1.5)


def square_in(grid: Grid, box: Rect, largest: float = float("inf")) -> Rect:
    """Return the largest rectangle in the middle of a box in which the cells of a grid are square."""
    rows, columns = grid.size
    unit = min(box.width / columns, box.height / rows, largest)
    return box.centered(columns * unit, rows * unit)


def chooser(view: MapView, grids: Sequence[Grid], current: int, field: str, box: Rect, em: float) -> Iterator[Element]:
    """Yield small maps to choose one of: a click sets a field of the view options; the current one is framed."""
    view = replace(view, marks=())
    unit = min(box.width / len(grids), box.height)
    x = box.x + (box.width - unit * len(grids)) / 2
    for number, grid in enumerate(grids):
        cell = Rect(x + number * unit, box.y, unit, unit)
        here = number == current
        yield Panel(cell.inset(1), Tone.SURFACE, outline=Tone.SELECTED if here else None, choice=(field, number))
        if unit > 6:
            yield Heatmap(square_in(grid, cell.inset(min(3.5, unit / 6))), view, grid, compact=True)


def column_names(view: MapView, grid: Grid, rect: Rect, em: float) -> Iterator[Element]:
    """Yield the names of the columns (classes, tokens) below a map, where they have names and there is room."""
    names = _axis_names(view, grid)
    _rows, columns = grid.size
    if not names or len(names) != columns or rect.width / columns < 0.7 * em:
        return
    unit = rect.width / columns
    for number, text in enumerate(names):
        yield Text(Rect(rect.x + number * unit, rect.bottom + 0.1 * em, unit, 1.1 * em), text, 0.8, Tone.MUTED)


ROW_NAMES = 6.5
"""The width that the names of rows are given, in em."""


def row_names(names: Sequence[str], rect: Rect, em: float) -> Iterator[Element]:
    """Yield the names of the rows left of a map, where there is room for them."""
    unit = rect.height / len(names)
    if unit >= 0.9 * em:
        for number, text in enumerate(names):
            here = Rect(rect.x - ROW_NAMES * em, rect.y + number * unit, (ROW_NAMES - 0.5) * em, unit)
            yield Text(here, text, 0.8, Tone.MUTED, Align.RIGHT)


def names_of_rows(view: MapView, grid: Grid) -> tuple[str, ...]:
    """Return the names of the rows (tokens), or nothing."""
    if not view.value.axis_names or len(grid.axes) != 2 or grid.fold:
        return ()
    return view.value.axis_names[grid.axes[-1] if grid.flip else grid.axes[0]] or ()


def _axis_names(view: MapView, grid: Grid) -> tuple[str, ...] | None:
    if not view.value.axis_names or not grid.axes or grid.fold or grid.tiles:
        return None
    return view.value.axis_names[grid.axes[0] if grid.flip else grid.axes[-1]]


def selected(frame: Frame) -> Index | None:
    """Return the output cell that is looked at, or ``None``."""
    if frame.detail and frame.detail.focus.key == frame.result.key:
        return frame.detail.focus.index
    return None


def lead_of(frame: Frame, view: MapView) -> Index:
    """Return which matrix of a stack is shown: that of the cell looked at, else that of the chosen sample."""
    count = max(len(view.shape) - 2, 0)
    focus = frame.detail.focus if frame.detail else None
    chosen: Sequence[int] = focus.index[:count] if focus and len(focus.index) == len(view.shape) else ()
    chosen = chosen or (frame.options.sample, frame.options.channel, *(0,) * count)
    return tuple(min(i, size - 1) for i, size in zip(chosen[:count], view.shape, strict=False))


def grid_of(frame: Frame, view: MapView) -> Grid:
    """Return the grid of a value: the whole matrix, one matrix of a stack, or every channel of one sample as tiles."""
    if len(view.shape) == 4:
        return montage(view.shape, lead_of(frame, view)[:1])
    return matrix_of(frame, view)


def matrix_of(frame: Frame, view: MapView) -> Grid:
    """Return the grid of one matrix of a value."""
    lead = lead_of(frame, view)
    return Grid(view.shape, (*lead, *(None,) * (len(view.shape) - len(lead))))


def made_up(
    key: str,
    name: str,
    array: Array | NDArray[np.float64],
    span: Range = Range.SIGNED,
    marks: tuple[tuple[Mark, NDArray[np.intp]], ...] = (),
) -> MapView:
    """Return a map of numbers that are no value of the program but the terms of one: products, exponentials."""
    finite = array[np.isfinite(array)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    value = Value(key, array.shape, Role.INTERMEDIATE, range=span, symbol=name)
    return MapView(value, name, name, array, levels_for(span, low, high), None, marks)


def equation(parts: Sequence[tuple[MapView, Grid]], signs: Sequence[str], box: Rect, em: float) -> Iterator[Element]:
    """Yield maps as an equation: beside each other, or below each other where that makes the cells larger."""
    beside, below = _beside_units(parts, box, em), _below_units(parts, box, em)
    if below.width * below.height > beside.width * beside.height:
        yield from _below(parts, signs, box, em, below)
    else:
        yield from _beside(parts, signs, box, em, beside)


def _slot(width: float, em: float) -> float:
    return max(width, LABEL_WIDTH * em)


_SIGN = 2.6


def _beside_units(parts: Sequence[tuple[MapView, Grid]], box: Rect, em: float) -> Units:
    sizes = [grid.size for _, grid in parts]
    signs = (len(parts) - 1) * _SIGN * em
    height = box.height - (LABEL + LEGEND + 1.6) * em
    room = box.width - signs
    narrow: set[int] = set()
    units = Units(1, 1)
    for _ in parts:  # maps narrower than their names take a fixed width; the others share the rest
        rest = room - len(narrow) * LABEL_WIDTH * em
        columns = sum(size[1] for i, size in enumerate(sizes) if i not in narrow) or 1
        units = fit(max(size[0] for size in sizes), columns, max(rest, em), max(height, em), em)
        found = {i for i, size in enumerate(sizes) if size[1] * units.width < LABEL_WIDTH * em}
        if found <= narrow:
            break
        narrow |= found
    widest = max(size[1] for size in sizes)
    if len(narrow) == len(parts):
        units = fit(max(size[0] for size in sizes), widest, LABEL_WIDTH * em, max(height, em), em)
    return units


def _beside(
    parts: Sequence[tuple[MapView, Grid]], signs: Sequence[str], box: Rect, em: float, units: Units
) -> Iterator[Element]:
    sizes = [_strip_size(units, grid, em) for _, grid in parts]
    slots = [_slot(width, em) for width, _ in sizes]
    total = sum(slots) + (len(parts) - 1) * _SIGN * em
    tallest = max(height for _, height in sizes)
    x = box.x + (box.width - total) / 2
    top = box.y + (box.height - tallest - (LABEL + LEGEND + 1.6) * em) / 2 + (LABEL + 0.3) * em
    for number, ((view, grid), (width, height), slot) in enumerate(zip(parts, sizes, slots, strict=True)):
        if number:
            yield sign(Rect(x, top, _SIGN * em, tallest), signs[number - 1], em)
            x += _SIGN * em
        rect = Rect(x + (slot - width) / 2, top + (tallest - height) / 2, width, height)
        names = list(column_names(view, grid, rect, em))
        label = Rect(x, rect.y - (LABEL + 0.3) * em, slot, LABEL * em)
        yield from name_of(view, label, em)
        yield Heatmap(rect, view, grid)
        yield from names
        yield legend_below(rect.moved(0, 1.1 * em if names else 0), view.levels, em)
        x += slot


def _strip_size(units: Units, grid: Grid, em: float, thickness: float = STRIP) -> tuple[float, float]:
    width, height = units.size(grid)
    rows, columns = grid.size
    return (
        max(width, (4 if rows == 1 else STRIP) * em) if columns == 1 else width,
        max(height, thickness * em) if rows == 1 else height,
    )


def strip_thickness(box: Rect, count: int, em: float) -> float:
    """Return how thick, in em, so many rows below each other are: thick enough for the back row, never clumsy."""
    return min(max(0.4 * box.height / count / em, STRIP), 4.2)


_BELOW_GAP = 1.5


def _below_units(parts: Sequence[tuple[MapView, Grid]], box: Rect, em: float) -> Units:
    sizes = [grid.size for _, grid in parts]
    strips = sum(1 for rows, _ in sizes if rows == 1)
    height = box.height - (len(parts) - 1) * _BELOW_GAP * em - 2.6 * em
    if height < len(parts) * LABEL * em:
        return Units(0.01, 0.01)
    rows = sum(rows for rows, _ in sizes if rows > 1)
    height -= strips * max(LABEL, strip_thickness(box, len(parts), em)) * em
    return fit(
        max(rows, 1),
        max(columns for _, columns in sizes),
        box.width - 2 * (LABEL_WIDTH + 2) * em,
        max(height, em) if rows else HIGHEST * em,
        em,
    )


def _below(
    parts: Sequence[tuple[MapView, Grid]], signs: Sequence[str], box: Rect, em: float, units: Units
) -> Iterator[Element]:
    thickness = strip_thickness(box, len(parts), em)
    sizes = [_strip_size(units, grid, em, thickness) for _, grid in parts]
    slots = [max(height, LABEL * em) for _, height in sizes]
    total = sum(slots) + (len(parts) - 1) * _BELOW_GAP * em
    widest = max(width for width, _ in sizes)
    side = (LABEL_WIDTH + 2) * em
    left = box.x + (box.width - widest - 2 * side) / 2
    y = box.y + (box.height - total) / 2
    for number, ((view, grid), (width, height), slot) in enumerate(zip(parts, sizes, slots, strict=True)):
        rect = Rect(left + side + (widest - width) / 2, y + (slot - height) / 2, width, height)
        middle = Rect(left, y + (slot - LABEL * em) / 2, side, LABEL * em)
        if number:
            yield sign(Rect(middle.x, middle.y, 2.4 * em, middle.height), signs[number - 1], em)
        label = Rect(middle.x + 2.6 * em, middle.y, side - 3.4 * em, middle.height)
        yield from name_of(view, label, em, Align.RIGHT)
        yield Heatmap(rect, view, grid)
        yield from column_names(view, grid, rect, em)
        bar = Rect(rect.right + 1.2 * em, rect.center[1] - 0.75 * em, side - 2 * em, 1.5 * em)
        yield Legend(bar, view.levels)
        y += slot + _BELOW_GAP * em
