"""The primitive operations, one family a file; importing this package fills the registry."""

from core.ops import (
    activations,
    elementwise,
    gelu,
    limits,
    linear,
    losses,
    mask,
    periodic,
    reduce,
    shape,
    slices,
    softmax,
    windows,
)
from core.ops.base import REGISTRY, Op, ShapeError

__all__ = [
    "REGISTRY",
    "Op",
    "ShapeError",
    "activations",
    "elementwise",
    "gelu",
    "limits",
    "linear",
    "losses",
    "mask",
    "periodic",
    "reduce",
    "shape",
    "slices",
    "softmax",
    "windows",
]
