"""Name the losses, and read what a person writes of one."""

from collections.abc import Mapping
from types import MappingProxyType

from core.ops.losses.base import Loss
from core.ops.losses.distances import AbsoluteError, HuberError, SquaredError
from core.ops.losses.entropies import BinaryCrossEntropy, CrossEntropy
from core.values import Range
from core.wording import suggestion

LOSSES: Mapping[str, type[Loss]] = MappingProxyType(
    {
        "cross_entropy": CrossEntropy,
        "binary_cross_entropy": BinaryCrossEntropy,
        "squared_error": SquaredError,
        "absolute_error": AbsoluteError,
        "huber_error": HuberError,
    }
)
"""The losses by the name that a person types."""


def parse_loss(text: str) -> Loss:
    """Return the loss that a person wrote: its name, and for the Huber error its limit after a colon.

    Raises
    ------
    ValueError
        If it is none; the message says what would be.
    """
    name, (_, colon, limit) = loss_name(text), text.partition(":")
    kind = LOSSES.get(name)
    if kind is None:
        raise ValueError(f"expected a loss among {', '.join(LOSSES)}; got {text!r}{suggestion(name, LOSSES)}")
    if not colon:
        return kind()
    if kind is not HuberError:
        raise ValueError(f"expected {name} without a number after it; got {text!r}")
    try:
        number = float(limit)
    except ValueError:
        raise ValueError(f"expected a number after the colon, such as huber_error:0.5; got {text!r}") from None
    return HuberError(number)


def loss_name(text: str) -> str:
    """Return the name of the loss that a person wrote, without its number."""
    return text.partition(":")[0].strip()


def suiting(span: Range) -> tuple[str, ...]:
    """Return the names of the losses that outputs of a range can have."""
    return tuple(name for name, op in LOSSES.items() if span is Range.PROBABILITY or not op.of_probabilities)
