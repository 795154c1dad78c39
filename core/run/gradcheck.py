"""Check gradients against central differences: a whole program, or one cell of the step being shown."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.program import Program
from core.values import Array, Index

STEP = float(np.cbrt(np.finfo(np.float64).eps))
"""Where the error of the difference, of order h², meets that of rounding, of order eps / h."""
TOLERANCE = 1e-5
"""A larger relative error is one of the gradient, and not of the difference."""
_TOLD = STEP**2 / TOLERANCE
"""The smallest gradient that a difference, whose error is of order h², tells as precisely."""


@dataclass(frozen=True)
class Check:
    """The result for one parameter: where the relative error is largest, and both numbers there."""

    key: str
    cells: int
    error: float
    index: Index
    gradient: float
    difference: float


def relative_error(gradient: float, difference: float, scale: float) -> float:
    """Return |g - d| / max(|g|, |d|, scale): ``scale`` keeps a cell of nearly no gradient from dominating.

    A NaN or an infinity is infinitely wrong.
    """
    if not np.isfinite(gradient) or not np.isfinite(difference):
        return float("inf")
    return abs(gradient - difference) / max(abs(gradient), abs(difference), scale)


def evaluate(program: Program, inputs: Mapping[str, Array], key: str) -> dict[str, Array]:
    """Execute a program in float64 up to the value ``key``, and return every value so far."""
    values: dict[str, Array] = {name: np.asarray(array, np.float64) for name, array in inputs.items()}
    values |= {value.key: np.asarray(number, np.float64) for value, number in program.constants.items()}
    for name, number in program.hyperparameters.items():
        values.setdefault(name, np.asarray(number, np.float64))
    for step in program.steps[: program.producers[key].number + 1]:
        values[step.output.key] = step.op.compute(*(values[value.key] for value in step.inputs))
    return values


def central_difference(program: Program, inputs: Mapping[str, Array], key: str, index: Index) -> float:
    """Return (L(p + h) - L(p - h)) / 2h for one cell of an input, in float64.

    Parameters
    ----------
    program : Program
        A program with a loss.
    inputs : mapping of str to ndarray
        Every input of the program.
    key, index
        The input, and the cell of it, that is moved.

    Raises
    ------
    ValueError
        If the program has no loss.

    References
    ----------
    Any text on numerical analysis; the error is of order h².
    """
    if program.loss is None:
        raise ValueError("expected a program with a loss; this one has none to differentiate")
    moved = np.array(inputs[key], np.float64)
    center = moved[index]
    step = STEP * max(1.0, abs(float(center)))
    losses = []
    for sign in (1, -1):
        moved[index] = center + sign * step
        losses.append(float(evaluate(program, {**inputs, key: moved}, program.loss)[program.loss]))
    return (losses[0] - losses[1]) / (2 * step)


def check_gradients(program: Program, inputs: Mapping[str, Array], *, cells: int = 20, seed: int = 0) -> list[Check]:
    """Compare the gradient of every trained parameter with central differences, in float64.

    Parameters
    ----------
    program : Program
        A compiled iteration.
    inputs : mapping of str to ndarray
        Data and parameters.
    cells : int
        How many cells of each parameter to check; drawn with ``seed``, with the largest gradient among them.

    Returns
    -------
    list of Check
        One for each trained parameter, in order.

    Raises
    ------
    ValueError
        If ``cells`` is not positive.
    """
    if cells < 1:
        raise ValueError(f"expected at least 1 cell of each parameter; got {cells}")
    generator = np.random.default_rng(seed)
    values = evaluate(program, inputs, program.steps[-1].output.key)
    return [
        _check(program, inputs, key, values[gradient], cells, generator) for key, gradient in program.gradients.items()
    ]


def _check(
    program: Program, inputs: Mapping[str, Array], key: str, gradient: Array, cells: int, generator: np.random.Generator
) -> Check:
    flat = gradient.ravel()
    chosen = set(generator.permutation(flat.size)[: cells - 1].tolist()) | {int(np.abs(flat).argmax())}
    scale = max(_TOLD, 1e-3 * float(np.abs(flat).max()))
    worst = Check(key, len(chosen), -1.0, (), 0.0, 0.0)
    for number in sorted(chosen):
        index = tuple(int(i) for i in np.unravel_index(number, gradient.shape))
        difference = central_difference(program, inputs, key, index)
        error = relative_error(float(gradient[index]), difference, scale)
        if error > worst.error:
            worst = Check(key, len(chosen), error, index, float(gradient[index]), difference)
    return worst
