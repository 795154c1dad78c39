"""Define an operation, with all that it answers (shape, value, gradient, equation, sentence, terms), and a step."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from core.values import Array, Axes, Index, Phase, Range, Role, Shape, Value

Indices = NDArray[np.intp]


class ShapeError(ValueError):
    """Shapes do not fit an operation or a layer; the message says what was expected and what came."""


class Combine(StrEnum):
    """How the contributions of a cell make its value."""

    SUM = "sum"
    MEAN = "mean"
    SHARE = "share"
    MAX = "max"
    PICK = "pick"
    APPLY = "apply"


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of one input that take part: ``indices`` of shape (K, ndim), ``values`` of shape (K,)."""

    input: int
    indices: Indices
    values: Array


@dataclass(frozen=True, eq=False)
class Terms:
    """Where one output cell came from.

    Parameters
    ----------
    index : tuple of int
        The output cell.
    cells : tuple of Cells
        The input cells that make it. Where every entry has as many cells as there are contributions,
        contribution k is made from the k-th cell of each; otherwise each cell contributes by itself.
    contributions : ndarray of shape (K,), float64
        What is combined.
    combine : Combine
        ``SUM`` and ``MEAN`` of the contributions, their ``MAX``, the ``SHARE`` of contribution ``own`` in
        their sum, the ``PICK`` of contribution ``own``, or ``APPLY``: the one contribution is the value.
    own : int
        The contribution that ``SHARE`` divides, that was picked, or the winner of ``MAX``.
    """

    index: Index
    cells: tuple[Cells, ...]
    contributions: NDArray[np.float64]
    combine: Combine = Combine.SUM
    own: int = 0

    @property
    def paired(self) -> bool:
        """Whether contribution k is made from the k-th cell of every input."""
        return all(len(cells.values) == len(self.contributions) for cells in self.cells)

    @property
    def involved(self) -> tuple[Cells, ...]:
        """The cells that have a say; of those that could be picked, the one that was."""
        if self.combine is not Combine.PICK:
            return self.cells
        first, *others = self.cells
        own = slice(self.own, self.own + 1)
        return (Cells(first.input, first.indices[own], first.values[own]), *others)

    @property
    def result(self) -> float:
        """The output cell, recombined from its contributions."""
        match self.combine:
            case Combine.SUM:
                return float(self.contributions.sum())
            case Combine.MEAN:
                return float(self.contributions.mean())
            case Combine.SHARE:
                return float(self.contributions[self.own] / self.contributions.sum())
            case Combine.MAX | Combine.PICK:
                return float(self.contributions[self.own])
            case Combine.APPLY:
                return float(self.contributions[0])


@dataclass(frozen=True)
class Example:
    """Inputs that an operation must handle; the contract tests run every one.

    ``domains`` says which numbers each input may hold: ``real``, ``positive``, ``distribution`` (rows that
    sum to 1) or ``one_hot``.
    """

    op: "Op"
    shapes: tuple[Shape, ...]
    domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Purpose:
    """What a step is for where it stands: in a sentence, and in the paragraph that can be opened beside it.

    In each text ``{a}`` and ``{b}`` stand for the names of the first two inputs, and ``{c}`` for that of the output.
    What is empty is said by the operation (see ``Op.says``, ``why`` and ``look``).

    Parameters
    ----------
    says : str
        The sentence.
    why : str
        Why the step is there.
    look : str
        What to look for.
    """

    says: str = ""
    why: str = ""
    look: str = ""


NO_PURPOSE = Purpose()
"""That of a step of which its operation says all."""


class GradientBuilder(Protocol):
    """What an operation is given to append the steps of its derivative (see ``core.backward``)."""

    def wants(self, value: Value) -> bool:
        """Tell whether anybody needs the gradient of this value."""

    def gradient(self, of: Value, op: "Op", *inputs: Value, purpose: Purpose = NO_PURPOSE) -> Value:
        """Append the step that makes a gradient of ``of``; its name and role come from ``of``.

        ``purpose`` says what the step is for, where its operation alone does not say it.
        """

    def intermediate(
        self, name: str, op: "Op", *inputs: Value, about: Value, role: Role = ..., purpose: Purpose = NO_PURPOSE
    ) -> Value:
        """Append a step that the gradient needs on its way; ``name`` is what it is called in the scope of ``about``."""

    def constant(self, key: str, number: float, symbol: str) -> Value:
        """Return a scalar constant of the program."""

    def producer(self, value: Value) -> "Step | None":
        """Return the step that made a value; ``None`` for an input, and where more than one step reads the value."""

    @property
    def through_jacobian(self) -> bool:
        """Whether softmax is differentiated the long way, through its Jacobian."""


Gradients = Mapping[Value, Value]


class Scratch(dict[str, Array]):
    """Work arrays by name, for an operation that needs more room than its output.

    Whoever runs a program again and again allocates what ``Op.scratch_shapes`` asks for once, in the dtype of
    the inputs, and keeps one Scratch for each value that is the first input of such steps: a name says all that
    the content depends on besides that value, so the steps that read the same value share the arrays.

    ``filled`` holds the names of arrays that hold their content already; ``compute`` adds to it, and reads what
    is in it instead of filling it again. Clear it when the value has changed.
    """

    def __init__(self, arrays: Mapping[str, Array] | None = None) -> None:
        super().__init__(arrays or {})
        self.filled: set[str] = set()

    @classmethod
    def allocate(cls, shapes: Mapping[str, Shape], dtype: "np.dtype[np.floating]") -> "Scratch":
        """Return new arrays of these shapes."""
        return cls({name: np.empty(shape, dtype) for name, shape in shapes.items()})


class Op(ABC):
    """A primitive operation: a frozen dataclass whose fields are its attributes."""

    title: ClassVar[str]
    """What a person calls it."""
    says: ClassVar[str]
    """What ``sentence`` says, with ``{a}`` and ``{b}`` for the names of the first two inputs."""
    why: ClassVar[str]
    """Why such a step is there, true wherever it stands; ``{c}`` is the name of the output."""
    look: ClassVar[str]
    """What to look for in it."""
    arity: ClassVar[int]
    """How many inputs it takes."""
    differentiable: ClassVar[bool] = True
    constant_inputs: ClassVar[tuple[int, ...]] = ()
    """Inputs with respect to which it has no derivative: targets."""
    accepts_uniform: ClassVar[bool] = False
    """Whether ``gradients`` may be given a scalar that stands for a whole array, or ``None`` for ones."""
    inplace: ClassVar[bool] = False
    """Whether ``out`` may be one of the inputs."""
    helpers: ClassVar[tuple[Callable[..., Any], ...]] = ()
    """The functions of ``core.ops.longhand`` that ``source`` calls, whatever the settings."""

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        """Register the operation under its class name."""
        if not abstract:
            REGISTRY[cls.__name__] = cls

    @classmethod
    @abstractmethod
    def examples(cls) -> Iterator[Example]:
        """Yield inputs for the contract tests."""

    @abstractmethod
    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the output's shape, or raise ShapeError naming what was expected and what came.

        Every operation refuses a wrong number of inputs; its docstring, or that of the class that has this method
        for it, says which shapes it takes.
        """

    @abstractmethod
    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        """Return the value; pure and vectorised; written into ``out`` where one is given.

        The numbers do not depend on the memory order of the inputs or of ``out``. Without ``out`` the result has
        the order that is fastest, which need not be C order: buffers made with ``np.empty_like`` of a first result
        keep it. An operation with ``scratch_shapes`` also takes ``scratch``, a Scratch that holds those arrays.
        """

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        """Return the work arrays that ``compute`` needs besides its output, by name; most need none."""
        return {}

    def cuts(self, axis: int, *shapes: Shape) -> tuple[int | None, ...] | None:
        """Return how the inputs are cut where a run of the output along an axis is computed by itself.

        For each input the axis that is cut in the same places, or ``None`` where all of it is needed. ``None`` instead
        of a tuple: a part of the output cannot be computed by itself, or not to the last bit.
        """
        return None

    def gradients(self, step: "Step", delta: Value | None, build: GradientBuilder) -> Gradients:
        """Append the steps of the derivative; return a gradient for each value that it differentiates."""
        message = f"{type(self).__name__} has no derivative"
        raise NotImplementedError(message)

    def sentence(self, *names: str) -> str:
        """Say in one sentence what it does, true wherever it stands; what it is for is said by whoever appends it."""
        return self.says.format(**dict(zip("ab", names, strict=False)))

    @property
    def called(self) -> str:
        """What a person calls it with the attributes that it has; most are called as all of their kind."""
        return self.title

    @property
    def calls(self) -> tuple[Callable[..., Any], ...]:
        """The functions of ``core.ops.longhand`` that ``source`` calls."""
        return self.helpers

    @abstractmethod
    def equation(self, *symbols: str) -> str:
        """Return the right-hand side as TeX."""

    @abstractmethod
    def source(self, *names: str) -> str:
        """Return the right-hand side as a NumPy expression; pasted below the text of ``calls`` it runs."""

    def rounds(self, *shapes: Shape) -> bool:
        """Tell whether ``source`` rounds in another order than ``compute``: equal but for the last digits."""
        return False

    @abstractmethod
    def terms(self, index: Index, *arrays: Array) -> Terms:
        """Return exactly which input cells make output cell ``index``, and how."""

    @abstractmethod
    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        """Return the output cells, (K, ndim), that cell ``index`` of input ``i`` reaches."""

    def output_axes(self, *inputs: Value) -> Axes:
        """Return what the axes of the output are, given the inputs: those of the first input of the same shape."""
        shape = self.output_shape(*(value.shape for value in inputs))
        return next((value.axes for value in inputs if value.shape == shape), ())

    def output_range(self, *ranges: Range) -> Range:
        """Return which numbers the output can hold, given those that the inputs can."""
        return Range.SIGNED

    def hidden(self, *shapes: Shape) -> NDArray[np.bool_] | None:
        """Return which cells of the output's last two axes are hidden: their numbers stand for nothing."""
        return None

    def fail(self, expected: str, *shapes: Shape) -> ShapeError:
        """Return the ShapeError of this operation."""
        came = ", ".join(show_shape(shape) for shape in shapes) or "nothing"
        return ShapeError(f"{self.title}: expected {expected}; got {came}")

    def check_arity(self, shapes: tuple[Shape, ...]) -> None:
        """Raise ShapeError unless there are as many shapes as inputs."""
        if len(shapes) != self.arity:
            raise self.fail(f"{self.arity} inputs", *shapes)


@dataclass(frozen=True)
class Link:
    """The part of the chain rule that a step of the backward pass carries out.

    Parameters
    ----------
    step : int
        The number of the step of the forward pass that is differentiated.
    of : Value
        With respect to what.
    delta : Value or None
        The gradient of the output of that step; ``None`` where it is 1, or where the value is given.
    """

    step: int
    of: Value
    delta: Value | None


@dataclass(frozen=True)
class Step:
    """One operation on named values: ``output = op(*inputs)``.

    ``purpose`` says what it is for where it stands, and ``link`` which part of the chain rule it carries out.
    """

    number: int
    op: Op
    inputs: tuple[Value, ...]
    output: Value
    phase: Phase
    purpose: Purpose = NO_PURPOSE
    link: Link | None = None

    @property
    def layer(self) -> int | None:
        """The number of the layer that the step belongs to."""
        return self.output.layer


REGISTRY: dict[str, type[Op]] = {}


def show_shape(shape: Shape) -> str:
    """Write a shape as a person does: ``64 × 32``, ``scalar``."""
    return " × ".join(str(size) for size in shape) if shape else "scalar"


def one_cell(i: int, index: Index, array: Array) -> Cells:
    """Return a single cell of input ``i``."""
    return Cells(i, np.array([index], dtype=np.intp).reshape(1, len(index)), np.array([array[index]]))


def indices_of(*axes: "int | NDArray[np.intp] | range") -> Indices:
    """Return the (K, ndim) cells where each axis is one position or a run of K positions."""
    columns = np.broadcast_arrays(*(np.asarray(axis, dtype=np.intp) for axis in axes))
    return np.stack([np.atleast_1d(column) for column in columns], axis=-1)


def crossings(*axes: "int | range | NDArray[np.intp]") -> Indices:
    """Return every combination of positions along the axes in raster order, (K, ndim)."""
    grids = np.meshgrid(*(np.atleast_1d(np.asarray(axis, np.intp)) for axis in axes), indexing="ij")
    return np.stack([grid.ravel() for grid in grids], axis=-1)


def all_indices(shape: Shape) -> Indices:
    """Return every cell of a shape in raster order, (K, ndim)."""
    return np.indices(shape, dtype=np.intp).reshape(len(shape), -1).T if shape else np.empty((1, 0), np.intp)


def indexed(symbol: str, index: str) -> str:
    """Write the cell of a value as TeX, in parentheses where the symbol has an index already."""
    simple = not set(symbol) & set("_^{ ")
    return f"{symbol}_{{{index}}}" if simple else rf"\left({symbol}\right)_{{{index}}}"


def raised(symbol: str, exponent: str) -> str:
    """Write a power or the transpose of a value as TeX, in parentheses where the symbol needs them."""
    simple = not any(sign in symbol for sign in ("frac", "^", " "))
    return f"{symbol}^{{{exponent}}}" if simple else rf"\left({symbol}\right)^{{{exponent}}}"
