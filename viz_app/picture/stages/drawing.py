"""Draw a plan of a stage: whole maps or parts of them, a close-up below or alone, and the wholes beside parts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from viz_app.frame.frame import Frame, MapView
from viz_app.picture.elements import Element, Heatmap, Legend, Rect, Stroke, moved, rect_of, resized
from viz_app.picture.grid import Grid, Listed
from viz_app.picture.stages import closeup
from viz_app.picture.stages.excerpts import excerpted, located
from viz_app.picture.stages.figures import grid_of
from viz_app.picture.stages.overviews import overviews
from viz_app.picture.stages.plans import Plan

Draw = Callable[[Frame, Rect, float], Iterator[Element]]

_GAP = 0.5
_APART = 0.6
"""How far the overviews keep from the maps beside them, in em, besides their own margin."""
_SHARE = 0.4
"""The share of the free height that is above maps, and between them and a close-up; the rest is below it."""
_ROOMY = 20.0
"""A stage of less height, in em, has nothing to leave free."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """A stage, and what each plan draws of it.

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
        return (*self.main(plan), *self.overviews(plan))

    def main(self, plan: Plan) -> tuple[Element, ...]:
        """Return what a plan draws but the overviews."""
        if plan not in self._drawn:
            self._drawn[plan] = self._draw_main(plan)
        return self._drawn[plan]

    def maps(self, plan: Plan) -> list[Heatmap]:
        """Return the maps of the operands and of the result that a plan draws, but for the overviews."""
        keys = {view.key for view in (*self.frame.operands, self.frame.result)}
        return [e for e in self.main(plan) if isinstance(e, Heatmap) and e.map.key in keys]

    def _draw_main(self, plan: Plan) -> tuple[Element, ...]:
        em, box = self.em * plan.zoom, self.box(plan)
        frame = located(self.frame)
        if plan.alone:
            return tuple(closeup.alone(frame, box, em, images=plan.images))
        if plan.limits is not None:
            maps = tuple(self.draw(excerpted(frame, plan.limits), self._shares(plan)[0], em))
        else:
            maps = tuple(self.draw(frame if plan.strip else self.frame, self._above(plan), em))
        if not plan.strip:
            return maps
        factor, top = self._factor(plan), self._above(plan).bottom + _GAP * em
        strip = Rect(box.x, top, box.width, box.bottom - top)
        cells = (resized(element, factor) for element in closeup.closeup(frame, strip, factor * em))
        return _spread(maps, tuple(cells), box, strip, _SHARE if box.height > _ROOMY * em else 0.5)

    def _above(self, plan: Plan) -> Rect:
        """Return the room of the maps of a plan: all of it, or what is above a close-up."""
        em, box = self.em * plan.zoom, self.box(plan)
        if not plan.strip:
            return box
        high = closeup.height_of(self.frame, self._factor(plan) * em)
        return Rect(box.x, box.y, box.width, box.height - high - _GAP * em)

    def _factor(self, plan: Plan) -> float:
        """Return how much larger than its maps the close-up of a plan is drawn."""
        return max(plan.large / plan.zoom, 1.0)

    def overviews(self, plan: Plan) -> Iterator[Element]:
        """Yield the wholes of the maps that a plan draws in part."""
        if plan.limits is not None:
            yield from overviews(self.maps(plan), self.whole_of, self._shares(plan)[1], self.em * plan.zoom)

    def whole_of(self, view: MapView) -> Grid:
        """Return the grid of a map that is drawn in part elsewhere."""
        return grid_of(self.frame, replace(view, excerpt=None))

    def _shares(self, plan: Plan) -> tuple[Rect, Rect]:
        """Return the room of excerpts, and that of the overviews beside or below them."""
        em, box = self.em * plan.zoom, self._above(plan)
        if box.width > 1.3 * self.box(plan).height:
            side = min(10 * em, 0.2 * box.width)
            rest = Rect(box.x, box.y, box.width - side - _APART * em, box.height)
            return rest, Rect(box.right - side, box.y, side, box.height)
        side = min(9 * em, 0.22 * box.height)
        rest = Rect(box.x, box.y, box.width, box.height - side)
        return rest, Rect(box.x, rest.bottom, box.width, side)

    def least_cell(self, plan: Plan) -> tuple[float, float]:
        """Return the least width and height of the cells of the maps of a plan, in pixels."""
        cells = self.cells(plan)
        return min((wide for wide, _ in cells), default=0.0), min((high for _, high in cells), default=0.0)

    def cells(self, plan: Plan) -> list[tuple[float, float]]:
        """Return the width and height of a cell of each map of a plan, in pixels."""
        maps = [m for m in self.maps(plan) if not m.compact and not isinstance(m.grid, Listed)]
        return [(m.rect.width / m.grid.size[1], m.rect.height / m.grid.size[0]) for m in maps]

    def extent(self, plan: Plan) -> tuple[float, float]:
        """Return the width and the height that the maps of a plan take."""
        rects = [rect_of(e) for e in self.elements(plan) if isinstance(e, (Heatmap, Legend, Stroke))]
        wide = max(r.right for r in rects) - min(r.x for r in rects)
        high = max(r.bottom for r in rects) - min(r.y for r in rects)
        return wide, high


def _spread(
    maps: Sequence[Element], cells: Sequence[Element], box: Rect, strip: Rect, share: float
) -> tuple[Element, ...]:
    """Return maps and the close-up below them, with shares of what is free above, between, and the rest below them."""
    rects = [rect_of(element) for element in maps]
    top, bottom = min(rect.y for rect in rects), max(rect.bottom for rect in rects)
    free = max(top - box.y + strip.y - bottom, 0.0)
    higher = (moved(element, 0, box.y + share * free - top) for element in maps)
    return (*higher, *(moved(element, 0, (2 * share - 1) * free) for element in cells))
