"""What every operation that slides a kernel over images shares."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from core.ops import longhand
from core.ops.base import Cells, Indices, Op, Scratch, ShapeError, Terms, show_shape
from core.ops.windows.columns import empty_images, name_of, named, rows_first_shape, rows_last
from core.ops.windows.geometry import NO_PADDING, Geometry, Padding, cached_geometry, check_window
from core.values import Array, Index, Shape, is_whole

Settings = tuple[Shape, Padding, Shape]
AWKWARD_CASES: tuple[tuple[Settings, Shape, Shape, Shape], ...] = (
    (((1, 1), (0, 0, 0, 0), (1, 1)), (2, 2, 3), (4, 5), (2, 3)),
    (((2, 2), (0, 0, 0, 0), (1, 1)), (2, 1, 2), (6, 5), (3, 2)),  # a remainder on both axes
    (((1, 2), (1, 0, 2, 1), (1, 1)), (1, 3, 1), (3, 4), (2, 3)),  # every padding different
    (((1, 1), (1, 1, 0, 0), (2, 3)), (2, 2, 1), (4, 5), (2, 2)),
    (((3, 2), (2, 1, 1, 3), (2, 1)), (2, 1, 2), (5, 4), (3, 3)),
    (((1, 1), (2, 2, 2, 2), (1, 1)), (1, 1, 2), (1, 2), (2, 1)),  # windows that see nothing but padding
    (((1, 1), (0, 0, 0, 0), (1, 1)), (1, 3, 1), (2, 2), (2, 2)),  # one number from a 2 × 2 × 3 image
)


GROUPED: Settings = ((1, 1), (0, 0, 1, 0), (1, 1))
"""The settings of the example with two groups."""


@dataclass(frozen=True)
class Convolution(Op, abstract=True):
    """What a convolution and its gradients have in common.

    Parameters
    ----------
    stride, dilation : tuple of int
        Along rows and columns.
    padding : tuple of int
        Zeros above, below, left and right of the image.
    groups : int
        Into how many groups channels and filters are cut, in order; a filter sees the channels of its group alone.
    """

    stride: Shape = (1, 1)
    padding: Padding = NO_PADDING
    dilation: Shape = (1, 1)
    groups: int = field(default=1, kw_only=True)

    arity = 2
    group_axes: ClassVar[tuple[int, int, int]]
    """Which axes of the two inputs and of the output are cut into groups."""

    def __post_init__(self) -> None:
        """Check what can be checked without an image."""
        try:
            check_window((1, 1), self.stride, self.dilation, self.padding)
        except ShapeError as error:
            raise ShapeError(f"{self.title}: {error}") from None
        if not is_whole(self.groups) or self.groups < 1:
            raise ShapeError(f"{self.title}: expected at least 1 group; got {self.groups!r}")

    @abstractmethod
    def geometry(self, *shapes: Shape) -> Geometry:
        """Return where the window is, given the shapes of the inputs; raise ShapeError where it does not fit."""

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        shapes = tuple(array.shape for array in arrays)
        if scratch is None:
            scratch = Scratch.allocate(self.scratch_shapes(*shapes), arrays[0].dtype)
        if out is None:
            out = self._empty(self.output_shape(*shapes), arrays[0].dtype)
        first, second = arrays
        if self.groups == 1:
            self._fill(out, first, second, scratch)
        else:
            self._fill_groups(out, first, second, scratch)
        return out

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        if self.groups == 1:
            return self._room(*shapes)
        parts = tuple(self._part_shape(shape, k) for k, shape in enumerate(shapes))
        room = dict(self._single._room(*parts))
        output = self._scratch_shape(self._part_shape(self.output_shape(*shapes), 2))
        room |= named("part", output)
        return {self._start(group) + name: shape for group in range(self.groups) for name, shape in room.items()}

    def terms(self, index: Index, *arrays: Array) -> Terms:
        if self.groups == 1:
            return self._terms(index, *arrays)
        shape = self.output_shape(*(array.shape for array in arrays))
        group, own = self._within(index, 2, shape)
        found = self._single._terms(own, *(self._part(array, k, group) for k, array in enumerate(arrays)))
        cells = tuple(replace(c, indices=self._back(c.indices, c.input, group, arrays)) for c in found.cells)
        return replace(found, index=index, cells=cells)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        if self.groups == 1:
            return self._reach(i, index, *shapes)
        group, own = self._within(index, i, shapes[i])
        parts = tuple(self._part_shape(shape, k) for k, shape in enumerate(shapes))
        reached = self._single._reach(i, own, *parts).copy()
        reached[:, self.group_axes[2]] += group * (self.output_shape(*shapes)[self.group_axes[2]] // self.groups)
        return reached

    def check_groups(self, shapes: tuple[Shape, ...], **counts: int) -> None:
        """Raise ShapeError unless the groups divide these numbers."""
        if any(count % self.groups for count in counts.values()):
            told = " and ".join(f"the {count} {noun}" for noun, count in counts.items())
            raise self.fail(f"a number of groups that divides {told}, and not {self.groups}", *shapes)

    def geometry_for(self, size: Shape, window: Shape, *shapes: Shape) -> Geometry:
        """Return where the window is on the image; a ShapeError names the operation and its inputs."""
        try:
            return cached_geometry(size, window, self.stride, self.padding, self.dilation)
        except ShapeError as error:
            came = ", ".join(show_shape(shape) for shape in shapes)
            raise ShapeError(f"{self.title}: {error} (inputs: {came})") from None

    def check_images(self, *shapes: Shape) -> None:
        """Raise ShapeError unless there are two inputs of four axes."""
        self.check_arity(shapes)
        if any(len(shape) != 4 for shape in shapes):
            raise self.fail("four axes each: (N, C, H, W) images and (F, C, kh, kw) kernels", *shapes)

    @property
    def calls(self) -> tuple[Callable[..., Any], ...]:
        return self.helpers if self.groups == 1 else (*self.helpers, longhand.in_groups)

    def written(self, function: str, *names: str, **settings: object) -> str:
        """Return the call of a function, with the settings that are not those of a plain convolution."""
        plain = {"stride": (1, 1), "padding": NO_PADDING, "dilation": (1, 1)}
        settings |= {name: chosen for name in plain if (chosen := getattr(self, name)) != plain[name]}
        named = ", ".join([*names, *(f"{name}={value}" for name, value in settings.items())])
        if self.groups == 1:
            return f"{function}({named})"
        return f"in_groups({self.groups}, {self.group_axes}, {function}, {named})"

    def _empty(self, shape: Shape, dtype: "np.dtype[np.floating]") -> Array:
        return empty_images(shape, dtype)

    @abstractmethod
    def _fill(self, out: Array, first: Array, second: Array, scratch: Scratch) -> None: ...

    @abstractmethod
    def _room(self, *shapes: Shape) -> Mapping[str, Shape]: ...

    @abstractmethod
    def _terms(self, index: Index, *arrays: Array) -> Terms: ...

    @abstractmethod
    def _reach(self, i: int, index: Index, *shapes: Shape) -> Indices: ...

    @cached_property
    def _single(self) -> Self:
        """The operation on one group."""
        return replace(self, groups=1)

    def _fill_groups(self, out: Array, first: Array, second: Array, scratch: Scratch) -> None:
        """Carry the operation out group by group, each with work arrays of its own."""
        for group in range(self.groups):
            start = self._start(group)
            own = Scratch({name.removeprefix(start): a for name, a in scratch.items() if name.startswith(start)})
            own.filled = {name.removeprefix(start) for name in scratch.filled if name.startswith(start)}
            output = self._scratch_shape(self._part_shape(out.shape, 2))
            part = self._from_scratch(own[name_of("part", output)])
            self._single._fill(part, self._part(first, 0, group), self._part(second, 1, group), own)
            scratch.filled |= {start + name for name in own.filled}
            self._part(out, 2, group)[...] = part

    def _start(self, group: int) -> str:
        """Return what the names of the work arrays of a group begin with: convolutions may differ in their groups."""
        return f"{self.groups}:{group}:"

    def _scratch_shape(self, output: Shape) -> Shape:
        """Return how the output of a group lies in a work array."""
        return rows_first_shape(output)

    def _from_scratch(self, array: Array) -> Array:
        """Return a work array as the output of a group."""
        return rows_last(array)

    def _part(self, array: Array, k: int, group: int) -> Array:
        """Return a group of the first input, the second, or the output."""
        axis = self.group_axes[k]
        size = array.shape[axis] // self.groups
        return array[(slice(None),) * axis + (slice(group * size, (group + 1) * size),)]

    def _part_shape(self, shape: Shape, k: int) -> Shape:
        axis = self.group_axes[k]
        return (*shape[:axis], shape[axis] // self.groups, *shape[axis + 1 :])

    def _within(self, index: Index, k: int, shape: Shape) -> tuple[int, Index]:
        """Return the group of a cell, and its place in it."""
        axis = self.group_axes[k]
        group, own = divmod(index[axis], shape[axis] // self.groups)
        return group, (*index[:axis], own, *index[axis + 1 :])

    def _back(self, indices: Indices, k: int, group: int, arrays: tuple[Array, ...]) -> Indices:
        """Return places in a group as those in the whole."""
        axis, moved = self.group_axes[k], indices.copy()
        moved[:, axis] += group * (arrays[k].shape[axis] // self.groups)
        return moved


def by_tap(kernel: Shape) -> Shape:
    """Return the shape of kernels (F, C, kh, kw) with the channels last."""
    filters, channels, *window = kernel
    return (filters, *window, channels)


def copied(array: Array, purpose: str, scratch: Scratch) -> Array:
    """Return a contiguous copy of an array in scratch."""
    target = scratch[name_of(purpose, array.shape)]
    np.copyto(target, array)
    return target


def products(cells: tuple[Cells, Cells]) -> NDArray[np.float64]:
    """Multiply paired cells."""
    return cells[0].values.astype(np.float64) * cells[1].values


def zero_times(numbers: Array) -> float:
    """Return the sum of products of 0, as padding is, and numbers: NaN where one of them is not finite, else 0."""
    return 0.0 if np.isfinite(numbers).all() else float("nan")
