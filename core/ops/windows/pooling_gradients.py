"""Send gradients back through pooling: to the winner of each window, or to all of its cells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ops import longhand
from core.ops.base import Cells, Example, Indices, Scratch, Terms, crossings, show_shape
from core.ops.windows.columns import empty_images, name_of, named, packed, rows_first_shape, rows_last, tap_views
from core.ops.windows.geometry import NO_PADDING, Geometry, cells_at
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
from core.values import Array, Axes, Index, Range, Shape, Value

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class MaxPool2dGradient(Pooling):
    """Send each delta back to the winner of its window; of equal cells the first in raster order wins.

    d[n, c, a, b] = sum of delta[n, c, y, x] over the windows (y, x) that cell (a, b) wins.

    PyTorch breaks ties the same way. Where a window holds NaN, its last NaN wins, there and here.

    Shapes: images (N, C, H, W) and delta (N, C, oh, ow) give (N, C, H, W).

    Raises
    ------
    ShapeError
        If delta is not what pooling these images gives.
    """

    title = "Gradient through max pooling"
    says = "The delta of a window goes to its winner alone; the others had no say."
    why = "Only the winner of a window moved its maximum, so only it gets the delta; of equal cells the first wins."
    look = "Most cells of {c} are 0: one winner in each window gets all."
    helpers = (longhand.max_pool_gradient,)
    arity = 2
    differentiable = False

    @classmethod
    def examples(cls) -> Iterator[Example]:
        for shape, window, stride in POOLING_CASES:
            yield Example(cls(window, stride), (shape, cls(window, stride).pooled_shape(shape)))
        for shape, window, stride, padding, ceil in PADDED_CASES:
            op = cls(window, stride, padding=padding, ceil=ceil)
            yield Example(op, (shape, op.pooled_shape(shape)))

    def output_shape(self, *shapes: Shape) -> Shape:
        size = self.geometry(*shapes).output_size
        x, delta = shapes
        if delta != (*x[:2], *size):
            raise self.fail(f"a delta of {show_shape((*x[:2], *size))}", *shapes)
        return x

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        pooled = rows_first_shape(shapes[1])
        return {key: pooled for purpose in ("delta", "largest", "masks", "part") for key in named(purpose, pooled)}

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        x, delta = arrays
        if scratch is None:
            scratch = Scratch.allocate(self.scratch_shapes(x.shape, delta.shape), x.dtype)
        out = empty_images(x.shape, x.dtype) if out is None else out
        geometry = self.geometry(x.shape, delta.shape)
        pooled = rows_first_shape(delta.shape)
        ordered = rows_last(packed(delta, name_of("delta", pooled), scratch))
        largest, part = (rows_last(scratch[name_of(purpose, pooled)]) for purpose in ("largest", "part"))
        free, hit = _masks(scratch[name_of("masks", pooled)])
        if is_padded(geometry):
            largest_padded(x, geometry, largest)
            out[...] = 0
            won = _padded_wins(x, geometry, largest, free, hit)
            for (windows, cells), wins in zip(tracks(geometry), won, strict=True):
                _choose(ordered[:, :, *windows], wins, part[:, :, *windows])
                out[:, :, *cells] += part[:, :, *windows]
            return out
        taps, receivers = tap_views(x, geometry), tap_views(out, geometry)
        largest_of(taps, largest)
        if not geometry.tiles:
            out[...] = 0
        for wins, receiver in zip(_wins(taps, largest, free, hit), receivers, strict=True):
            if geometry.tiles:
                _choose(ordered, wins, receiver)
            else:
                _choose(ordered, wins, part)
                receiver += part
        return out

    def equation(self, *symbols: str) -> str:
        x, delta = symbols
        return rf"\mathrm{{to\;winner}}_{{{self.window[0]} \times {self.window[1]}}} \left({delta}, {x}\right)"

    def rounds(self, *shapes: Shape) -> bool:
        return True

    def source(self, *names: str) -> str:
        x, delta = names
        padding = f", padding={self.padding}" if self.padding != NO_PADDING else ""
        return f"max_pool_gradient({delta}, {x}, window={self.window}, stride={self.steps}{padding})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        x, delta = arrays
        n, c, row, column = index
        geometry = self.geometry(x.shape, delta.shape)
        (rows, _), (columns, _) = geometry.rows.outputs(row), geometry.columns.outputs(column)
        deltas = cells_at(1, delta, n, c, rows, columns)
        wins = [_winner(x, geometry, tuple(int(i) for i in cell)) == (row, column) for cell in deltas.indices]
        cells = _covered(x, geometry, deltas.indices), deltas
        return Terms(index, cells, np.where(wins, deltas.values.astype(np.float64), 0.0))

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        geometry = self.geometry(*shapes)
        if i == 1:
            return crossings(index[0], index[1], *on_image(geometry, index[2], index[3]))
        (rows, _), (columns, _) = geometry.rows.outputs(index[2]), geometry.columns.outputs(index[3])
        if not len(rows) or not len(columns):
            return np.empty((0, 4), np.intp)
        down = np.unique(np.concatenate([geometry.rows.taps(int(row))[1] for row in rows]))
        across = np.unique(np.concatenate([geometry.columns.taps(int(column))[1] for column in columns]))
        return crossings(index[0], index[1], down, across)


@dataclass(frozen=True)
class AveragePool2dGradient(Pooling):
    """Share each delta out evenly among the cells of its window.

    d[n, c, a, b] = (1 / (kh kw)) sum of delta[n, c, y, x] over the windows (y, x) that cover cell (a, b).

    Shapes: (N, C, oh, ow) gives (N, C, H, W).

    Parameters
    ----------
    input_size : tuple of int
        H and W, which the shape of delta does not tell where the stride leaves a remainder.

    Raises
    ------
    ShapeError
        If delta is not what pooling images of this size gives.
    """

    input_size: Shape = (2, 2)

    title = "Gradient through average pooling"
    says = "The delta of a window is shared out evenly among its cells."
    why = "All cells of a window moved its mean alike, so they share its delta."
    look = "Each delta of {a} is seen again as a whole window of equal cells, unless windows overlap."
    helpers = (longhand.average_pool_gradient,)
    differentiable = False

    @classmethod
    def examples(cls) -> Iterator[Example]:
        for shape, window, stride in POOLING_CASES:
            op = cls(window, stride, shape[2:])
            yield Example(op, (op.pooled_shape(shape),))
        for shape, window, stride, padding, ceil in PADDED_CASES:
            op = cls(window, stride, shape[2:], padding=padding, ceil=ceil)
            yield Example(op, (op.pooled_shape(shape),))

    def geometry(self, *shapes: Shape) -> Geometry:
        return self.geometry_for(self.input_size, *shapes)

    def output_shape(self, *shapes: Shape) -> Shape:
        size = self.geometry(*shapes).output_size
        (delta,) = shapes
        if delta[2:] != size:
            raise self.fail(f"a delta of samples × channels × {show_shape(size)}", delta)
        return (*delta[:2], *self.input_size)

    def output_axes(self, *inputs: Value) -> Axes:
        return inputs[0].axes

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return named("part", rows_first_shape(shapes[0]))

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        (delta,) = arrays
        if scratch is None:
            scratch = Scratch.allocate(self.scratch_shapes(delta.shape), delta.dtype)
        out = empty_images(self.output_shape(delta.shape), delta.dtype) if out is None else out
        part = rows_last(scratch[name_of("part", rows_first_shape(delta.shape))])
        geometry = self.geometry(delta.shape)
        if is_padded(geometry):
            np.multiply(delta, shares(geometry), out=part)
            out[...] = 0
            for windows, cells in tracks(geometry):
                out[:, :, *cells] += part[:, :, *windows]
            return out
        receivers = tap_views(out, geometry)
        np.multiply(delta, 1 / len(receivers), out=part)
        out[...] = 0
        for receiver in receivers:
            receiver += part
        return out

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{share}}_{{{self.window[0]} \times {self.window[1]}}} \left({symbols[0]}\right)"

    def rounds(self, *shapes: Shape) -> bool:
        return True

    def source(self, *names: str) -> str:
        padding = f", padding={self.padding}" if self.padding != NO_PADDING else ""
        sizes = f"size={self.input_size}, window={self.window}, stride={self.steps}{padding}"
        return f"average_pool_gradient({names[0]}, {sizes})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        (delta,) = arrays
        geometry = self.geometry(delta.shape)
        (rows, _), (columns, _) = geometry.rows.outputs(index[2]), geometry.columns.outputs(index[3])
        cells = cells_at(0, delta, index[0], index[1], rows, columns)
        values = cells.values.astype(np.float64)
        if is_padded(geometry):
            return Terms(index, (cells,), values * shares(geometry)[tuple(cells.indices[:, 2:].T)])
        return Terms(index, (cells,), values / (self.window[0] * self.window[1]))

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return crossings(index[0], index[1], *on_image(self.geometry(*shapes), index[2], index[3]))

    def output_range(self, *ranges: Range) -> Range:
        return ranges[0]


def _choose(numbers: Array, chosen: Mask, out: Array) -> None:
    """Write the chosen numbers, and 0 elsewhere: their bits times 1 or 0, for 0 times infinity is no number."""
    bits = f"i{numbers.itemsize}"
    np.multiply(numbers.view(bits), chosen, out=out.view(bits))


def _wins(taps: list[Array], largest: Array, free: Mask, hit: Mask) -> Iterator[Mask]:
    """Yield for each tap where it wins: it is the first of the largest, or the last NaN where there is one."""
    if np.isnan(largest.max()):
        yield from _wins_with_nan(taps, largest)
        return
    free[...] = True
    for seen in taps[:-1]:
        np.equal(seen, largest, out=hit)
        np.logical_and(hit, free, out=hit)
        np.logical_xor(free, hit, out=free)
        yield hit
    yield free


def _wins_with_nan(taps: list[Array], largest: Array) -> Iterator[Mask]:
    winner = np.zeros(largest.shape, np.intp)
    for number, seen in reversed(list(enumerate(taps))):
        np.copyto(winner, number, where=seen == largest)
    for number, seen in enumerate(taps):
        np.copyto(winner, number, where=np.isnan(seen))
    return (winner == number for number in range(len(taps)))


def _padded_wins(x: Array, geometry: Geometry, largest: Array, free: Mask, hit: Mask) -> Iterator[Mask]:
    """Yield as ``_wins`` does where windows reach beyond the image: for each tap, among the windows that have it."""
    if np.isnan(largest.max()):
        winner = np.full(largest.shape, -1)
        for number, (windows, cells) in reversed(list(enumerate(tracks(geometry)))):
            np.copyto(winner[:, :, *windows], number, where=x[:, :, *cells] == largest[:, :, *windows])
        for number, (windows, cells) in enumerate(tracks(geometry)):
            np.copyto(winner[:, :, *windows], number, where=np.isnan(x[:, :, *cells]))
        for number, (windows, _) in enumerate(tracks(geometry)):
            yield winner[:, :, *windows] == number
        return
    free[...] = True
    for windows, cells in tracks(geometry):
        wins, left = hit[:, :, *windows], free[:, :, *windows]
        np.equal(x[:, :, *cells], largest[:, :, *windows], out=wins)
        np.logical_and(wins, left, out=wins)
        np.logical_xor(left, wins, out=left)
        yield wins


def on_image(geometry: Geometry, row: int, column: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows and the columns of the image that a window covers."""
    return geometry.rows.taps(row)[1], geometry.columns.taps(column)[1]


def _masks(array: Array) -> tuple[Mask, Mask]:
    """Return two masks (N, C, H, W) in the memory of an array (H, C, W, N)."""
    flags = array.reshape(-1).view(np.bool_)[: 2 * array.size].reshape(2, *array.shape)
    free, hit = flags.transpose(0, 4, 2, 1, 3)
    return free, hit


def _winner(images: Array, geometry: Geometry, window: Index) -> tuple[int, int]:
    """Return the row and column of the cell that wins a window."""
    n, c, row, column = window
    rows, columns = on_image(geometry, row, column)
    i, j = divmod(winner_of(images[n, c][np.ix_(rows, columns)].ravel()), len(columns))
    return int(rows[i]), int(columns[j])


def _covered(images: Array, geometry: Geometry, windows: Indices) -> Cells:
    """Return every image cell that at least one of the windows covers."""
    seen = [crossings(n, c, *on_image(geometry, int(row), int(column))) for n, c, row, column in windows]
    indices = np.unique(np.concatenate([np.empty((0, 4), np.intp), *seen]), axis=0)
    return Cells(0, indices, images[tuple(indices.T)])
