"""Define what every optimizer answers: the steps of the update of one parameter."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from core.builder import Builder
from core.initialisers import ZEROS, Initialiser
from core.ops.base import Op, Purpose
from core.ops.elementwise import Add, Scale, Subtract
from core.values import Range, Role, Value, is_number


class Optimizer(ABC):
    """An update rule: from a parameter and its gradient, steps that end in the updated parameter.

    Concrete optimizers are frozen dataclasses; their numbers become scalar inputs of the program, so that they can
    change from one iteration to the next.
    """

    title: ClassVar[str]
    """What a person calls it."""
    adaptive: ClassVar[bool] = False
    """Whether its steps are about as large as the learning rate, whatever the gradients."""
    usual_rate: ClassVar[float] = 1.0
    """Its usual learning rate, in multiples of that of plain SGD, or of Adam where it is adaptive."""

    @abstractmethod
    def update(self, update: "Update") -> Value:
        """Append the update of one parameter and return its new value."""


@dataclass(frozen=True)
class Update:
    """The update of one parameter: what an optimizer appends its steps with.

    Parameters
    ----------
    builder : Builder
        Where the steps go.
    parameter, gradient : Value
        What is updated, and the gradient that it is updated with.
    """

    builder: Builder
    parameter: Value
    gradient: Value

    def number(self, key: str, number: float, symbol: str) -> Value:
        """Return a number that a person sets."""
        return self.builder.hyperparameter(key, number, symbol)

    def one_minus(self, number: Value) -> Value:
        """Return 1 minus a number; appended once, whoever asks."""
        key = f"one_minus_{number.key}"
        if key in self.builder.values:
            return self.builder.values[key]
        one = self.builder.constant("one", 1.0, "1")
        symbol = rf"\left(1 - {number.symbol}\right)"
        return self.builder.append(
            Subtract(), (one, number), key, symbol=symbol, range=Range.NON_NEGATIVE, purpose=_REST
        )

    def state(self, name: str, head: str, initialiser: Initialiser = ZEROS) -> Value:
        """Return what the optimizer remembers of the parameter from one iteration to the next."""
        return self.builder.state_of(self.parameter, name, initialiser, head)

    def step(self, name: str, op: Op, *inputs: Value, role: Role = Role.INTERMEDIATE, **about: Any) -> Value:
        """Append a step; ``name`` and the parameter's own make that of its output."""
        parameter = self.parameter
        described: dict[str, Any] = {
            "scope": parameter.scope,
            "axes": parameter.axes,
            "subject": parameter.key,
            **about,
        }
        return self.builder.append(op, inputs, f"{name}_{parameter.key}", role=role, name=name, **described)

    def replace(self, value: Value, op: Op, *inputs: Value, purpose: Purpose) -> Value:
        """Append the step that makes the next value of a state or of the parameter, and hand it on."""
        key = f"new_{value.key}"
        about: dict[str, Any] = {"scope": value.scope, "axes": value.axes, "subject": value.key}
        following = self.builder.append(op, inputs, key, role=Role.UPDATED, purpose=purpose, **about)
        self.builder.hand_on(value, following)
        return following

    def average(self, state: Value, name: str, share: Value, sample: Value) -> Value:
        """Append the next value of a running average: state + share (sample - state)."""
        about: dict[str, Any] = {"subject": state.key}
        gap = self.step(f"{name}_gap", Subtract(), sample, state, purpose=_GAP, head=r"\mathrm{gap}", **about)
        change = self.step(f"change_{name}", Scale(), share, gap, role=Role.CHANGE, purpose=_SHARE, **about)
        return self.replace(state, Add(), state, change, purpose=_AVERAGE)

    def descend(self, direction: Value) -> Value:
        """Append the parameter less its change, the learning rate times a direction."""
        eta = self.builder.values["eta"]
        change = self.step("change", Scale(), eta, direction, role=Role.CHANGE, purpose=RATE)
        return self.replace(self.parameter, Subtract(), self.parameter, change, purpose=UPDATE)


RATE = Purpose(
    "The learning rate η says how far to go down the gradient.",
    why="The gradient is a slope, true only nearby: too large a rate steps over the valley, too small a "
    "one takes forever.",
    look="Compare {c} with the weights: a change much larger than they are is a warning.",
)
UPDATE = Purpose(
    "The update: before, minus the change, is after. The next iteration starts from here.",
    why="To first order the loss changes by the gradient times the change: against the gradient it falls.",
    look="With a small rate {c} can hardly be told from {a}; learning is many small steps.",
)
_REST = Purpose(
    "What is left of 1: the share that the newest number gets in a running average.",
    why="A running average keeps one share of what it was and gives the rest to what is new.",
    look="The nearer {b} is to 1, the longer the average remembers.",
)
_GAP = Purpose(
    "How far the newest number is from the running average so far.",
    why="A running average moves towards what is new, so it must know how far away that is.",
    look="Where {c} is near 0, the newest number is what the average expected.",
)
_SHARE = Purpose(
    "The running average moves by this share of the way.",
    why="Only a share of the gap is taken, so that one odd batch cannot throw the average about.",
    look="{c} has the pattern of {b}.",
)
_AVERAGE = Purpose(
    "The running average: before, plus the change, is after. The next iteration starts from here.",
    why="Before plus a share of the gap is a weighted mean of before and the newest number; each old one "
    "fades by a fixed factor.",
    look="Compare {a} with {c}: the average moves slowly.",
)


def check_positive(name: str, number: object) -> None:
    """Raise ValueError unless this is a positive, finite number."""
    if not is_number(number) or not 0 < number < float("inf"):  # type: ignore[operator]
        raise ValueError(f"expected a positive {name}; got {number!r}")


def check_share(name: str, number: object) -> None:
    """Raise ValueError unless this is a number from 0 up to, and not including, 1."""
    if not is_number(number) or not 0 <= number < 1:  # type: ignore[operator]
        raise ValueError(f"expected a {name} from 0 to less than 1; got {number!r}")


def check_not_negative(name: str, number: object) -> None:
    """Raise ValueError unless this is a finite number from 0."""
    if not is_number(number) or not 0 <= number < float("inf"):  # type: ignore[operator]
        raise ValueError(f"expected a {name} from 0; got {number!r}")
