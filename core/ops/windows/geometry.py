"""Say where a sliding window is: which cells it covers, which of them are padding, and who covers a cell."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from core.ops.base import Cells, Indices, ShapeError, Terms, crossings, show_shape
from core.values import Array, Shape, is_whole

Positions = NDArray[np.intp]
Padding = tuple[int, int, int, int]
"""How many rows of zeros are put above and below the image, and columns left and right of it."""
NO_PADDING: Padding = (0, 0, 0, 0)


@dataclass(frozen=True)
class WindowAxis:
    """A window that slides along one axis.

    Tap i of the window for output o lies at padded position o * stride + i * dilation; the image begins at
    padded position ``before``.

    Parameters
    ----------
    size : int
        How many cells the image has.
    window : int
        How many taps the window has.
    stride, dilation : int
        The distance between neighbouring outputs, and between neighbouring taps.
    before, after : int
        How many cells of padding.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016).
    """

    size: int
    window: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1

    @property
    def padded(self) -> int:
        """How many cells the padded image has."""
        return self.before + self.size + self.after

    @property
    def span(self) -> int:
        """How many cells the window covers from its first tap to its last."""
        return (self.window - 1) * self.dilation + 1

    @property
    def count(self) -> int:
        """How many outputs there are."""
        return max(0, (self.padded - self.span) // self.stride + 1)

    def positions(self, output: int) -> Positions:
        """Return the padded position of every tap of the window for an output."""
        return output * self.stride + self.dilation * np.arange(self.window)

    def inside(self, positions: Positions) -> NDArray[np.bool_]:
        """Tell for padded positions whether they are cells of the image."""
        return (positions >= self.before) & (positions < self.before + self.size)

    def taps(self, output: int) -> tuple[Positions, Positions]:
        """Return the taps of an output's window that lie on the image, and the image cells they lie on."""
        positions = self.positions(output)
        taps = np.flatnonzero(self.inside(positions))
        return taps, positions[taps] - self.before

    def outputs(self, cell: int) -> tuple[Positions, Positions]:
        """Return the outputs whose window has a tap on an image cell, and that tap."""
        taps = np.arange(self.window)
        offsets = cell + self.before - taps * self.dilation
        outputs = offsets // self.stride
        hit = (offsets % self.stride == 0) & (outputs >= 0) & (outputs < self.count)
        return outputs[hit], taps[hit]

    def track(self, tap: int) -> tuple[Positions, Positions]:
        """Return the outputs for which a tap lies on the image, and the image cells it lies on."""
        positions = np.arange(self.count) * self.stride + tap * self.dilation
        outputs = np.flatnonzero(self.inside(positions))
        return outputs, positions[outputs] - self.before


@dataclass(frozen=True)
class Geometry:
    """A window that slides over an image; pure arithmetic, shared by operations and pictures.

    Parameters
    ----------
    size : tuple of int
        Height and width of the image.
    window : tuple of int
        Height and width of the window, in taps.
    stride, dilation : tuple of int
        Along rows and columns.
    padding : tuple of int
        Above, below, left, right.
    noun : str
        What an error calls the window.

    Raises
    ------
    ShapeError
        If a stride, dilation or size is not positive, a padding is negative, or the window does not fit into the
        padded image; the message says which numbers would work.
    """

    size: Shape
    window: Shape
    stride: Shape = (1, 1)
    padding: Padding = NO_PADDING
    dilation: Shape = (1, 1)
    noun: str = "kernel"

    def __post_init__(self) -> None:
        """Check that there is at least one output."""
        check_window(self.window, self.stride, self.dilation, self.padding, self.noun)
        if 0 in self.output_size:
            raise ShapeError(self._misfit())

    @cached_property
    def rows(self) -> WindowAxis:
        """The window along the rows."""
        top, bottom, _, _ = self.padding
        return WindowAxis(self.size[0], self.window[0], self.stride[0], top, bottom, self.dilation[0])

    @cached_property
    def columns(self) -> WindowAxis:
        """The window along the columns."""
        _, _, left, right = self.padding
        return WindowAxis(self.size[1], self.window[1], self.stride[1], left, right, self.dilation[1])

    @property
    def padded_size(self) -> Shape:
        """Height and width of the padded image."""
        return self.rows.padded, self.columns.padded

    @property
    def span(self) -> Shape:
        """Height and width that the window covers, gaps of the dilation included."""
        return self.rows.span, self.columns.span

    @property
    def output_size(self) -> Shape:
        """How many windows there are down and across."""
        return self.rows.count, self.columns.count

    @property
    def tiles(self) -> bool:
        """Whether the windows touch, do not overlap and cover the whole image: every cell is in exactly one."""
        return all(
            axis.dilation == 1 and axis.window == axis.stride and axis.count * axis.stride == axis.size == axis.padded
            for axis in self._axes
        )

    def positions(self, row: int, column: int) -> tuple[Positions, Positions]:
        """Return the rows and the columns, in the padded image, of the window for an output cell."""
        return self.rows.positions(row), self.columns.positions(column)

    def inside(self, rows: Positions, columns: Positions) -> NDArray[np.bool_]:
        """Tell for every crossing of padded rows and columns whether it is a cell of the image."""
        return self.rows.inside(rows)[:, None] & self.columns.inside(columns)

    def padding_taps(self, row: int, column: int) -> Indices:
        """Return the taps (i, j) of an output cell's window that lie on padding, (K, 2)."""
        return np.argwhere(~self.inside(*self.positions(row, column)))

    def _misfit(self) -> str:
        size, padded = show_shape(self.size), show_shape(self.padded_size)
        on = f"the image of {size}" if self.size == self.padded_size else f"the padded image of {padded}"
        missing = [max(0, axis.span - axis.padded) for axis in (self.rows, self.columns)]
        ways = []
        if self.noun == "kernel":
            needed = [axis.before + axis.after + short for axis, short in zip(self._axes, missing, strict=True)]
            ways.append(f"a padding of at least {needed[0]} rows and {needed[1]} columns in all")
        largest = [(axis.padded - 1) // axis.dilation + 1 for axis in self._axes]
        ways.append(f"a {self.noun} of at most {show_shape(tuple(largest))}")
        if max(self.dilation) > 1 and self.window[0] <= self.padded_size[0] and self.window[1] <= self.padded_size[1]:
            ways.append(f"a dilation of at most {show_shape(self._largest_dilation())}")
        covers = f" (covering {show_shape(self.span)})" if self.span != self.window else ""
        return (
            f"expected a {self.noun} that fits {on}: {', or '.join(ways)}; "
            f"got a {self.noun} of {show_shape(self.window)}{covers}"
        )

    def _largest_dilation(self) -> Shape:
        return tuple(
            (axis.padded - 1) // (axis.window - 1) if axis.window > 1 else axis.dilation for axis in self._axes
        )

    @property
    def _axes(self) -> tuple[WindowAxis, WindowAxis]:
        return self.rows, self.columns


cached_geometry = lru_cache(maxsize=1024)(Geometry)
"""The same as Geometry, without checking and counting again what was asked for before."""


@dataclass(frozen=True, eq=False)
class WindowTerms(Terms):
    """Where a cell under a sliding window came from; ``cells`` are cells of the image only.

    Parameters
    ----------
    padding : ndarray of shape (K, 2)
        The taps (i, j) of the window that lie on padding, and so contribute nothing.
    on_padding : float
        What they contribute nevertheless: NaN where they meet an infinity or a NaN, for 0 times that is no number.
    """

    padding: Indices = field(default_factory=lambda: np.empty((0, 2), np.intp))
    on_padding: float = 0.0

    @property
    def result(self) -> float:
        """The output cell, recombined from its contributions and from what padding has met."""
        return super().result + self.on_padding


def check_window(window: Shape, stride: Shape, dilation: Shape, padding: Padding, noun: str = "kernel") -> None:
    """Raise ShapeError unless these numbers describe a window, whatever the image."""
    for name, sizes in ((f"{noun} size", window), ("stride", stride), ("dilation", dilation)):
        if not all(map(is_whole, sizes)):
            raise ShapeError(f"expected a {name} in whole numbers; got {show_shape(sizes)}")
        if len(sizes) != 2 or min(sizes) < 1:
            raise ShapeError(f"expected a {name} of at least 1 along rows and columns; got {show_shape(sizes)}")
    if len(padding) != 4 or min(padding) < 0:
        raise ShapeError(f"expected a padding of at least 0 above, below, left and right; got {tuple(padding)}")


def same_padding(size: Shape, window: Shape, stride: Shape = (1, 1), dilation: Shape = (1, 1)) -> Padding:
    """Return the padding for which the output has as many cells as the image, divided by the stride.

    Where the amount is odd the extra row is below and the extra column right.

    References
    ----------
    TensorFlow, "Neural network: convolution", padding SAME.
    """
    amounts: list[int] = []
    for cells, taps, step, gap in zip(size, window, stride, dilation, strict=True):
        count = -(-cells // step)
        total = max(0, (count - 1) * step + (taps - 1) * gap + 1 - cells)
        amounts += [total // 2, total - total // 2]
    top, bottom, left, right = amounts
    return top, bottom, left, right


def cells_at(i: int, array: Array, *axes: "int | range | Indices") -> Cells:
    """Return the cells of input ``i`` at every combination of positions along the axes."""
    indices = crossings(*axes)
    return Cells(i, indices, array[tuple(indices.T)])
