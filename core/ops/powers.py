"""Raise cells to a power, take their exponential and their logarithm."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.ops import way_back
from core.ops.base import Example, GradientBuilder, Gradients, Step
from core.ops.elementwise import Divide, Hadamard, Scale
from core.ops.unary import Unary
from core.values import Array, Range, Value


@dataclass(frozen=True)
class Square(Unary):
    """Square every cell.

    c = a ⊙ a.

    Derivative: dL/da = 2 dL/dc ⊙ a.
    """

    title = "Square"
    says = "Every cell times itself."
    why = "A square is large where a number is far from 0, on whichever side."
    look = "No cell of {c} is negative; cells of {a} below 1 in size get smaller, the others larger."
    inplace = True
    tex = r"\left(#\right)^{2}"
    python = "#**2"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.multiply(arrays[0], arrays[0], out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (a,) = step.inputs
        assert delta is not None
        if not build.wants(a):
            return {}
        product = build.intermediate("square_delta", Hadamard(), delta, a, about=a, purpose=way_back.TIMES_SQUARED)
        two = build.constant("two", 2.0, "2")
        return {a: build.gradient(a, Scale(), two, product, purpose=way_back.TWICE)}

    def output_range(self, *ranges: Range) -> Range:
        return Range.NON_NEGATIVE


@dataclass(frozen=True)
class Sqrt(Unary):
    """Take the square root of every cell.

    c = sqrt(a).

    Derivative: dL/da = dL/dc / (2 c).
    """

    title = "Square root"
    says = "The square root of every cell."
    why = "The root undoes a square: {c} is in the units that were squared on the way to {a}."
    look = "Small cells grow, large ones shrink: the cells of {c} are closer to each other than those of {a}."
    inplace = True
    tex = r"\sqrt{#}"
    python = "np.sqrt(#)"
    domain = "positive"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.sqrt(arrays[0], out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (a,) = step.inputs
        assert delta is not None
        if not build.wants(a):
            return {}
        quotient = build.intermediate("sqrt_delta", Divide(), delta, step.output, about=a, purpose=way_back.OVER_ROOT)
        half = build.constant("half", 0.5, r"\frac{1}{2}")
        return {a: build.gradient(a, Scale(), half, quotient, purpose=way_back.HALF)}

    def output_range(self, *ranges: Range) -> Range:
        return Range.NON_NEGATIVE


@dataclass(frozen=True)
class Power(Unary):
    """Raise every cell to one power.

    c = a^p.

    Derivative: dL/da = p dL/dc ⊙ a^(p - 1).

    Parameters
    ----------
    exponent : float
        p.
    """

    exponent: float = 3.0

    title = "Power"
    why = "A power stretches large numbers and shrinks small ones, or the other way round where {c} is a root."
    look = "Follow the curve: where it is steep, a small change of {a} changes {c} most."
    inplace = True

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((2, 3),))
        yield Example(cls(-0.5), ((2, 2),), ("positive",))

    def sentence(self, *names: str) -> str:
        return f"Every cell to the power of {self.exponent:g}.".replace("-", "−").replace(".5", "½").replace("0½", "½")

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.power(arrays[0], self.exponent, out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (a,) = step.inputs
        assert delta is not None
        if not build.wants(a):
            return {}
        lower = build.intermediate("power_slope", Power(self.exponent - 1), a, about=a)
        product = build.intermediate("power_delta", Hadamard(), delta, lower, about=a)
        exponent = build.constant(f"exponent_{step.number}", self.exponent, f"{self.exponent:g}")
        return {a: build.gradient(a, Scale(), exponent, product)}

    def equation(self, *symbols: str) -> str:
        return rf"\left({symbols[0]}\right)^{{{self.exponent:g}}}"

    def source(self, *names: str) -> str:
        return f"np.power({names[0]}, {self.exponent!r})"

    def output_range(self, *ranges: Range) -> Range:
        even = self.exponent % 2 == 0
        return Range.NON_NEGATIVE if even or ranges[0] is not Range.SIGNED else Range.SIGNED


@dataclass(frozen=True)
class Exponential(Unary):
    """Take the exponential of every cell.

    c = exp(a).

    Derivative: dL/da = dL/dc ⊙ c.
    """

    title = "Exponential"
    says = "The exponential of every cell: always positive."
    why = "It makes any number positive, and turns a sum into a product."
    look = "Where {a} is 0, {c} is 1; a little more in {a} is many times as much in {c}."
    inplace = True
    tex = r"e^{#}"
    python = "np.exp(#)"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.exp(arrays[0], out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (a,) = step.inputs
        assert delta is not None
        return {a: build.gradient(a, Hadamard(), delta, step.output)} if build.wants(a) else {}

    def output_range(self, *ranges: Range) -> Range:
        return Range.NON_NEGATIVE


@dataclass(frozen=True)
class Logarithm(Unary):
    """Take the natural logarithm of every cell; that of 0 is minus infinity, that of a negative number is none.

    c = ln(a).

    Derivative: dL/da = dL/dc / a.
    """

    title = "Logarithm"
    says = "The natural logarithm of every cell."
    why = "It turns a product into a sum, and tells how many times as large numbers are."
    look = "Where {a} is 1, {c} is 0; below 1 it is negative, and falls ever faster towards 0."
    inplace = True
    tex = r"\ln \left(#\right)"
    python = "np.log(#)"
    domain = "positive"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.log(arrays[0], out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (a,) = step.inputs
        assert delta is not None
        return {a: build.gradient(a, Divide(), delta, a)} if build.wants(a) else {}
