"""Draw operations that take the same cell of each map: Hadamard products, sums, differences, the update, the mask."""

from collections.abc import Iterator

from core.ops.elementwise import Add, Binary, Divide, Equal, Hadamard, Scale, Subtract
from core.ops.limits import Shift
from core.ops.linear import AddBias
from core.ops.losses import TargetRatio
from core.ops.mask import CausalMask
from core.ops.windows.channels import AddChannelBias
from viz_app.frame.frame import Frame
from viz_app.picture.elements import Element, Rect
from viz_app.picture.stages.equation import equation
from viz_app.picture.stages.figures import grid_of

OPS = (Hadamard, Add, Subtract, Divide, Equal, TargetRatio, Scale, Shift, AddBias, AddChannelBias, CausalMask)

_SIGNS = {Scale: r"\times", Shift: "+", AddBias: "+", AddChannelBias: "+", CausalMask: r"\to"}


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the operands and the result as an equation."""
    op = frame.step.op
    between = op.tex if isinstance(op, Binary) else _SIGNS[type(op)]
    operands = frame.operands[::-1] if isinstance(op, Shift) else frame.operands  # as in the formula
    parts = [(view, grid_of(frame, view)) for view in (*operands, frame.result)]
    answer = r"\to" if between == "=" else "="  # whether they are equal is asked, and the answer follows
    yield from equation(parts, (between, answer), box, em)
