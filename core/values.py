"""Name the values of a program: what each is called, its shape, and the part it plays."""

from dataclasses import dataclass
from enum import StrEnum
from numbers import Integral

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
DTYPES = ("float32", "float64")
"""What programs are run in."""
Index = tuple[int, ...]
Shape = tuple[int, ...]


def is_whole(number: object) -> bool:
    """Tell whether this is a whole number; ``True`` and ``2.0`` are none."""
    return isinstance(number, Integral) and not isinstance(number, bool)


def is_number(number: object) -> bool:
    """Tell whether this is a real number; ``True`` is none."""
    return isinstance(number, (int, float, np.floating, np.integer)) and not isinstance(number, bool)


def held(number: float, dtype: str) -> float:
    """Return a number as a dtype holds it: infinite where it is too large, 0 where it is too small."""
    with np.errstate(all="ignore"):
        try:
            return float(np.asarray(number, dtype))
        except OverflowError:  # a whole number of hundreds of digits
            return float("inf") if number > 0 else float("-inf")


class Phase(StrEnum):
    """The part of a training iteration that a step belongs to."""

    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"


class Role(StrEnum):
    """The part that a value plays in the network."""

    INPUT = "input"
    HYPERPARAMETER = "hyper-parameter"
    TARGET = "target"
    WEIGHT = "weight"
    BIAS = "bias"
    STATE = "state of the optimizer"
    RUNNING = "running state of a layer"
    CHANCE = "what a mask is drawn from"
    CONSTANT = "constant"
    SUM = "weighted sum"
    NET = "net"
    OUT = "out"
    LOSS = "loss"
    DERIVATIVE = "derivative"
    DELTA = "delta"
    GRADIENT = "gradient"
    CHANGE = "change"
    UPDATED = "updated parameter"
    INTERMEDIATE = "intermediate"


class AxisKind(StrEnum):
    """What the positions along an axis are; the word is the one that a person reads."""

    SAMPLE = "sample"
    TOKEN = "token"
    HEAD = "head"
    CHANNEL = "channel"
    FILTER = "filter"
    ROW = "row"
    COLUMN = "column"
    FEATURE = "feature"
    NEURON = "neuron"
    CLASS = "class"
    SLICE = "slice"
    POSITION = "position"


class Range(StrEnum):
    """Which numbers a value can hold; it decides the colour map, and never the numbers."""

    SIGNED = "signed"
    NON_NEGATIVE = "non-negative"
    PROBABILITY = "probability"


class DuplicateNameError(ValueError):
    """A name is declared twice; a value is written once."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a value: what its positions are, and what they are called.

    Parameters
    ----------
    kind : AxisKind
        What stands along it.
    names : tuple of str or None
        What its positions are called (classes, tokens), where they have names.
    image : tuple of int or None
        The height and width of the image whose pixels the positions are, in raster order.
    repeats : int
        How often the positions come: tokens of several samples below each other come once for each sample.
    """

    kind: AxisKind = AxisKind.POSITION
    names: tuple[str, ...] | None = None
    image: Shape | None = None
    repeats: int = 1

    @property
    def all_names(self) -> tuple[str, ...] | None:
        """The name of every position along the axis."""
        return None if self.names is None else self.names * self.repeats


Axes = tuple[Axis, ...]


def axes_of(*kinds: AxisKind) -> Axes:
    """Return axes without names."""
    return tuple(Axis(kind) for kind in kinds)


IMAGES = axes_of(AxisKind.SAMPLE, AxisKind.CHANNEL, AxisKind.ROW, AxisKind.COLUMN)
KERNELS = axes_of(AxisKind.FILTER, AxisKind.CHANNEL, AxisKind.ROW, AxisKind.COLUMN)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where values live: a layer of the network, or a part of one.

    Parameters
    ----------
    path : tuple of str
        The names of the scopes from the outermost to this one; a layer that only has a number adds none.
    number : int or None
        The number of the layer, from 1; ``None`` outside of all layers.
    name : str
        What a person is told of it: ``dense 32, ReLU``.
    numbered : bool
        Whether the names of its values end with the number: ``w_1``. Else they begin with the path: ``hidden_w``.
    marks : tuple of str
        What formulas write for the names in the path, one each, where that is shorter; empty for what they leave out.
    """

    path: tuple[str, ...] = ()
    number: int | None = None
    name: str = ""
    numbered: bool = False
    marks: tuple[str, ...] = ()

    def key(self, name: str, copy: int = 1) -> str:
        """Return the name of a value in the whole program: ``w_1``, ``hidden_w``, ``attention_w_q_3``."""
        number = (str(self.number),) if self.numbered else ()
        again = (str(copy),) if copy > 1 else ()
        return "_".join((*self.path, name, *number, *again))

    def inside(self, path: str, name: str, mark: str | None = None) -> "Scope":
        """Return a scope within this one; formulas write its path where it has no mark."""
        marks = (*self.written, path if mark is None else mark)
        return Scope((*self.path, path), self.number, name, self.numbered, marks)

    @property
    def written(self) -> tuple[str, ...]:
        """What formulas write for the names in the path."""
        return self.marks or self.path


TOP = Scope()
"""The scope of what belongs to no layer."""


@dataclass(frozen=True, slots=True)
class Value:
    """One named array of a program, written exactly once.

    Parameters
    ----------
    key : str
        The unique name, as the field writes it: ``x``, ``w_1``, ``net_1``, ``delta_1``, ``grad_w_1``.
    shape : tuple of int
        The array's shape; ``()`` is a scalar.
    role : Role
        The part it plays.
    scope : Scope
        The layer, or the part of it, that it belongs to.
    name : str
        What it is called within its scope: ``w``, ``net``; empty where that is the key.
    copy : int
        The how-manieth value of this name in its scope it is, from 1.
    range : Range
        Which numbers it can hold.
    axes : tuple of Axis
        What each axis is; empty where nobody said.
    subject : str or None
        For a gradient, a change or an updated value: the key of the value that it is about.
    part : int
        For a gradient that is one of several which are added up: its number, from 1; else 0.
    places : tuple of tuple of str
        For such a gradient: the scopes from which it comes, as formulas write them, seen from that of its subject,
        where they tell the parts apart. Empty where only the number does; a sum of parts has those, or the numbers,
        of all.
    head : str or None
        TeX that the notation writes in place of its name; the number of the layer follows.
    symbol : str or None
        TeX that the notation writes for this value, all of it.
    dtype : str or None
        What its cells are: ``int64`` for token numbers; ``None`` is the floating-point type of the run.
    """

    key: str
    shape: Shape
    role: Role = Role.INTERMEDIATE
    scope: Scope = TOP
    name: str = ""
    copy: int = 1
    range: Range = Range.SIGNED
    axes: Axes = ()
    subject: str | None = None
    part: int = 0
    places: tuple[tuple[str, ...], ...] = ()
    head: str | None = None
    symbol: str | None = None
    dtype: str | None = None

    @property
    def layer(self) -> int | None:
        """The number of the layer that it belongs to, from 1; ``None`` for the loss and for constants."""
        return self.scope.number

    def axis(self, number: int) -> Axis:
        """Return what an axis is; one of which nobody said anything has positions."""
        return self.axes[number] if self.axes else Axis()

    def along(self, kind: AxisKind) -> int | None:
        """Return the number of the first axis of a kind; ``None`` where there is none."""
        return next((number for number, axis in enumerate(self.axes) if axis.kind is kind), None)

    @property
    def row_image(self) -> Shape | None:
        """The height and width of the image that a row is, where it is one."""
        return self.axes[-1].image if self.axes else None

    @property
    def column_image(self) -> Shape | None:
        """The height and width of the image that a column of this matrix is, where it is one."""
        return self.axes[-2].image if len(self.axes) > 1 else None

    @property
    def axis_names(self) -> tuple[tuple[str, ...] | None, ...] | None:
        """For each axis the names of its positions; ``None`` where no axis has names."""
        names = tuple(axis.all_names for axis in self.axes)
        return names if any(names) else None
