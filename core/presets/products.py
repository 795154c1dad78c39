"""Experiments with products: stacks of matrices."""

import numpy as np

from core.backward import differentiate
from core.builder import Builder
from core.experiment import Experiment
from core.ops.linear import MatMul
from core.options import Options
from core.preset import Preset
from core.program import Program
from core.values import AxisKind, Role, axes_of

_A = np.array([[[1, 2], [3, 4]], [[0, 1], [1, 0]], [[2, -1], [0, 3]]], np.float64)
_B = np.array([[[5, 6, 1], [7, 8, 0]], [[1, 2, 3], [4, 5, 6]], [[1, 0, -1], [2, 1, 0]]], np.float64)
_GRADIENT = np.array([[[1, 0, 0], [0, 0, 1]], [[1, 1, 1], [0, 0, 0]], [[0, 1, 0], [1, 0, -1]]], np.float64)


def batched_product(options: Options) -> Experiment:
    """Multiply two stacks of three matrices slice by slice, and send a gradient back through the product.

    The first slice holds a well-known example: (1 2; 3 4) · (5 6; 7 8) = (19 22; 43 50).
    """
    arrays = {"a": _A, "b": _B, "grad_c": _GRADIENT}
    return Experiment("batched-product", _product_program(), {}, options, data=lambda samples: arrays)


def _product_program() -> Program:
    """C = A · B with shapes (n, m, p) · (n, p, q), and backwards from a given dL/dC."""
    builder = Builder()
    axes = axes_of(AxisKind.SLICE, AxisKind.ROW, AxisKind.COLUMN)
    a = builder.input("a", _A.shape, Role.INPUT, symbol="A", axes=axes)
    b = builder.input("b", _B.shape, Role.INPUT, symbol="B", axes=axes)
    with builder.layer("batched product"):
        scope = builder.scope
        c = builder.append(MatMul(), (a, b), "c", role=Role.OUT, scope=scope, symbol="C")
    gradient = builder.input("grad_c", c.shape, Role.GRADIENT, subject="c", scope=scope, axes=c.axes)
    gradients = differentiate(builder, c, [a, b], seed=gradient)
    builder.gradients = {value.key: gradient.key for value, gradient in gradients.items()}
    return builder.build(output="c")


PRODUCT_PRESETS = (
    Preset(
        "batched-product",
        "Stacks of matrices",
        "Three products at once, (n, m, p) · (n, p, q), and the gradients of both factors.",
        batched_product,
    ),
)
