"""Name the values of a program: what each is called, its shape, and the part it plays."""

from dataclasses import dataclass
from enum import StrEnum
from numbers import Integral

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
DTYPES = ("float32", "float64")
"""What programs are run in."""
Index = tuple[int, ...]
Shape = tuple[int, ...]


def is_whole(number: object) -> bool:
    """Tell whether this is a whole number; ``True`` and ``2.0`` are none."""
    return isinstance(number, Integral) and not isinstance(number, bool)


class Phase(StrEnum):
    """The part of a training iteration that a step belongs to."""

    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"


class Role(StrEnum):
    """The part that a value plays in the network."""

    INPUT = "input"
    TARGET = "target"
    WEIGHT = "weight"
    BIAS = "bias"
    CONSTANT = "constant"
    SUM = "weighted sum"
    NET = "net"
    OUT = "out"
    LOSS = "loss"
    DERIVATIVE = "derivative"
    DELTA = "delta"
    GRADIENT = "gradient"
    CHANGE = "change"
    UPDATED = "updated parameter"
    INTERMEDIATE = "intermediate"


class Range(StrEnum):
    """Which numbers a value can hold; it decides the colour map, and never the numbers."""

    SIGNED = "signed"
    NON_NEGATIVE = "non-negative"
    PROBABILITY = "probability"


@dataclass(frozen=True, slots=True)
class Value:
    """One named array of a program, written exactly once.

    Parameters
    ----------
    key : str
        The unique name, as the field writes it: ``x``, ``w_1``, ``net_1``, ``delta_1``, ``grad_w_1``.
    shape : tuple of int
        The array's shape; ``()`` is a scalar.
    role : Role
        The part it plays.
    layer : int or None
        The number of the layer it belongs to, from 1; ``None`` for the loss and for constants.
    range : Range
        Which numbers it can hold.
    subject : str or None
        For a gradient, a change or an updated parameter: the key of the value that it is about.
    row_image, column_image : tuple of int or None
        The height and width of the image that a row (or a column) of this matrix is, where it is one.
    axis_names : tuple or None
        For each axis the names of its positions (class names, tokens), or ``None``.
    symbol : str or None
        TeX that the notation writes for this value instead of what its role says.
    """

    key: str
    shape: Shape
    role: Role = Role.INTERMEDIATE
    layer: int | None = None
    range: Range = Range.SIGNED
    subject: str | None = None
    row_image: Shape | None = None
    column_image: Shape | None = None
    axis_names: tuple[tuple[str, ...] | None, ...] | None = None
    symbol: str | None = None
