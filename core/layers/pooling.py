"""Make images smaller by pooling, and rows of numbers by flattening."""

from abc import abstractmethod
from dataclasses import dataclass
from math import prod
from typing import Annotated

from core.builder import Builder
from core.layers.base import Layer
from core.layers.convolution import PaddingRule, check_images, padding_amounts, pair
from core.layers.fields import WINDOW, Choice, Sizes
from core.ops.base import Purpose, ShapeError, show_shape
from core.ops.reduce import Maximum, Mean
from core.ops.shape import Reshape
from core.ops.windows import pooling
from core.ops.windows.geometry import check_window
from core.ops.windows.pooling_base import Pooling
from core.values import Axis, AxisKind, Role, Shape, Value


@dataclass(frozen=True)
class _Pooling(Layer, abstract=True):
    group = "Images"

    window: Annotated[int | Shape, WINDOW] = 2
    stride: Annotated[int | Shape | None, Sizes(none="as the window")] = None
    padding: Annotated[PaddingRule, Sizes(counts=(1, 2, 4), least=0)] = 0
    ceil: bool = False

    def check(self) -> None:
        padding = padding_amounts(self.padding)
        check_window(pair(self.window), pair(self._stride), (1, 1), padding, "pooling window")

    @property
    def name(self) -> str:
        return f"{self._word} pool {show_shape(pair(self.window))}"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        check_images(x.shape)
        return builder.apply(self.operation(), x, key="pool", role=Role.OUT)

    @property
    def _stride(self) -> int | Shape:
        return self.window if self.stride is None else self.stride

    @property
    @abstractmethod
    def _word(self) -> str: ...

    @abstractmethod
    def operation(self) -> Pooling:
        """Return the operation."""


@dataclass(frozen=True)
class MaxPool2d(_Pooling):
    """Keep the largest number of every window.

    Parameters
    ----------
    window : int or tuple of int
        Height and width of the window.
    stride : int, tuple of int or None
        Along rows and columns; ``None`` is the window's own size.
    padding : int or tuple of int
        So far windows reach beyond the image: at most half a window. One amount; amounts for rows and columns; above,
        below, left and right. What lies there has no say.
    ceil : bool
        Whether there is one more window where the stride leaves a remainder.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 9.3.
    """

    called = "max pooling"
    _word = "max"

    def operation(self) -> Pooling:
        """Return the operation."""
        return pooling.MaxPool2d(
            pair(self.window), pair(self._stride), padding=padding_amounts(self.padding), ceil=self.ceil
        )


@dataclass(frozen=True)
class AveragePool2d(_Pooling):
    """Keep the mean of every window.

    Parameters
    ----------
    window : int or tuple of int
        Height and width of the window.
    stride : int, tuple of int or None
        Along rows and columns; ``None`` is the window's own size.
    padding : int or tuple of int
        So far windows reach beyond the image: at most half a window. One amount; amounts for rows and columns; above,
        below, left and right. What lies there has no say.
    ceil : bool
        Whether there is one more window where the stride leaves a remainder.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998), section II.
    """

    called = "average pooling"
    _word = "average"

    def operation(self) -> Pooling:
        """Return the operation."""
        return pooling.AveragePool2d(
            pair(self.window), pair(self._stride), padding=padding_amounts(self.padding), ceil=self.ceil
        )


@dataclass(frozen=True)
class GlobalPool(Layer):
    """Keep one number of every channel: its mean, or its largest, over all of the image.

    Parameters
    ----------
    kind : str
        ``average`` or ``max``.

    Raises
    ------
    ValueError
        If there is no such kind.
    ShapeError
        When it is built, if the input is not images.

    References
    ----------
    Lin, Chen and Yan, "Network In Network" (2013), section 3.2.
    """

    called = "global pooling"
    group = "Images"

    kind: Annotated[str, Choice((("average", "average"), ("max", "max")))] = "average"

    def check(self) -> None:
        if self.kind not in ("average", "max"):
            raise ValueError(f"expected 'average' or 'max'; got {self.kind!r}")

    @property
    def name(self) -> str:
        return f"global {self.kind} pool"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        check_images(x.shape)
        op = Mean((2, 3)) if self.kind == "average" else Maximum((2, 3))
        return builder.apply(op, x, key="pool", role=Role.OUT, axes=(x.axis(0), x.axis(1)), purpose=_GLOBAL[self.kind])


@dataclass(frozen=True)
class Flatten(Layer):
    """Write every sample as one row, so that a dense layer can follow."""

    called = "flatten"
    group = "Images"

    @property
    def name(self) -> str:
        return "flatten"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if len(x.shape) < 2:
            raise ShapeError(f"expected samples with at least one axis; got {show_shape(x.shape)}")
        image = x.shape[2:] if len(x.shape) == 4 and x.shape[1] == 1 else None
        axes = x.axis(0), Axis(AxisKind.FEATURE, image=image)
        op = Reshape((-1, prod(x.shape[1:])))
        return builder.apply(op, x, key="flat", role=Role.OUT, axes=axes, purpose=_FLAT)


_GLOBAL = {
    "average": Purpose(
        "The mean of each map: one number a channel.",
        why="Whether a pattern is found counts now, and no longer where; any size of image gives as many numbers.",
        look="A map of {a} that is bright all over has a large cell in {c}.",
    ),
    "max": Purpose(
        "The largest cell of each map: one number a channel.",
        why="Whether a pattern is found anywhere counts now, and no longer where.",
        look="One bright cell of a map of {a} is enough for a large cell in {c}.",
    ),
}
_FLAT = Purpose(
    "Each sample's maps become one row, in raster order; no number changes.",
    why="A dense layer wants each sample as one row; where a cell stood in its map is told by its place in the row.",
    look="No number changes: click a cell, and see where the same number stood in {a}.",
)
