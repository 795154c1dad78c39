"""Use the room of a stage by priority: numbers of the current cell first, then legends, then words.

A stage is tried with whole maps, then with a close-up of the current cell below them, then with excerpts of the maps
around that cell, largest first; where even those have no room, the close-up stands alone. What is left over is used to
draw all of it larger.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np

from viz_app.frame.frame import Frame, MapView
from viz_app.frame.per_program import PerProgram
from viz_app.picture.elements import Element, Formula, Heatmap, Legend, Rect, Stroke, Text, rect_of, resized
from viz_app.picture.grid import Grid, Listed
from viz_app.picture.legible import is_legible
from viz_app.picture.stages import closeup
from viz_app.picture.stages.excerpts import Limits, excerpted, is_excerpt, largest_terms, located, overviews
from viz_app.picture.stages.figures import grid_of

Draw = Callable[[Frame, Rect, float], Iterator[Element]]

_FEWEST = 3
"""So many of the largest terms can be read at least."""
_LIMITS = (40, 28, 20, 14, 10, 8, 6, 5, 4, 3)
_ZOOMS = (4.0, 3.4, 2.9, 2.5, 2.15, 1.85, 1.6, 1.4, 1.25, 1.12)
_USED = 0.62
"""The share of the width or of the height that a stage fills at least, where larger cells can do it."""
_POINTED_AT = 0.5
"""The least side of a cell that is worth to be seen without its number, in em."""
_SLIVER = 0.2
"""A side below which whole maps above a close-up tell less than small ones beside it, in em."""
_GAP = 0.5
_SEVERAL = 6
"""A close-up is not drawn larger at the cost of more terms than that."""
_LARGEST_CLOSEUP = 1.25
_LARGE = 1.6
"""How much larger than the maps a close-up is drawn below them where they leave room."""
_HALF = 0.5
"""The share of the height below which maps leave room for a close-up that is not needed."""
_HIGHER = 1.6
"""How much larger all of a stage is drawn that would leave half of the height free, at most."""
_MOST_KEPT = 2000


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
    images : bool
        Whether it is of two images.
    terse : bool
        Whether the header leaves out the live numbers; it does where a close-up shows them.
    large : bool
        Whether the close-up below the maps is drawn larger than they are.
    zoom : float
        How much larger than usual all of it is drawn.
    """

    limits: Limits | None = None
    strip: bool = False
    alone: bool = False
    images: bool = False
    terse: bool = False
    large: bool = False
    zoom: float = 1.0

    @property
    def live(self) -> bool:
        """Whether the header writes the numbers of a cell."""
        return not (self.strip or self.alone or self.terse)


@dataclass(frozen=True, eq=False)
class Stage:
    """A stage that is to be arranged.

    Parameters
    ----------
    draw : callable
        Draws whole maps, or excerpts.
    frame : Frame
        What is shown.
    boxes : tuple of Rect
        The room below a header with the live numbers, and below one without.
    em : float
        The size of the text, in pixels.
    """

    draw: Draw
    frame: Frame
    boxes: tuple[Rect, Rect]
    em: float
    _drawn: dict[Plan, tuple[Element, ...]] = field(default_factory=dict)

    @cached_property
    def characters(self) -> int:
        """How many characters the number of the current cell and those of its terms may take."""
        return closeup.characters_of(self.frame)

    def box(self, plan: Plan) -> Rect:
        """Return the room of a plan."""
        return self.boxes[0 if plan.live else 1]

    def elements(self, plan: Plan) -> tuple[Element, ...]:
        """Return what a plan draws."""
        return (*self._main(plan), *self._overviews(plan))

    def plan(self) -> Plan:
        """Return the plan with which the numbers of the current cell can be read, and the most of all else is seen."""
        first = None
        for plan in self._plans():
            if not self.serves(plan):
                continue
            first = first or plan
            filling = next((one for one in _enlarged(plan) if self.fills(one) and self.serves(one)), None)
            if filling is not None:
                return self._clearer(self._higher(self._with_closeup(filling)))
        return self._clearer(self._higher(self._with_closeup(first or Plan(alone=True))))

    def _with_closeup(self, plan: Plan) -> Plan:
        """Return a plan with a large close-up below its maps, where these leave room for it."""
        if plan.alone or plan.limits or self._extent(plan)[1] >= _HALF * self.boxes[1].height:
            return plan
        large = replace(plan, strip=True, terse=False, large=True)
        tried = (replace(large, zoom=zoom) for zoom in (plan.zoom, *(z for z in _ZOOMS if z < plan.zoom), 1.0))
        return next((one for one in tried if self.serves(one) and self._keeps_cells(one, plan)), plan)

    def _higher(self, plan: Plan) -> Plan:
        """Return a plan drawn larger where its maps would use under half of the height."""
        if plan.alone or self._extent(plan)[1] >= _HALF * self.boxes[1].height:
            return plan
        larger = (replace(plan, zoom=zoom) for zoom in _ZOOMS if plan.zoom < zoom <= plan.zoom * _HIGHER)
        return next((one for one in larger if self.serves(one) and self._keeps_cells(one, plan)), plan)

    def _keeps_cells(self, plan: Plan, other: Plan) -> bool:
        """Tell whether the cells of a plan are about as wide as those of another one, and not much lower.

        What is outlined there, as the window that slides over an image is, must be outlined here, too.
        """
        if _strokes(self._main(plan)) < _strokes(self._main(other)):
            return False
        (wide, high), (usual, usual_high) = self._least_cell(plan), self._least_cell(other)
        return wide >= 0.9 * usual and high >= 0.6 * usual_high

    def _least_cell(self, plan: Plan) -> tuple[float, float]:
        """Return the least width and height of the cells of the maps of a plan, in pixels."""
        keys = {view.key for view in (*self.frame.operands, self.frame.result)}
        maps = [e for e in self._main(plan) if isinstance(e, Heatmap) and e.map.key in keys]
        maps = [m for m in maps if not m.compact and not isinstance(m.grid, Listed)]
        rects = [(m.rect.width / m.grid.size[1], m.rect.height / m.grid.size[0]) for m in maps]
        return min((wide for wide, _ in rects), default=0.0), min((high for _, high in rects), default=0.0)

    def _clearer(self, plan: Plan) -> Plan:
        """Return a close-up drawn larger, where it loses nothing by it."""
        if not plan.alone or plan.images:
            return plan
        larger = (replace(plan, zoom=zoom) for zoom in _ZOOMS if plan.zoom < zoom <= _LARGEST_CLOSEUP)
        return next((one for one in larger if self.serves(one) and self._loses_nothing(one)), plan)

    def fills(self, plan: Plan) -> bool:
        """Tell whether the maps of a plan take most of the width or of the height."""
        box, (wide, high) = self.box(plan), self._extent(plan)
        return wide >= _USED * (box.width + 2 * box.x) or high >= _USED * self.boxes[1].height

    def _extent(self, plan: Plan) -> tuple[float, float]:
        """Return the width and the height that the maps of a plan take."""
        rects = [rect_of(e) for e in self.elements(plan) if isinstance(e, (Heatmap, Legend, Stroke))]
        return max(r.right for r in rects) - min(r.x for r in rects), max(r.bottom for r in rects) - min(
            r.y for r in rects
        )

    def serves(self, plan: Plan) -> bool:
        """Tell whether a plan tells of the current cell, and has the room for what it draws."""
        main = self._main(plan)
        if not tells(main, self.frame, self.em * plan.zoom, self.characters):
            return False
        return fits((*main, *self._overviews(plan)), self.box(plan))

    def _plans(self) -> Iterator[Plan]:
        yield Plan()
        yield Plan(terse=True)
        if closeup.has_images(self.frame):
            yield Plan(alone=True, images=True)
        if self._seen_well():
            yield Plan(strip=True)
        yield from self._excerpts()
        if self._seen_well(_SLIVER):
            yield Plan(strip=True)
        yield Plan(alone=True)
        yield Plan(strip=True)

    def _excerpts(self) -> Iterator[Plan]:
        """Yield excerpts as large as there is room for; nothing where the maps of a stage are always drawn whole."""
        least = Plan(Limits(*(_LIMITS[-1:] * 3)))
        if any(isinstance(e, Heatmap) and is_excerpt(e.grid) for e in self._main(least)) and self.serves(least):
            best = _first(_LIMITS, lambda n: self.serves(Plan(Limits(n, n, n)))) or _LIMITS[-1]
            yield self._grown(Limits(best, best, best))

    def _grown(self, limits: Limits) -> Plan:
        """Return excerpts with more columns, terms or rows, as far as there is room."""
        for name in ("columns", "terms", "rows"):
            more = [n for n in _LIMITS if n > getattr(limits, name)]
            best = _first(more, partial(self._serves_with, limits, name))
            limits = limits if best is None else replace(limits, **{name: best})
        return Plan(limits)

    def _serves_with(self, limits: Limits, name: str, lines: int) -> bool:
        return self.serves(Plan(replace(limits, **{name: lines})))

    def _seen_well(self, least: float = _POINTED_AT) -> bool:
        """Tell whether the cells of whole maps, above a close-up, have sides of so many em."""
        keys = {view.key for view in (*self.frame.operands, self.frame.result)}
        maps = [e for e in self._main(Plan(strip=True)) if isinstance(e, Heatmap) and not e.compact]
        sides = [min(m.rect.width / m.grid.size[1], m.rect.height / m.grid.size[0]) for m in maps if m.map.key in keys]
        return min(sides, default=0.0) >= least * self.em

    def _loses_nothing(self, plan: Plan) -> bool:
        """Tell whether a larger close-up has as many maps, and still several terms."""
        usual, larger = (
            [e for e in self._main(one) if isinstance(e, Heatmap)] for one in (replace(plan, zoom=1.0), plan)
        )
        columns = [max(m.grid.size[1] for m in maps if isinstance(m.grid, Listed)) for maps in (usual, larger)]
        return len(usual) == len(larger) and columns[1] >= min(columns[0], _SEVERAL)

    def _main(self, plan: Plan) -> tuple[Element, ...]:
        """Return what a plan draws but the overviews."""
        if plan not in self._drawn:
            self._drawn[plan] = self._draw_main(plan)
        return self._drawn[plan]

    def _draw_main(self, plan: Plan) -> tuple[Element, ...]:
        em, box = self.em * plan.zoom, self.box(plan)
        frame = located(self.frame)
        if plan.alone:
            return tuple(closeup.alone(frame, box, em, images=plan.images))
        if plan.strip:
            factor = max(_LARGE / plan.zoom, 1.0) if plan.large else 1.0
            high = closeup.height_of(self.frame, factor * em)
            maps = Rect(box.x, box.y, box.width, box.height - high - _GAP * em)
            strip = Rect(box.x, box.bottom - high, box.width, high)
            cells = (resized(element, factor) for element in closeup.closeup(frame, strip, factor * em))
            return (*self.draw(frame, maps, em), *cells)
        if plan.limits is None:
            return tuple(self.draw(self.frame, box, em))
        return tuple(self.draw(excerpted(frame, plan.limits), self._shares(plan)[0], em))

    def _overviews(self, plan: Plan) -> Iterator[Element]:
        if plan.limits is not None:
            keys = {view.key for view in (*self.frame.operands, self.frame.result)}
            maps = [e for e in self._main(plan) if isinstance(e, Heatmap) and e.map.key in keys]
            yield from overviews(maps, self._whole_of, self._shares(plan)[1], self.em * plan.zoom)

    def _whole_of(self, view: MapView) -> Grid:
        """Return the grid of a map that is drawn in part elsewhere."""
        return grid_of(self.frame, replace(view, excerpt=None))

    def _shares(self, plan: Plan) -> tuple[Rect, Rect]:
        """Return the room of excerpts, and that of the overviews beside or below them."""
        em, box = self.em * plan.zoom, self.box(plan)
        if box.width > 1.3 * box.height:
            side = min(10 * em, 0.2 * box.width)
            rest = Rect(box.x, box.y, box.width - side, box.height)
            return rest, Rect(rest.right, box.y, side, box.height)
        side = min(9 * em, 0.22 * box.height)
        rest = Rect(box.x, box.y, box.width, box.height - side)
        return rest, Rect(box.x, rest.bottom, box.width, side)


_kept: PerProgram[Plan] = PerProgram(_MOST_KEPT)


def plan_of(stage: Stage) -> Plan:
    """Return the plan of a stage; kept, because it depends on shapes and room alone, and takes many tries."""
    frame = stage.frame
    options = frame.options.sample, frame.options.channel
    room = frame.step.number, frame.inside, options, stage.boxes, stage.em, stage.characters
    return _kept.get(frame.program, room, stage.plan)


def _strokes(elements: Iterable[Element]) -> int:
    return sum(isinstance(element, Stroke) for element in elements)


def _enlarged(plan: Plan) -> Iterator[Plan]:
    """Yield a plan, and drawn larger and larger, so that text is not larger than it has to be."""
    return (replace(plan, zoom=zoom) for zoom in (1.0, *reversed(_ZOOMS)))


def _first(limits: Sequence[int], serves: Callable[[int], bool]) -> int | None:
    """Return the largest limit that serves; they fall, and what serves does so for all that are smaller."""
    low, high = 0, len(limits)
    while low < high:
        middle = (low + high) // 2
        if serves(limits[middle]):
            high = middle
        else:
            low = middle + 1
    return limits[low] if low < len(limits) else None


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


def tells(elements: Sequence[Element], frame: Frame, em: float, characters: int) -> bool:
    """Tell whether the number of the current cell and those of its largest terms can be read."""
    maps = [e for e in elements if isinstance(e, Heatmap)]
    legible = [m for m in maps if is_legible(m, em, characters)]
    result = any(isinstance(e, Text) and e.result for e in elements) or _shows(
        legible, frame.result.key, frame.home.index
    )
    if not result:
        return False
    made_up = [m for m in maps if m.terms]
    if made_up:
        return all(is_legible(m, em, characters) for m in made_up)
    cells = {cell for term in largest_terms(frame.home.terms, _FEWEST) for cell in term.cells}
    return all(_shows(legible, frame.operands[i].key, index) for i, index in cells)


def _shows(maps: Sequence[Heatmap], key: str, index: tuple[int, ...]) -> bool:
    cell = np.array([index], dtype=np.intp).reshape(1, len(index))
    return any(m.map.key == key and len(m.grid.places(cell)) for m in maps)
