"""Cover the result of a step, so that people work it out: a frame that has the covered numbers nowhere. Pure.

Everything that shows a frame shows what is covered as a question: there is no number in it that could be read. What
else a frame tells of the same number goes with it: the equation of the cell, the parameters after their update, the
loss of the iteration, and the ends of the colours. The operands stay: from them the number is worked out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.run.arithmetic import arithmetic
from core.run.record import Series
from core.run.trace import Cursor, Trace
from core.values import Array, Index, Phase, Role, Value
from viz_app.frame.explain import CellDetail, Explained, Focus, home_of
from viz_app.frame.frame import Frame
from viz_app.frame.layers import LayerView
from viz_app.frame.levels import Levels, levels_for
from viz_app.frame.views import MapView, ViewOptions, Views
from viz_app.frame.words.live import live_numbers


class Extent(StrEnum):
    """How much of a result is covered."""

    RESULT = "result"
    CELL = "cell"


Spot = tuple[int, str, Index | None]
"""What is revealed: the iteration, the value, and the cell; ``None`` is all of them."""


@dataclass(frozen=True)
class Cover:
    """What a quiz covers, wherever in the run.

    Parameters
    ----------
    extent : Extent
        The whole result of the step, or the one cell of it that is asked for.
    revealed : frozenset of Spot
        What has been revealed.
    """

    extent: Extent = Extent.RESULT
    revealed: frozenset[Spot] = frozenset()

    def anew(self) -> "Cover":
        """Return the cover with nothing revealed."""
        return replace(self, revealed=frozenset())

    def mask(self, iteration: int, value: Value, asked: Index) -> NDArray[np.bool_] | None:
        """Return which cells of a result are covered, of its shape; ``None`` where none is."""
        if (iteration, value.key, None) in self.revealed:
            return None
        mask = np.full(value.shape, self.extent is Extent.RESULT)
        mask[asked] = True
        for where, key, index in self.revealed:
            if (where, key) == (iteration, value.key) and index is not None:
                mask[index] = False
        return mask if mask.any() else None


@dataclass(frozen=True)
class Question:
    """What is asked of a frame.

    Parameters
    ----------
    cover : Cover
        What is covered anywhere.
    index : tuple of int
        The cell of the result that is asked for.
    asks : bool
        Whether it is covered.
    covers : bool
        Whether any cell is.
    """

    cover: Cover
    index: Index
    asks: bool
    covers: bool


@arithmetic()
def asked_cell(trace: Trace, cursor: Cursor, options: ViewOptions, kept: Focus | None) -> Index:
    """Return the cell of a result that is asked for: kept, walked to, or the first one."""
    trace.run_to(cursor)
    step, cell = trace.program.steps[cursor.step], trace.cell(cursor)
    walked = None if cell is None else Focus(step.output.key, cell)
    return home_of(Views(trace, cursor, options), step, None, kept, walked).index


def covered(frame: Frame, cover: Cover, asked: Index) -> Frame:
    """Return a frame without the numbers that a cover hides.

    Parameters
    ----------
    frame : Frame
        A frame with all numbers.
    cover : Cover
        What is covered.
    asked : tuple of int
        The cell that is asked for.
    """
    mask = cover.mask(frame.cursor.iteration, frame.step.output, asked)
    if mask is None or frame.block is not None:  # steps are asked for, no blocks of them
        return replace(frame, question=Question(cover, asked, asks=False, covers=False))
    result = _without(frame.result, mask)
    before = _subject(frame)
    views = {result.key: result} | ({before.key: _alone(before)} if before is not None else {})
    detail = frame.detail and _detail(frame.detail, views, result, mask)
    loss = frame.phase is Phase.LOSS
    return replace(
        frame,
        question=Question(cover, asked, asks=bool(mask[asked]), covers=True),
        operands=tuple(_swapped(view, views) for view in frame.operands),
        result=result,
        detail=detail,
        live=detail.live if detail else "",
        layers=tuple(_layer(layer, views) for layer in frame.layers),
        parameters=_parameters(frame, before),
        losses=_until(frame.losses, frame.cursor.iteration) if loss else frame.losses,
        judged={kind: _until(series, frame.cursor.iteration) for kind, series in frame.judged.items()}
        if loss
        else frame.judged,
        explained=_explained(frame.explained, mask),
        home=_explained(frame.home, mask) or frame.home,
        curve=replace(frame.curve, points=np.empty((0, 2))) if frame.curve is not None and mask.any() else frame.curve,
    )


def _without(view: MapView, mask: NDArray[np.bool_]) -> MapView:
    """Return a map without the numbers of some cells, in colours that say nothing of them."""
    if view.array is None:
        return view
    array = np.where(mask, np.asarray(np.nan, view.array.dtype), view.array)
    array.flags.writeable = False
    return replace(view, array=array, covered=mask, levels=_levels(view, array))


def _levels(view: MapView, array: Array) -> Levels:
    """Return the ends of colours for the numbers that are left."""
    left = array[np.isfinite(array)]
    low, high = (float(left.min()), float(left.max())) if left.size else (0.0, 0.0)
    return levels_for(view.value.range, low, high)


def _subject(frame: Frame) -> MapView | None:
    """Return the parameter that the step makes anew: its colours are those of the result, too."""
    output = frame.step.output
    if output.role is not Role.UPDATED:
        return None
    return next((view for view in frame.operands if view.key == output.subject), None)


def _alone(view: MapView) -> MapView:
    """Return a map in the colours of its own numbers."""
    return view if view.array is None else replace(view, levels=_levels(view, view.array))


def _swapped(view: MapView, views: Mapping[str, MapView]) -> MapView:
    other = views.get(view.key)
    if other is None or other.key != view.key:
        return view
    return replace(view, array=other.array, covered=other.covered, levels=other.levels)


def _layer(layer: LayerView, views: Mapping[str, MapView]) -> LayerView:
    if all(view.key not in views for view in layer.maps):
        return layer
    return replace(layer, maps=tuple(_swapped(view, views) for view in layer.maps))


def _detail(detail: CellDetail, views: Mapping[str, MapView], result: MapView, mask: NDArray[np.bool_]) -> CellDetail:
    """Return what is told of a cell: of one that is covered how it is made, and not what it is."""
    detail = replace(detail, view=_swapped(detail.view, views))
    index = detail.focus.index
    if detail.focus.key != result.key or not mask[index] or detail.number is None:
        return detail
    live = live_numbers(
        detail.view.name, index, detail.origin, detail.terms, detail.number, detail.term_names, covered=True
    )
    return replace(detail, number=None, terms=None, live=live, covered=True)


def _parameters(frame: Frame, before: MapView | None) -> Mapping[str, Array]:
    if before is None or before.array is None:
        return frame.parameters
    return {**frame.parameters, before.key: before.array}


def _until(series: Series, iteration: int) -> Series:
    """Return the numbers of the iterations before one."""
    return series[: int(np.searchsorted(series.iterations, iteration))]


def _explained(explained: Explained | None, mask: NDArray[np.bool_]) -> Explained | None:
    if explained is None:
        return None
    return replace(explained, covered=bool(mask[explained.index]))
