"""What functions of one cell have in common; they are in ``powers``, ``periodic``, ``limits`` and ``activations``."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from core.ops.base import Combine, Example, Indices, Op, Terms, indices_of, one_cell
from core.values import Array, Index, Shape


class Unary(Op, abstract=True):
    """What functions of one cell have in common.

    Shapes: any gives the same.
    """

    arity = 1
    tex: ClassVar[str]
    python: ClassVar[str]
    domain: ClassVar[str] = "real"

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4),), (cls.domain,))
        yield Example(cls(), ((2, 1, 3),), (cls.domain,))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        return shapes[0]

    def cuts(self, axis: int, *shapes: Shape) -> tuple[int | None, ...] | None:
        return tuple(axis if shape else None for shape in shapes)

    def equation(self, *symbols: str) -> str:
        return self.tex.replace("#", symbols[0])

    def source(self, *names: str) -> str:
        return self.python.replace("#", names[0])

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cell = one_cell(0, index, arrays[0])
        result = self.compute(cell.values.astype(np.float64))
        return Terms(index, (cell,), result.astype(np.float64), Combine.APPLY)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return indices_of(*index) if index else np.empty((1, 0), np.intp)
