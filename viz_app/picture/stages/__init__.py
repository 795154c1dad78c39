"""One view per kind of operation: pure functions that arrange a frame into a picture.

A stage module names the operations that it draws (``OPS``) and arranges them; ``generic`` draws every other one, too.
"""

from collections.abc import Callable, Iterator, Mapping

from core.ops.base import Op
from viz_app.frame.frame import Frame
from viz_app.picture.elements import Element, Picture, Rect, resized
from viz_app.picture.stages import cellwise, elementwise, generic, loss, pooling, product, reduction, sliding, softmax
from viz_app.picture.stages.header import header, height_of
from viz_app.picture.stages.room import drawn_by, plan_of

Arrange = Callable[[Frame, Rect, float], Iterator[Element]]

_MODULES = (product, cellwise, elementwise, softmax, loss, reduction, sliding, pooling, generic)
STAGES: Mapping[type[Op], Arrange] = {op: module.arrange for module in _MODULES for op in module.OPS}


def arrange(frame: Frame, width: float, height: float, em: float) -> Picture:
    """Arrange the stage of a frame: headline, equation, live numbers, and the operation as maps.

    Parameters
    ----------
    frame : Frame
        What is shown.
    width, height : float
        The size of the picture, in pixels.
    em : float
        The size of the text, in pixels.
    """
    margin = 1.2 * em
    top = Rect(margin, 0.8 * em, width - 2 * margin, height_of(height, em))
    body = Rect(margin, top.bottom + 0.6 * em, top.width, height - top.bottom - 1.4 * em)
    draw = STAGES.get(type(frame.step.op), generic.arrange)
    plan = plan_of(draw, frame, body, em)
    head = (resized(element, 1 / plan.zoom) for element in header(frame, top, em))
    return Picture(width, height, em * plan.zoom, (*head, *drawn_by(plan, draw, frame, body, em)))


_LEAST_TEXT = 14.0
_WIDE, _HIGH = 44.0, 33.0


def text_size(width: float, height: float, em: float) -> float:
    """Return the size of text, up to ``em``, with which the maps keep most of a picture.

    Parameters
    ----------
    width, height : float
        The size of the picture, in pixels.
    em : float
        The size that is asked for, in pixels.
    """
    return min(em, max(min(width / _WIDE, height / _HIGH), _LEAST_TEXT))
