"""Take the sine and the cosine of every cell."""

from dataclasses import dataclass

import numpy as np

from core.ops.base import GradientBuilder, Gradients, Step
from core.ops.elementwise import Hadamard, Scale
from core.ops.unary import Unary
from core.values import Array, Value


@dataclass(frozen=True)
class Sine(Unary):
    """Take the sine of every cell, in radians.

    c = sin(a).

    Derivative: dL/da = dL/dc ⊙ cos(a).
    """

    title = "Sine"
    says = "The sine of every cell: a wave between −1 and 1."
    why = "A wave answers again and again: numbers that are 2π apart look the same in {c}."
    look = "Follow {a} upwards: {c} rises up to π/2, falls up to 3π/2, and begins anew after 2π."
    inplace = True
    tex = r"\sin\left(#\right)"
    python = "np.sin(#)"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.sin(arrays[0], out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (a,) = step.inputs
        assert delta is not None
        if not build.wants(a):
            return {}
        slope = build.intermediate("cosine", Cosine(), a, about=a)
        return {a: build.gradient(a, Hadamard(), delta, slope)}


@dataclass(frozen=True)
class Cosine(Unary):
    """Take the cosine of every cell, in radians.

    c = cos(a).

    Derivative: dL/da = -dL/dc ⊙ sin(a).
    """

    title = "Cosine"
    says = "The cosine of every cell: the slope of the sine in the same place."
    why = "The cosine is the slope of the sine: 1 where that rises fastest, 0 at its crests."
    look = "Where {c} is near 0, a small change of {a} changes its sine hardly at all."
    inplace = True
    tex = r"\cos\left(#\right)"
    python = "np.cos(#)"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.cos(arrays[0], out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (a,) = step.inputs
        assert delta is not None
        if not build.wants(a):
            return {}
        sine = build.intermediate("sine", Sine(), a, about=a)
        product = build.intermediate("cosine_delta", Hadamard(), delta, sine, about=a)
        return {a: build.gradient(a, Scale(), build.constant("minus_one", -1.0, "-1"), product)}
