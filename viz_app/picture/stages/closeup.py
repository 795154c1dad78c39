"""Tell of one cell what it is made of, in cells that can be read in any room: its number and its largest terms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from core.ops.base import Combine, Terms
from core.ops.elementwise import Hadamard, Scale
from core.ops.linear import MatMul
from core.ops.lookup import ScatterAdd
from core.ops.windows.convolution_base import Convolution
from core.values import Index
from viz_app.frame.frame import Explained, Frame, MapView, Mark
from viz_app.frame.views import Marks
from viz_app.frame.words.numbers import place
from viz_app.picture.elements import Align, Element, Heatmap, Rect, Text, Tone
from viz_app.picture.grid import Grid, listed
from viz_app.picture.legible import cell_wanted, characters_wanted
from viz_app.picture.stages.excerpts import Term, largest_terms
from viz_app.picture.stages.figures import grid_of, made_up
from viz_app.picture.stages.labels import drawn
from viz_app.picture.stages.overviews import Whole, with_legends
from viz_app.picture.stages.product import factors_as_images
from viz_app.picture.stages.signs import formula_places, terms_in_order
from viz_app.picture.typeset import fitting, text_width

_CELL = 3.4
"""The width of a cell, in em."""
_LEAST_CELL = 2.4
ROW = 1.7
_HIGHEST_ROW = 3.6
"""The height of a row, and the most that it grows to, in em."""
_INDEX = 1.1
_FEWEST = 3
"""So many terms are shown at least, where there are so many."""
_MOST = 12
_NAMES = 5.4
_RESULT = 6.0
_NAME_SIZE, _SMALL = 0.9, 0.75
"""The size of the names of rows, and of what stands above cells, in em."""
_APART = 0.25
"""How far what stands above a column keeps from its edges, in em."""
_GAP = 1.4
_SIGN = 1.2
"""The room of a sign between two terms, in em."""
_LARGEST_IMAGE = 144
"""An image of more cells shows no numbers that anybody would read."""

_MULTIPLYING = (MatMul, Convolution, Hadamard, Scale)
"""What each contribution of these is: a product."""

Row = tuple[tuple[str, ...], Sequence[tuple[MapView, Grid]]]
"""What a row may be called, longest first, and its maps: one of all cells, or one of each cell."""


@dataclass(frozen=True)
class _Table:
    """Rows of cells, a column for each term, and what stands above each column."""

    rows: Sequence[Row]
    headings: Sequence[str]
    left_out: int


def height_of(frame: Frame, em: float) -> float:
    """Return the height of a close-up as a strip below maps, in pixels."""
    return (_rows_of(frame) * ROW + 2 * _INDEX + 0.2) * em


def _rows_of(frame: Frame) -> int:
    terms = frame.home.terms
    return max(len({part.input for part in terms.cells}) if terms.paired else 1, 1) + _combines(terms)


def _combines(terms: Terms) -> bool:
    """Tell whether the contributions are other numbers than the cells and the result."""
    return terms.combine is not Combine.APPLY and (
        (terms.paired and len(terms.cells) > 1) or terms.combine is Combine.SHARE
    )


def characters_of(frame: Frame) -> int:
    """Return how many characters the number of the cell that stays in sight and those of its terms may take."""
    terms = frame.home.terms
    shown = largest_terms(terms)[:_MOST]
    numbers = [terms.result, *(term.contribution for term in shown)]
    for i, index in (cell for term in shown for cell in term.cells):
        array = frame.operands[i].array
        assert array is not None
        numbers.append(float(array[index]))
    return characters_wanted(np.array(numbers, np.float64))


def closeup(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the largest terms of the explained cell, each in a column, and its number; ``box`` is as wide as there is.

    Parameters
    ----------
    frame : Frame
        What is shown.
    box : Rect
        The room; the cells grow with its height.
    em : float
        The size of the text, in pixels.
    """
    explained = frame.explained or frame.home
    count = _rows_of(frame)
    high = min((box.height - 2 * _INDEX * em - 0.1 * em) / count, _HIGHEST_ROW * em)
    terms, signs = terms_in_order(frame, explained.terms)
    terms = _picked(frame, explained.terms, terms) or terms
    fewest = min(_FEWEST, len(terms))
    least = max(_LEAST_CELL * em, cell_wanted(em, characters_of(frame))[0])
    names, result = _sides(frame, box.width, max(fewest, 1) * least, em)
    apart = _SIGN * em if signs else 0.0
    room = box.width - names - result - max(len(signs) - 1, 0) * apart
    wide = max(least, min(_CELL * em, room / max(fewest, 1)), high * 1.2)
    headed = _widest_heading(frame, terms, em)
    if _by_index(frame, terms):
        wide = max(wide, min(headed, room / max(fewest, 1)))
    columns = max(min(int(room / wide), _MOST, len(terms)), fewest, 1)
    wide = min(max(wide, min(room / columns, max(headed, 5 * em))), room / columns)
    table = _table(frame, explained, terms[:columns], wide, em)
    total = names + len(table.headings) * (wide + apart) - (apart if table.headings else 0.0) + result
    x = box.x + (box.width - total) / 2 + names
    y = box.y + (box.height - count * high - 2 * _INDEX * em) / 2 + _INDEX * em
    for k, heading in enumerate(table.headings):
        here = Rect(x + k * (wide + apart), y - _INDEX * em, wide, _INDEX * em)
        yield Text(here.inset(_APART * em, 0), heading, _SMALL, Tone.MUTED)
    for position, (called, maps) in enumerate(table.rows):
        top = y + position * high
        here = Rect(x - names, top, names - 0.5 * em, high)
        name = fitting(called, here.width, _NAME_SIZE * em)
        yield Text(here, name, _NAME_SIZE, Tone.MUTED, Align.RIGHT)
        if table.headings:
            cells = Rect(x, top, wide * len(table.headings) + apart * (len(table.headings) - 1), high)
            yield from _cells(cells, signs, maps, apart, terms=not explained.terms.paired)
    if table.left_out:
        below = Rect(x, y + count * high, max(total - names - result, em), _INDEX * em)
        text = _left_out(frame, explained.terms, len(table.headings), table.left_out)
        wider = below.centered(max(below.width, text_width(text, _SMALL * em) + em), below.height)
        yield Text(wider, text, _SMALL, Tone.MUTED)
    cell = Rect(x + total - names - result + 1.6 * em, y, result - 1.8 * em, count * high)
    yield from _result(frame, explained.terms, cell, em)


def _picked(frame: Frame, terms: Terms, shown: Sequence[Term]) -> tuple[Term, ...]:
    """Return the terms of a row whose number is the row's: those that are added up there; nothing of other operations.

    The others are 0 whatever they are: they have another row's number.
    """
    numbers = frame.operands[0].array
    if not isinstance(frame.step.op, ScatterAdd) or numbers is None:
        return ()
    return tuple(term for term in shown if numbers[term.cells[0][1]] == terms.index[0])


def _left_out(frame: Frame, terms: Terms, shown: int, left_out: int) -> str:
    """Return what is said of the terms that are not shown."""
    count = shown + left_out
    if not isinstance(frame.step.op, ScatterAdd):
        return f"the {shown} largest of {count:,}"
    numbers = frame.operands[0].array
    picked = 0 if numbers is None else int((numbers == terms.index[0]).sum())
    return f"{picked:,} of {count:,} {'has' if picked == 1 else 'have'} the number {terms.index[0]}"


def _cells(
    rect: Rect, signs: Sequence[str], maps: Sequence[tuple[MapView, Grid]], apart: float, *, terms: bool
) -> Iterator[Element]:
    """Yield the maps of a row beside each other, with the signs that stand between them."""
    wide = (rect.width - (len(maps) - 1) * apart) / len(maps)
    for k, (view, grid) in enumerate(maps):
        here = Rect(rect.x + k * (wide + apart), rect.y, wide, rect.height)
        yield Heatmap(here, view, grid, terms=terms)
        if k and signs:
            yield Text(Rect(here.x - apart, here.y, apart, here.height), signs[k], 1.2)


def _result(frame: Frame, terms: Terms, rect: Rect, em: float) -> Iterator[Element]:
    """Yield the cell itself, with its name above it, after a sign: an arrow where it is not what the rows add up to."""
    view, index = frame.result, terms.index
    adds_up = _adds_up(frame, terms)
    rect = rect.centered(rect.width, min(rect.height, 2.6 * em))
    said = "hidden" if view.hides(index) else "" if largest_terms(terms) else "no terms"
    before = Rect(rect.x - (5.0 if said else 1.5) * em, rect.y, (4.6 if said else 1.4) * em, rect.height)
    yield Text(before, said, 0.9, Tone.MUTED, Align.RIGHT) if said else Text(before, "=" if adds_up else "→", 1.2)
    above = Rect(rect.x - 1.4 * em, rect.y - _INDEX * em, rect.width + 1.4 * em, _INDEX * em)
    name = fitting(_called(view, index), above.width, _SMALL * em)
    yield Text(above, name, _SMALL, Tone.MUTED)
    marks: Marks = ((Mark.SELECTED, np.array([index], dtype=np.intp).reshape(1, len(index))),)
    yield from drawn(replace(view, marks=marks), listed(view.shape, (index,)), rect)


def _adds_up(frame: Frame, terms: Terms) -> bool:
    """Tell whether the numbers above the result add up to it, with the signs that stand between them."""
    if terms.combine is Combine.MEAN:
        return len(terms.contributions) == 1
    if terms.combine is not Combine.SUM:
        return False
    if _combines(terms) or terms_in_order(frame, terms)[1]:
        return True
    numbers = np.sort(np.concatenate([np.zeros(0), *(part.values for part in terms.cells)]).astype(np.float64))
    return np.array_equal(numbers, np.sort(terms.contributions.astype(np.float64)), equal_nan=True)


def _sides(frame: Frame, width: float, columns: float, em: float) -> tuple[float, float]:
    """Return the width of the names at the left and of the result at the right, in pixels.

    They are wider than usual where names are long and the columns leave room. Neither depends on the cell: nothing
    moves while cells are walked.
    """
    names, result = min(_NAMES * em, 0.2 * width), _RESULT * em
    spare = max(width - columns - names - result, 0.0)
    longest = max((text_width(view.name, _NAME_SIZE * em) for view in frame.operands), default=0.0) + 0.6 * em
    more = min(max(longest - names, 0.0), spare)
    called = text_width(_called(frame.result, _last(frame.result))[1], _SMALL * em) + 0.5 * em  # by number
    return names + more, max(result, min(called, result + spare - more))


def _last(view: MapView) -> Index:
    """Return the index of the last cell: no other one is longer."""
    return tuple(size - 1 for size in view.shape)


def _by_index(frame: Frame, terms: Sequence[Term]) -> bool:
    """Tell whether an index alone stands above the columns: they are cells of one value, or pairs."""
    return len(frame.operands) == 1 or any(len(term.cells) > 1 for term in terms)


def _widest_heading(frame: Frame, terms: Sequence[Term], em: float) -> float:
    """Return the width that a column needs for the longest of what may stand above it, in pixels."""
    inputs = {term.cells[0][0] for term in terms}
    views = [frame.operands[i] for i in inputs]
    texts = [_above(view, _last(view), _by_index(frame, terms))[1] for view in views]  # by number
    return max((text_width(text, _SMALL * em) for text in texts), default=0.0) + 2 * _APART * em


def _table(frame: Frame, explained: Explained, shown: Sequence[Term], wide: float, em: float) -> _Table:
    terms = explained.terms
    count = len(terms.contributions) if terms.paired else sum(len(part.values) for part in terms.involved)
    places = formula_places(frame)
    inputs = sorted({i for term in shown for i, _ in term.cells}, key=places.__getitem__) if terms.paired else []
    rows: list[Row] = []
    for i in inputs:
        view = frame.operands[i]
        cells = [index for term in shown for k, index in term.cells if k == i]
        rows.append((_names(view, cells), [(replace(view, marks=()), listed(view.shape, cells))]))
    values = np.array([[term.contribution for term in shown]], dtype=np.float64)
    if not terms.paired:
        rows.append((("terms",), [_own(frame, term) for term in shown]))
    if _combines(terms):
        made = made_up("terms", "terms", values, covered=explained.covered)
        if terms.combine is Combine.SUM and len(terms.contributions) == 1:
            made = replace(made, levels=frame.result.levels)  # it is the result
        rows.append(((_word(frame, terms),), [(made, Grid(values.shape, (None, None)))]))
    return _Table(rows, _headings(frame, shown, wide - 2 * _APART * em, em), count - len(shown) if terms.cells else 0)


def _word(frame: Frame, terms: Terms) -> str:
    """Return what the contributions are called."""
    if terms.combine is Combine.SHARE:
        return "exponentials"
    if not isinstance(frame.step.op, _MULTIPLYING):
        return "terms"
    return "product" if len(terms.contributions) == 1 else "products"


def _own(frame: Frame, term: Term) -> tuple[MapView, Grid]:
    """Return the one cell of a term, as a map in the colours of its value."""
    ((i, index),) = term.cells
    view = frame.operands[i]
    return replace(view, marks=()), listed(view.shape, (index,))


def _names(view: MapView, cells: Sequence[Index]) -> tuple[str, ...]:
    """Return what a row may be called, longest first: with the index where it is the same in all columns."""
    same = len(set(cells)) == 1 and len(cells) > 1
    return (f"{view.name}{place(cells[0])}", view.name) if same else (view.name,)


def _headings(frame: Frame, shown: Sequence[Term], width: float, em: float) -> list[str]:
    """Return what stands above the columns: the cells of the first input, by name where the columns are of several.

    All cells of a value are written in the same way: the longest for which all, and its last cell, have room.
    """
    alone = _by_index(frame, shown)
    cells = [term.cells[0] for term in shown]
    ways: dict[int, int] = {}
    width_of = partial(text_width, pixel_size=_SMALL * em)
    for i in {i for i, _ in cells}:
        view = frame.operands[i]
        every = [_above(view, index, alone) for index in (_last(view), *(index for k, index in cells if k == i))]
        wide = [max(texts, key=width_of) for texts in zip(*every, strict=True)]
        ways[i] = wide.index(fitting(wide, width, _SMALL * em))
    return [_above(frame.operands[i], index, alone)[ways[i]] for i, index in cells]


def _above(view: MapView, index: Index, alone: bool) -> tuple[str, ...]:
    """Return what a column may be called, longest first."""
    if not alone:
        return _called(view, index)
    ways = view.positions(index), index
    return tuple(place(way) if len(way) < 3 else f"{way[-2]}, {way[-1]}" for way in ways)


def _called(view: MapView, index: Index) -> tuple[str, ...]:
    """Return what a cell may be called, longest first: with its index, with the end of it, as a cell of a value.

    The index has names of positions in place of their numbers where there is room.
    """
    ways = view.positions(index), index
    short = (place(way) if len(way) < 3 else f"[…, {way[-2]}, {way[-1]}]" for way in ways)
    return (*(f"{view.name}{way}" for way in short), f"{view.name}{place(index[-2:])}", view.name)


def alone(frame: Frame, box: Rect, em: float, *, images: bool = False) -> Iterator[Element]:
    """Yield a close-up that takes a stage of its own, with every map beside or above it, small.

    With ``images`` the row and the column that meet are drawn as the images that they are, instead of the largest
    terms.
    """
    order = sorted(zip(formula_places(frame), frame.operands, strict=True), key=lambda one: one[0])
    views = {view.key: view for view in (*(view for _, view in order), frame.result)}
    least = _least_images(frame, em) if images else (26 * em, height_of(frame, em))
    beside = box.width - least[0] > 9 * em and (box.width > 2.2 * box.height or box.height < least[1] + 6 * em)
    if beside:
        side = min(0.3 * box.width, box.width - least[0] - 0.5 * em)
        rest = Rect(box.x, box.y, box.width - side - 0.5 * em, box.height)
        area = Rect(rest.right + 0.5 * em, box.y, side, box.height)
    else:
        most = box.height if images else (_HIGHEST_ROW * _rows_of(frame) + 2 * _INDEX + 0.1) * em
        high = min(max(least[1], min((0.66 if images else 0.5) * box.height, most)), box.height)
        rest = Rect(box.x, box.bottom - high, box.width, high)
        area = Rect(box.x, box.y, box.width, box.height - high - 0.5 * em)
    yield from (_as_images if images else closeup)(frame, rest, em)
    slots = zip(views.values(), _slots(area, len(views), em), strict=False)
    yield from with_legends([Whole(view, grid_of(frame, view), slot) for view, slot in slots], em)


def _least_images(frame: Frame, em: float) -> tuple[float, float]:
    """Return the least width and height with which the numbers of two images can be read."""
    wide, high = cell_wanted(em, characters_of(frame))
    sizes = [grid.size for _, _, grid in factors_as_images(frame)]
    across = sum(columns for _, columns in sizes) * wide + (_RESULT + 2 * _GAP + 0.1) * em
    return across, max(rows for rows, _ in sizes) * high + 1.5 * em


def has_images(frame: Frame) -> bool:
    """Tell whether a close-up can be of two images whose numbers may be read."""
    images = factors_as_images(frame)
    return bool(images) and all(grid.size[0] * grid.size[1] <= _LARGEST_IMAGE for _, _, grid in images)


def _as_images(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the row and the column that meet as two images, and the number that they make."""
    images = factors_as_images(frame)
    explained = frame.explained or frame.home
    gap = _GAP * em
    rows, columns = max(g.size[0] for _, _, g in images), sum(g.size[1] for _, _, g in images)
    wide, high = (box.width - _RESULT * em - 2 * gap) / columns, (box.height - 1.4 * em) / rows
    wide, high = min(wide, 1.5 * high), min(high, wide)
    x = box.x + (box.width - wide * columns - 2 * gap - _RESULT * em) / 2
    top = box.y + (box.height - rows * high + 1.2 * em) / 2
    for number, (text, view, grid) in enumerate(images):
        rect = Rect(x, top, wide * grid.size[1], high * grid.size[0])
        if number:
            yield Text(Rect(x - gap, top, gap, rect.height), "⊙", 1.2)
        yield Text(Rect(x, top - 1.2 * em, rect.width, 1.1 * em), text, 0.8, Tone.MUTED)
        yield Heatmap(rect, view, grid)
        x = rect.right + gap
    yield Text(
        Rect(x, top + rows * high / 2 + 1.9 * em, _RESULT * em - 0.4 * em, 1.1 * em),
        "added up",
        0.75,
        Tone.MUTED,
    )
    yield from _result(frame, explained.terms, Rect(x + 0.4 * em, top, _RESULT * em - 0.8 * em, rows * high), em)


def _slots(box: Rect, count: int, em: float) -> list[Rect]:
    """Return rooms for maps beside each other, or below each other in an upright room; none in a small one."""
    if box.width < 5 * em or box.height < 3 * em:
        return []
    most = max(min(count, int(box.width / (6 * em))), 1)
    if box.height < 3 * em * count or (most == count and box.width >= 1.2 * box.height):
        width = box.width / most
        return [Rect(box.x + k * width, box.y, width - 0.5 * em, box.height) for k in range(most)]
    high = box.height / count
    return [Rect(box.x, box.y + k * high, box.width, high - 0.4 * em) for k in range(count)]
