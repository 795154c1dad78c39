"""Slide kernels over images: the convolutional layer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.layers.base import (
    INITIALISERS,
    Layer,
    Parameter,
    activate,
    activation_title,
    check_activation,
    check_count,
    default_initialiser,
)
from core.ops.base import ShapeError, show_shape
from core.ops.windows import convolution
from core.ops.windows.channels import AddChannelBias
from core.ops.windows.geometry import NO_PADDING, Padding, check_window, same_padding
from core.program import Builder
from core.values import Role, Shape, Value

PaddingRule = int | tuple[int, int] | Padding | str
"""An amount all around; amounts for rows and columns; above, below, left, right; ``same`` or ``valid``."""


@dataclass(frozen=True)
class Conv2d(Layer):
    """Slide kernels over images: net = input ⋆ kernels + bias, out = f(net).

    Parameters
    ----------
    filters : int
        How many kernels, and so how many feature maps.
    kernel : int or tuple of int
        Height and width of the kernels.
    stride, dilation : int or tuple of int
        Along rows and columns.
    padding : int, tuple of int, or str
        Zeros around the image: one amount; amounts for rows and columns; above, below, left and right;
        ``valid`` for none; ``same`` for an output as large as the input, divided by the stride.
    activation : str or None
        As of a dense layer, without ``softmax``; ``None`` for out = net.
    bias : bool
        Whether there is a bias for each filter.
    initialiser : str or None
        ``he``, ``glorot`` or ``zeros``; ``None`` takes He for the ReLU family and Glorot for the others.

    Raises
    ------
    ShapeError
        If a number is not positive; when it is built, if the kernel does not fit the image.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998), section II.
    """

    filters: int
    kernel: int | Shape
    stride: int | Shape = 1
    padding: PaddingRule = "valid"
    dilation: int | Shape = 1
    activation: str | None = "relu"
    bias: bool = True
    initialiser: str | None = None

    def __post_init__(self) -> None:
        """Check the arguments."""
        check_count("convolution", "filter", self.filters)
        padding = NO_PADDING if self.padding == "same" else padding_amounts(self.padding)
        check_window(pair(self.kernel), pair(self.stride), pair(self.dilation), padding)
        check_activation(self.activation)
        if self.activation == "softmax":
            raise ValueError("expected an activation that works cell by cell; got 'softmax'")
        if self.initialiser not in (None, *INITIALISERS):
            raise ValueError(f"expected an initialiser among {', '.join(INITIALISERS)}; got {self.initialiser!r}")

    @property
    def name(self) -> str:
        activation = f", {activation_title(self.activation)}" if self.activation else ""
        return f"conv {self.filters} @ {show_shape(pair(self.kernel))}{activation}"

    def parameters(self, number: int, shape: Shape) -> Iterator[Parameter]:
        check_images(shape)
        window = pair(self.kernel)
        area, channels = window[0] * window[1], shape[1]
        draw = self.initialiser or default_initialiser(self.activation)
        fans = channels * area, self.filters * area
        yield Parameter(f"w_{number}", (self.filters, channels, *window), Role.WEIGHT, draw, *fans)
        if self.bias:
            start = "positive" if default_initialiser(self.activation) == "he" else "zeros"
            yield Parameter(f"b_{number}", (self.filters,), Role.BIAS, start, *fans)

    def build(self, builder: Builder, x: Value, number: int, parameters: dict[str, Value]) -> Value:
        about: dict[str, Any] = {"layer": number}
        key, role = ("sum", Role.SUM) if self.bias else ("net", Role.NET)
        op = self.operation(x.shape[2:])
        net = builder.apply(op, x, parameters[f"w_{number}"], key=f"{key}_{number}", role=role, **about)
        if self.bias:
            bias = parameters[f"b_{number}"]
            net = builder.apply(AddChannelBias(), net, bias, key=f"net_{number}", role=Role.NET, **about)
        return activate(builder, net, self.activation, number, **about)

    def operation(self, size: Shape) -> convolution.Conv2d:
        """Return the operation for images of this height and width."""
        stride, dilation = pair(self.stride), pair(self.dilation)
        if self.padding == "same":
            padding = same_padding(size, pair(self.kernel), stride, dilation)
        else:
            padding = padding_amounts(self.padding)
        return convolution.Conv2d(stride, padding, dilation)


def pair(sizes: int | Shape) -> Shape:
    """Return one size for rows and columns as two."""
    return tuple(sizes) if isinstance(sizes, (tuple, list)) else (sizes, sizes)


def padding_amounts(rule: PaddingRule) -> Padding:
    """Return the padding above, below, left and right for any rule but ``same``.

    Raises
    ------
    ShapeError
        If there are neither one, two nor four amounts.
    """
    match rule:
        case "valid":
            return NO_PADDING
        case int(amount):
            return amount, amount, amount, amount
        case (int(rows), int(columns)):
            return rows, rows, columns, columns
        case (int(top), int(bottom), int(left), int(right)):
            return top, bottom, left, right
    raise ShapeError(f"expected a padding of 'same', 'valid', or one, two or four amounts; got {rule!r}")


def check_images(shape: Shape) -> None:
    """Raise ShapeError unless this is a batch of images."""
    if len(shape) != 4:
        raise ShapeError(f"expected images (samples × channels × height × width); got {show_shape(shape)}")
