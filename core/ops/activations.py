"""Activation functions and their derivatives, cell by cell."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.ops.base import GradientBuilder, Gradients, Op, Purpose, Step
from core.ops.elementwise import Hadamard
from core.ops.unary import Unary
from core.values import Array, Range, Role, Shape, Value


class Activation(Unary, abstract=True):
    """A function of one cell with a derivative that is an operation of its own."""

    name: ClassVar[str]
    from_output: ClassVar[bool] = False
    """Whether the derivative is computed from the function's value rather than from its argument."""

    @abstractmethod
    def derivative(self) -> Op:
        """Return the operation that computes the derivative."""

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (net,) = step.inputs
        assert delta is not None
        if not build.wants(net):
            return {}
        argument = step.output if self.from_output else net
        slope = build.intermediate("derivative", self.derivative(), argument, about=net, role=Role.DERIVATIVE)
        return {net: build.gradient(net, Hadamard(), delta, slope, purpose=_THROUGH)}


def logistic(z: Array, out: Array) -> Array:
    """Write 1 / (1 + exp(-z)); ``out`` may be ``z``."""
    np.multiply(z, -1, out=out)  # np.negative is wrong on columns of four (NumPy 2.4)
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    return np.divide(1, out, out=out)


_THROUGH = Purpose(
    "The chain rule through the activation: cell times cell, the same place in both.",
    why="An activation works cell by cell, so each cell of the gradient meets the slope of its own cell and no other.",
    look="Compare {c} with {b}: where the slope is near 0, nothing of {a} is left.",
)


class Derivative(Unary, abstract=True):
    """The derivative of an activation function; it is not differentiated again."""

    differentiable = False
    inplace = True


@dataclass(frozen=True)
class ReLU(Activation):
    """Rectify: keep what is positive.

    r(z) = max(0, z).

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 6.3.1.
    """

    title = "ReLU"
    says = "What is negative becomes 0; what is positive stays."
    why = (
        "Without a bend between them, two layers would be no more than one matrix product. ReLU is the simplest "
        "bend, and lets what is positive through unchanged."
    )
    look = "Look for the zeros of {c}: whatever was negative in {a} is silent now, and lets no gradient back."
    name = "relu"
    inplace = True
    tex = r"\max\left(0, #\right)"
    python = "np.maximum(#, 0)"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        # np.maximum of an array and a number is not vectorised; np.clip between two numbers is.
        return np.asarray(np.clip(arrays[0], 0, np.inf, out=out))

    def derivative(self) -> Op:
        return ReLUDerivative()

    def output_range(self, *ranges: Range) -> Range:
        return Range.NON_NEGATIVE


@dataclass(frozen=True)
class ReLUDerivative(Derivative):
    """Differentiate ReLU: 1 where the argument is positive, else 0 (at 0, too).

    r'(z) = 1 if z > 0 else 0.

    At 0, where ReLU has no derivative, PyTorch chooses 0, too.
    """

    title = "Derivative of ReLU"
    says = "The slope of ReLU: 1 where its argument was positive, 0 elsewhere."
    why = "ReLU passes changes on at the rate 1 or not at all; this map says where."
    look = "Its zeros are where {a} was not positive: there the gradient ends."
    tex = r"\left[# > 0\right]"
    python = "(# > 0).astype(#.dtype)"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        out = np.empty_like(arrays[0]) if out is None else out
        return np.greater(arrays[0], 0, out=out, casting="unsafe")

    def output_range(self, *ranges: Range) -> Range:
        return Range.PROBABILITY


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """Rectify, but let a small part of what is negative through.

    r(z) = z if z > 0 else slope z.

    References
    ----------
    Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models" (2013).
    """

    slope: float = 0.01

    title = "Leaky ReLU"
    says = "What is negative shrinks by a fixed factor; what is positive stays."
    why = (
        "Like ReLU it bends the line between two products, but negative numbers keep a small slope, so that "
        "nothing falls silent for good."
    )
    look = "Compare signs: negative cells of {a} stay negative in {c}, and shrink."
    name = "leaky_relu"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        out = np.multiply(arrays[0], self.slope, out=out)
        return np.asarray(np.maximum(arrays[0], out, out=out))

    def derivative(self) -> Op:
        return LeakyReLUDerivative(self.slope)

    def equation(self, *symbols: str) -> str:
        return rf"\max\left({self.slope:g}\,{symbols[0]}, {symbols[0]}\right)"

    def source(self, *names: str) -> str:
        return f"np.maximum({self.slope!r} * {names[0]}, {names[0]})"


@dataclass(frozen=True)
class LeakyReLUDerivative(Derivative):
    """Differentiate the leaky ReLU.

    r'(z) = 1 if z > 0 else slope.
    """

    slope: float = 0.01

    title = "Derivative of leaky ReLU"
    says = "The slope of leaky ReLU: 1 where its argument was positive, a fixed number elsewhere."
    why = "Leaky ReLU passes changes on at the rate 1, or at a small fixed rate; this map says which."
    look = "No cell is 0: some gradient passes everywhere."

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        out = np.empty_like(arrays[0]) if out is None else out
        np.greater(arrays[0], 0, out=out, casting="unsafe")
        return np.clip(out, self.slope, np.inf, out=out)

    def equation(self, *symbols: str) -> str:
        return rf"\max\left(\left[{symbols[0]} > 0\right], {self.slope:g}\right)"

    def source(self, *names: str) -> str:
        return f"np.maximum({names[0]} > 0, {self.slope!r}, dtype={names[0]}.dtype)"

    def output_range(self, *ranges: Range) -> Range:
        return Range.PROBABILITY


@dataclass(frozen=True)
class Sigmoid(Activation):
    """Squash into (0, 1) with the logistic function.

    s(z) = 1 / (1 + exp(-z)), computed just so: far below 0, where (1 + tanh(z / 2)) / 2 loses all digits, it keeps
    them. Where exp(-z) is infinite, s(z) is 0.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 6.3.2.
    """

    title = "Sigmoid"
    says = "Each number is squashed into the range from 0 to 1."
    why = "It bends what would otherwise stay one matrix product, and its values can be read as how much, from 0 to 1."
    look = (
        "Cells of {c} near 0 or 1 are on the flat ends of the curve: they hardly react, and let little gradient "
        "through."
    )
    name = "sigmoid"
    inplace = True
    from_output = True
    tex = r"\frac{1}{1 + e^{-#}}"
    python = "1 / (1 + np.exp(-#))"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return logistic(arrays[0], np.empty_like(arrays[0]) if out is None else out)

    def rounds(self, *shapes: Shape) -> bool:
        return True

    def derivative(self) -> Op:
        return SigmoidDerivative()

    def output_range(self, *ranges: Range) -> Range:
        return Range.PROBABILITY


@dataclass(frozen=True)
class SigmoidDerivative(Derivative):
    """Differentiate the sigmoid, from its value.

    s' = s ⊙ (1 - s).

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 3.10.
    """

    title = "Derivative of sigmoid"
    says = "The slope of the sigmoid, from its own value."
    why = "The slope of the sigmoid needs only its value {a}: that, times 1 minus that."
    look = (
        "It is largest, 1/4, where {a} is 1/2; a product of many such factors is why gradients vanish in deep networks."
    )
    inplace = False
    tex = r"# \odot \left(1 - #\right)"
    python = "# * (1 - #)"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        out = np.subtract(1, arrays[0], out=np.empty_like(arrays[0]) if out is None else out)
        return np.multiply(out, arrays[0], out=out)

    def output_range(self, *ranges: Range) -> Range:
        return Range.NON_NEGATIVE


@dataclass(frozen=True)
class Tanh(Activation):
    """Squash into (-1, 1) with the hyperbolic tangent.

    t(z) = tanh(z).

    References
    ----------
    LeCun, Bottou, Orr and Müller, "Efficient BackProp" (1998), section 4.4.
    """

    title = "Tanh"
    says = "Each number is squashed into the range from −1 to 1."
    why = (
        "It bends what would otherwise stay one matrix product, and keeps numbers between −1 and 1, on both sides of 0."
    )
    look = "Cells of {c} near −1 or 1 are on the flat ends of the curve, and let little gradient through."
    name = "tanh"
    inplace = True
    from_output = True
    tex = r"\tanh\left(#\right)"
    python = "np.tanh(#)"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.tanh(arrays[0], out=out))

    def derivative(self) -> Op:
        return TanhDerivative()


@dataclass(frozen=True)
class TanhDerivative(Derivative):
    """Differentiate tanh, from its value.

    t' = 1 - t ⊙ t.
    """

    title = "Derivative of tanh"
    says = "The slope of tanh, from its own value."
    why = "The slope of tanh needs only its value {a}: 1 minus the square of that."
    look = "It is 1 where {a} is 0, and near 0 where {a} is near −1 or 1: there little gradient passes."
    tex = r"1 - # \odot #"
    python = "1 - # * #"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        out = np.multiply(arrays[0], arrays[0], out=np.empty_like(arrays[0]) if out is None else out)
        return np.subtract(1, out, out=out)

    def output_range(self, *ranges: Range) -> Range:
        return Range.NON_NEGATIVE
