"""Execute a program lazily, keep every value read-only, and go anywhere in it at once."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from core.program import Program, Step
from core.run.arithmetic import arithmetic
from core.values import DTYPES, Array, Index

_MOST_ITERATIONS = 256
"""More whole iterations than that are not kept, however small they are."""

Batch = Callable[[int], Mapping[str, Array]]
Names = Callable[[int], tuple[tuple[str, ...], ...]]


@dataclass(frozen=True)
class Cursor:
    """A place in a training run: the iteration, the step that has just run, and the cell inside it.

    ``cell`` is the raster number of an output cell while walking inside the operation, else ``None``.
    """

    iteration: int = 0
    step: int = 0
    cell: int | None = None


@dataclass
class _Iteration:
    values: dict[str, Array]
    executed: int = 0
    broken: int | None = None
    """The number of the first step whose value has a NaN or an infinity."""
    size: int = 0
    bounds: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass
class Trace:
    """Every value of every iteration of a program, computed when it is first asked for.

    Values are read-only. Iterations that were left long ago are forgotten to bound memory, and computed again, to the
    last bit the same, when they are asked for: the parameters at the start of iterations are kept, thinned as they age.

    Parameters
    ----------
    program : Program
        What is executed.
    parameters : mapping of str to ndarray
        The parameters at the start of iteration 0.
    batch : callable
        Returns the data (``x``, ``y``) of an iteration, by key.
    dtype : str
        ``float32`` or ``float64``.
    memory_limit : int
        Bytes that whole iterations may take, and bytes that parameters at the start of iterations may take.
    token_names : callable or None
        Where samples are sequences: returns what the tokens of every sample of an iteration are called.

    Raises
    ------
    ValueError
        If an input is missing or has another shape than the program declares.
    """

    program: Program
    parameters: Mapping[str, Array]
    batch: Batch
    dtype: str = "float32"
    memory_limit: int = 400_000_000
    token_names: Names | None = None
    _iterations: OrderedDict[int, _Iteration] = field(default_factory=OrderedDict, init=False, repr=False)
    _starts: dict[int, Mapping[str, Array]] = field(default_factory=dict, init=False, repr=False)
    _losses: list[tuple[int, float]] = field(default_factory=list, init=False, repr=False)
    _held: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        """Check the parameters and keep them as the start of iteration 0."""
        if self.dtype not in DTYPES:
            raise ValueError(f"expected a dtype among {', '.join(DTYPES)}; got {self.dtype!r}")
        wanted = {value.key for value in self.program.parameters}
        if missing := wanted - set(self.parameters):
            raise ValueError(f"expected a parameter {', '.join(sorted(missing))}; it was not given")
        self._starts[0] = {key: self._admit(key, self.parameters[key]) for key in sorted(wanted)}

    def array(self, key: str, iteration: int = 0) -> Array:
        """Return a value of an iteration, executing what it needs and has not run yet.

        Raises
        ------
        KeyError
            If the program has no such value.
        """
        if key not in self.program.values:
            raise KeyError(f"expected a value of the program; got {key!r}")
        state = self._state(iteration)
        producer = self.program.producers.get(key)
        if producer is not None:
            self._run(state, iteration, producer.number)
        return state.values[key]

    def bounds(self, key: str, iteration: int = 0) -> tuple[float, float]:
        """Return the smallest and the largest finite number of a value; (0, 0) where there is none."""
        array = self.array(key, iteration)
        known = self._state(iteration).bounds
        if key not in known:
            low, high = float(array.min()), float(array.max())
            if not np.isfinite(low + high):
                finite = array[np.isfinite(array)]
                low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
            known[key] = (low, high)
        return known[key]

    def run_to(self, cursor: Cursor) -> None:
        """Execute up to and including the cursor's step."""
        self._run(self._state(cursor.iteration), cursor.iteration, cursor.step)

    def broken_step(self, cursor: Cursor) -> Step | None:
        """Return the first step up to the cursor that made a NaN or an infinity, or ``None``."""
        self.run_to(cursor)
        broken = self._state(cursor.iteration).broken
        return None if broken is None or broken > cursor.step else self.program.steps[broken]

    def losses(self, cursor: Cursor) -> tuple[tuple[int, float], ...]:
        """Return (iteration, loss) for the iterations that are known and done at the cursor."""
        key = self.program.loss
        if key is None:
            return ()
        self.run_to(cursor)
        last = cursor.iteration if cursor.step >= self.program.producers[key].number else cursor.iteration - 1
        return tuple(self._losses[: last + 1])

    def cell(self, cursor: Cursor) -> Index | None:
        """Return the output cell that the cursor is at inside its step."""
        if cursor.cell is None:
            return None
        shape = self.program.steps[cursor.step].output.shape
        return tuple(int(i) for i in np.unravel_index(cursor.cell, shape)) if shape else ()

    def _state(self, iteration: int) -> _Iteration:
        if iteration < 0:
            raise ValueError(f"expected an iteration from 0; got {iteration}")
        if iteration not in self._iterations:
            start = self._start(iteration)
            constants = {value.key: self._admit(value.key, number) for value, number in self.program.constants.items()}
            self._iterations[iteration] = _Iteration({**self._data(iteration), **constants, **start})
            self._forget_old()
        self._iterations.move_to_end(iteration)
        return self._iterations[iteration]

    def _data(self, iteration: int) -> dict[str, Array]:
        wanted = {value.key for value in self.program.inputs} - set(self._starts[0])
        data = self.batch(iteration)
        if missing := wanted - set(data):
            raise ValueError(f"expected an input {', '.join(sorted(missing))}; it was not given")
        if unknown := set(data) - wanted:
            raise ValueError(f"expected only the inputs {', '.join(sorted(wanted))}; got {', '.join(sorted(unknown))}")
        return {key: self._admit(key, data[key]) for key in sorted(wanted)}

    def _start(self, iteration: int) -> Mapping[str, Array]:
        """Return the parameters at the start of an iteration, walking there from the last one known."""
        if iteration in self._starts:
            return self._starts[iteration]
        known = iteration - 1 if iteration - 1 in self._starts else max(i for i in self._starts if i <= iteration)
        for i in range(known, iteration):
            state = self._state(i)
            self._run(state, i, len(self.program.steps) - 1)
            updated = {key: state.values[self.program.updates.get(key, key)] for key in self._starts[i]}
            self._starts[i + 1] = updated
        self._thin(iteration)
        return self._starts[iteration]

    def _run(self, state: _Iteration, iteration: int, last: int) -> None:
        for step in self.program.steps[state.executed : last + 1]:
            with arithmetic():
                result = step.op.compute(*(state.values[value.key] for value in step.inputs))
            result = self._keep(step.output.key, result)
            state.values[step.output.key] = result
            state.executed = step.number + 1
            state.size += result.nbytes
            self._held += result.nbytes
            if state.broken is None and not np.isfinite(result).all():
                state.broken = step.number
            if step.output.key == self.program.loss and iteration == len(self._losses):
                # Iterations are met in order, since each starts from the one before.
                self._losses.append((iteration, float(result)))

    def _admit(self, key: str, array: "Array | float") -> Array:
        """Return what the caller gave, read-only and in C order; copied where the caller could still write to it."""
        result = np.asarray(array, dtype=self.dtype, order="C")
        if isinstance(array, np.ndarray) and np.may_share_memory(result, array) and _writeable(array):
            result = result.copy()
        return self._keep(key, result)

    def _keep(self, key: str, result: Array) -> Array:
        """Return an array of the trace's own, read-only, in its dtype and the declared shape."""
        expected = self.program.values[key].shape
        if result.shape != expected:
            raise ValueError(f"{key}: expected shape {expected}; got {result.shape}")
        result = np.asarray(result, dtype=self.dtype)
        result.flags.writeable = False
        return result

    def _forget_old(self) -> None:
        while (count := len(self._iterations)) > _MOST_ITERATIONS or (count > 2 and self._held > self.memory_limit):
            self._held -= self._iterations.popitem(last=False)[1].size

    def _thin(self, iteration: int) -> None:
        """Keep the parameters of fewer and fewer old iterations once they take too much memory."""
        each = sum(array.nbytes for array in self._starts[0].values())
        while each * len(self._starts) > self.memory_limit and len(self._starts) > 3:
            old = [i for i in sorted(self._starts) if 0 < i < iteration]
            if len(old) < 2:
                return
            for i in old[::2]:
                del self._starts[i]


def _writeable(array: Array) -> bool:
    """Tell whether an array, or an array that it is a view of, can be written to."""
    owner: object = array
    while isinstance(owner, np.ndarray):
        if owner.flags.writeable:
            return True
        owner = owner.base
    return False
