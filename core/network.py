"""Describe a network: a graph of layers with named inputs, or layers in order for short."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod

from core.builder import Builder
from core.layers import Layer, Node, Wiring
from core.ops.base import ShapeError, show_shape
from core.program import Program
from core.values import Array, Axes, Axis, AxisKind, DuplicateNameError, Range, Role, Shape, Value, is_whole

AxisNames = tuple[tuple[str, ...] | None, ...]


class Architecture(ABC):
    """What can be compiled into a training iteration: a graph of layers, or layers in order."""

    @abstractmethod
    def build(self, builder: Builder, batch_size: int) -> Value:
        """Append the forward pass for a batch and return the network's output."""

    @cached_property
    def forward(self) -> Program:
        """The forward pass of a single sample, as of a network that has learnt."""
        builder = Builder(training=False)
        output = self.build(builder, 1)
        return builder.build(output=output.key)

    def initial(self, seed: int, dtype: str = "float32") -> Mapping[str, Array]:
        """Draw the parameters; the same seed gives the same numbers, whatever the dtype."""
        return self.forward.initial(seed, dtype)


@dataclass(frozen=True)
class Input:
    """What a network is given.

    Parameters
    ----------
    shape : tuple of int
        The shape of one sample: ``(64,)``.
    range : Range
        Which numbers it holds.
    axes : tuple of Axis
        What the axes of a sample are; empty takes features; tokens and features; or channels, rows and columns.
    """

    shape: Shape
    range: Range = Range.SIGNED
    axes: Axes = ()

    def __post_init__(self) -> None:
        """Check the shape against what is said of its axes."""
        if not _is_shape(self.shape):
            raise ShapeError(f"network: expected the shape of a sample, such as (64,); got {self.shape!r}")
        if self.axes and len(self.axes) != len(self.shape):
            raise ShapeError(f"network: expected {len(self.shape)} axes, one for each size; got {len(self.axes)}")
        for size, axis in zip(self.shape, self.axes, strict=False):
            _check_axis(size, axis)

    def declare(self, builder: Builder, name: str, batch_size: int) -> Value:
        """Declare the input for a batch."""
        axes = (Axis(AxisKind.SAMPLE), *(self.axes or sample_axes(self.shape)))
        return builder.input(name, (batch_size, *self.shape), Role.INPUT, range=self.range, axes=axes)


def _is_shape(shape: object) -> bool:
    return isinstance(shape, tuple) and len(shape) > 0 and all(map(is_whole, shape))


def _check_axis(size: int, axis: Axis) -> None:
    if axis.image and (len(axis.image) != 2 or min(axis.image) < 1 or prod(axis.image) != size):
        raise ShapeError(f"network: expected an image of {size} pixels; got {show_shape(axis.image)}")
    if axis.names and len(axis.names) * axis.repeats != size:
        raise ShapeError(f"network: expected {size} names along an axis; got {len(axis.names) * axis.repeats}")


def sample_axes(shape: Shape, names: AxisNames | None = None, image: Shape | None = None) -> Axes:
    """Return what the axes of a sample are by their number; the features of a row may be the pixels of an image."""
    kinds = _KINDS.get(len(shape), (AxisKind.POSITION,) * len(shape))
    named = names or (None,) * len(shape)
    images = (*(None,) * (len(shape) - 1), image)
    return tuple(Axis(kind, name, picture) for kind, name, picture in zip(kinds, named, images, strict=True))


_KINDS = {
    1: (AxisKind.FEATURE,),
    2: (AxisKind.TOKEN, AxisKind.FEATURE),
    3: (AxisKind.CHANNEL, AxisKind.ROW, AxisKind.COLUMN),
}


@dataclass(frozen=True)
class Graph(Architecture):
    """A network of named nodes with named inputs; values are called after their nodes: ``hidden_w``.

    Parameters
    ----------
    inputs : mapping of str to Input
        What it is given, by name.
    nodes : tuple of Node
        The layers, in any order.
    output : str
        The node whose output is that of the network.

    Raises
    ------
    DuplicateNameError
        If two nodes, or a node and an input, have one name, or an input is called as every target is.
    ShapeError
        If the nodes do not fit each other; the message names the node.
    """

    inputs: Mapping[str, Input]
    nodes: tuple[Node, ...]
    output: str
    wiring: Wiring = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check that the nodes fit each other, by building them once."""
        if taken := [name for name in self.inputs if name in _TAKEN]:
            raise DuplicateNameError(f"network: expected another name for the input {taken[0]}; training uses it")
        try:
            wiring = Wiring(tuple(self.inputs), self.nodes, self.output)
        except ShapeError as error:
            raise ShapeError(f"network: {error}") from None
        object.__setattr__(self, "wiring", wiring)
        _ = self.forward

    def build(self, builder: Builder, batch_size: int) -> Value:
        values = {name: given.declare(builder, name, batch_size) for name, given in self.inputs.items()}
        return self.wiring.build(builder, values, inside=False)


_TAKEN = ("y", "losses", "loss", "eta")
"""What every training iteration calls its target, its losses and its learning rate."""


@dataclass(frozen=True)
class Network(Architecture):
    """Layers in order, each reading the one before; values are numbered by layer: ``w_1``.

    Parameters
    ----------
    input_shape : tuple of int
        The shape of one sample: ``(64,)``.
    layers : tuple of Layer
        At least one.
    row_image : tuple of int or None
        The height and width of the image that one sample is.
    input_range : Range
        Which numbers a sample holds.
    axis_names : tuple or None
        For each axis of a sample the names of its positions (tokens, features), or ``None``.

    Raises
    ------
    ShapeError
        If a layer does not fit the one before it; the message names the layer. If there are none.
    """

    input_shape: Shape
    layers: tuple[Layer, ...]
    row_image: Shape | None = None
    input_range: Range = Range.SIGNED
    axis_names: AxisNames | None = None

    def __post_init__(self) -> None:
        """Check that the layers fit each other, by building them once."""
        if not isinstance(self.layers, tuple) or not all(isinstance(layer, Layer) for layer in self.layers):
            raise ShapeError(f"network: expected layers, such as (Dense(10),); got {self.layers!r}")
        if not self.layers:
            raise ShapeError("network: expected at least one layer; got none")
        _ = self.forward

    @property
    def input(self) -> Input:
        """What it is given."""
        Input(self.input_shape)  # checks the shape
        if self.axis_names is not None and len(self.axis_names) != len(self.input_shape):
            sizes, names = len(self.input_shape), len(self.axis_names)
            raise ShapeError(f"network: expected names, or None, for each of {sizes} axes; got {names}")
        axes = sample_axes(self.input_shape, self.axis_names, self.row_image)
        if len(axes) == 1 and self.layers[0].of_tokens:
            axes = (replace(axes[0], kind=AxisKind.TOKEN),)
        return Input(self.input_shape, self.input_range, axes)

    def build(self, builder: Builder, batch_size: int) -> Value:
        value = self.input.declare(builder, "x", batch_size)
        for layer in self.layers:
            with builder.layer(layer.name):
                _check_single(layer)
                value = layer.build(builder, value)
        return value


def _check_single(layer: Layer) -> None:
    if layer.takes != 1:
        raise ShapeError(f"expected a layer with one input in a sequence; {layer.name} takes more: describe a graph")
