"""Keep gradients from growing: clip each number, or scale all of them by one factor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.builder import Builder
from core.ops.base import Op, Purpose
from core.ops.elementwise import Add, Divide, Scale
from core.ops.limits import Clip, Shift
from core.ops.powers import Sqrt, Square
from core.ops.sums import Sum
from core.optimizers.base import check_positive
from core.values import Range, Role, Value

_TINY = 1e-6
"""What PyTorch adds to the norm, so that nothing is divided by 0."""


@dataclass(frozen=True)
class Clipping:
    """How gradients are kept from growing.

    Parameters
    ----------
    value : float or None
        Each number is brought between minus this and this.
    norm : float or None
        All gradients together are scaled so that the root of the sum of their squares is at most this; after
        ``value``.

    Raises
    ------
    ValueError
        If a limit is not positive.

    References
    ----------
    Pascanu, Mikolov and Bengio, "On the Difficulty of Training Recurrent Neural Networks" (2013), algorithm 1.
    """

    value: float | None = None
    norm: float | None = None

    def __post_init__(self) -> None:
        """Check the limits."""
        for name, limit in (("clipping value", self.value), ("clipping norm", self.norm)):
            if limit is not None:
                check_positive(name, limit)

    def apply(self, builder: Builder, gradients: Mapping[Value, Value]) -> Mapping[Value, Value]:
        """Append the clipping of the gradients, by parameter, and return what they have become."""
        if self.value is not None:
            limit = builder.hyperparameter("clip_value", self.value, r"c_{\mathrm{value}}")
            gradients = {p: _step(builder, "clipped", p, Clip(), (limit, g), _CLIPPED) for p, g in gradients.items()}
        if self.norm is not None and gradients:
            factor = _factor(builder, gradients, self.norm)
            gradients = {p: _step(builder, "scaled", p, Scale(), (factor, g), _SCALED) for p, g in gradients.items()}
        return gradients


def _factor(builder: Builder, gradients: Mapping[Value, Value], norm: float) -> Value:
    """Append min(1, c / norm), with the norm of all gradients together."""
    totals = []
    for parameter, gradient in gradients.items():
        squared = _step(builder, "squares", parameter, Square(), (gradient,), _SQUARES)
        totals.append(_step(builder, "total", parameter, Sum(), (squared,), _TOTAL))
    limit = builder.hyperparameter("clip_norm", norm, r"c_{\mathrm{norm}}")
    one, tiny = builder.constant("one", 1.0, "1"), builder.constant("tiny", _TINY, r"10^{-6}")
    about: dict[str, Any] = {"range": Range.NON_NEGATIVE}
    every = totals[0]
    for total in totals[1:]:
        every = builder.apply(Add(), every, total, key=builder.free_key("squares"), purpose=_ALL, **about)
    length = builder.apply(Sqrt(), every, key="norm", purpose=_NORM, **about)
    length = builder.apply(Shift(), tiny, length, key="norm_plus", purpose=_TINY_ADDED, **about)
    ratio = builder.apply(Divide(), limit, length, key="norm_ratio", purpose=_RATIO, **about)
    return builder.apply(Clip(), one, ratio, key="norm_factor", purpose=_FACTOR, **about)


def _step(builder: Builder, name: str, parameter: Value, op: Op, inputs: tuple[Value, ...], purpose: Purpose) -> Value:
    about: dict[str, Any] = {
        "scope": parameter.scope,
        "subject": parameter.key,
        "role": Role.INTERMEDIATE,
        "name": name,
    }
    return builder.append(op, inputs, f"{name}_{parameter.key}", purpose=purpose, **about)


_CLIPPED = Purpose(
    "No number of the gradient may be larger than the limit, whatever its sign.",
    why="A single huge gradient, of an odd sample perhaps, could throw the weights far away.",
    look="Cells of {b} beyond the limit {a} have become it.",
)
_SCALED = Purpose(
    "All gradients are scaled by one factor: they keep their direction.",
    why="Gradients that are too long are shortened together, so that the step keeps its direction.",
    look="The pattern of {c} is that of {b}; where {a} is 1 nothing changes.",
)
_SQUARES = Purpose(
    "The squares of this gradient, for the norm of all.",
    why="The length of all gradients together is the root of the sum of all squares.",
    look="No cell of {c} is negative.",
)
_TOTAL = Purpose(
    "What this gradient adds to the square of the norm.",
    why="Each parameter adds its own part to the square of the length.",
    look="Compare the parameters: one of them may make most of it.",
)
_ALL = Purpose(
    "The norm is that of all gradients together.",
    why="The limit is for all gradients together, not for each by itself.",
    look="One of the two often makes most of {c}.",
)
_NORM = Purpose(
    "The norm: the root of the sum of all squares.",
    why="The root turns the sum of squares into a length that can be compared with the limit.",
    look="Watch it from iteration to iteration: a sudden jump is what clipping is for.",
)
_TINY_ADDED = Purpose(
    "A tiny number is added, so that nothing is divided by 0.",
    why="Were all gradients 0, the limit would be divided by 0.",
    look="{c} can hardly be told from {b}.",
)
_RATIO = Purpose(
    "The limit over the norm: below 1 where the gradients are too long.",
    why="The ratio says by how much the gradients would have to shrink to fit.",
    look="Above 1 they are short enough.",
)
_FACTOR = Purpose(
    "Gradients that are short enough stay as they are: the factor is at most 1.",
    why="Gradients are shortened where they are too long, and never made longer.",
    look="A factor of 1 means that nothing is clipped.",
)
