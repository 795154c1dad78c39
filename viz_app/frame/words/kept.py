"""Say what a value is kept for: which later phases read it, and how many bytes it takes meanwhile."""

from dataclasses import dataclass
from math import prod

import numpy as np

from core.program import Program, Step
from core.spans import Span
from core.values import Phase, Value

_UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))
_ORDER = tuple(Phase)


@dataclass(frozen=True)
class Kept:
    """What values are kept for.

    Parameters
    ----------
    count : int
        How many values these are.
    nbytes : int
        What they take together.
    readers : tuple of Step
        The steps of later phases that read them, in order.
    """

    count: int
    nbytes: int
    readers: tuple[Step, ...]


def kept_for(program: Program, value: Value, dtype: str) -> Kept:
    """Return what one value is kept for; a parameter is there from the forward pass on."""
    return Kept(1, nbytes_of(value, dtype), _later(program, value))


def kept_of_block(program: Program, span: Span, dtype: str) -> Kept:
    """Return what a block keeps of what it makes."""
    made = [program.steps[number].output for number in span.steps]
    kept = [value for value in made if _later(program, value)]
    readers = {step.number: step for value in kept for step in _later(program, value)}
    size = sum(nbytes_of(value, dtype) for value in kept)
    return Kept(len(kept), size, tuple(readers[number] for number in sorted(readers)))


def nbytes_of(value: Value, dtype: str) -> int:
    """Return how many bytes a value takes."""
    return prod(value.shape) * np.dtype(value.dtype or dtype).itemsize


def size_text(size: int) -> str:
    """Return a number of bytes as a person reads it: ``256 bytes``, ``1.5 kB``, ``16.8 MB``."""
    for unit, many in _UNITS:
        if size >= many:
            return f"{size / many:.1f} {unit}"
    return "1 byte" if size == 1 else f"{size} bytes"


def _later(program: Program, value: Value) -> tuple[Step, ...]:
    """Return the steps that read a value in a phase after the one in which it was made."""
    producer = program.producers.get(value.key)
    made = _ORDER.index(producer.phase) if producer else 0
    return tuple(step for step in program.consumers.get(value.key, ()) if _ORDER.index(step.phase) > made)
