"""Draw convolutions and poolings, and compute them with plain loops: the readable reference."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from core.ops.windows.geometry import Geometry, Padding
from core.values import Array, Shape


@dataclass(frozen=True)
class Sliding:
    """Sizes of a convolution that fits."""

    samples: int
    channels: int
    filters: int
    size: Shape
    window: Shape
    stride: Shape
    padding: Padding
    dilation: Shape

    @property
    def settings(self) -> tuple[Shape, Padding, Shape]:
        return self.stride, self.padding, self.dilation

    @property
    def images(self) -> Shape:
        return (self.samples, self.channels, *self.size)

    @property
    def kernels(self) -> Shape:
        return (self.filters, self.channels, *self.window)

    @property
    def deltas(self) -> Shape:
        return (self.samples, self.filters, *self.output_size)

    @property
    def output_size(self) -> Shape:
        top, bottom, left, right = self.padding
        padded = self.size[0] + top + bottom, self.size[1] + left + right
        return tuple(
            (have - (taps - 1) * gap - 1) // step + 1
            for have, taps, gap, step in zip(padded, self.window, self.dilation, self.stride, strict=True)
        )

    @property
    def geometry(self) -> Geometry:
        return Geometry(self.size, self.window, *self.settings)

    def draw(self, *shapes: Shape, seed: int = 0, dtype: str = "float64") -> list[Array]:
        generator = np.random.default_rng(seed)
        return [generator.normal(size=shape).astype(dtype) for shape in shapes]


def pairs(least: int, most: int) -> st.SearchStrategy[Shape]:
    return st.tuples(st.integers(least, most), st.integers(least, most))


@st.composite
def slidings(draw: st.DrawFn, largest: int = 8, most: int = 3, padded: bool = True) -> Sliding:
    """Draw sizes of a convolution, awkward ones too: remainders, gaps, windows on nothing but padding."""
    amounts = st.integers(0, 3 if padded else 0)
    drawn = Sliding(
        samples=draw(st.integers(1, most)),
        channels=draw(st.integers(1, most)),
        filters=draw(st.integers(1, most)),
        size=draw(pairs(1, largest)),
        window=draw(pairs(1, 4)),
        stride=draw(pairs(1, 3)),
        padding=draw(st.tuples(amounts, amounts, amounts, amounts)),
        dilation=draw(pairs(1, 3 if padded else 1)),
    )
    assume(min(drawn.output_size) >= 1)
    return drawn


def taps_of(case: Sliding, row: int, column: int) -> list[tuple[int, int, int, int]]:
    """Return (i, j, image row, image column) for every tap that lies on the image."""
    found = []
    for i, j in product(range(case.window[0]), range(case.window[1])):
        y = row * case.stride[0] + i * case.dilation[0] - case.padding[0]
        x = column * case.stride[1] + j * case.dilation[1] - case.padding[2]
        if 0 <= y < case.size[0] and 0 <= x < case.size[1]:
            found.append((i, j, y, x))
    return found


def naive_convolution(case: Sliding, images: Array, kernels: Array) -> Array:
    """Multiply and add, window by window."""
    result = np.zeros(case.deltas)
    for n, f, row, column in np.ndindex(*case.deltas):
        for c in range(case.channels):
            for i, j, y, x in taps_of(case, row, column):
                result[n, f, row, column] += images[n, c, y, x] * kernels[f, c, i, j]
    return result


def naive_gradients(case: Sliding, images: Array, kernels: Array, delta: Array) -> tuple[Array, Array]:
    """Send every delta to the images and kernels that made its output."""
    image_gradient, kernel_gradient = np.zeros(case.images), np.zeros(case.kernels)
    for n, f, row, column in np.ndindex(*case.deltas):
        for c in range(case.channels):
            for i, j, y, x in taps_of(case, row, column):
                image_gradient[n, c, y, x] += delta[n, f, row, column] * kernels[f, c, i, j]
                kernel_gradient[f, c, i, j] += delta[n, f, row, column] * images[n, c, y, x]
    return image_gradient, kernel_gradient


def naive_pooling(case: Sliding, images: Array, kind: str) -> Array:
    """Look at one window after the other."""
    result = np.zeros((case.samples, case.channels, *case.output_size))
    for n, c, row, column in np.ndindex(*result.shape):
        seen = [float(images[n, c, y, x]) for _, _, y, x in taps_of(case, row, column)]
        result[n, c, row, column] = max(seen) if kind == "max" else sum(seen) / len(seen)
    return result


def naive_pooling_gradient(case: Sliding, images: Array, delta: Array, kind: str) -> Array:
    """Give each delta to the first of the largest cells of its window, or an equal share to all of them."""
    result = np.zeros(case.images)
    for n, c, row, column in np.ndindex(*delta.shape):
        cells = [(y, x) for _, _, y, x in taps_of(case, row, column)]
        if kind == "max":
            cells = [max(cells, key=lambda cell: (images[n, c, cell[0], cell[1]], -cell[0], -cell[1]))]
        for y, x in cells:
            result[n, c, y, x] += delta[n, c, row, column] / len(cells)
    return result
