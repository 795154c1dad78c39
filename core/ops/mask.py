"""Hide the future: a token may look at itself and at what came before it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ops.base import (
    Combine,
    Example,
    GradientBuilder,
    Gradients,
    Indices,
    Op,
    Purpose,
    Step,
    Terms,
    indices_of,
    one_cell,
)
from core.values import Array, Index, Range, Shape, Value

HIDDEN = -np.inf
"""The score of what is hidden: lower than any other, so that softmax makes it exactly 0 whatever the others are."""


@dataclass(frozen=True)
class CausalMask(Op):
    """Replace what lies above the diagonal of every matrix by one number.

    m[..., i, j] = s[..., i, j] where j <= i, else ``fill``. No row is hidden whole: the diagonal stays.

    Shapes: (..., T, T) gives (..., T, T).

    Parameters
    ----------
    fill : float
        For scores ``HIDDEN``, which softmax turns into exactly 0; for their gradient 0.

    Raises
    ------
    ShapeError
        If the matrices are not square.

    References
    ----------
    Vaswani et al., "Attention Is All You Need" (2017), section 3.2.3.
    """

    fill: float = HIDDEN

    title = "Causal mask"
    says = "A token may not look ahead: what lies right of the diagonal is hidden."
    why = "A prediction must not see what it is to predict, so a token sees only itself and what came before it."
    look = "The hidden triangle right of the diagonal is the same for every sample and head."
    arity = 1
    inplace = True

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 3),))
        yield Example(cls(), ((2, 2, 4, 4),))
        yield Example(cls(0.0), ((2, 3, 3),))
        yield Example(cls(), ((1, 1),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if len(shapes[0]) < 2 or shapes[0][-1] != shapes[0][-2]:
            raise self.fail("square matrices", *shapes)
        return shapes[0]

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        (scores,) = arrays
        out = np.empty_like(scores) if out is None else out
        if out is not scores:
            np.copyto(out, scores)
        np.copyto(out, np.asarray(self.fill, scores.dtype), where=_ahead(scores.shape[-1]))
        return out

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (scores,) = step.inputs
        assert delta is not None
        return (
            {scores: build.gradient(scores, CausalMask(0.0), delta, purpose=_NOTHING_BACK)}
            if build.wants(scores)
            else {}
        )

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{mask}}_{{j \leq i}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        fill = "-np.inf" if self.fill == HIDDEN else repr(self.fill)
        return f"np.where(np.tri({names[0]}.shape[-1], dtype=bool), {names[0]}, {fill})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        if index[-1] > index[-2]:
            return Terms(index, (), np.array([self.fill]), Combine.APPLY)
        cell = one_cell(0, index, arrays[0])
        return Terms(index, (cell,), cell.values.astype(np.float64), Combine.APPLY)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return indices_of(*index) if index[-1] <= index[-2] else np.empty((0, len(index)), np.intp)

    def output_range(self, *ranges: Range) -> Range:
        return ranges[0] if self.fill == 0 else Range.SIGNED

    def hidden(self, *shapes: Shape) -> NDArray[np.bool_] | None:
        return _ahead(shapes[0][-1]) if self.fill == HIDDEN else None


def _ahead(tokens: int) -> NDArray[np.bool_]:
    """Tell for every token which others come after it."""
    return ~np.tri(tokens, dtype=bool)


_NOTHING_BACK = Purpose(
    "Nothing goes back to what was hidden.",
    why="What was hidden had no say in the result, so it has no gradient.",
    look="Everything right of the diagonal is 0; the rest is copied from {a}.",
)
