"""Say where a run halts: at a step, at a number, at a gradient that is too large, where a number is none any more."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, prod

import numpy as np

from core.notation import Notation, plain, symbol
from core.program import Program
from core.run.norm import norm_of
from core.values import Array, Index, is_number


class BreakpointError(ValueError):
    """A breakpoint that no run can have; the message is one sentence."""


@dataclass(frozen=True)
class Hit:
    """Where a run halts, and why.

    Parameters
    ----------
    step : int
        The step that has made what is looked for.
    key : str
        The value that it is in.
    index : tuple of int or None
        The cell, where it is one.
    why : str
        What has been found, in a sentence.
    """

    step: int
    key: str
    index: Index | None
    why: str


class Breakpoint(ABC):
    """Where a run halts."""

    @abstractmethod
    def keys(self, program: Program) -> tuple[str, ...]:
        """Return the values that it looks at."""

    @abstractmethod
    def find(self, program: Program, arrays: Mapping[str, Array], notation: Notation) -> Hit | None:
        """Return where an iteration halts, from the values that it looks at."""

    @abstractmethod
    def text(self, program: Program, notation: Notation) -> str:
        """Return what a person calls it, in a few words."""

    def step(self, program: Program) -> int:
        """Return the step after which it can be told whether the run halts."""
        return max((_step(program, key) for key in self.keys(program)), default=len(program.steps) - 1)

    def fits(self, program: Program) -> bool:
        """Tell whether a program has what it looks at."""
        return all(map(program.has, self.keys(program)))


@dataclass(frozen=True)
class AtStep(Breakpoint):
    """Halt at the step that makes a value, in every iteration.

    Parameters
    ----------
    key : str
        The value.
    """

    key: str

    def keys(self, program: Program) -> tuple[str, ...]:
        return (self.key,)

    def find(self, program: Program, arrays: Mapping[str, Array], notation: Notation) -> Hit | None:
        return Hit(self.step(program), self.key, None, f"Halted at {_name(program, self.key, notation)}.")

    def text(self, program: Program, notation: Notation) -> str:
        return f"at {_name(program, self.key, notation)}"


class Side(StrEnum):
    """On which side of a number a cell is looked for."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True)
class AtNumber(Breakpoint):
    """Halt where a cell of a value is above, or below, a number.

    Parameters
    ----------
    key : str
        The value.
    index : tuple of int or None
        The cell; ``None`` is any.
    side : Side
        Above, or below.
    number : float
        The number.

    Raises
    ------
    BreakpointError
        If it is no finite number.
    """

    key: str
    index: Index | None
    side: Side
    number: float

    def __post_init__(self) -> None:
        """Check the number."""
        _check(self.number)

    def keys(self, program: Program) -> tuple[str, ...]:
        return (self.key,)

    def fits(self, program: Program) -> bool:
        return program.has(self.key, self.index)

    def find(self, program: Program, arrays: Mapping[str, Array], notation: Notation) -> Hit | None:
        array = arrays[self.key]
        looked = array if self.index is None else array[self.index]
        found = looked > self.number if self.side is Side.ABOVE else looked < self.number
        if not np.any(found):
            return None
        index = self.index
        if index is None:
            index = tuple(int(i) for i in np.unravel_index(int(np.argmax(found)), array.shape))
        name = _name(program, self.key, notation)
        why = f"{name}{_cell(index)} = {float(array[index]):.6g} is {self.side} {self.number:g}."
        return Hit(self.step(program), self.key, index, why)

    def text(self, program: Program, notation: Notation) -> str:
        cell = " (any cell)" if self.index is None and prod(program.values[self.key].shape) > 1 else _cell(self.index)
        return f"{_name(program, self.key, notation)}{cell} {self.side} {self.number:g}"


@dataclass(frozen=True)
class AtNorm(Breakpoint):
    """Halt where the norm of a gradient, or of all of them together, is above a number.

    The norm is the square root of the sum of the squares of all cells, that of all gradients over all of their cells.

    Parameters
    ----------
    number : float
        The number, more than 0.
    parameter : str or None
        Whose gradient; ``None`` is those of all parameters.

    Raises
    ------
    BreakpointError
        If it is no finite number of more than 0.
    """

    number: float
    parameter: str | None = None

    def __post_init__(self) -> None:
        """Check the number."""
        _check(self.number)
        if self.number <= 0:
            raise BreakpointError(f"Expected a norm of more than 0; got {self.number!r}.")

    def keys(self, program: Program) -> tuple[str, ...]:
        if self.parameter is None:
            return tuple(program.gradients.values())
        return (program.gradients.get(self.parameter, ""),)

    def find(self, program: Program, arrays: Mapping[str, Array], notation: Notation) -> Hit | None:
        keys = self.keys(program)
        norm = norm_of(arrays[key] for key in keys)
        if not norm > self.number:
            return None
        step = self.step(program)
        last = max(keys, key=lambda key: _step(program, key))
        why = f"The norm of {self._whose(program, notation)} = {norm:.6g} is above {self.number:g}."
        return Hit(step, last, None, why)

    def text(self, program: Program, notation: Notation) -> str:
        return f"norm of {self._whose(program, notation)} above {self.number:g}"

    def fits(self, program: Program) -> bool:
        return bool(program.gradients) and super().fits(program)

    def _whose(self, program: Program, notation: Notation) -> str:
        if self.parameter is None:
            return "all gradients"
        return _name(program, program.gradients[self.parameter], notation)


def first_hit(
    breakpoints: Iterable[Breakpoint],
    program: Program,
    arrays: Mapping[str, Array],
    steps: Collection[int],
    notation: Notation = Notation.NET_OUT,
) -> Hit | None:
    """Return the first place of an iteration, among some of its steps, where a run halts."""
    hits = [
        hit
        for one in breakpoints
        if one.fits(program) and one.step(program) in steps
        for hit in [one.find(program, arrays, notation)]
        if hit is not None
    ]
    return min(hits, key=lambda hit: hit.step, default=None)


def _step(program: Program, key: str) -> int:
    """Return the number of the step at which a value is looked at."""
    step = program.step_of(key)
    return step.number if step else 0


def _check(number: object) -> None:
    if not is_number(number) or not isfinite(number):  # type: ignore[arg-type]
        raise BreakpointError(f"Expected a finite number to halt at; got {number!r}.")


def _name(program: Program, key: str, notation: Notation) -> str:
    return plain(symbol(program, program.values[key], notation))


def _cell(index: Index | None) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""
