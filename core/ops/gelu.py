"""The Gaussian error linear unit, in its tanh form, and its derivative."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.ops import longhand
from core.ops.activations import Activation, Derivative, logistic
from core.ops.base import Op, Scratch
from core.values import Array, Shape

_GELU_SCALE, _GELU_CUBE = float(np.sqrt(2 / np.pi)), 0.044715
_GELU_TANH = r"\tanh\left(\sqrt{\frac{2}{\pi}} \, \left(# + 0.044715 \, \left(#\right)^{3}\right)\right)"


@dataclass(frozen=True)
class GELU(Activation):
    """Gate a cell by the normal distribution, in its tanh form.

    g(z) = z (1 + tanh(sqrt(2 / pi) (z + 0.044715 z³))) / 2.

    References
    ----------
    Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016); PyTorch's ``approximate="tanh"``.
    """

    title = "GELU"
    says = "Each number times the share of the normal distribution below it, approximated with tanh."
    why = "A smooth relative of ReLU: it bends the line between two products without a kink."
    look = "The curve dips a little below 0 before it rises, so small negative numbers are left in {c}."
    name = "gelu"
    tex = rf"\frac{{1}}{{2}} \, # \, \left(1 + {_GELU_TANH}\right)"
    python = "gelu(#)"
    helpers = (longhand.gelu,)

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        (z,) = arrays
        out = _gate(z, np.empty_like(z) if out is None else out)
        return np.multiply(out, z, out=out)

    def rounds(self, *shapes: Shape) -> bool:
        return True

    def derivative(self) -> Op:
        return GELUDerivative()


@dataclass(frozen=True)
class GELUDerivative(Derivative):
    """Differentiate GELU in its tanh form.

    g'(z) = (1 + t) / 2 + z (1 - t²) sqrt(2 / pi) (1 + 3 * 0.044715 z²) / 2, with t the tanh of GELU.
    """

    title = "Derivative of GELU"
    says = "The slope of GELU, from its argument."
    why = "How fast GELU changes with its argument; its tanh is worked out anew from {a}."
    look = "It is near 0 far to the left and near 1 far to the right; just right of 1 it is a little above 1."
    inplace = False
    tex = (
        r"\frac{1}{2} \, \left(1 + t\right) \, \left(1 + # \, \left(1 - t\right) \, \sqrt{\frac{2}{\pi}} \, "
        rf"\left(1 + 0.134145 \, \left(#\right)^{{2}}\right)\right), \quad t = {_GELU_TANH}"
    )
    python = "gelu_slope(#)"
    helpers = (longhand.gelu_slope,)

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return {"gate": shapes[0], "factor": shapes[0]}

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        (z,) = arrays
        if scratch is None:
            scratch = Scratch.allocate(self.scratch_shapes(z.shape), z.dtype)
        gate, factor = scratch["gate"], scratch["factor"]
        out = np.empty_like(z) if out is None else out
        _gate(z, gate)
        np.subtract(1, gate, out=factor)
        np.multiply(factor, gate, out=factor)  # first what is 0 for a large z, so that no power of z is infinite
        np.multiply(factor, z, out=factor)
        np.multiply(factor, z, out=out)
        np.multiply(out, z, out=out)
        np.multiply(out, 3 * _GELU_CUBE, out=out)
        np.add(out, factor, out=out)
        np.multiply(out, 2 * _GELU_SCALE, out=out)
        return np.add(out, gate, out=out)

    def rounds(self, *shapes: Shape) -> bool:
        return True


def gelu_argument(z: float) -> float:
    """Return what the tanh of GELU is taken of: sqrt(2 / pi) (z + 0.044715 z³)."""
    return _GELU_SCALE * (z + _GELU_CUBE * z * z * z)  # a power of a large number would raise


def _gate(z: Array, out: Array) -> Array:
    """Write (1 + tanh(u)) / 2 as 1 / (1 + exp(-2 u)), which is the same and keeps its digits far below 0."""
    np.multiply(z, z, out=out)
    np.multiply(out, _GELU_CUBE, out=out)
    np.add(out, 1, out=out)
    np.multiply(out, z, out=out)
    np.multiply(out, 2 * _GELU_SCALE, out=out)
    return logistic(out, out)
