"""Use the room of a stage by priority: numbers of the current cell first, then legends, then words.

A stage is tried with whole maps, then with a close-up of the current cell below them, then with excerpts of the maps
around that cell, largest first; where even those have no room, the close-up stands alone. What is left over is used to
draw all of it larger.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from math import inf, prod

from viz_app.frame.per_program import PerProgram
from viz_app.picture.elements import Element, Heatmap, Rect, Stroke
from viz_app.picture.grid import Listed
from viz_app.picture.legible import LEAST, cell_wanted
from viz_app.picture.stages import closeup
from viz_app.picture.stages.drawing import Drawing
from viz_app.picture.stages.excerpts import MOST_TERMS, Limits, is_excerpt
from viz_app.picture.stages.judging import fits, tells
from viz_app.picture.stages.plans import Plan

_LIMITS = (40, 28, 20, 14, 10, 8, 6, 5, 4, 3)
ZOOMS = (5.6, 4.8, 4.0, 3.4, 2.9, 2.5, 2.15, 1.85, 1.6, 1.4, 1.25, 1.12)
_USED = 0.62
"""The share of the width or of the height that a stage fills at least, where larger cells can do it."""
_POINTED_AT = 0.5
"""The least side of a cell that is worth to be seen without its number, in em."""
_SLIVER = 0.45
"""A side below which whole maps above a close-up tell less than small ones beside it, in em."""
_SEVERAL = 6
"""A close-up is not drawn larger at the cost of more terms than that."""
_LARGEST_CLOSEUP = 1.25
_LARGES = (1.25, 1.6, 2.0, 2.5, 3.1)
"""How much larger than usual a close-up is drawn below maps that leave room."""
_AS_HIGH = 1.2
"""The height of a row of such a close-up, in heights of the cells of the maps, at most."""
_HALF = 0.5
"""The share of the height below which maps leave room for a close-up that is not needed."""
_WIDE, _HIGH = 44.0, 26.0
"""So many sizes of text go at least into the width and the height of a picture that is drawn larger."""
_NEARLY = 0.9
"""Cells that keep this share of their width are about as large as before."""
_WORTH = 1.1
"""How much larger cells make it worth to draw all of a stage larger."""
_HIGHER = 1.6
"""How much larger all of a stage is drawn that would leave half of the height free, at most."""
_MANY = 16
"""So many columns of an excerpt are drawn at least where larger cells would fit."""
_SHORT = 3
"""The characters of two figures, with their sign."""
_SMALL = 128
"""Maps of more cells are seen as a whole, like images."""
_MOST_OF = 0.4
"""An excerpt of such a share of the lines of each map tells more than whole maps without numbers above a close-up."""
_MOST_KEPT = 2000


class Stage(Drawing):
    """A stage that is to be arranged: chooses the plan that uses its room best."""

    def plan(self) -> Plan:
        """Return the plan with which the numbers of the current cell can be read, and the most of all else is seen."""
        first = None
        for plan in self._plans():
            if not self.serves(plan):
                continue
            first = first or plan
            filling = next((one for one in _enlarged(plan) if self.fills(one) and self.serves(one)), None)
            if filling is not None:
                return self._finished(filling)
        return self._finished(first or Plan(alone=True))

    def _finished(self, plan: Plan) -> Plan:
        """Return a plan that uses what it leaves free: for a close-up, for larger maps, for a larger close-up."""
        return self._clearer(
            self._with_larger_closeup(self._grown_up(self._higher(self._with_closeup(self._with_fewer(plan)))))
        )

    def _grown_up(self, plan: Plan) -> Plan:
        """Return a plan drawn larger as long as the cells of its maps grow by it, and text leaves them their share."""
        if plan.alone:
            return plan
        found = plan
        for zoom in (zoom for zoom in reversed(ZOOMS) if plan.zoom < zoom <= self._most):
            larger = replace(plan, zoom=zoom)
            if _shrinks(self.cells(plan), self.cells(larger)) or not self.serves(larger):
                break
            if prod(self.least_cell(larger)) > _WORTH * prod(self.least_cell(found)):
                found = larger
        return found

    def _with_closeup(self, plan: Plan) -> Plan:
        """Return a plan with a large close-up below its maps, where these leave room for it."""
        if plan.alone or self.extent(plan)[1] >= _HALF * self.boxes[1].height:
            return plan
        large = replace(plan, strip=True, terse=False, large=_LARGES[1])
        tried = (replace(large, zoom=zoom) for zoom in (plan.zoom, *(z for z in ZOOMS if z < plan.zoom), 1.0))
        return next((one for one in tried if self.serves(one) and self._keeps_cells(one, plan)), plan)

    def _higher(self, plan: Plan) -> Plan:
        """Return a plan drawn larger where its maps would use under half of the height."""
        if plan.alone or self.extent(plan)[1] >= _HALF * self.boxes[1].height:
            return plan
        larger = (replace(plan, zoom=zoom) for zoom in ZOOMS if plan.zoom < zoom <= plan.zoom * _HIGHER)
        return next((one for one in larger if self.serves(one) and self._keeps_cells(one, plan)), plan)

    @property
    def _most(self) -> float:
        """How much larger text may be so that it leaves the maps their share."""
        box = self.boxes[1]
        return min((box.width + 2 * box.x) / _WIDE, box.bottom / _HIGH) / self.em

    def _with_fewer(self, plan: Plan) -> Plan:
        """Return an excerpt of fewer and larger cells, where it would use under half of the height."""
        for zoom in (zoom for zoom in reversed(ZOOMS) if plan.limits and plan.zoom < zoom <= self._most):
            if self.extent(plan)[1] >= _HALF * self.boxes[1].height:
                break
            larger = next(self._excerpts(zoom), None)
            if larger is None or not self._has_many(larger):
                break
            plan = larger
        return plan

    def _has_many(self, plan: Plan) -> bool:
        """Tell whether enough columns of an excerpt are drawn for a person to see a pattern."""
        maps = [e for e in self.main(plan) if isinstance(e, Heatmap) and is_excerpt(e.grid)]
        return bool(maps) and max(m.grid.size[1] for m in maps) >= _MANY

    def _with_larger_closeup(self, plan: Plan) -> Plan:
        """Return a plan with a larger close-up, where the maps leave room for it and it loses no term by it."""
        if not plan.strip:
            return plan
        high, now = self.least_cell(plan)[1], max(plan.large, plan.zoom)
        most = min(self._most, _AS_HIGH * high / (closeup.ROW * self.em))
        for large in (large for large in _LARGES if now < large <= most):
            larger = replace(plan, large=large)
            if _shrinks(self.cells(plan), self.cells(larger), 1.0) or not self._loses_nothing(larger, plan):
                break
            if not self.serves(larger):
                break
            plan = larger
        return plan

    def _keeps_cells(self, plan: Plan, other: Plan) -> bool:
        """Tell whether the cells of a plan are about as wide as those of another one, and not much lower.

        What is outlined there, as the window that slides over an image is, must be outlined here, too.
        """
        if _strokes(self.main(plan)) < _strokes(self.main(other)):
            return False
        (wide, high), (usual, usual_high) = self.least_cell(plan), self.least_cell(other)
        return wide >= _NEARLY * usual and high >= 0.6 * usual_high

    def _clearer(self, plan: Plan) -> Plan:
        """Return a close-up drawn larger, where it loses nothing by it."""
        if not plan.alone or plan.images:
            return plan
        larger = (replace(plan, zoom=zoom) for zoom in ZOOMS if plan.zoom < zoom <= _LARGEST_CLOSEUP)
        return next(
            (one for one in larger if self.serves(one) and self._loses_nothing(one, replace(one, zoom=1.0))), plan
        )

    def lowered(self, by: float, plan: Plan) -> "Stage":
        """Return a stage whose room begins lower by some pixels, if a plan has room there, too; else this one."""
        one, other = (Rect(box.x, box.y + by, box.width, box.height - by) for box in self.boxes)
        lower = Stage(self.draw, self.frame, (one, other), self.em)
        if not lower.serves(plan) or _shrinks(self.cells(plan), lower.cells(plan)):
            return self
        return self if self.fills(plan) and not self._is_filled(*lower.extent(plan)) else lower

    def fills(self, plan: Plan) -> bool:
        """Tell whether the maps of a plan take most of the width or of the height."""
        return self._is_filled(*self.extent(plan))

    def _is_filled(self, wide: float, high: float) -> bool:
        """Tell whether maps of a size take most of the width or of the height."""
        box = self.boxes[1]
        return wide >= _USED * (box.width + 2 * box.x) or high >= _USED * self.boxes[1].height

    def serves(self, plan: Plan) -> bool:
        """Tell whether a plan tells of the current cell, and has the room for what it draws."""
        main = self.main(plan)
        if not tells(main, self.frame, self.em * plan.zoom, self.characters):
            return False
        return fits((*main, *self.overviews(plan)), self.box(plan))

    def _plans(self) -> Iterator[Plan]:
        yield Plan()
        yield Plan(terse=True)
        if closeup.has_images(self.frame):
            yield Plan(alone=True, images=True)
        excerpts = list(self._excerpts())
        if self._seen_well():
            yield from (plan for plan in excerpts if not self._has_short_numbers() and self._shows_most(plan))
            yield Plan(strip=True)
        yield from excerpts
        if self._seen_well(_SLIVER, LEAST):
            yield Plan(strip=True)
        yield Plan(alone=True)
        yield Plan(strip=True)

    def _excerpts(self, zoom: float = 1.0) -> Iterator[Plan]:
        """Yield excerpts as large as there is room for; nothing where the maps of a stage are always drawn whole."""
        least = Plan(Limits(*(_LIMITS[-1:] * 3)), zoom=zoom)
        if any(isinstance(e, Heatmap) and is_excerpt(e.grid) for e in self.main(least)) and self.serves(least):
            best = _first(_LIMITS, lambda n: self.serves(Plan(Limits(n, n, n), zoom=zoom))) or _LIMITS[-1]
            yield self._grown(Plan(Limits(best, best, best), zoom=zoom))

    def _has_short_numbers(self) -> bool:
        """Tell whether the cells of whole maps, above a close-up, have room for two figures."""
        wide, high = self.least_cell(Plan(strip=True))
        least = cell_wanted(self.em, _SHORT)
        return wide >= least[0] and high >= least[1]

    def _shows_most(self, plan: Plan) -> bool:
        """Tell whether excerpts show every term of the current cell, and nearly half of the lines of each small map."""
        main = self.main(plan)
        if not tells(main, self.frame, self.em * plan.zoom, self.characters, MOST_TERMS):
            return False
        parts = [e for e in main if isinstance(e, Heatmap) and is_excerpt(e.grid)]
        sizes = [(m.grid.size, self.whole_of(m.map).size) for m in parts]
        if any(prod(whole) > _SMALL for _, whole in sizes):
            return False
        return all(drawn >= _MOST_OF * whole for pair in sizes for drawn, whole in zip(*pair, strict=True))

    def _grown(self, plan: Plan) -> Plan:
        """Return excerpts with more columns, terms or rows, as far as there is room."""
        for name in ("columns", "terms", "rows"):
            more = [n for n in _LIMITS if n > getattr(plan.limits, name)]
            best = _first(more, partial(self._serves_with, plan, name))
            plan = plan if best is None else _with(plan, name, best)
        return plan

    def _serves_with(self, plan: Plan, name: str, lines: int) -> bool:
        return self.serves(_with(plan, name, lines))

    def _seen_well(self, least: float = _POINTED_AT, enough: float = inf) -> bool:
        """Tell whether the cells of whole maps, above a close-up, have sides of so many em, or of ``enough`` pixels."""
        maps = [m for m in self.maps(Plan(strip=True)) if not m.compact]
        sides = [min(m.rect.width / m.grid.size[1], m.rect.height / m.grid.size[0]) for m in maps]
        return min(sides, default=0.0) >= min(least * self.em, enough)

    def _loses_nothing(self, plan: Plan, other: Plan) -> bool:
        """Tell whether a larger close-up has as many maps as a smaller one, and still several terms."""
        larger, usual = ([e for e in self.main(one) if isinstance(e, Heatmap)] for one in (plan, other))
        columns = [max(m.grid.size[1] for m in maps if isinstance(m.grid, Listed)) for maps in (usual, larger)]
        return len(usual) == len(larger) and columns[1] >= min(columns[0], _SEVERAL)


_kept: PerProgram[Plan] = PerProgram(_MOST_KEPT)


def plan_of(stage: Stage) -> Plan:
    """Return the plan of a stage; kept, because it depends on shapes and room alone, and takes many tries."""
    frame = stage.frame
    options = frame.options.sample, frame.options.channel
    room = frame.step.number, frame.inside, options, stage.boxes, stage.em, stage.characters
    return _kept.get(frame.program, room, stage.plan)


def _shrinks(
    before: Sequence[tuple[float, float]], after: Sequence[tuple[float, float]], share: float = _NEARLY
) -> bool:
    """Tell whether the cells of a map become narrower or lower than a share of what they were, or a map is missing."""
    if len(after) < len(before):
        return True
    pairs = zip(before, after, strict=False)
    return any(wide < share * usual or high < share * low for (usual, low), (wide, high) in pairs)


def _with(plan: Plan, name: str, lines: int) -> Plan:
    """Return an excerpt with another number of rows, columns or terms."""
    assert plan.limits is not None
    return replace(plan, limits=replace(plan.limits, **{name: lines}))


def _strokes(elements: Iterable[Element]) -> int:
    return sum(isinstance(element, Stroke) for element in elements)


def _enlarged(plan: Plan) -> Iterator[Plan]:
    """Yield a plan, and drawn larger and larger, so that text is not larger than it has to be."""
    return (replace(plan, zoom=zoom) for zoom in (1.0, *reversed(ZOOMS)))


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
