"""Say in words what a step does, and write out the numbers of one of its cells."""

from collections.abc import Sequence

import numpy as np

from core.notation import plain
from core.ops.base import Combine, Terms
from core.ops.elementwise import Binary, Scale, Subtract, Unary
from core.ops.linear import AddBias
from core.ops.losses import Loss, ScaleRows
from core.program import Program, Step
from core.values import Index, Phase, Role
from viz_app.numbers import MINUS, factor, number, place

_SHOWN_TERMS = 3


def title(program: Program, step: Step) -> str:
    """Return the headline of a step: ``Matrix product · layer 1: dense 32, ReLU``."""
    name = "Update" if step.phase is Phase.UPDATE and isinstance(step.op, Subtract) else step.op.title
    layer = next((layer for layer in program.layers if layer.number == step.layer), None)
    return f"{name} · layer {layer.number}: {layer.name}" if layer else name


def caption(program: Program, step: Step, names: Sequence[str]) -> str:
    """Return one sentence that says what the step is for."""
    kind = type(step.op).__name__
    text = _BY_KIND_AND_ROLE.get((kind, step.output.role)) or _BY_KIND.get(kind)
    if text is None and isinstance(step.op, Loss):
        text = "How far each sample's output is from its target: one number a sample."
    first, second = (*names, "", "")[:2]
    return (text or (step.op.__doc__ or step.op.title).split("\n")[0]).format(a=first, b=second)


_BY_KIND_AND_ROLE = {
    ("MatMul", Role.SUM): "Each row of {a} meets each column of {b}: their dot product is one weighted sum.",
    ("MatMul", Role.NET): "Each row of {a} meets each column of {b}: their dot product is one weighted sum.",
    ("MatMul", Role.GRADIENT): "The chain rule as a matrix product: each cell adds up what every path contributes.",
    ("Subtract", Role.DELTA): "Softmax and cross-entropy together leave the difference of output and target.",
    ("Subtract", Role.GRADIENT): "The derivative of half the squared error is the error itself.",
    ("Subtract", Role.UPDATED): "The update: before, minus the change, is after. The next iteration starts from here.",
    ("Scale", Role.CHANGE): "The learning rate η says how far to go down the gradient.",
    ("Scale", Role.DELTA): "The loss is a mean over the batch, so each sample's error counts 1/N.",
    ("SumRows", Role.GRADIENT): "A bias reaches every sample, so its gradient adds up over the rows.",
    ("Hadamard", Role.DELTA): "The chain rule through the activation: cell times cell, the same place in both.",
}
_BY_KIND = {
    "MatMul": "Each row of {a} meets each column of {b}: their dot product is one cell.",
    "AddBias": "One bias for each neuron, added to every sample's row.",
    "ReLU": "What is negative becomes 0; what is positive stays.",
    "Sigmoid": "Each number is squashed into the range from 0 to 1.",
    "Tanh": "Each number is squashed into the range from −1 to 1.",
    "Softmax": "Exponentials, divided by their sum: each row becomes probabilities.",
    "CrossEntropy": "Minus the logarithm of the probability that the output gives to the target.",
    "SquaredError": "Half the sum of the squared differences between output and target.",
    "Mean": "The loss of the batch is the mean over its samples.",
    "Hadamard": "Cell times cell: the same place in both.",
    "ReLUDerivative": "The slope of ReLU: 1 where its argument was positive, 0 elsewhere.",
    "SigmoidDerivative": "The slope of the sigmoid, from its own value.",
    "Scale": "Every cell times the same number.",
    "Add": "Gradients that arrive on several paths add up.",
    "Subtract": "Cell minus cell: the same place in both.",
    "SoftmaxJacobian": "How each probability moves with each score: one square matrix a sample.",
    "RowTimesJacobian": "The chain rule written out: each sample's row times its own Jacobian.",
}


def live_numbers(name: str, index: Index, origin: Step | None, terms: Terms | None, value: float) -> str:
    """Write a cell's equation with numbers: ``net₁[0, 3] = 0.53 + (−0.1) = 0.43``.

    Sums show their largest terms first; the inspector has them all.
    """
    left = f"{name}{place(index)}"
    if origin is None or terms is None or len(terms.contributions) == 0:  # where a window lies on padding alone
        return f"{left} = {number(value)}"
    return f"{left} = {_right(origin, terms)} = {number(value)}"


def _right(step: Step, terms: Terms) -> str:
    count = len(terms.contributions)
    if terms.combine is Combine.SHARE:
        exponentials = terms.contributions
        return f"{number(exponentials[terms.own])} / {number(exponentials.sum())}"
    if terms.combine is Combine.MAX:
        return f"max of {count} cells"
    if terms.combine is Combine.MEAN:
        return f"({_joined([number(v) for v in terms.contributions], '+', 6)}) / {count}"
    if isinstance(step.op, _WRITTEN_OUT):
        numbers = [factor(float(cells.values[0])) for cells in terms.cells]
        return plain(step.op.equation(*numbers).replace(r"\,", r"\times ")).replace(" - ", f" {MINUS} ")
    if terms.paired and len(terms.cells) > 1 and not isinstance(step.op, Loss):
        order = abs(terms.contributions).argsort()[::-1][:_SHOWN_TERMS] if count > 2 * _SHOWN_TERMS else range(count)
        a, b = (cells.values for cells in terms.cells)
        if not np.allclose(a * b, terms.contributions):  # more than the product of a pair
            return _joined([factor(float(v)) for v in terms.contributions], "+", 2 * _SHOWN_TERMS)
        products = [f"{factor(float(a[k]))}·{factor(float(b[k]))}" for k in order]
        rest = count - len(products)
        return " + ".join(products) + (f" + {rest} more" if rest else "")
    return _joined([factor(float(v)) for v in terms.contributions], "+", 2 * _SHOWN_TERMS)


_WRITTEN_OUT = (Binary, Scale, ScaleRows, AddBias, Unary)
"""Operations on one cell of each input, whose own equation can be written with its numbers."""


def _joined(parts: list[str], sign: str, most: int) -> str:
    shown = parts if len(parts) <= most else parts[: most - 1]
    rest = len(parts) - len(shown)
    return f" {sign} ".join(shown) + (f" {sign} {rest} more" if rest else "")
