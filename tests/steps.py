"""The steps of a program that tests look at."""

import os
from collections.abc import Sequence

from core.program import Program, Step

MANY = 40
"""A program of more steps repeats itself."""


def telling(program: Program) -> Sequence[Step]:
    """Return all steps, or the first of every kind where there are many: the operation, its phase and its axes."""
    if len(program.steps) <= MANY or "NETSTEP_EVERY_ROOM" in os.environ:
        return program.steps
    kinds = {}
    for step in program.steps:
        shapes = tuple(len(value.shape) for value in (*step.inputs, step.output))
        kinds.setdefault((type(step.op), step.phase, shapes), step)
    return tuple(kinds.values())
