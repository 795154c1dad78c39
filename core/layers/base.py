"""Define what every layer answers: its name and its steps."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from core.builder import Builder
from core.initialisers import Initialiser, check_initialiser
from core.ops import REGISTRY, Op, ShapeError
from core.ops.activations import Activation
from core.ops.softmax import Softmax
from core.values import Role, Value, is_whole

ACTIVATIONS = {op.name: op for op in REGISTRY.values() if issubclass(op, Activation)}


class Layer(ABC):
    """A layer: the steps that it appends, and with them its parameters. It describes, and owns no arrays.

    Concrete layers are frozen dataclasses whose fields are plain data.
    """

    takes: ClassVar[int | None] = 1
    """How many inputs it takes; ``None`` for two or more."""
    called: ClassVar[str] = ""
    """What a person calls any such layer, whatever its sizes; empty takes the name of the class."""
    group: ClassVar[str] = "Other"
    """Under which heading a person finds it."""
    of_tokens: ClassVar[bool] = False
    """Whether the numbers of a row are tokens of a sequence, where it is the first layer."""

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        """Register the layer under its class name: a description of a network names it."""
        if not abstract:
            LAYERS[cls.__name__] = cls

    def __post_init__(self) -> None:
        """Check the fields; an error names the layer."""
        try:
            self.check()
        except ValueError as error:
            raise type(error)(f"{self.called or type(self).__name__}: {error}") from None

    def check(self) -> None:  # noqa: B027 (the fields of many layers can be anything of their types)
        """Raise ShapeError or ValueError, with what was expected and what came, unless the fields can be."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What a person calls it, with its sizes: ``dense 32, ReLU``."""

    @abstractmethod
    def build(self, builder: Builder, *inputs: Value) -> Value:
        """Declare the parameters in the scope that is open, append the steps, and return the output."""


LAYERS: dict[str, type[Layer]] = {}


def activate(builder: Builder, net: Value, activation: str | None, key: str = "out", **about: Any) -> Value:
    """Append the activation function of a layer; ``None`` appends nothing."""
    if activation is None:
        return net
    about.setdefault("role", Role.OUT)
    return builder.apply(activation_op(activation), net, key=key, **about)


def activation_op(activation: str) -> Op:
    """Return the operation of an activation function."""
    return Softmax() if activation == "softmax" else ACTIVATIONS[activation]()


def activation_title(activation: str | None) -> str:
    """Return what a person calls an activation function."""
    return activation_op(activation).title if activation else "linear"


def check_activation(activation: str | None) -> None:
    """Raise ValueError for an unknown activation function."""
    known = (*ACTIVATIONS, "softmax")
    if activation is not None and activation not in known:
        raise ValueError(f"expected an activation among {', '.join(known)}; got {activation!r}")


def check_count(noun: str, number: object) -> None:
    """Raise ShapeError unless this is a whole number of at least 1."""
    if not is_whole(number) or number < 1:  # type: ignore[operator]
        raise ShapeError(f"expected at least 1 {noun}; got {number!r}")


def initialiser_for(kind: str | None, activation: str | None, fan_in: int, fan_out: int) -> Initialiser:
    """Return how weights begin: as a person chose, else He for the ReLU family and Glorot for the others."""
    return Initialiser(kind or ("he" if is_rectifier(activation) else "glorot"), fan_in, fan_out)


def is_rectifier(activation: str | None) -> bool:
    """Tell whether an activation function lets only what is positive through, or nearly so."""
    return activation in ("relu", "leaky_relu", "gelu")


__all__ = [
    "LAYERS",
    "Layer",
    "activate",
    "activation_op",
    "activation_title",
    "check_activation",
    "check_count",
    "check_initialiser",
    "initialiser_for",
    "is_rectifier",
]
