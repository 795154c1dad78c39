"""What every operation that pools windows shares."""

from dataclasses import dataclass

import numpy as np

from core.ops.base import Op, ShapeError, show_shape
from core.ops.windows.geometry import NO_PADDING, Geometry, cached_geometry, check_window
from core.values import Array, Shape

POOLING_CASES: tuple[tuple[Shape, Shape, Shape | None], ...] = (
    ((2, 3, 4, 6), (2, 2), None),
    ((1, 2, 5, 7), (2, 3), None),  # cells that no window covers
    ((2, 1, 5, 4), (3, 2), (1, 1)),  # windows that overlap
    ((1, 2, 7, 5), (2, 1), (3, 2)),  # gaps between the windows
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
    """

    window: Shape = (2, 2)
    stride: Shape | None = None

    arity = 1

    def __post_init__(self) -> None:
        """Check what can be checked without an image."""
        try:
            check_window(self.window, self.steps, (1, 1), NO_PADDING, "pooling window")
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
            return cached_geometry(size, self.window, self.steps, NO_PADDING, (1, 1), "pooling window")
        except ShapeError as error:
            came = ", ".join(show_shape(shape) for shape in shapes)
            raise ShapeError(f"{self.title}: {error} (inputs: {came})") from None

    def pooled_shape(self, images: Shape) -> Shape:
        """Return the shape that pooling gives images (N, C, H, W)."""
        size = cached_geometry(images[2:], self.window, self.steps, NO_PADDING, (1, 1), "pooling window").output_size
        return (*images[:2], *size)


def largest_of(taps: list[Array], out: Array) -> None:
    """Write the largest of several arrays, cell by cell."""
    out[...] = taps[0]
    for seen in taps[1:]:
        np.maximum(out, seen, out=out)


def winner_of(cells: Array) -> int:
    """Return the place of the winner among the cells of a window: the first of the largest, or the last NaN."""
    broken = np.flatnonzero(np.isnan(cells))
    return int(broken[-1] if len(broken) else cells.argmax())
