"""Turn scores into probabilities, and differentiate that with and without its Jacobian."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.ops import longhand
from core.ops.base import (
    Cells,
    Combine,
    Example,
    GradientBuilder,
    Gradients,
    Indices,
    Op,
    Scratch,
    Step,
    Terms,
    indexed,
    indices_of,
    one_cell,
    raised,
)
from core.values import Array, Axes, Index, Range, Role, Shape, Value


@dataclass(frozen=True)
class Softmax(Op):
    """Make each row a probability distribution.

    s[j] = exp(z[j]) / sum over k of exp(z[k]), along the last axis; the row's maximum is subtracted first,
    which changes nothing and cannot overflow.

    Shapes: (..., n) gives (..., n).

    Raises
    ------
    ShapeError
        If the input has no axis.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), sections 4.1 and 6.2.2.3.
    """

    title = "Softmax"
    says = "Exponentials, divided by their sum: each row becomes probabilities."
    why = (
        "Scores can be any numbers; probabilities are positive and add up to 1. The exponential makes them "
        "positive, the division makes them add up."
    )
    look = (
        "What counts is how far a score is ahead of the others in its row: adding one number to all of them "
        "changes nothing."
    )
    helpers = (longhand.softmax,)
    arity = 1
    inplace = True

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4),))
        yield Example(cls(), ((1, 10),))
        yield Example(cls(), ((2, 3, 4),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if not shapes[0]:
            raise self.fail("at least one axis", *shapes)
        return shapes[0]

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return {"row": (*shapes[0][:-1], 1)}

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        (z,) = arrays
        row = None if scratch is None else scratch["row"]
        largest = np.maximum.reduce(z, axis=-1, keepdims=True, out=row)
        out = np.subtract(z, largest, out=out)
        np.exp(out, out=out)
        total = np.add.reduce(out, axis=-1, keepdims=True, out=row)
        return np.asarray(np.divide(out, total, out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (net,) = step.inputs
        assert delta is not None
        if not build.wants(net):
            return {}
        if not build.through_jacobian:
            return {net: build.gradient(net, SoftmaxGradient(), step.output, delta)}
        producer = build.producer(net)
        hides = producer is not None and producer.op.hidden(*(value.shape for value in producer.inputs)) is not None
        op = SoftmaxJacobian(floor=not hides)
        jacobian = build.intermediate("jacobian", op, step.output, about=net, role=Role.DERIVATIVE)
        return {net: build.gradient(net, RowTimesJacobian(), delta, jacobian)}

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{softmax}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        return f"softmax({names[0]})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        row = arrays[0][index[:-1]]
        cells = Cells(0, indices_of(*index[:-1], range(len(row))), row)
        exponentials = np.exp(row.astype(np.float64) - row.max())
        return Terms(index, (cells,), exponentials, Combine.SHARE, own=index[-1])

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return indices_of(*index[:-1], range(shapes[0][-1]))

    def output_range(self, *ranges: Range) -> Range:
        return Range.PROBABILITY


@dataclass(frozen=True)
class SoftmaxGradient(Op):
    """Send a gradient back through softmax without writing out its Jacobian.

    d[j] = s[j] (g[j] - sum over k of g[k] s[k]), along the last axis.

    This is g · J with the Jacobian J[j, k] = s[j] ([j = k] - s[k]) multiplied out.

    Shapes: probabilities (..., n) and gradient (..., n) give (..., n).

    Raises
    ------
    ShapeError
        If the shapes differ.
    """

    title = "Gradient through softmax"
    says = "The chain rule through softmax: each gradient less the row's weighted mean, times its share."
    why = (
        "When one probability of a row grows, the others shrink. Multiplied out, the Jacobian is not needed: each "
        "gradient is compared with the weighted mean of its row."
    )
    look = "Each row of {c} adds up to 0: what one score gains, the others lose."
    arity = 2
    differentiable = False

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (3, 4)), ("distribution", "real"))
        yield Example(cls(), ((2, 3, 4), (2, 3, 4)), ("distribution", "real"))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if shapes[0] != shapes[1] or not shapes[0]:
            raise self.fail("two arrays of one shape", *shapes)
        return shapes[0]

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return {"row": (*shapes[0][:-1], 1)}

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        probability, gradient = arrays
        out = np.multiply(probability, gradient, out=out)
        total = np.add.reduce(out, axis=-1, keepdims=True, out=None if scratch is None else scratch["row"])
        np.subtract(gradient, total, out=out)
        return np.multiply(out, probability, out=out)

    def equation(self, *symbols: str) -> str:
        s, g = symbols
        return rf"{s} \odot \left({g} - \Sigma_{{k}} {indexed(g, 'k')} {indexed(s, 'k')}\right)"

    def source(self, *names: str) -> str:
        s, g = names
        return f"{s} * ({g} - ({g} * {s}).sum(-1, keepdims=True))"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        s, g = (array[index[:-1]].astype(np.float64) for array in arrays)
        where = indices_of(*index[:-1], range(len(s)))
        own = np.where(np.arange(len(s)) == index[-1], g, 0.0)
        return Terms(index, (Cells(0, where, s), Cells(1, where, g)), s[index[-1]] * (own - g * s))

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return indices_of(*index[:-1], range(shapes[0][-1]))


@dataclass(frozen=True)
class SoftmaxJacobian(Op):
    """Write out the Jacobian of softmax for every row.

    J[i, j, k] = s[i, j] ([j = k] - s[i, k]).

    Shapes: (..., n) gives (..., n, n).

    Parameters
    ----------
    floor : bool
        Whether a probability of 0 counts as the smallest positive normal number where it multiplies, as it does in
        the logarithm of the cross-entropy: it is 0 only because no smaller number can be held. Not so where a mask has
        hidden scores: there it is 0.

    Raises
    ------
    ShapeError
        If the input has no axis.
    """

    floor: bool = True

    title = "Jacobian of softmax"
    says = "How each probability moves with each score: each row has its own square matrix."
    why = "All probabilities of a row depend on all its scores, so the slope is a square matrix for each row of {a}."
    look = "Every row and column of a matrix adds up to 0; off the diagonal nothing is positive."
    helpers = (longhand.softmax_jacobian,)
    arity = 1
    differentiable = False

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4),), ("distribution",))
        yield Example(cls(), ((1, 5),), ("distribution",))
        yield Example(cls(floor=False), ((2, 2, 3),), ("distribution",))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if not shapes[0]:
            raise self.fail("at least one axis", *shapes)
        return (*shapes[0], shapes[0][-1])

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return {"shares": shapes[0]}

    def output_axes(self, *inputs: Value) -> Axes:
        axes = tuple(replace(axis, names=None) for axis in inputs[0].axes)
        return (*axes, axes[-1]) if axes else ()

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        (s,) = arrays
        shares = np.maximum(s, self._least(s), out=None if scratch is None else scratch["shares"])
        out = np.multiply(shares[..., :, None], s[..., None, :], out=out)
        np.negative(out, out=out)
        diagonal = np.einsum("...jj->...j", out)  # a view
        np.add(diagonal, shares, out=diagonal)
        return out

    def equation(self, *symbols: str) -> str:
        (s,) = symbols
        column = raised(s, r"\top")
        return rf"\mathrm{{diag}}\left({s}\right) - {column} {s}"

    def source(self, *names: str) -> str:
        least = f", least=np.finfo({names[0]}.dtype).tiny" if self.floor else ""
        return f"softmax_jacobian({names[0]}{least})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        (s,) = arrays
        *lead, j, k = index
        places = (j,) if j == k else (j, k)
        cells = tuple(one_cell(0, (*lead, place), s) for place in places)
        a, b = float(np.maximum(cells[0].values[0], self._least(s))), float(cells[-1].values[0])
        return Terms(index, cells, np.array([a * ((j == k) - b)]), Combine.APPLY)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        *lead, own = index
        others = np.array([k for k in range(shapes[0][-1]) if k != own], dtype=np.intp)
        row, column = indices_of(*lead, own, others), indices_of(*lead, others, own)
        return np.concatenate([indices_of(*lead, own, own), row, column])

    def _least(self, s: Array) -> float:
        return float(np.finfo(s.dtype).tiny) if self.floor else 0.0


@dataclass(frozen=True)
class RowTimesJacobian(Op):
    """Multiply each row by that row's own Jacobian: the chain rule, written out.

    d[i, k] = sum over j of g[i, j] J[i, j, k].

    Shapes: (..., n) and (..., n, n) give (..., n).

    Raises
    ------
    ShapeError
        If there is not one n × n matrix for every row of n.
    """

    title = "Row times Jacobian"
    says = "The chain rule written out: each row times its own Jacobian."
    why = "Each score reached the loss through all probabilities of its row, so its gradient adds up over all of them."
    look = "Each row of {c} adds up to 0: what one score gains, the others lose."
    arity = 2
    differentiable = False

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (3, 4, 4)))
        yield Example(cls(), ((1, 5), (1, 5, 5)))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        rows, jacobian = shapes
        if not rows or jacobian != (*rows, rows[-1]):
            raise self.fail("a square matrix for every row", *shapes)
        return rows

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        g, jacobian = arrays
        target = None if out is None else out[..., None, :]
        return np.matmul(g[..., None, :], jacobian, out=target)[..., 0, :]

    def equation(self, *symbols: str) -> str:
        return rf"{symbols[0]} \cdot {symbols[1]}"

    def source(self, *names: str) -> str:
        return f"({names[0]}[..., None, :] @ {names[1]})[..., 0, :]"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        g, jacobian = arrays
        *lead, k = index
        inner = range(g.shape[-1])
        a, b = g[index[:-1]], jacobian[index[:-1]][:, k]
        cells = Cells(0, indices_of(*lead, inner), a), Cells(1, indices_of(*lead, inner, k), b)
        return Terms(index, cells, a.astype(np.float64) * b)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        if i == 0:
            return indices_of(*index[:-1], range(shapes[0][-1]))
        return indices_of(*index[:-2], index[-1])
