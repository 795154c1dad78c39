"""Slide kernels over images: the convolutional layer."""

from dataclasses import dataclass
from math import gcd
from typing import Annotated

from core.builder import Builder
from core.initialisers import ZEROS, check_initialiser, filled
from core.layers.base import (
    Layer,
    activate,
    activation_title,
    check_activation,
    check_count,
    initialiser_for,
    is_rectifier,
)
from core.layers.fields import CELLWISE, WINDOW, Initialisation, Sizes, Whole
from core.ops.base import ShapeError, show_shape
from core.ops.windows import convolution
from core.ops.windows.channels import AddChannelBias
from core.ops.windows.geometry import NO_PADDING, Padding, check_window, same_padding
from core.values import KERNELS, AxisKind, Role, Shape, Value, axes_of

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
    groups : int
        Into how many groups channels and filters are cut; a filter sees the channels of its group alone. As many
        groups as channels is a depthwise convolution.

    Raises
    ------
    ShapeError
        If a number is not positive; when it is built, if the kernel does not fit the image, or the groups do not
        divide its channels and the filters.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998), section II.
    """

    called = "convolution"
    group = "Images"

    filters: Annotated[int, Whole(8)]
    kernel: Annotated[int | Shape, WINDOW]
    stride: Annotated[int | Shape, WINDOW] = 1
    padding: Annotated[PaddingRule, Sizes(counts=(1, 2, 4), least=0, words=("valid", "same"))] = "valid"
    dilation: Annotated[int | Shape, WINDOW] = 1
    activation: Annotated[str | None, CELLWISE] = "relu"
    bias: bool = True
    initialiser: Initialisation = None
    groups: Annotated[int, Whole(1)] = 1

    def check(self) -> None:
        check_count("filter", self.filters)
        check_count("group", self.groups)
        padding = NO_PADDING if self.padding == "same" else padding_amounts(self.padding)
        check_window(pair(self.kernel), pair(self.stride), pair(self.dilation), padding)
        check_activation(self.activation)
        if self.activation == "softmax":
            raise ValueError("expected an activation that works cell by cell; got 'softmax'")
        check_initialiser(self.initialiser)

    @property
    def name(self) -> str:
        activation = f", {activation_title(self.activation)}" if self.activation else ""
        groups = f", {self.groups} groups" if self.groups > 1 else ""
        return f"conv {self.filters} @ {show_shape(pair(self.kernel))}{groups}{activation}"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        check_images(x.shape)
        window = pair(self.kernel)
        check_groups(self.groups, x.shape[1], self.filters)
        area, channels = window[0] * window[1], x.shape[1] // self.groups
        fans = channels * area, self.filters // self.groups * area
        weights = builder.parameter(
            "w",
            (self.filters, channels, *window),
            Role.WEIGHT,
            initialiser_for(self.initialiser, self.activation, *fans),
            axes=KERNELS,
        )
        op = self.operation(x.shape[2:])
        if not self.bias:
            net = builder.apply(op, x, weights, key="net", role=Role.NET)
        else:
            # At 0 ReLU is at its kink wherever an image is black (Goodfellow, Bengio and Courville 2016, section 8.4).
            first = filled(0.1) if is_rectifier(self.activation) else ZEROS
            bias = builder.parameter("b", (self.filters,), Role.BIAS, first, axes=axes_of(AxisKind.FILTER))
            total = builder.apply(op, x, weights, key="sum", role=Role.SUM)
            net = builder.apply(AddChannelBias(), total, bias, key="net", role=Role.NET)
        return activate(builder, net, self.activation)

    def operation(self, size: Shape) -> convolution.Conv2d:
        """Return the operation for images of this height and width."""
        stride, dilation = pair(self.stride), pair(self.dilation)
        if self.padding == "same":
            padding = same_padding(size, pair(self.kernel), stride, dilation)
        else:
            padding = padding_amounts(self.padding)
        return convolution.Conv2d(stride, padding, dilation, groups=self.groups)


def check_groups(groups: int, channels: int, filters: int) -> None:
    """Raise ShapeError unless the groups divide both numbers; the message says which would."""
    if channels % groups or filters % groups:
        both = gcd(channels, filters)
        fitting = ", ".join(str(count) for count in range(1, both + 1) if both % count == 0)
        raise ShapeError(
            f"expected a number of groups that divides the {channels} channels of the image and the {filters} "
            f"filters: {fitting}; got {groups}"
        )


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
