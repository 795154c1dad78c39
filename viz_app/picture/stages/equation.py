"""Lay maps out as an equation: beside each other or below each other, whichever makes their cells larger."""

from collections.abc import Iterator, Sequence

from viz_app.frame.frame import MapView
from viz_app.picture.elements import Align, Element, Rect, Text, Tone
from viz_app.picture.grid import Grid
from viz_app.picture.legible import ADVANCE, SIDES, has_room
from viz_app.picture.stages.figures import (
    HIGHEST,
    LABEL,
    LABEL_WIDTH,
    LEGEND,
    STRIP,
    WIDEST,
    Units,
    fit,
    map_with_legend,
    name_of,
    sign,
    strip_thickness,
)
from viz_app.picture.stages.labels import (
    Part,
    column_names,
    drawn,
    legend_of,
    lines_of_names,
    names_of_rows,
    room_for_rows,
    row_names,
    shown_part,
)

Parts = Sequence[tuple[MapView, Grid]]

LARGER = 2.0
"""How much larger than the largest cell a number is that stands alone, as all the others do."""
_CHARACTERS = 5
"""The characters of a number by which layouts are compared."""
_SIGN = 2.6
_BELOW_GAP = 1.5
_NUMBER, _HIGHEST_NUMBERS = 3.0, 9.0
"""The least side of a cell that stands for a whole channel, and the most height of all of them, in em."""
_WIDE = 6.0
"""The width of a cell of a narrow map where its name takes it anyway, in em."""


def equation(parts: Parts, signs: Sequence[str], box: Rect, em: float, *, square: bool = False) -> Iterator[Element]:
    """Yield maps as an equation: beside each other, or below each other where that makes the cells larger.

    The cells of ``square`` ones are pixels of an image.
    """
    named = max(room_for_rows(view, grid) for view, grid in parts) * em
    narrower = Rect(box.x + named, box.y, box.width - named, box.height)
    several = Rect(box.x, box.y, box.width - named * sum(_named(parts)), box.height)
    beside, below = _beside_units(parts, several, em), _below_units(parts, narrower, em)
    if square:
        beside, below = _squared(beside), _squared(below)
    if _worth(below, em) > _worth(beside, em):
        yield from _below(parts, signs, narrower, em, below, named)
    else:
        yield from _beside(parts, signs, box, em, beside, named)


def _squared(units: Units) -> Units:
    """Return cells as wide as high."""
    side = min(units.width, units.height)
    return Units(side, side)


def _worth(units: Units, em: float) -> tuple[bool, float, float]:
    """Return whether cells have room for their numbers, how large these are, and how large the cells are."""
    legible = has_room(units.width, units.height, em)
    size = min(units.width / (ADVANCE * _CHARACTERS + SIDES), units.height / 2, em)
    return legible, size if legible else 0.0, units.width * units.height


def _beside_units(parts: Parts, box: Rect, em: float) -> Units:
    sizes = [grid.size for _, grid in parts]
    signs = (len(parts) - 1) * _SIGN * em
    height = box.height - (LABEL + LEGEND + 0.5 + _lines(parts)) * em
    room = box.width - signs
    narrow: set[int] = set()
    units = Units(1, 1)
    if all(size == (1, 1) for size in sizes):
        return Units(min(room / len(parts), LARGER * WIDEST * em), min(max(height, em), LARGER * HIGHEST * em))
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


def _named(parts: Parts) -> list[bool]:
    """Tell which of the maps beside each other have the names of their rows: one whose rows are others than before."""
    found, last = [], None
    for part in parts:
        names = names_of_rows(*part)
        found.append(bool(names) and names != last)
        last = names or last
    return found


def _lines(parts: Parts) -> float:
    """Return the height that the names of columns may take, in em; what stands below a map is moved down by it."""
    return 1.1 * max(1, *(lines_of_names(view, grid) for view, grid in parts))


def _beside(parts: Parts, signs: Sequence[str], box: Rect, em: float, units: Units, named: float) -> Iterator[Element]:
    sizes = [_size(units, view, grid, em) for view, grid in parts]
    slots = [max(width, LABEL_WIDTH * em) for width, _ in sizes]
    total = sum(slots) + (len(parts) - 1) * _SIGN * em + named * sum(_named(parts))
    has_names = _named(parts)
    tallest = max(height for _, height in sizes)
    x = box.x + (box.width - total) / 2
    top = box.y + (box.height - tallest - (LABEL + LEGEND + 0.5 + _lines(parts)) * em) / 2 + (LABEL + 0.3) * em
    for number, ((view, grid), (width, height), slot) in enumerate(zip(parts, sizes, slots, strict=True)):
        if number:
            yield sign(Rect(x, top, _SIGN * em, tallest), signs[number - 1], em)
            x += _SIGN * em
        x += named if has_names[number] else 0
        rect = Rect(x + (slot - width) / 2, top + (tallest - height) / 2, width, height)
        if has_names[number]:
            yield from row_names(view, grid, rect, em)
        label = Rect(x, rect.y - (LABEL + 0.3) * em, slot, LABEL * em)
        yield from name_of(view, label, em, part=shown_part(view, grid))
        yield from map_with_legend(view, grid, rect, em)
        x += slot


def _size(units: Units, view: MapView, grid: Grid, em: float, thickness: float = STRIP) -> tuple[float, float]:
    """Return the width and height of a map; a strip is thick, and as wide as its name, so that it can be read."""
    width, height = units.size(grid)
    rows, columns = grid.size
    if side := _number_side(grid):
        return max(width, columns * side * em), max(height, rows * side * em)
    if not grid.tiles:
        width = max(width, min(columns * _WIDE, LABEL_WIDTH) * em)
    if rows == columns == 1:
        thickness = max(thickness, _NUMBER)
    return width, max(height, thickness * em) if rows == 1 else height


def _number_side(grid: Grid) -> float:
    """Return the least side of a cell, in em, where each tile is one number, that of a channel; else 0."""
    if not grid.tiles or grid.tile_size != (1, 1) or grid.size != grid.tiles:
        return 0.0
    rows, columns = grid.tiles
    return min(LABEL_WIDTH / columns, _NUMBER, _HIGHEST_NUMBERS / rows)


def _below_units(parts: Parts, box: Rect, em: float) -> Units:
    sizes = [grid.size for _, grid in parts]
    strips = sum(1 for rows, _ in sizes if rows == 1)
    height = box.height - (len(parts) - 1) * _gap(parts) * em - (1.5 + _lines(parts)) * em
    if height < len(parts) * LABEL * em:
        return Units(0.01, 0.01)
    numbers = [grid.size[0] * _number_side(grid) for _, grid in parts]
    if all(numbers):
        numbers = [0.0] * len(numbers)
    rows = sum(rows for (rows, _), fixed in zip(sizes, numbers, strict=True) if rows > 1 and not fixed)
    height -= sum(numbers) * em
    height -= strips * max(LABEL, strip_thickness(box, len(parts), em)) * em
    return fit(
        max(rows, 1),
        max(columns for _, columns in sizes),
        box.width - 2 * (LABEL_WIDTH + 2) * em,
        max(height, em) if rows else HIGHEST * em,
        em,
    )


def _gap(parts: Parts) -> float:
    return _BELOW_GAP - 1.1 + _lines(parts)


def _below(parts: Parts, signs: Sequence[str], box: Rect, em: float, units: Units, named: float) -> Iterator[Element]:
    flat = all(grid.size[0] == 1 for _, grid in parts)
    thickness = strip_thickness(box, len(parts), em, units.width if flat else 0.0)
    sizes = [_size(units, view, grid, em, thickness) for view, grid in parts]
    slots = [max(height, LABEL * em) for _, height in sizes]
    total = sum(slots) + (len(parts) - 1) * _gap(parts) * em
    widest = max(width for width, _ in sizes)
    side = (LABEL_WIDTH + 2) * em
    left = box.x + (box.width - widest - 2 * side) / 2
    y = box.y + (box.height - total) / 2
    for number, ((view, grid), (width, height), slot) in enumerate(zip(parts, sizes, slots, strict=True)):
        rect = Rect(left + side + (widest - width) / 2, y + (slot - height) / 2, width, height)
        middle = Rect(left - named, y + (slot - LABEL * em) / 2, side, LABEL * em)
        if number:
            down = r"\downarrow" if signs[number - 1] == r"\to" else signs[number - 1]
            yield sign(Rect(middle.x, middle.y, 2.4 * em, middle.height), down, em)
        label = Rect(middle.x + 2.6 * em, middle.y, side - 3.4 * em, middle.height)
        part = shown_part(view, grid)
        two_lines = any(part) and slot > (LABEL + 5) * em
        yield from name_of(view, label, em, Align.RIGHT, part=Part() if two_lines else part)
        if two_lines:
            under = Rect(label.x, label.bottom, label.width, 2.2 * em)
            yield Text(under, str(part), 0.82, Tone.MUTED, Align.RIGHT, wrap=True)
        yield from row_names(view, grid, rect, em)
        yield from drawn(view, grid, rect)
        yield from column_names(view, grid, rect, em)
        bar = Rect(rect.right + 1.2 * em, rect.center[1] - 0.75 * em, side - 2 * em, 1.5 * em)
        yield from legend_of(view, bar, em, below=True)
        y += slot + _gap(parts) * em
