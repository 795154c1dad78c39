"""Draw a mask that drops cells at random, from a seed and the number of the iteration."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

import numpy as np

from core.ops import longhand
from core.ops.base import Combine, Example, Indices, Op, Scratch, ShapeError, Terms, all_indices, one_cell
from core.values import Array, Index, Range, Shape


@dataclass(frozen=True)
class DropoutMask(Op):
    """Draw which cells stay: each is dropped with the same probability, by itself.

    m[...] = 1 / (1 - rate) where a cell stays, else 0. The same numbers draw the same mask, in either precision, so
    that going back meets the same one.

    Shapes: two scalars, the number of the run and that of the iteration, give ``shape``.

    Parameters
    ----------
    shape : tuple of int
        The shape of the mask.
    rate : float
        The probability with which a cell is dropped, from 0 to less than 1.
    stream : int
        Which of the masks of one iteration it is: two layers draw different ones.

    Raises
    ------
    ShapeError
        If an input is not a scalar, or the rate is no probability below 1.

    References
    ----------
    Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting" (2014), in the form of
    PyTorch: what stays is scaled up while the network learns, so that nothing need be scaled when it has learnt.
    """

    shape: Shape = (1,)
    rate: float = 0.5
    stream: int = 0

    title = "Dropout mask"
    says = "Each cell is 0 with the same probability; those that stay are scaled up to make good for it."
    why = "Noise that is new in every iteration keeps cells from relying on each other."
    look = "Go to the next iteration: another mask is drawn; go back, and it is the old one again."
    helpers = (longhand.dropout_mask,)
    arity = 2
    differentiable = False

    def __post_init__(self) -> None:
        """Check the rate."""
        if not 0 <= self.rate < 1:
            raise ShapeError(f"{self.title}: expected a rate from 0 to less than 1; got {self.rate!r}")

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls((3, 4), 0.5, 1), ((), ()), ("whole", "whole"))
        yield Example(cls((5,), 0.25), ((), ()), ("whole", "whole"))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if any(shapes):
            raise self.fail("two numbers, the seed and the iteration", *shapes)
        return self.shape

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return {f"draws:{self.shape}": self.shape}

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        seed, iteration = arrays
        if scratch is None:
            scratch = Scratch.allocate(self.scratch_shapes(), seed.dtype)
        out = np.empty(self.shape, seed.dtype) if out is None else out
        room = scratch[f"draws:{self.shape}"].reshape(-1).view(np.float32)[: prod(self.shape)]
        key = np.array([seed.item(), iteration.item()], np.float64).view(np.uint64)
        np.random.Generator(np.random.Philox(key=key, counter=self.stream)).random(out=room, dtype=np.float32)
        np.greater_equal(room.reshape(self.shape), self.rate, out=out, casting="unsafe")
        return np.multiply(out, 1 / (1 - self.rate), out=out)

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{mask}}_{{{self.rate:g}}}\left({symbols[0]}, {symbols[1]}\right)"

    def source(self, *names: str) -> str:
        return f"dropout_mask({names[0]}, {names[1]}, {self.shape}, rate={self.rate!r}, stream={self.stream})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = one_cell(0, (), arrays[0]), one_cell(1, (), arrays[1])
        return Terms(index, cells, np.array([self.compute(*arrays)[index]], np.float64), Combine.APPLY)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return all_indices(self.shape)

    def output_range(self, *ranges: Range) -> Range:
        return Range.NON_NEGATIVE
