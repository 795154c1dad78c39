"""Make images smaller by pooling, and rows of numbers by flattening."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from core.layers.base import Layer, Parameter
from core.layers.convolution import check_images, pair
from core.ops.base import Op, ShapeError, show_shape
from core.ops.shape import Reshape
from core.ops.windows import pooling
from core.ops.windows.geometry import NO_PADDING, check_window
from core.program import Builder
from core.values import Role, Shape, Value


@dataclass(frozen=True)
class _Pooling(Layer):
    window: int | Shape = 2
    stride: int | Shape | None = None

    def __post_init__(self) -> None:
        """Check the arguments."""
        check_window(pair(self.window), pair(self._stride), (1, 1), NO_PADDING, "pooling window")

    @property
    def name(self) -> str:
        return f"{self._word} pool {show_shape(pair(self.window))}"

    def parameters(self, number: int, shape: Shape) -> Iterator[Parameter]:
        check_images(shape)
        return iter(())

    def build(self, builder: Builder, x: Value, number: int, parameters: dict[str, Value]) -> Value:
        symbol = rf"\mathrm{{pool}}_{{{number}}}"
        return builder.apply(self._operation(), x, key=f"pool_{number}", role=Role.OUT, layer=number, symbol=symbol)

    @property
    def _stride(self) -> int | Shape:
        return self.window if self.stride is None else self.stride

    @property
    @abstractmethod
    def _word(self) -> str: ...

    @abstractmethod
    def _operation(self) -> Op: ...


@dataclass(frozen=True)
class MaxPool2d(_Pooling):
    """Keep the largest number of every window.

    Parameters
    ----------
    window : int or tuple of int
        Height and width of the window.
    stride : int, tuple of int or None
        Along rows and columns; ``None`` is the window's own size.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 9.3.
    """

    _word = "max"

    def _operation(self) -> Op:
        return pooling.MaxPool2d(pair(self.window), pair(self._stride))


@dataclass(frozen=True)
class AveragePool2d(_Pooling):
    """Keep the mean of every window.

    Parameters
    ----------
    window : int or tuple of int
        Height and width of the window.
    stride : int, tuple of int or None
        Along rows and columns; ``None`` is the window's own size.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998), section II.
    """

    _word = "average"

    def _operation(self) -> Op:
        return pooling.AveragePool2d(pair(self.window), pair(self._stride))


@dataclass(frozen=True)
class Flatten(Layer):
    """Write every sample as one row, so that a dense layer can follow."""

    @property
    def name(self) -> str:
        return "flatten"

    def parameters(self, number: int, shape: Shape) -> Iterator[Parameter]:
        if len(shape) < 2:
            raise ShapeError(f"expected samples with at least one axis; got {show_shape(shape)}")
        return iter(())

    def build(self, builder: Builder, x: Value, number: int, parameters: dict[str, Value]) -> Value:
        image = x.shape[2:] if len(x.shape) == 4 and x.shape[1] == 1 else None
        return builder.apply(
            Reshape((-1, prod(x.shape[1:]))),
            x,
            key=f"flat_{number}",
            role=Role.OUT,
            layer=number,
            row_image=image,
            symbol=rf"\mathrm{{flat}}_{{{number}}}",
        )
