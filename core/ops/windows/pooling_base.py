"""What every operation that pools windows shares."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.ops.base import Op, ShapeError, show_shape
from core.ops.windows.geometry import NO_PADDING, Geometry, Padding, cached_geometry, check_window
from core.values import Array, Shape

Slices = tuple[slice, slice]
POOLING_CASES: tuple[tuple[Shape, Shape, Shape | None], ...] = (
    ((2, 3, 4, 6), (2, 2), None),
    ((1, 2, 5, 7), (2, 3), None),  # cells that no window covers
    ((2, 1, 5, 4), (3, 2), (1, 1)),  # windows that overlap
    ((1, 2, 7, 5), (2, 1), (3, 2)),  # gaps between the windows
)
PADDED_CASES: tuple[tuple[Shape, Shape, Shape, Padding, bool], ...] = (
    ((1, 1, 4, 4), (3, 2), (2, 2), (1, 0, 0, 1), True),
    ((1, 1, 3, 4), (2, 2), (2, 3), (0, 0, 0, 0), True),
)


@dataclass(frozen=True)
class Pooling(Op, abstract=True):
    """What the pooling operations have in common.

    Parameters
    ----------
    window : tuple of int
        Height and width of the window.
    stride : tuple of int or None
        Along rows and columns; ``None`` is the window's own size, so that windows touch and do not overlap.
    padding : tuple of int
        So far windows reach beyond the image, above, below, left and right: at most half a window. What lies there has
        no say.
    ceil : bool
        Whether there is one more window below and right of the others where the stride leaves a remainder; what of it
        lies beyond the image has no say.
    """

    window: Shape = (2, 2)
    stride: Shape | None = None
    padding: Padding = field(default=NO_PADDING, kw_only=True)
    ceil: bool = field(default=False, kw_only=True)

    arity = 1

    def __post_init__(self) -> None:
        """Check what can be checked without an image."""
        try:
            check_window(self.window, self.steps, (1, 1), self.padding, "pooling window")
            check_half(self.window, self.padding)
        except ShapeError as error:
            raise ShapeError(f"{self.title}: {error}") from None

    @property
    def steps(self) -> Shape:
        """The stride along rows and columns."""
        return self.window if self.stride is None else self.stride

    def geometry(self, *shapes: Shape) -> Geometry:
        """Return where the window is, given the shapes of the inputs; raise ShapeError where it does not fit."""
        self.check_arity(shapes)
        return self.geometry_for(shapes[0][2:], *shapes)

    def geometry_for(self, size: Shape, *shapes: Shape) -> Geometry:
        """Return where the window is on an image of this size; a ShapeError names the operation and its inputs."""
        self.check_arity(shapes)
        if any(len(shape) != 4 for shape in shapes):
            raise self.fail("images (N, C, H, W)", *shapes)
        try:
            return self.windows(size)
        except ShapeError as error:
            came = ", ".join(show_shape(shape) for shape in shapes)
            raise ShapeError(f"{self.title}: {error} (inputs: {came})") from None

    def pooled_shape(self, images: Shape) -> Shape:
        """Return the shape that pooling gives images (N, C, H, W)."""
        return (*images[:2], *self.windows(images[2:]).output_size)

    def windows(self, size: Shape) -> Geometry:
        """Return where the window is on an image of this size; what ``ceil`` adds is padding below and on the right."""
        top, bottom, left, right = self.padding
        if self.ceil:
            bottom += self._beyond(0, size[0] + top, bottom)
            right += self._beyond(1, size[1] + left, right)
        return cached_geometry(size, self.window, self.steps, (top, bottom, left, right), (1, 1), "pooling window")

    def settings_source(self) -> str:
        """Return Python for the settings that are not usual, as further arguments."""
        ceil = ", ceil=True" if self.ceil else ""
        return (f", padding={self.padding}" if self.padding != NO_PADDING else "") + ceil

    def _beyond(self, axis: int, inside: int, after: int) -> int:
        """Return how far the window that ``ceil`` adds reaches beyond the padding, as PyTorch has it."""
        window, step = self.window[axis], self.steps[axis]
        rest = (inside + after - window) % step
        begins = inside + after - window - rest + step
        return step - rest if rest and inside + after >= window and begins < inside else 0


def check_half(window: Shape, padding: Padding) -> None:
    """Raise ShapeError if a window could lie beyond the image, where there is nothing to pool."""
    halves = window[0] // 2, window[1] // 2
    if max(padding[:2]) > halves[0] or max(padding[2:]) > halves[1]:
        raise ShapeError(
            f"expected a padding of at most half the window, {halves[0]} rows and {halves[1]} columns; got {padding}"
        )


def is_padded(geometry: Geometry) -> bool:
    """Tell whether windows reach beyond the image."""
    return geometry.padded_size != geometry.size


def tracks(geometry: Geometry) -> Iterator[tuple[Slices, Slices]]:
    """Yield for each tap of the window, in raster order, where it lies on the image: the windows, and their cells."""
    for i, j in np.ndindex(*geometry.window):
        (down, rows), (across, columns) = geometry.rows.track(i), geometry.columns.track(j)
        if len(down) and len(across):
            yield (_run(down), _run(across)), (_run(rows), _run(columns))


def _run(places: NDArray[np.intp]) -> slice:
    step = int(places[1] - places[0]) if len(places) > 1 else 1
    return slice(int(places[0]), int(places[-1]) + 1, step)


def largest_of(taps: list[Array], out: Array) -> None:
    """Write the largest of several arrays, cell by cell."""
    out[...] = taps[0]
    for seen in taps[1:]:
        np.maximum(out, seen, out=out)


def winner_of(cells: Array) -> int:
    """Return the place of the winner among the cells of a window: the first of the largest, or the last NaN."""
    broken = np.flatnonzero(np.isnan(cells))
    return int(broken[-1] if len(broken) else cells.argmax())


def largest_padded(x: Array, geometry: Geometry, out: Array) -> None:
    """Write the largest cell of every window that reaches beyond the image."""
    out[...] = -np.inf
    for windows, cells in tracks(geometry):
        target = out[:, :, *windows]
        np.maximum(target, x[:, :, *cells], out=target)


@lru_cache(maxsize=256)
def shares(geometry: Geometry) -> NDArray[np.float64]:
    """Return for every window one over the number of its cells that lie on the image, of shape (oh, ow)."""
    down, across = (
        np.array([len(axis.taps(output)[0]) for output in range(axis.count)])
        for axis in (geometry.rows, geometry.columns)
    )
    found: NDArray[np.float64] = 1 / np.multiply.outer(down, across)
    found.flags.writeable = False
    return found
