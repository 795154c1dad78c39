"""Keep weights small: what a penalty on them adds to their gradients."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.builder import Builder
from core.ops.base import Op, Purpose
from core.ops.elementwise import Add, Scale
from core.ops.limits import Sign
from core.optimizers.base import check_not_negative
from core.values import Role, Value


@dataclass(frozen=True)
class Penalties:
    """Penalties on the size of weights, as they act on the gradients; biases are left alone.

    The loss that is shown is that of the data: a penalty is not added to it, only its gradient to theirs.

    Parameters
    ----------
    l1 : float
        lambda_1 of the penalty lambda_1 sum |w|, whose gradient is lambda_1 sign(w); 0 is none.
    l2 : float
        lambda_2 of the penalty lambda_2 / 2 sum w², whose gradient is lambda_2 w; 0 is none.

    Raises
    ------
    ValueError
        If a factor is negative.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 7.1.
    """

    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        """Check the factors."""
        check_not_negative("factor of the L1 penalty", self.l1)
        check_not_negative("factor of the L2 penalty", self.l2)

    def apply(self, builder: Builder, gradients: Mapping[Value, Value]) -> Mapping[Value, Value]:
        """Append what the penalties add to the gradients, by parameter, and return the sums."""
        return {parameter: self._penalised(builder, parameter, gradient) for parameter, gradient in gradients.items()}

    def _penalised(self, builder: Builder, parameter: Value, gradient: Value) -> Value:
        if parameter.role is not Role.WEIGHT:
            return gradient
        if self.l2:
            factor = builder.hyperparameter("lambda_2", self.l2, r"\lambda_{2}")
            pull = _step(builder, "pull", parameter, Scale(), (factor, parameter), _PULL)
            gradient = _step(builder, "penalised", parameter, Add(), (gradient, pull), _PENALISED)
        if self.l1:
            factor = builder.hyperparameter("lambda_1", self.l1, r"\lambda_{1}")
            sign = _step(builder, "sign", parameter, Sign(), (parameter,), _SIGN)
            push = _step(builder, "push", parameter, Scale(), (factor, sign), _PUSH)
            gradient = _step(builder, "sparse", parameter, Add(), (gradient, push), _PENALISED)
        return gradient


def _step(builder: Builder, name: str, parameter: Value, op: Op, inputs: tuple[Value, ...], purpose: Purpose) -> Value:
    about: dict[str, Any] = {"scope": parameter.scope, "axes": parameter.axes, "subject": parameter.key, "name": name}
    return builder.append(op, inputs, f"{name}_{parameter.key}", purpose=purpose, **about)


_PULL = Purpose(
    "The L2 penalty pulls each weight towards 0 in proportion to its size.",
    why="The penalty is half of {a} times each weight squared; its slope is {a} times the weight.",
    look="The pattern of {c} is that of {b}: large weights are pulled most.",
)
_SIGN = Purpose(
    "The L1 penalty asks only on which side of 0 a weight is.",
    why="The size of a weight counts as itself here, so its slope is 1 or −1, whatever the size.",
    look="{c} holds nothing but −1, 0 and 1.",
)
_PUSH = Purpose(
    "The L1 penalty pushes every weight towards 0 by the same amount.",
    why="A push of the same size for all drives small weights to 0 for good: so weights become sparse.",
    look="All cells have the same size; only the signs differ.",
)
_PENALISED = Purpose(
    "The gradient of the loss, and what the penalty on the weights adds to it.",
    why="The gradient of a sum is the sum of the gradients, so the slope of the penalty is added to that of the loss.",
    look="Where the loss hardly cares, the penalty decides.",
)
