"""Add up cells along any axes, and repeat what was added up."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import ClassVar

import numpy as np

from core.ops.base import (
    NO_PURPOSE,
    Cells,
    Example,
    GradientBuilder,
    Gradients,
    Indices,
    Op,
    Purpose,
    Scratch,
    Step,
    Terms,
    crossings,
    indexed,
    show_shape,
)
from core.ops.shape import Moved, Reshape
from core.values import Array, Axes, Axis, Index, Range, Shape, Value

_ALL_BUT_CHANNELS = (0, 2, 3)
_LETTERS = "ijklmn"
_OF_IMAGES = {_ALL_BUT_CHANNELS: "n,y,x", (2, 3): "y,x"}


@dataclass(frozen=True)
class Reduction(Op, abstract=True):
    """Make one number of all cells along some axes.

    Shapes: any gives the shape without those axes; with ``keepdims`` they stay, with one position each.

    Parameters
    ----------
    axes : tuple of int or None
        What is reduced, in order, each once; ``None`` reduces all cells to a scalar.
    keepdims : bool
        Whether the axes that are reduced stay, so that the result can be broadcast against what it came from.

    Raises
    ------
    ShapeError
        If there is no such axis, or an axis is named twice.
    """

    axes: tuple[int, ...] | None = None
    keepdims: bool = False

    arity = 1
    noun: ClassVar[str]
    """What a person calls any such operation."""

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((4, 1),))
        yield Example(cls((0,), keepdims=True), ((2, 3),))
        yield Example(cls((1,)), ((2, 3, 1),))
        yield Example(cls((0, 2, 3)), ((2, 2, 1, 2),))

    @property
    def called(self) -> str:
        return self.title if self.axes is None else f"{self.noun} over {self.words}"

    @property
    def words(self) -> str:
        """What is reduced, as a person says it."""
        numbers = [str(axis) for axis in self.axes or ()]
        if len(numbers) == 1:
            return f"axis {numbers[0]}"
        return f"axes {', '.join(numbers[:-1])} and {numbers[-1]}" if numbers else "all axes"

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        (shape,) = shapes
        axes = self.reduced(len(shape))
        known = list(axes) == sorted(set(axes)) and set(axes) <= set(range(len(shape)))
        if not known or self.axes == ():
            raise self.fail(f"an array with {self.words}", shape)
        kept = self.kept(shape)
        return kept if self.keepdims else tuple(size for axis, size in enumerate(shape) if axis not in axes)

    def output_axes(self, *inputs: Value) -> Axes:
        (value,) = inputs
        axes = self.reduced(len(value.shape))
        if self.keepdims:
            return tuple(Axis(each.kind) if axis in axes else each for axis, each in enumerate(value.axes))
        return tuple(each for axis, each in enumerate(value.axes) if axis not in axes)

    def reduced(self, ndim: int) -> tuple[int, ...]:
        """Return the axes that are reduced."""
        return tuple(range(ndim)) if self.axes is None else self.axes

    def kept(self, shape: Shape) -> Shape:
        """Return the shape with one position along each axis that is reduced."""
        axes = self.reduced(len(shape))
        return tuple(1 if axis in axes else size for axis, size in enumerate(shape))

    def count(self, shape: Shape) -> int:
        """Return how many cells make one cell of the result."""
        return prod(shape[axis] for axis in self.reduced(len(shape)))

    def source(self, *names: str) -> str:
        given = f", axis={self.axes}" if self.axes is not None and len(self.axes) != 1 else ""
        given = f", axis={self.axes[0]}" if self.axes is not None and len(self.axes) == 1 else given
        return f"np.{self.function}({names[0]}{given}{', keepdims=True' if self.keepdims else ''})"

    @property
    @abstractmethod
    def function(self) -> str:
        """What NumPy calls it."""

    def cells(self, index: Index, array: Array) -> Cells:
        """Return the cells that make an output cell."""
        axes, places = self.reduced(array.ndim), iter(index)
        if self.keepdims:
            where = [range(array.shape[k]) if k in axes else index[k] for k in range(array.ndim)]
        else:
            where = [range(array.shape[k]) if k in axes else next(places) for k in range(array.ndim)]
        indices = crossings(*where) if where else np.empty((1, 0), np.intp)
        return Cells(0, indices, array[tuple(indices.T)] if where else array.reshape(1))

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        axes = self.reduced(len(index))
        if self.keepdims:
            place = tuple(0 if axis in axes else at for axis, at in enumerate(index))
        else:
            place = tuple(at for axis, at in enumerate(index) if axis not in axes)
        return np.array([place], np.intp).reshape(1, len(place))

    def output_range(self, *ranges: Range) -> Range:
        return Range.SIGNED if ranges[0] is Range.SIGNED else Range.NON_NEGATIVE

    def subscript(self) -> str:
        """Return the TeX of what is counted along the axes that are reduced; those of images are n, y and x."""
        axes = self.axes or ()
        return _OF_IMAGES.get(axes) or ",".join(_LETTERS[axis % len(_LETTERS)] for axis in axes)

    def repeated(self, array: Value, delta: Value, build: GradientBuilder, purpose: Purpose = NO_PURPOSE) -> Value:
        """Append the gradient that is ``delta`` for every cell that was reduced to the same one."""
        kept = self.kept(array.shape)
        if delta.shape != kept and delta.shape:
            delta = build.intermediate("kept", Reshape(kept), delta, about=array, purpose=BACK_IN_PLACE)
        if kept == array.shape and delta.shape == kept:
            return delta
        return build.gradient(array, Broadcast(array.shape), delta, purpose=purpose)


@dataclass(frozen=True)
class Sum(Reduction):
    """Add up cells along axes: the gradient of what was repeated along them.

    s[j] = sum over i of a[i, j], where i runs along the axes that are reduced.
    """

    title = "Sum of all cells"
    noun = "Sum"
    says = "Cells added up, along some axes or over all of them."
    why = "Each number of {c} answers for many cells of {a}, so those are added up."
    look = "Where cells disagree in sign they cancel, and little is left in {c}."

    @property
    def called(self) -> str:
        return SUMS.get(self.axes or (), super().called)

    def sentence(self, *names: str) -> str:
        match self.axes:
            case None:
                return "All cells added up."
            case (0,) if self.keepdims:
                return "All rows, added up column by column."
            case (0, 2, 3):
                return "Each channel, added up over all its cells and all images."
        return f"All cells along {self.words}, added up."

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        if not self._of_channels(shapes[0]):
            return {}
        samples, channels, height, width = shapes[0]
        return {f"ordered:{shapes[0]}": (height, channels, width, samples)}

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        (array,) = arrays
        if self._of_channels(array.shape):
            return self._channels(array, out, scratch)
        return np.asarray(np.sum(array, axis=self.axes, keepdims=self.keepdims, out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (array,) = step.inputs
        assert delta is not None
        return {array: self.repeated(array, delta, build, _SAME_SAY)} if build.wants(array) else {}

    def equation(self, *symbols: str) -> str:
        if self.axes is None:
            return rf"\sum {symbols[0]}"
        letters = self.subscript()
        cell = indexed(symbols[0], letters)
        if self.axes in _OF_IMAGES:
            cell = rf"\left({symbols[0]}\right)_{{{letters}}}"
        return rf"\sum_{{{letters}}} {cell}"

    @property
    def function(self) -> str:
        return "sum"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = self.cells(index, arrays[0])
        return Terms(index, (cells,), cells.values.astype(np.float64))

    def rounds(self, *shapes: Shape) -> bool:
        return self._of_channels(shapes[0])

    def _of_channels(self, shape: Shape) -> bool:
        return self.axes == _ALL_BUT_CHANNELS and len(shape) == 4

    def _channels(self, images: Array, out: Array | None, scratch: Scratch | None) -> Array:
        """Add up every channel of images, that lie in memory as (H, C, W, N) where a convolution made them."""
        if scratch is None:
            scratch = Scratch.allocate(self.scratch_shapes(images.shape), images.dtype)
        out = np.empty(self.output_shape(images.shape), images.dtype) if out is None else out
        ordered = images.transpose(2, 1, 3, 0)
        if not ordered.flags.c_contiguous:
            room = scratch[f"ordered:{images.shape}"]
            np.copyto(room, ordered)
            ordered = room
        # einsum adds up in one pass, without the pairwise sums of np.sum, and takes a third of the time.
        out[...] = np.einsum("yfxn->f", ordered).reshape(out.shape)
        return out


@dataclass(frozen=True)
class Broadcast(Moved):
    """Repeat cells along axes, until the array has a shape: the gradient of a sum along them.

    b[i, j] = a[0, j] where a has one position along the axis of i, or no such axis.

    Shapes: an array whose axes, counted from the last, are as long as those of ``shape`` or 1 gives ``shape``.

    Raises
    ------
    ShapeError
        If an axis is neither 1 nor as long as that of ``shape``.
    """

    shape: Shape = (1,)

    title = "Broadcast"
    says = "The same numbers again and again, until the shape is filled."
    why = "Every cell has the same say in what was added up, so each gets the same back."
    look = "Along the axes that are repeated all cells of {c} are equal."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls((3, 4)), ((1, 4),))
        yield Example(cls((2, 2, 3)), ((2, 1),))
        yield Example(cls((3, 2)), ((),))

    def sentence(self, *names: str) -> str:
        return f"The same numbers again and again, until the shape is {show_shape(self.shape)}."

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        fits = len(shapes[0]) <= len(self.shape) and all(
            size in (1, wanted) for size, wanted in zip(shapes[0][::-1], self.shape[::-1], strict=False)
        )
        if not fits:
            raise self.fail(f"an array that can be repeated to {show_shape(self.shape)}", *shapes)
        return self.shape

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        out = self.new(arrays[0], out)
        out[...] = arrays[0]
        return out

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (array,) = step.inputs
        assert delta is not None
        return {array: sum_to(build, array, delta)} if build.wants(array) else {}

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{repeat}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        return f"np.broadcast_to({names[0]}, {self.shape})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        return self.moved(index, 0, cell_of(index, arrays[0].shape), arrays[0])

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return repeats_of(index, shapes[i], self.shape)


def cell_of(index: Index, shape: Shape) -> Index:
    """Return which cell of an array of this shape is repeated to a cell of what it is broadcast to."""
    places = index[len(index) - len(shape) :]
    return tuple(0 if size == 1 else place for place, size in zip(places, shape, strict=True))


def repeats_of(index: Index, shape: Shape, whole: Shape) -> Indices:
    """Return the cells of the whole that a cell of an array of this shape is repeated to."""
    if not whole:
        return np.empty((1, 0), np.intp)
    lead = len(whole) - len(shape)
    inner = zip(index, shape, whole[lead:], strict=True)
    own = (range(size) if n == 1 else range(at, at + 1) for at, n, size in inner)
    return crossings(*map(range, whole[:lead]), *own)


def sum_to(build: GradientBuilder, of: Value, delta: Value, purpose: Purpose = NO_PURPOSE) -> Value:
    """Append the gradient of what was broadcast: ``delta``, added up along the axes along which it was repeated."""
    if delta.shape == of.shape:
        return delta
    lead = len(delta.shape) - len(of.shape)
    inner = tuple(lead + k for k, size in enumerate(of.shape) if size == 1 and delta.shape[lead + k] != 1)
    axes = (*range(lead), *inner)
    purpose = _REPEATED if purpose == NO_PURPOSE else purpose
    if not inner or not lead:
        whole = None if not of.shape else axes
        return build.gradient(of, Sum(whole, keepdims=bool(inner)), delta, purpose=purpose)
    total = build.intermediate("added_up", Sum(axes), delta, about=of, purpose=purpose)
    return build.gradient(of, Reshape(of.shape), total)


SUMS = {(0,): "Sum of the rows", _ALL_BUT_CHANNELS: "Sum of every channel"}
"""What sums along some axes are called."""
_SAME_SAY = Purpose(
    "Every cell that was added up gets the same gradient back.",
    why="A sum grows by as much as any one of its cells does, so its gradient is that of every cell.",
    look="Along the axes that were added up all cells of {c} are equal.",
)
_REPEATED = Purpose(
    "What was repeated reached every copy, so its gradient adds up over all of them.",
    why="One number was used in many places, so all those places answer for it.",
    look="Where the places disagree in sign they cancel, and little is left in {c}.",
)
BACK_IN_PLACE = Purpose(
    "The axes that were reduced are put back, with one position each.",
    why="What was reduced has fewer axes than what it came from; with them back, it tells which cells it stands for.",
    look="No number changes.",
)
