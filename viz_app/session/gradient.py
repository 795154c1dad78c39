"""Compare one cell of a gradient, at a moment of a run, with the central difference of the loss."""

import numpy as np

from core.run.gradcheck import Check, central_difference, evaluate, relative_error
from core.run.trace import Trace
from core.values import Index


def compare_gradient(trace: Trace, iteration: int, key: str, index: Index) -> Check | None:
    """Return how a cell of a parameter's gradient compares; ``None`` where the value is no gradient of a loss."""
    program = trace.program
    subject = program.values[key].subject
    if subject is None or program.loss is None:
        return None
    inputs = {value.key: trace.array(value.key, iteration) for value in program.inputs}
    with np.errstate(all="ignore"):
        gradient = evaluate(program, inputs, key)[key]
        difference = central_difference(program, inputs, subject, index)
    scale = max(1e-8, 1e-3 * float(np.abs(gradient).max()))
    exact = float(gradient[index])
    return Check(subject, 1, relative_error(exact, difference, scale), index, exact, difference)
