"""Compare the gradients of one operation with central differences, one input at a time."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.backward import differentiate
from core.builder import Builder
from core.ops.base import Op, all_indices
from core.program import Program
from core.values import Array, Index, Role, Value

STEP = 1e-3


def gradient_error(op: Op, arrays: Sequence[Array], i: int, *, through_jacobian: bool = False) -> float:
    """Return the largest error of the gradient of ``sum(seed * op(...))`` for input ``i``, of the largest gradient."""
    program, gradient = differentiated(op, arrays, i, through_jacobian=through_jacobian)
    seed = np.random.default_rng(7).uniform(0.5, 1.5, program.values["result"].shape)
    given = {f"in_{j}": array for j, array in enumerate(arrays)} | {"seed": seed}
    computed = run(program, given)[gradient.key]
    if computed.shape != arrays[i].shape:
        return float("inf")
    cells = [tuple(cell) for cell in all_indices(arrays[i].shape)]
    expected = np.array([difference(op, arrays, i, cell, seed) for cell in cells]).reshape(arrays[i].shape)
    scale = max(float(np.abs(expected).max()), 1e-3)
    return float(np.abs(computed - expected).max() / scale)


def differentiated(op: Op, arrays: Sequence[Array], i: int, *, through_jacobian: bool = False) -> tuple[Program, Value]:
    """Return the program of one step and of its backward pass, and the gradient of input ``i``."""
    builder = Builder(through_jacobian=through_jacobian)
    inputs = [builder.input(f"in_{j}", array.shape, Role.INPUT) for j, array in enumerate(arrays)]
    result = builder.apply(op, *inputs, key="result")
    seed = builder.input("seed", result.shape, Role.GRADIENT)
    gradient = differentiate(builder, result, [inputs[i]], seed=seed)[inputs[i]]
    return builder.build(output="result"), gradient


def run(program: Program, given: Mapping[str, Array]) -> dict[str, Array]:
    """Execute every step, in float64."""
    values: dict[str, Array] = {key: np.asarray(array, np.float64) for key, array in given.items()}
    values |= {value.key: np.asarray(number) for value, number in program.constants.items()}
    for step in program.steps:
        values[step.output.key] = step.op.compute(*(values[value.key] for value in step.inputs))
    return values


def difference(op: Op, arrays: Sequence[Array], i: int, cell: Index, seed: Array) -> float:
    """Return the central difference for one cell, from two points on either side; its error is of order h**4."""
    totals = []
    for steps in (1, -1, 2, -2):
        moved = [array.copy() for array in arrays]
        moved[i][cell] += steps * STEP
        totals.append(float((seed * shown(op, moved)).sum()))
    return (8 * (totals[0] - totals[1]) - (totals[2] - totals[3])) / (12 * STEP)


def shown(op: Op, arrays: Sequence[Array]) -> Array:
    """Return the value with 0 for what a mask has hidden: minus infinity has no difference."""
    value, hidden = op.compute(*arrays), op.hidden(*(array.shape for array in arrays))
    return value if hidden is None else np.where(hidden, 0, value)
