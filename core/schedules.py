"""Let the learning rate change from iteration to iteration: constant, in steps, along a cosine, after a warm-up."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import cos, isfinite, pi
from types import MappingProxyType

from core.values import is_number, is_whole


class Schedule(ABC):
    """What the learning rate is multiplied by, iteration by iteration; a frozen dataclass."""

    @abstractmethod
    def factor(self, iteration: int) -> float:
        """Return the factor of an iteration, from 0."""


@dataclass(frozen=True)
class Constant(Schedule):
    """The same rate from the first iteration to the last: 1."""

    def factor(self, iteration: int) -> float:
        return 1.0


@dataclass(frozen=True)
class Steps(Schedule):
    """Multiply the rate every so many iterations: share ** (t // every).

    Parameters
    ----------
    every : int
        Iterations, at least 1.
    share : float
        More than 0, at most 1: what is left of the rate.
    """

    every: int
    share: float = 0.5

    def __post_init__(self) -> None:
        """Check the numbers."""
        _check_whole("iterations between two steps", self.every)
        if not is_number(self.share) or not 0 < self.share <= 1:
            raise ValueError(f"expected a share of the rate of more than 0, up to 1; got {self.share!r}")

    def factor(self, iteration: int) -> float:
        return float(self.share ** (iteration // self.every))


@dataclass(frozen=True)
class Cosine(Schedule):
    """Go down along half a cosine, and stay there: least + (1 - least) (1 + cos(pi t / length)) / 2.

    Parameters
    ----------
    length : int
        Iterations, at least 1.
    least : float
        From 0 to 1: the share of the rate that is left at the end.

    References
    ----------
    Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017), without the restarts.
    """

    length: int
    least: float = 0.01

    def __post_init__(self) -> None:
        """Check the numbers."""
        _check_whole("iterations", self.length)
        if not is_number(self.least) or not 0 <= self.least <= 1:
            raise ValueError(f"expected a share of the rate from 0 to 1; got {self.least!r}")

    def factor(self, iteration: int) -> float:
        passed = min(iteration / self.length, 1.0)
        return self.least + (1 - self.least) * (1 + cos(pi * passed)) / 2


@dataclass(frozen=True)
class WarmUp(Schedule):
    """Go up in a straight line, (t + 1) / length, then go on with another schedule.

    Parameters
    ----------
    length : int
        Iterations, at least 1.
    then : Schedule
        What follows.

    References
    ----------
    Goyal et al., "Accurate, Large Minibatch SGD" (2017), section 2.2.
    """

    length: int
    then: Schedule = Constant()

    def __post_init__(self) -> None:
        """Check the number."""
        _check_whole("iterations", self.length)

    def factor(self, iteration: int) -> float:
        return (iteration + 1) / self.length if iteration < self.length else self.then.factor(iteration - self.length)


SCHEDULES: Mapping[str, type[Schedule]] = MappingProxyType(
    {"constant": Constant, "steps": Steps, "cosine": Cosine, "warm-up": WarmUp}
)
"""The schedules by the name that a person types."""
EXAMPLES = ("constant", "steps:100,0.5", "cosine:1000", "warm-up:50", "warm-up:50+cosine:1000")


def parse_schedule(text: str) -> Schedule:
    """Return the schedule that a person wrote: a name, and its numbers after a colon; a warm-up goes on after a plus.

    Raises
    ------
    ValueError
        If it is none; the message says what would be.
    """
    first, _, rest = text.strip().partition("+")
    name, _, numbers = first.partition(":")
    kind = SCHEDULES.get(name.strip())
    if kind is None or (rest and kind is not WarmUp):
        raise ValueError(f"expected a schedule such as {', '.join(EXAMPLES)}; got {text!r}")
    given = [_number(part, text) for part in numbers.split(",")] if numbers.strip() else []
    names = [field.name for field in fields(kind) if field.name != "then"]  # type: ignore[arg-type]
    needed = 0 if kind is Constant else 1
    if not needed <= len(given) <= len(names):
        wanted = ", ".join(names) or "no number"
        raise ValueError(f"expected {name}: with {wanted} after it, such as {_example(name)}; got {text!r}")
    about = dict(zip(names, given, strict=False))
    return kind(**about, **({"then": parse_schedule(rest)} if rest else {}))


def _example(name: str) -> str:
    return next(example for example in EXAMPLES if example.startswith(name))


def _number(text: str, whole: str) -> float | int:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"expected numbers after the colon of a schedule; got {whole!r}") from None
    if not isfinite(number):
        raise ValueError(f"expected finite numbers in a schedule; got {whole!r}")
    return int(number) if number.is_integer() else number


def _check_whole(what: str, number: object) -> None:
    if not is_whole(number) or number < 1:  # type: ignore[operator]
        raise ValueError(f"expected a whole number of {what} from 1; got {number!r}")
