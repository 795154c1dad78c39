"""What operations that take a part of an array, and those that put it back among zeros, have in common."""

from abc import abstractmethod

import numpy as np

from core.ops import longhand
from core.ops.shape import Moved
from core.values import Array, Shape


class _OfAPart(Moved, abstract=True):
    """An operation on one part of a larger array."""

    @abstractmethod
    def part(self, shape: Shape) -> tuple[slice | int, ...]:
        """Return what indexes the part in the larger array, for an input of this shape."""


class Cut(_OfAPart, abstract=True):
    """An operation that takes a part of an array."""

    why = "Only a part is needed from here on."
    look = "Every cell of {c} is a copy of one in {a}; the rest of {a} reaches nothing here."

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        (array,) = arrays
        out = self.new(array, out)
        np.copyto(out, array[self.part(array.shape)])
        return out


class AmongZeros(_OfAPart, abstract=True):
    """An operation that puts a part back in its place, among zeros."""

    why = "A part goes back to its place in the whole; nothing is known of the rest, so it is 0."
    look = "The cells that are not 0 are copies of those of {a}."
    helpers = (longhand.embed,)

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        (array,) = arrays
        out = self.new(array, out)
        out[...] = 0
        out[self.part(array.shape)] = array
        return out
