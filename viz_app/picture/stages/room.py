"""Use the room of a stage by priority: numbers of the current cell first, then legends, then words.

A stage is tried with whole maps, then with a close-up of the current cell below them, then with excerpts of the maps
around that cell, largest first; where even those have no room, the close-up stands alone. What is left over is used to
draw all of it larger.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from viz_app.frame.frame import Frame
from viz_app.picture.elements import Element, Formula, Heatmap, Legend, Rect, Text, rect_of
from viz_app.picture.legible import is_legible
from viz_app.picture.stages import closeup
from viz_app.picture.stages.excerpts import Limits, excerpted, largest_terms, overviews

Draw = Callable[[Frame, Rect, float], Iterator[Element]]

_FEWEST = 3
"""So many of the largest terms can be read at least."""
_LIMITS = (40, 28, 20, 14, 10, 8, 6, 5, 4, 3)
_ZOOMS = (2.6, 2.2, 1.8, 1.5, 1.25, 1.1)
_USED = 0.62
"""The share of the width or of the height that a stage fills at least, where larger cells can do it."""
_POINTED_AT = 0.5
"""The least side of a cell that is worth to be seen without its number, in em."""
_GAP = 0.5


@dataclass(frozen=True)
class Plan:
    """How the room is used.

    Parameters
    ----------
    limits : Limits or None
        The size of excerpts; ``None`` draws whole maps.
    strip : bool
        Whether a close-up of the current cell stands below the maps.
    alone : bool
        Whether the close-up takes the room of the maps.
    zoom : float
        How much larger than usual all of it is drawn.
    """

    limits: Limits | None = None
    strip: bool = False
    alone: bool = False
    zoom: float = 1.0


def drawn_by(plan: Plan, draw: Draw, frame: Frame, box: Rect, em: float) -> tuple[Element, ...]:
    """Return the elements of a plan."""
    em *= plan.zoom
    if plan.alone:
        return tuple(closeup.alone(frame, box, em))
    if plan.strip:
        high = closeup.height_of(frame, em)
        strip = Rect(box.x, box.bottom - high, box.width, high)
        box = Rect(box.x, box.y, box.width, box.height - high - _GAP * em)
        return (*_maps(plan, draw, frame, box, em), *closeup.closeup(frame, strip, em))
    return _maps(plan, draw, frame, box, em)


def _maps(plan: Plan, draw: Draw, frame: Frame, box: Rect, em: float) -> tuple[Element, ...]:
    if plan.limits is None:
        return tuple(draw(frame, box, em))
    frame = excerpted(frame, plan.limits)
    wide = box.width > 1.3 * box.height
    side = min(10 * em, 0.2 * box.width) if wide else min(9 * em, 0.22 * box.height)
    rest = Rect(box.x, box.y, box.width - side * wide, box.height - side * (not wide))
    area = Rect(rest.right, box.y, side, box.height) if wide else Rect(box.x, rest.bottom, box.width, side)
    elements = tuple(draw(frame, rest, em))
    return (*elements, *overviews([e for e in elements if isinstance(e, Heatmap)], area, em))


def plan_of(draw: Draw, frame: Frame, box: Rect, em: float) -> Plan:
    """Return the plan with which the numbers of the current cell can be read, and most of everything else is seen."""
    plan = next((plan for plan in _plans(draw, frame, box, em) if _serves(plan, draw, frame, box, em)), Plan(alone=True))
    if _fills(drawn_by(plan, draw, frame, box, em), box):
        return plan
    larger = (replace(plan, zoom=zoom) for zoom in _ZOOMS)
    return next((one for one in larger if _serves(one, draw, frame, box, em)), plan)


def _plans(draw: Draw, frame: Frame, box: Rect, em: float) -> Iterator[Plan]:
    yield Plan()
    if _seen_well(draw, frame, box, em):
        yield Plan(strip=True)
    best = next((n for n in _LIMITS if _serves(Plan(Limits(n, n, n)), draw, frame, box, em)), None)
    if best is not None:
        yield _grown(Limits(best, best, best), draw, frame, box, em)
    yield Plan(strip=True)


def _grown(limits: Limits, draw: Draw, frame: Frame, box: Rect, em: float) -> Plan:
    """Return excerpts with more columns, terms or rows, as far as there is room."""
    for name in ("columns", "terms", "rows"):
        for more in _LIMITS:
            if more <= getattr(limits, name):
                break
            larger = replace(limits, **{name: more})
            if _serves(Plan(larger), draw, frame, box, em):
                limits = larger
                break
    return Plan(limits)


def _seen_well(draw: Draw, frame: Frame, box: Rect, em: float) -> bool:
    """Tell whether the cells of whole maps, above a close-up, can be pointed at."""
    keys = {view.key for view in (*frame.operands, frame.result)}
    maps = [e for e in drawn_by(Plan(strip=True), draw, frame, box, em) if isinstance(e, Heatmap) and not e.compact]
    sides = [
        min(m.rect.width / m.grid.size[1], m.rect.height / m.grid.size[0]) for m in maps if m.map.key in keys
    ]
    return min(sides, default=0.0) >= _POINTED_AT * em


def _serves(plan: Plan, draw: Draw, frame: Frame, box: Rect, em: float) -> bool:
    elements = drawn_by(plan, draw, frame, box, em)
    return fits(elements, box) and tells(elements, frame, em * plan.zoom)


def fits(elements: Sequence[Element], box: Rect) -> bool:
    """Tell whether all elements lie within a box, and no map, text or legend covers another one."""
    rects = [rect_of(e) for e in elements]
    edges = np.array([(r.x, r.y, r.right, r.bottom) for r in rects])
    outer = np.array([box.x - 1, box.y - 1, -box.right - 1, -box.bottom - 1])
    if not len(edges) or (edges[:, :2] < outer[:2]).any() or (-edges[:, 2:] < outer[2:]).any():
        return False
    solid = edges[[isinstance(e, (Heatmap, Text, Formula, Legend)) for e in elements]]
    if (solid[:, 2] - solid[:, 0] <= 0).any() or (solid[:, 3] - solid[:, 1] <= 0).any():
        return False
    low = np.maximum(solid[:, None, :2], solid[None, :, :2])
    high = np.minimum(solid[:, None, 2:], solid[None, :, 2:])
    shared = (high - low > 0.5).all(axis=-1)
    np.fill_diagonal(shared, False)
    return not bool(shared.any())


def tells(elements: Sequence[Element], frame: Frame, em: float) -> bool:
    """Tell whether the number of the current cell and those of its largest terms can be read."""
    maps = [e for e in elements if isinstance(e, Heatmap)]
    legible = [m for m in maps if is_legible(m, em)]
    result = any(isinstance(e, Text) and e.result for e in elements) or _shows(legible, frame.result.key, frame.home.index)
    if not result:
        return False
    made_up = [m for m in maps if m.terms]
    if made_up:
        return all(is_legible(m, em) for m in made_up)
    cells = {cell for term in largest_terms(frame.home.terms, _FEWEST) for cell in term.cells}
    return all(_shows(legible, frame.operands[i].key, index) for i, index in cells)


def _shows(maps: Sequence[Heatmap], key: str, index: tuple[int, ...]) -> bool:
    cell = np.array([index], dtype=np.intp).reshape(1, len(index))
    return any(m.map.key == key and len(m.grid.places(cell)) for m in maps)


def _fills(elements: Sequence[Element], box: Rect) -> bool:
    rects = [rect_of(e) for e in elements]
    wide = max(r.right for r in rects) - min(r.x for r in rects)
    high = max(r.bottom for r in rects) - min(r.y for r in rects)
    return wide >= _USED * box.width or high >= _USED * box.height
