"""Make more columns of the two coordinates of a point: squares, their product, waves."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from reprlib import repr as shortened
from types import MappingProxyType
from typing import Annotated, Any

from core.builder import Builder
from core.layers.base import Layer
from core.layers.fields import Subset
from core.ops import slices
from core.ops.base import Op, Purpose, ShapeError, show_shape
from core.ops.elementwise import Hadamard
from core.ops.periodic import Sine
from core.ops.powers import Square
from core.values import Axis, AxisKind, Role, Value


class Feature(StrEnum):
    """A column that is made of the coordinates of a point."""

    X1 = "x1"
    X2 = "x2"
    X1_SQUARED = "x1_squared"
    X2_SQUARED = "x2_squared"
    PRODUCT = "x1_x2"
    SINE_X1 = "sin_x1"
    SINE_X2 = "sin_x2"

    @property
    def label(self) -> str:
        """What a person calls it: ``x₁²``."""
        return _RECIPES[self].label


@dataclass(frozen=True)
class Features(Layer):
    """Make columns of the two coordinates of each point: squares, their product, waves.

    Each column is a step, and so is each time that two are joined. They come in the order of ``Feature``; ``x1`` and
    ``x2`` alone are the points themselves.

    Parameters
    ----------
    chosen : frozenset of Feature
        The columns.

    Raises
    ------
    ShapeError
        If there is no such feature; when it is built, if there is none, or the input has not two columns.

    References
    ----------
    D. Smilkov and S. Carter, "TensorFlow Playground" (2016): its inputs.
    """

    called = "features"
    group = "Rows and sequences"

    chosen: Annotated[frozenset[Feature], Subset(tuple(map(str, Feature)))] = frozenset(Feature)

    def check(self) -> None:
        if not isinstance(self.chosen, frozenset) or not self.chosen <= set(Feature):
            raise ShapeError(f"expected a set of some of {', '.join(Feature)}; got {shortened(self.chosen)}")

    @property
    def name(self) -> str:
        return f"features {len(self.chosen)}"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if not self.chosen:
            raise ShapeError("expected at least one feature; got none")
        if len(x.shape) != 2 or x.shape[1] != 2:
            raise ShapeError(f"expected points with two coordinates; got {show_shape(x.shape)}")
        chosen = [feature for feature in Feature if feature in self.chosen]
        columns = _Columns(builder, x, alone=len(chosen) == 1)
        beside = chosen[:2] == [Feature.X1, Feature.X2]  # in the points they stand beside each other already
        first = 2 if beside else 1
        whole = x if beside else columns.make(chosen[0])
        others = [columns.make(feature) for feature in chosen[first:]]
        for number, column in enumerate(others, first + 1):
            last = number == len(chosen)
            names = tuple(feature.label for feature in chosen[:number])
            whole = builder.apply(
                slices.Concatenate(1),
                whole,
                column,
                key="out" if last else "joined",
                role=Role.OUT if last else Role.INTERMEDIATE,
                symbol=None if last else f"X_{{{number}}}",
                axes=(x.axis(0), Axis(AxisKind.FEATURE, names)),
                purpose=_JOINED,
            )
        return whole


@dataclass(frozen=True)
class _Recipe:
    """How a feature is made of columns, and what it is called."""

    label: str
    symbol: str
    op: Op
    of: tuple[Feature, ...] = ()
    """The columns that are needed; of none, it is cut out of the points."""
    purpose: Purpose = Purpose()


class _Columns:
    """The columns of a batch of points, each made once, when it is first needed."""

    def __init__(self, builder: Builder, x: Value, *, alone: bool) -> None:
        self._builder, self._x = builder, x
        self._role = Role.OUT if alone else Role.INTERMEDIATE
        self._made: dict[Feature, Value] = {}

    def make(self, feature: Feature) -> Value:
        """Append the steps that make a feature, where it is not there yet."""
        recipe = _RECIPES[feature]
        inputs = tuple(map(self._coordinate, recipe.of)) or (self._x,)
        return self._append(feature, inputs, self._role)

    def _coordinate(self, feature: Feature) -> Value:
        return self._append(feature, (self._x,), Role.INTERMEDIATE)

    def _append(self, feature: Feature, inputs: tuple[Value, ...], role: Role) -> Value:
        if feature not in self._made:
            recipe = _RECIPES[feature]
            axes = (self._x.axis(0), Axis(AxisKind.FEATURE, (recipe.label,)))
            about: dict[str, Any] = {"role": role, "symbol": recipe.symbol, "axes": axes, "purpose": recipe.purpose}
            self._made[feature] = self._builder.apply(recipe.op, *inputs, key=feature.value, **about)
        return self._made[feature]


_COORDINATE = Purpose(
    "One coordinate of every point, as a column of its own.",
    why="What is made of one coordinate needs it by itself.",
    look="Every cell of {c} is a copy of one in {a}; no number changes.",
)
_SQUARED = Purpose(
    "The square of one coordinate of every point.",
    why="A line in the plane of squares is an ellipse in the plane of points: with squares, one neuron can tell inside "
    "from outside.",
    look="Points on both sides of the middle get the same number in {c}.",
)
_PRODUCT = Purpose(
    "The product of the two coordinates of every point.",
    why="The product is positive where both coordinates have one sign, and negative elsewhere: with it, one neuron can "
    "tell two opposite corners from the other two.",
    look="A cell of {c} is negative where {a} and {b} differ in sign.",
)
_WAVE = Purpose(
    "The sine of one coordinate of every point.",
    why="A wave divides the plane into stripes: with it, one neuron can answer in turn.",
    look="Points that are 2π apart along that axis get the same number in {c}.",
)
_JOINED = Purpose(
    "The columns stand beside each other; no number changes.",
    why="The next layer weighs all features of a point together, so they stand in one row.",
    look="Each row is a point, and each column one thing that is known of it.",
)

_RECIPES: Mapping[Feature, _Recipe] = MappingProxyType(
    {
        Feature.X1: _Recipe("x₁", "x_{1}", slices.Slice(1, 0, 1), purpose=_COORDINATE),
        Feature.X2: _Recipe("x₂", "x_{2}", slices.Slice(1, 1, 2), purpose=_COORDINATE),
        Feature.X1_SQUARED: _Recipe("x₁²", "x_{1}^{2}", Square(), (Feature.X1,), _SQUARED),
        Feature.X2_SQUARED: _Recipe("x₂²", "x_{2}^{2}", Square(), (Feature.X2,), _SQUARED),
        Feature.PRODUCT: _Recipe("x₁x₂", "x_{1}x_{2}", Hadamard(), (Feature.X1, Feature.X2), _PRODUCT),
        Feature.SINE_X1: _Recipe("sin x₁", r"\sin x_{1}", Sine(), (Feature.X1,), _WAVE),
        Feature.SINE_X2: _Recipe("sin x₂", r"\sin x_{2}", Sine(), (Feature.X2,), _WAVE),
    }
)
