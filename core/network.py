"""Describe a network: its layers in order, and the parameters they start with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.layers import Layer, Parameter
from core.ops.base import ShapeError, show_shape
from core.program import Builder
from core.values import Array, Range, Role, Shape, Value, is_whole


@dataclass(frozen=True)
class Network:
    """An ordered description of layers.

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
    axis_names: tuple[tuple[str, ...] | None, ...] | None = None

    def __post_init__(self) -> None:
        """Check that the layers fit each other, by building them once."""
        if not isinstance(self.input_shape, tuple) or not all(map(is_whole, self.input_shape)):
            raise ShapeError(f"network: expected the shape of a sample, such as (64,); got {self.input_shape!r}")
        if not isinstance(self.layers, tuple) or not all(isinstance(layer, Layer) for layer in self.layers):
            raise ShapeError(f"network: expected layers, such as (Dense(10),); got {self.layers!r}")
        if not self.layers:
            raise ShapeError("network: expected at least one layer; got none")
        if self.row_image and int(np.prod(self.row_image)) != int(np.prod(self.input_shape)):
            raise ShapeError(
                f"network: expected an image of {np.prod(self.input_shape)} pixels; got {show_shape(self.row_image)}"
            )
        self.build(Builder(), 1)

    def build(self, builder: Builder, batch_size: int) -> Value:
        """Append the forward pass for a batch and return the network's output.

        Inputs are declared as they are met: ``x``, then each layer's parameters.
        """
        shape = (batch_size, *self.input_shape)
        names = None if self.axis_names is None else (None, *self.axis_names)
        x = builder.input("x", shape, Role.INPUT, row_image=self.row_image, range=self.input_range, axis_names=names)
        for layer in self.layers:
            with builder.layer(layer.name) as number:
                declared = {
                    p.key: builder.input(
                        p.key,
                        p.shape,
                        p.role,
                        layer=number,
                        symbol=p.symbol,
                        column_image=x.row_image if p.role is Role.WEIGHT else None,
                    )
                    for p in layer.parameters(number, x.shape)
                }
                x = layer.build(builder, x, number, declared)
        return x

    def parameters(self) -> tuple[Parameter, ...]:
        """Return every parameter, in the order of the layers."""
        return tuple(self._parameters())

    def initial(self, seed: int, dtype: str = "float32") -> Mapping[str, Array]:
        """Draw the parameters; the same seed gives the same numbers, whatever the dtype."""
        generator = np.random.default_rng(seed)
        return {p.key: p.draw(generator).astype(dtype) for p in self.parameters()}

    def frozen(self) -> frozenset[str]:
        """Return the keys of the parameters that are not trained."""
        return frozenset(p.key for p in self.parameters() if p.frozen)

    def _parameters(self) -> Iterator[Parameter]:
        builder = Builder()
        x = builder.input("x", (1, *self.input_shape), Role.INPUT)
        for layer in self.layers:
            with builder.layer(layer.name) as number:
                parameters = tuple(layer.parameters(number, x.shape))
                declared = {p.key: builder.input(p.key, p.shape, p.role) for p in parameters}
                x = layer.build(builder, x, number, declared)
                yield from parameters
