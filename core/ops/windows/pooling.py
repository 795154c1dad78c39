"""Reduce every window of an image to one number: its largest, or its mean."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.ops import longhand
from core.ops.base import Cells, Combine, Example, GradientBuilder, Gradients, Indices, Step, Terms, crossings
from core.ops.windows.columns import empty_images, tap_views
from core.ops.windows.geometry import Geometry, cells_at
from core.ops.windows.pooling_base import (
    PADDED_CASES,
    POOLING_CASES,
    Pooling,
    is_padded,
    largest_of,
    largest_padded,
    shares,
    tracks,
    winner_of,
)
from core.ops.windows.pooling_gradients import AveragePool2dGradient, MaxPool2dGradient
from core.values import Array, Axes, Index, Range, Shape, Value


class _Forward(Pooling, abstract=True):
    """What pools that make one number of every window have in common.

    Shapes: (N, C, H, W) gives (N, C, oh, ow).

    Raises
    ------
    ShapeError
        If the window does not fit into the image.
    """

    helpers = (longhand.pool,)

    @classmethod
    def examples(cls) -> Iterator[Example]:
        for shape, window, stride in POOLING_CASES:
            yield Example(cls(window, stride), (shape,))
        for shape, window, stride, padding, ceil in PADDED_CASES:
            yield Example(cls(window, stride, padding=padding, ceil=ceil), (shape,))

    def output_shape(self, *shapes: Shape) -> Shape:
        size = self.geometry(*shapes).output_size
        return (*shapes[0][:2], *size)

    def output_axes(self, *inputs: Value) -> Axes:
        return inputs[0].axes

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        (x,) = arrays
        out = empty_images(self.output_shape(x.shape), x.dtype) if out is None else out
        geometry = self.geometry(x.shape)
        if is_padded(geometry):
            self._reduce_padded(x, geometry, out)
        else:
            self._reduce(tap_views(x, geometry), out)
        return out

    @abstractmethod
    def _reduce(self, taps: list[Array], out: Array) -> None: ...

    @abstractmethod
    def _reduce_padded(self, x: Array, geometry: Geometry, out: Array) -> None: ...

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        geometry = self.geometry(*shapes)
        (rows, _), (columns, _) = geometry.rows.outputs(index[2]), geometry.columns.outputs(index[3])
        return crossings(index[0], index[1], rows, columns)

    def output_range(self, *ranges: Range) -> Range:
        return ranges[0]

    def _window_cells(self, index: Index, x: Array) -> Cells:
        geometry = self.geometry(x.shape)
        (_, rows), (_, columns) = geometry.rows.taps(index[2]), geometry.columns.taps(index[3])
        return cells_at(0, x, index[0], index[1], rows, columns)


@dataclass(frozen=True)
class MaxPool2d(_Forward):
    """Keep the largest number of every window.

    p[n, c, y, x] = max over i, j of a[n, c, y sy + i, x sx + j].

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 9.3.
    """

    title = "Max pooling"
    says = "Of every window only the largest number stays."
    why = (
        "Whether a pattern was found nearby matters more than where exactly; {c} is smaller, and the next layer "
        "sees further."
    )
    look = "Click a cell of {c}: its window in {a} is marked, and the winner in it."

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (x,) = step.inputs
        assert delta is not None
        if not build.wants(x):
            return {}
        op = MaxPool2dGradient(self.window, self.stride, padding=self.padding, ceil=self.ceil)
        return {x: build.gradient(x, op, x, delta)}

    def equation(self, *symbols: str) -> str:
        return rf"\max_{{{self.window[0]} \times {self.window[1]}}} \left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        return f"pool({names[0]}, window={self.window}, stride={self.steps}, reduce=np.max{self.settings_source()})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = self._window_cells(index, arrays[0])
        values = cells.values.astype(np.float64)
        return Terms(index, (cells,), values, Combine.MAX, own=winner_of(values))

    def _reduce(self, taps: list[Array], out: Array) -> None:
        largest_of(taps, out)

    def _reduce_padded(self, x: Array, geometry: Geometry, out: Array) -> None:
        largest_padded(x, geometry, out)


@dataclass(frozen=True)
class AveragePool2d(_Forward):
    """Keep the mean of every window.

    p[n, c, y, x] = (1 / (kh kw)) sum over i, j of a[n, c, y sy + i, x sx + j].

    References
    ----------
    LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998), section II.
    """

    title = "Average pooling"
    says = "Every window becomes the mean of its cells."
    why = "The mean of a window keeps what is typical of it; {c} is smaller, and the next layer sees further."
    look = "Click a cell of {c}: all cells of its window in {a} count alike."

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (x,) = step.inputs
        assert delta is not None
        if not build.wants(x):
            return {}
        op = AveragePool2dGradient(self.window, self.stride, x.shape[2:], padding=self.padding, ceil=self.ceil)
        return {x: build.gradient(x, op, delta)}

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{mean}}_{{{self.window[0]} \times {self.window[1]}}} \left({symbols[0]}\right)"

    def rounds(self, *shapes: Shape) -> bool:
        return True

    def source(self, *names: str) -> str:
        return f"pool({names[0]}, window={self.window}, stride={self.steps}, reduce=np.mean{self.settings_source()})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = self._window_cells(index, arrays[0])
        return Terms(index, (cells,), cells.values.astype(np.float64), Combine.MEAN)

    def _reduce(self, taps: list[Array], out: Array) -> None:
        out[...] = taps[0]
        for seen in taps[1:]:
            out += seen
        out *= 1 / len(taps)

    def _reduce_padded(self, x: Array, geometry: Geometry, out: Array) -> None:
        out[...] = 0
        for windows, cells in tracks(geometry):
            out[:, :, *windows] += x[:, :, *cells]
        np.multiply(out, shares(geometry), out=out)
