"""Put several branches of a network together."""

from dataclasses import dataclass
from typing import Annotated

from core.builder import Builder
from core.layers.base import Layer, activate, activation_title, check_activation
from core.layers.fields import REAL_ACTIVATION
from core.ops import slices
from core.ops.base import Purpose, ShapeError, show_shape
from core.ops.elementwise import Add
from core.values import Role, Value


@dataclass(frozen=True)
class Sum(Layer):
    """Add up branches of one shape: the end of a skip connection.

    Raises
    ------
    ShapeError
        When it is built, if the shapes differ.

    References
    ----------
    He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2016), section 3.1.
    """

    takes = None
    called = "sum"

    @property
    def name(self) -> str:
        return "sum"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        total, *others = inputs
        for number, other in enumerate(others, 1):
            if other.shape != total.shape:
                raise ShapeError(
                    f"expected branches of one shape; got {show_shape(total.shape)} from {total.key} "
                    f"and {show_shape(other.shape)} from {other.key}"
                )
            last = number == len(others)
            role = Role.OUT if last else Role.SUM
            total = builder.apply(Add(), total, other, key="out" if last else "sum", role=role, purpose=_MEET)
        return total


_MEET = Purpose(
    "Two branches meet: each cell is the sum of what both bring.",
    why="A branch that skips layers carries its numbers past them unchanged; the layers only learn what "
    "is to be added.",
    look="A sum hands its gradient to both branches unchanged.",
)


@dataclass(frozen=True)
class Concatenate(Layer):
    """Put branches beside each other: along the features of rows, along the channels of images.

    Raises
    ------
    ShapeError
        When it is built, if the shapes differ along another axis.
    """

    takes = None
    called = "concatenate"

    @property
    def name(self) -> str:
        return "concatenate"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        whole, *others = inputs
        axis = 1 if len(whole.shape) == 4 else len(whole.shape) - 1
        for other in others:
            _check_beside(whole, other, axis)
        for number, other in enumerate(others, 1):
            last = number == len(others)
            role = Role.OUT if last else Role.INTERMEDIATE
            key = "out" if last else "joined"
            whole = builder.apply(slices.Concatenate(axis), whole, other, key=key, role=role, purpose=_BESIDE)
        return whole


def _check_beside(one: Value, other: Value, axis: int) -> None:
    """Raise ShapeError unless two branches differ in length along one axis only."""
    shapes = [value.shape[:axis] + value.shape[axis + 1 :] for value in (one, other)]
    if len(one.shape) != len(other.shape) or shapes[0] != shapes[1]:
        along = "channels" if len(one.shape) == 4 else "features"
        raise ShapeError(
            f"expected branches that differ only in how many {along} they have; got {show_shape(one.shape)} "
            f"from {one.key} and {show_shape(other.shape)} from {other.key}"
        )


_BESIDE = Purpose(
    "The branches stand beside each other; no number changes.",
    why="What follows is to see what both branches found, side by side.",
    look="No number changes.",
)


@dataclass(frozen=True)
class Activate(Layer):
    """Apply an activation function by itself: after a sum, say.

    Parameters
    ----------
    activation : str
        ``relu``, ``leaky_relu``, ``sigmoid``, ``tanh``, ``gelu`` or ``softmax``.
    """

    called = "activation"

    activation: Annotated[str, REAL_ACTIVATION] = "relu"

    def check(self) -> None:
        if self.activation is None:
            raise ValueError("expected an activation such as 'relu'; got None")
        check_activation(self.activation)

    @property
    def name(self) -> str:
        return activation_title(self.activation)

    def build(self, builder: Builder, *inputs: Value) -> Value:
        return activate(builder, inputs[0], self.activation)
