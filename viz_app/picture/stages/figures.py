"""Place maps with their names and legends, and choose which part of a value is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.values import Array, Index, Range, Role, Value
from viz_app.frame.explain import chosen_lead
from viz_app.frame.frame import Explained, Frame, MapView, Mark
from viz_app.frame.levels import levels_for
from viz_app.frame.views import Marks
from viz_app.frame.words import numbers
from viz_app.frame.words.live import COVERED
from viz_app.picture.elements import Align, Element, Formula, Heatmap, Legend, Panel, Rect, Text, Tone
from viz_app.picture.grid import Grid, montage, slice_of, tile_layout
from viz_app.picture.legible import MOST_CHARACTERS, cell_wanted
from viz_app.picture.stages.excerpts import narrowed
from viz_app.picture.stages.labels import Part, below_names, column_names, drawn, legend_of, noun_of, shown_part
from viz_app.picture.typeset import fitting

LABEL = 3.6
"""The height of a name with its shape below it, in em."""
LEGEND = 2.1
"""The height of a legend with its numbers and the space above it, in em."""
_THICK = 4.2
"""The thickness of a single row that its cells may be higher than wide for, in em."""
LABEL_WIDTH = 7.5
"""The width that a name is given beside or above a map, in em."""
STRIP = 2.0
"""The least thickness of a single row or column, in em."""
WIDEST, HIGHEST = 6.5, 4.6
"""The largest cell, in em."""
STRETCH = 1.7
"""How far a cell may be from square."""
_WHOLE = Part()


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
    """Return the largest cells with which the rows and columns fit, nearly square but for thin strips.

    Cells that are high enough for their numbers are as wide as these need, where they are no pixels of an image.
    """
    across, down = min(width / columns, WIDEST * em), min(height / rows, HIGHEST * em)
    if square:
        return Units(min(across, down), min(across, down))
    wanted = cell_wanted(em, MOST_CHARACTERS)
    across = min(across, max(STRETCH * down, wanted[0] if down >= wanted[1] else 0.0))
    down = min(down, STRETCH * across)
    down = max(down, min(STRIP * em, height) / rows)
    across = max(across, min(STRIP * em, width) / columns)
    return Units(across, down)


def name_of(
    view: MapView,
    rect: Rect,
    em: float,
    align: Align = Align.CENTER,
    *,
    tex: str = "",
    shape: str = "",
    part: Part = _WHOLE,
) -> Iterator[Element]:
    """Yield the symbol of a value and its shape below it, or what is written instead; ``rect`` is LABEL em high.

    ``part`` says which part of it is drawn; where there is no room for both, what is picked replaces the shape.
    """
    top = Rect(rect.x, rect.y, rect.width, rect.height - 1.2 * em)
    yield Formula(top, tex or view.tex, 1.15, align=align)
    text = shape or view.shape_text
    if view.note:
        text = fitting((f"{text} · {view.note}", view.note), rect.width, 0.82 * em)
    wordings = [f"{text} · {said}" for said in dict.fromkeys((str(part), part.picked)) if said]
    text = fitting((*wordings, part.picked or text, part.lead or text), rect.width, 0.82 * em)
    yield Text(Rect(rect.x, top.bottom, rect.width, 1.1 * em), text, 0.82, Tone.MUTED, align)


def legend_below(rect: Rect, em: float) -> Rect:
    """Return where the legend stands below a map."""
    width = min(max(rect.width, 5 * em), 11 * em)
    return Rect(rect.center[0] - width / 2, rect.bottom + 0.5 * em, width, (LEGEND - 0.6) * em)


def figure(view: MapView, grid: Grid, rect: Rect, em: float, *, named: bool = False) -> Iterator[Element]:
    """Yield a map with its name above and its legend below; ``rect`` is the map's own rectangle.

    The names of its columns stand below it where ``named`` is set.
    """
    width = max(rect.width, LABEL_WIDTH * em)
    label = Rect(rect.center[0] - width / 2, rect.y - (LABEL + 0.3) * em, width, LABEL * em)
    yield from name_of(view, label, em, part=shown_part(view, grid))
    yield from map_with_legend(view, grid, rect, em, named=named)


def map_with_legend(view: MapView, grid: Grid, rect: Rect, em: float, *, named: bool = True) -> Iterator[Element]:
    """Yield a map with its legend below it, and between them the names of its columns where ``named`` is set."""
    yield from drawn(view, grid, rect)
    names = list(column_names(view, grid, rect, em)) if named else []
    yield from names
    yield from legend_of(view, legend_below(below_names(rect, names), em), em)


def strip(view: MapView, grid: Grid, rect: Rect, side: float, em: float, shape: str = "") -> Iterator[Element]:
    """Yield a map with its name at its left and its legend at its right, each ``side`` wide."""
    label = Rect(rect.x - side, rect.center[1] - LABEL * em / 2, side - em, LABEL * em)
    yield from name_of(view, label, em, Align.RIGHT, shape=shape)
    yield from drawn(view, grid, rect)
    yield Legend(Rect(rect.right + em, rect.center[1] - 0.75 * em, side - 1.5 * em, 1.5 * em), view.levels)


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


SLICES = 4.6
"""The height of the strip from which a slice of a stack is chosen, in em."""
CLICK = "; click another"


def slices(frame: Frame, view: MapView, box: Rect, em: float) -> Iterator[Element]:
    """Yield every matrix of a stack, small, SLICES em high; a click shows another one."""
    lead = lead_of(frame, view)
    axis = len(lead) - 1
    count = view.shape[axis]
    grids = [slice_of(view.shape, (*lead[:-1], number)) for number in range(count)]
    before = f"sample {lead[0]}, " if axis and view.shape[0] > 1 else ""
    text = f"{before}{noun_of(view, axis)} {lead[-1]} of {count}" + (CLICK if count > 1 else "")
    yield Text(Rect(box.x, box.y, box.width, 1.1 * em), text, 0.8, Tone.MUTED, aside=CLICK)
    strip = Rect(box.x, box.y + 1.2 * em, box.width, box.height - 1.2 * em)
    yield from chooser(view, grids, lead[-1], ("sample", "channel")[min(axis, 1)], strip, em)


def focused_output(frame: Frame) -> Index | None:
    """Return the focused cell where it is one of the output."""
    if frame.detail and frame.detail.focus.key == frame.result.key:
        return frame.detail.focus.index
    return None


def marks_of_kind(view: MapView, *kinds: Mark) -> Marks:
    """Return the marks of some kinds."""
    return tuple((kind, cells) for kind, cells in view.marks if kind in kinds)


def lead_of(frame: Frame, view: MapView) -> Index:
    """Return which matrix of a stack is shown: that of the highlighted cells, else that of the chosen sample."""
    count = max(len(view.shape) - 2, 0)
    marked = next((cells[0, :count].tolist() for _, cells in view.marks if len(cells)), None)
    return chosen_lead(view.shape, frame.options, frame.detail) if marked is None else tuple(marked)


def grid_of(frame: Frame, view: MapView) -> Grid:
    """Return the grid of a value: the whole matrix, one matrix of a stack, or every channel of one sample as tiles.

    Kernels of a single channel are all drawn.
    """
    if len(view.shape) == 4 and view.shape[1] == 1 and view.of_filters:
        return narrowed(view, Grid(view.shape, (None, 0, None, None), tiles=tile_layout(view.shape[0])))
    if len(view.shape) == 4:
        return narrowed(view, montage(view.shape, lead_of(frame, view)[:1]))
    return matrix_of(frame, view)


def matrix_of(frame: Frame, view: MapView) -> Grid:
    """Return the grid of one matrix of a value."""
    lead = lead_of(frame, view)
    return narrowed(view, Grid(view.shape, (*lead, *(None,) * (len(view.shape) - len(lead)))))


def made_up(
    key: str,
    name: str,
    array: Array | NDArray[np.float64],
    span: Range = Range.SIGNED,
    marks: Marks = (),
    *,
    covered: bool = False,
) -> MapView:
    """Return a map of numbers that are no value of the program but the terms of one: products, exponentials.

    They are ``covered`` where the cell is that they make.
    """
    mask = np.full(array.shape, True) if covered else None
    array = np.full(array.shape, np.nan) if covered else array
    finite = array[np.isfinite(array)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    value = Value(key, array.shape, Role.INTERMEDIATE, range=span, symbol=name)
    return MapView(value, name, name, array, levels_for(span, low, high), None, marks, covered=mask)


def told(value: float, explained: Explained, digits: int = 4) -> str:
    """Return the number of the explained cell as it is written, or what stands for it where a quiz covers it."""
    return COVERED if explained.covered else numbers.number(value, digits)


def strip_thickness(box: Rect, count: int, em: float, unit: float = 0.0) -> float:
    """Return how thick each of ``count`` strips below each other is, in em; readable from the back row.

    Cells whose width in pixels is the ``unit`` become no higher than wide.
    """
    return min(max(0.4 * box.height / count / em, STRIP), max(_THICK, unit / em))
