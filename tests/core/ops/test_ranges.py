"""What an operation says of the signs of its numbers, by which their colours are chosen."""

import numpy as np

from core.ops.activations import Activation
from core.ops.base import REGISTRY, Op
from core.values import Array, Range


def _says_so(op: Op, numbers: Array) -> bool:
    """Tell whether an operation says of numbers that none is below 0, if and only if that is so."""
    return (op.output_range(Range.SIGNED) is not Range.SIGNED) == bool((numbers >= 0).all())


def test_activations_and_their_slopes_say_whether_they_can_be_negative():
    z = np.linspace(-6, 6, 241)
    kinds = [kind for kind in REGISTRY.values() if issubclass(kind, Activation)]
    assert len(kinds) >= 5
    for kind in kinds:
        op = kind()
        out = op.compute(z.copy())
        assert _says_so(op, out), op.title
        slope = op.derivative()
        assert _says_so(slope, slope.compute((out if op.from_output else z).copy())), slope.title
