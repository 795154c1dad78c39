"""Measure how far the output is from the target, sample by sample."""

from core.ops.losses.base import Loss
from core.ops.losses.distances import AbsoluteError, HuberError, SquaredError
from core.ops.losses.entropies import BinaryCrossEntropy, BinaryEntropySlope, CrossEntropy, TargetRatio
from core.ops.losses.named import LOSSES, loss_name, parse_loss, suiting

__all__ = [
    "LOSSES",
    "AbsoluteError",
    "BinaryCrossEntropy",
    "BinaryEntropySlope",
    "CrossEntropy",
    "HuberError",
    "Loss",
    "SquaredError",
    "TargetRatio",
    "loss_name",
    "parse_loss",
    "suiting",
]
