"""What every operation that slides a kernel over images shares."""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ops.base import Cells, Op, Scratch, ShapeError, show_shape
from core.ops.windows.columns import empty_images, name_of
from core.ops.windows.geometry import NO_PADDING, Geometry, Padding, cached_geometry, check_window
from core.values import Array, Shape

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


@dataclass(frozen=True)
class Convolution(Op, abstract=True):
    """What a convolution and its gradients have in common.

    Parameters
    ----------
    stride, dilation : tuple of int
        Along rows and columns.
    padding : tuple of int
        Zeros above, below, left and right of the image.
    """

    stride: Shape = (1, 1)
    padding: Padding = NO_PADDING
    dilation: Shape = (1, 1)

    arity = 2

    def __post_init__(self) -> None:
        """Check what can be checked without an image."""
        try:
            check_window((1, 1), self.stride, self.dilation, self.padding)
        except ShapeError as error:
            raise ShapeError(f"{self.title}: {error}") from None

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
        self._fill(out, first, second, scratch)
        return out

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

    def settings_source(self) -> str:
        """Return Python for the settings that are not those of a plain convolution, as further arguments."""
        plain = {"stride": (1, 1), "padding": NO_PADDING, "dilation": (1, 1)}
        chosen = {name: getattr(self, name) for name in plain}
        return "".join(f", {name}={value}" for name, value in chosen.items() if value != plain[name])

    def _empty(self, shape: Shape, dtype: "np.dtype[np.floating]") -> Array:
        return empty_images(shape, dtype)

    @abstractmethod
    def _fill(self, out: Array, first: Array, second: Array, scratch: Scratch) -> None: ...


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
