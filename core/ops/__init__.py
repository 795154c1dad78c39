"""The primitive operations, one family a file; importing this package fills the registry."""

from core.ops import (
    activations,
    channels,
    conv,
    elementwise,
    gelu,
    linear,
    losses,
    mask,
    parts,
    pool,
    reduce,
    shape,
    softmax,
)
from core.ops.base import REGISTRY, Op, ShapeError

__all__ = [
    "REGISTRY",
    "Op",
    "ShapeError",
    "activations",
    "channels",
    "conv",
    "elementwise",
    "gelu",
    "linear",
    "losses",
    "mask",
    "parts",
    "pool",
    "reduce",
    "shape",
    "softmax",
]
