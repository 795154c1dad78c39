"""One view per kind of operation: pure functions that arrange a frame into a picture.

A stage module names the operations that it draws (``OPS``) and arranges them; ``generic`` draws every other one, too.
"""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from core.ops.base import Op
from core.run.arithmetic import arithmetic
from viz_app.frame.frame import Frame
from viz_app.frame.parts import Part
from viz_app.frame.words.writing import written
from viz_app.picture.elements import Element, Picture, Rect, rect_of, resized, thickened
from viz_app.picture.stages import (
    block,
    cellwise,
    choosing,
    cutting,
    elementwise,
    generic,
    loss,
    patching,
    pooling,
    product,
    reduction,
    sliding,
    softmax,
)
from viz_app.picture.stages.header import EQUATION, header, height_of, lacking, saved
from viz_app.picture.stages.plans import Plan
from viz_app.picture.stages.room import ZOOMS, Stage, plan_of

Arrange = Callable[[Frame, Rect, float], Iterator[Element]]

_MODULES = (
    generic,  # the others come after it: what they draw, too, is theirs
    product,
    cellwise,
    elementwise,
    softmax,
    loss,
    reduction,
    sliding,
    pooling,
    choosing,
    cutting,
    patching,
)
STAGES: Mapping[type[Op], Arrange] = {op: module.arrange for module in _MODULES for op in module.OPS}


def arrange(frame: Frame, width: float, height: float, em: float, *, titled: bool = True) -> Picture:
    """Arrange the stage of a frame: headline, equation, live numbers, and the operation as maps, as far as it has them.

    Parameters
    ----------
    frame : Frame
        What is shown.
    width, height : float
        The size of the picture, in pixels.
    em : float
        The size of the text, in pixels.
    titled : bool
        Whether the phase, the operation and the place stand above; where the picture is on a page that has them, not.
    """
    margin = 1.2 * em
    parts = frame.options.parts if titled else frame.options.parts - {Part.TITLE}
    if Part.STAGE not in parts:
        return _words(frame, width, height, em, parts)
    tops, boxes = [], []
    for live in (Part.NUMBERS in parts, False):
        top = Rect(margin, 0.8 * em, width - 2 * margin, height_of(height, em, live=live))
        end = top.bottom - saved(top.height, em, parts)
        tops.append(top)
        boxes.append(Rect(margin, end + 0.6 * em, top.width, height - end - 1.4 * em))
    draw = STAGES.get(type(frame.step.op), generic.arrange)
    with arithmetic(), written(frame.options.writing):
        if frame.block is not None:
            plain = not (frame.live or frame.warning)
            drawn = (*header(frame, tops[plain], em, parts), *block.arrange(frame, boxes[plain], em))
            return Picture(width, height, em, drawn, frame.options.writing)
        stage = Stage(draw, frame, (boxes[0], boxes[1]), em)
        plan = plan_of(stage)
        most = min(_LARGER, width / _WIDE / em, height / _HIGH / em)
        stage, plan, largest = _below_equation(stage, plan, tops[not plan.live], parts, most)
        top = tops[not plan.live]
        spare = _spare(stage, plan) + stage.boxes[not plan.live].y - boxes[not plan.live].y
        largest = max(largest, _grown(frame, top, em, parts, most, spare))
        head = header(frame, top, em, parts, largest, spare)
        head = (resized(one, 1 / plan.zoom) for one in head)
        body = (thickened(one, max(em / _LEAST_TEXT, 1.0)) for one in stage.elements(plan))
        return Picture(width, height, em * plan.zoom, (*head, *body), frame.options.writing)


def _below_equation(
    stage: Stage, plan: Plan, top: Rect, parts: AbstractSet[Part], most: float
) -> tuple[Stage, Plan, float]:
    """Return a stage that leaves its equation room, how it is drawn, and the largest type of the equation, in em.

    Maps whose numbers fit all the same give the room; those that are drawn larger than usual may be a little less so.
    """
    found = None
    for zoom in (plan.zoom, *(zoom for zoom in ZOOMS if _LESS * plan.zoom <= zoom < plan.zoom)):
        one = replace(plan, zoom=zoom)
        if found and not stage.fills(one):
            break
        largest = EQUATION * max(min(zoom, most), 1.0)
        lacks = lacking(stage.frame, top, stage.em, parts, largest) - _spare(stage, one)
        lower = stage.lowered(lacks, one) if lacks > 0 else stage
        found = found or (lower, one, largest)
        if lacks <= 0 or lower is not stage:
            return lower, one, largest
    assert found is not None
    return found


def _grown(frame: Frame, top: Rect, em: float, parts: AbstractSet[Part], most: float, spare: float) -> float:
    """Return how large the type of an equation can be in what its maps leave free, in em; it stays apart from them."""
    sizes = (EQUATION * most * share for share in _SHARES if most * share > 1)
    room = max(spare - _CLEAR * em, 0.0)
    return next((size for size in sizes if lacking(frame, top, em, parts, size) <= room), 0.0)


def _spare(stage: Stage, plan: Plan) -> float:
    """Return what is free between the top of a stage's room and what stands highest in it, in pixels."""
    highest = min(rect_of(element).y for element in stage.elements(plan))
    return max(highest - stage.boxes[not plan.live].y, 0.0)


def _words(frame: Frame, width: float, height: float, em: float, parts: AbstractSet[Part]) -> Picture:
    """Arrange what is left without the maps: the formula takes the room."""
    box = Rect(1.2 * em, 0.8 * em, width - 2.4 * em, height - 1.6 * em)
    with written(frame.options.writing):
        return Picture(width, height, em, tuple(header(frame, box, em, parts, _LARGEST)), frame.options.writing)


_LARGEST = 4.5
"""The size of a formula that stands alone, in em."""
_LARGER = 1.8
"""How much larger than usual an equation is at most above maps that are drawn larger, where there is room for it."""
_SHARES = (1.0, 0.94, 0.88, 0.83, 0.78, 0.73, 0.69, 0.65, 0.61, 0.57)
"""The shares of its largest size that an equation is tried with where its maps leave room for it."""
_CLEAR = 1.2
"""How much of that stays free between the two, in em."""
_LESS = 0.6
"""How much less than they could be maps are drawn larger at least, so that their equation has room."""
_LEAST_TEXT = 14.0
_WIDE, _HIGH = 44.0, 26.0
_USUAL = 1300.0, 900.0
_GROWTH = 0.6
"""The size of a picture, in pixels, from which on text grows with it, and the power with which it does."""


def text_size(width: float, height: float, em: float) -> float:
    """Return the size of text: ``em``, more in a large picture, less in a small one, where the maps keep most of it.

    Parameters
    ----------
    width, height : float
        The size of the picture, in pixels.
    em : float
        The size that is asked for, in pixels.
    """
    grown: float = em * max(min(width / _USUAL[0], height / _USUAL[1]), 1.0) ** _GROWTH
    return min(grown, max(min(width / _WIDE, height / _HIGH), min(em, _LEAST_TEXT)))
