"""Execute a program lazily, keep every value read-only, and go anywhere in it at once."""

from collections import OrderedDict
from collections.abc import Callable, Generator, Mapping
from dataclasses import InitVar, dataclass, field
from types import MappingProxyType

import numpy as np

from core.program import Program, Step
from core.run.arithmetic import arithmetic
from core.run.parts import Pause
from core.run.record import Judged, Series
from core.run.run import MEMORY_LIMIT, Batch, Factors, Run, admitted
from core.values import Array, Index

_VALUE_BYTES = 256
"""What a value takes besides its numbers: of hundreds of small ones that is the most."""
_MOST_ITERATIONS = 256
"""More whole iterations than that are not kept, however small they are."""

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
    last bit the same, when they are asked for (see ``Run``).

    Parameters
    ----------
    program : Program
        What is executed.
    parameters : mapping of str to ndarray
        The state at the start of iteration 0; what an optimizer remembers may be left out.
    batch : callable
        Returns the data (``x``, ``y``) of an iteration, by key.
    dtype : str
        ``float32`` or ``float64``.
    memory_limit : int
        Bytes that the values of iterations and the checkpoints of the run may take together. The values of one
        iteration are kept whatever they take.
    token_names : callable or None
        Where samples are sequences: returns what the tokens of every sample of an iteration are called.
    factors : callable or None
        Returns what hyper-parameters are multiplied by in an iteration, by key.
    shown : Run or None
        The run whose iterations these are (see ``of``); ``None`` begins one.

    Raises
    ------
    ValueError
        If an input is missing or has another shape than the program declares.
    """

    program: Program
    parameters: Mapping[str, Array]
    batch: Batch
    dtype: str = "float32"
    memory_limit: int = MEMORY_LIMIT
    token_names: Names | None = None
    factors: Factors | None = None
    shown: InitVar[Run | None] = None
    run: Run = field(init=False, repr=False)
    """What the iterations begin with."""
    _iterations: OrderedDict[int, _Iteration] = field(default_factory=OrderedDict, init=False, repr=False)
    _held: int = field(default=0, init=False, repr=False)

    def __post_init__(self, shown: Run | None) -> None:
        """Begin the run, unless there is one."""
        self.run = shown or Run(self.program, self.parameters, self.batch, self.dtype, self.memory_limit, self.factors)

    @classmethod
    def of(cls, run: Run, token_names: Names | None = None) -> "Trace":
        """Return the trace of a run that is there already."""
        return cls(run.program, run.start, run.batch, run.dtype, run.memory_limit, token_names, run.factors, run)

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

    def known(self, iteration: int = 0) -> Mapping[str, Array]:
        """Return the values of an iteration that are here, by key; nothing is executed for it."""
        return MappingProxyType(self._state(iteration).values)

    def made_at(self, key: str) -> int:
        """Return the step from which on a value is known; what no step makes is known from the first on."""
        producer = self.program.producers.get(key)
        return 0 if producer is None else producer.number

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

    def walk(self, cursor: Cursor, pause: Pause) -> Generator[int]:
        """Execute up to and including the cursor's step; yield, at every pause, the iteration that is being run.

        Whoever stops asking keeps what has been reached.
        """
        iteration = cursor.iteration
        if iteration not in self._iterations and self.run.nearest(iteration) != iteration:
            if self._leads_on(iteration - 1):
                yield from self._walk_in(iteration - 1, len(self.program.steps) - 1, pause)
            else:
                yield from (reached for reached in self.run.walk(iteration, pause=pause) if pause())
        yield from self._walk_in(iteration, cursor.step - 1, pause)
        self.run_to(cursor)

    def _walk_in(self, iteration: int, last: int, pause: Pause) -> Generator[int]:
        while (state := self._state(iteration)).executed <= last:
            self._run(state, iteration, state.executed)
            if pause():
                yield iteration

    def broken_step(self, cursor: Cursor) -> Step | None:
        """Return the first step up to the cursor that made a NaN or an infinity that no mask hides, or ``None``."""
        self.run_to(cursor)
        broken = self._state(cursor.iteration).broken
        return None if broken is None or broken > cursor.step else self.program.steps[broken]

    def losses(self, cursor: Cursor) -> Series:
        """Return (iteration, loss) for the iterations that are known and done at the cursor."""
        key = self.program.loss
        if key is None:
            return Series.of(())
        self.run_to(cursor)
        done = cursor.step >= self.program.producers[key].number
        return self.run.losses.until(cursor.iteration + done)

    def judged(self, cursor: Cursor) -> Mapping[Judged, Series]:
        """Return how good the network was at the start of the iterations up to the cursor's, where it was judged."""
        return {kind: record.until(cursor.iteration + 1) for kind, record in self.run.judged.items()}

    def cell(self, cursor: Cursor) -> Index | None:
        """Return the output cell that the cursor is at inside its step."""
        if cursor.cell is None:
            return None
        shape = self.program.steps[cursor.step].output.shape
        return tuple(int(i) for i in np.unravel_index(cursor.cell, shape)) if shape else ()

    def set_hyperparameter(self, iteration: int, key: str, number: float) -> None:
        """Change a hyper-parameter from an iteration on; what comes after it is computed anew.

        Raises
        ------
        ValueError
            If the program has none of that name, or the number is none that it can be run with.
        """
        self.run.set_hyperparameter(iteration, key, number)
        self._forget_from(iteration)

    def set_factors(self, iteration: int, factors: Factors) -> None:
        """Multiply hyper-parameters by other factors from an iteration on; what came after it is forgotten."""
        self.run.set_factors(iteration, factors)
        self._forget_from(iteration)

    def set_batches(self, iteration: int, batch: Batch) -> None:
        """Take the data from elsewhere from an iteration on; what comes after it is computed anew."""
        self.run.set_batches(iteration, batch)
        self._forget_from(iteration)

    def _state(self, iteration: int) -> _Iteration:
        if iteration not in self._iterations:
            start, inputs = self._start(iteration), self._inputs(iteration)
            constants = {value.key: admitted(value, n, self.dtype) for value, n in self.program.constants.items()}
            size = sum(array.nbytes for array in inputs.values()) + _VALUE_BYTES * len(self.program.values)
            self._iterations[iteration] = _Iteration({**inputs, **constants, **start}, size=size)
            self._held += size
            self._forget_old(iteration)
        self._iterations.move_to_end(iteration)
        return self._iterations[iteration]

    def _inputs(self, iteration: int) -> Mapping[str, Array]:
        """Return the data and the hyper-parameters of an iteration."""
        return self.run.inputs(iteration)

    def _leads_on(self, iteration: int) -> bool:
        """Tell whether an iteration is here, and the next one begins with what it makes."""
        return iteration in self._iterations

    def _start(self, iteration: int) -> Mapping[str, Array]:
        """Return the state at the start of an iteration: from the one before where that is here, else from the run."""
        if self._leads_on(iteration - 1) and self.run.nearest(iteration) != iteration:
            before = self._iterations[iteration - 1]
            self._run(before, iteration - 1, len(self.program.steps) - 1)
            self.run.keep(iteration, {key: before.values[following] for key, following in self.program.state.items()})
        return self.run.state(iteration)

    def _run(self, state: _Iteration, iteration: int, last: int) -> None:
        before = state.size
        for step in self.program.steps[state.executed : last + 1]:
            with arithmetic():
                result = step.op.compute(*(state.values[value.key] for value in step.inputs))
            result = self._keep(step.output.key, result)
            state.values[step.output.key] = result
            state.executed = step.number + 1
            state.size += result.nbytes
            if state.broken is None and broken_cells(step, result):
                state.broken = step.number
            self._take(step, iteration, state.values)
        self._held += state.size - before
        if state.size != before:
            self._forget_old(iteration)

    def _take(self, step: Step, iteration: int, values: dict[str, Array]) -> None:
        """Write down what is known once a step has run."""
        if step.output.key == self.program.loss:
            self.run.losses[iteration] = float(values[step.output.key])

    def _keep(self, key: str, result: Array) -> Array:
        """Return an array of the trace's own, read-only, in its dtype and the declared shape."""
        value = self.program.values[key]
        if result.shape != value.shape:
            raise ValueError(f"{key}: expected shape {value.shape}; got {result.shape}")
        result = np.asarray(result, dtype=value.dtype or self.dtype)
        result.flags.writeable = False
        return result

    def _forget_old(self, shown: int) -> None:
        """Forget the values of iterations that were left longest ago; those of the one that is shown stay."""
        while (count := len(self._iterations)) > 1 and (count > _MOST_ITERATIONS or self._taken > self.memory_limit):
            oldest = next(iteration for iteration in self._iterations if iteration != shown)
            self._held -= self._iterations.pop(oldest).size

    @property
    def _taken(self) -> int:
        """The bytes that count against the limit."""
        return self._held + self.run.checkpoint_bytes

    def _forget_from(self, iteration: int) -> None:
        for known in [known for known in self._iterations if known >= iteration]:
            self._held -= self._iterations.pop(known).size


def broken_cells(step: Step, result: Array) -> int:
    """Return how many cells of what a step made are a NaN or an infinity; what a mask has hidden is none."""
    if np.isfinite(result).all():
        return 0
    broken, hidden = ~np.isfinite(result), step.op.hidden(*(value.shape for value in step.inputs))
    return int(np.count_nonzero(broken if hidden is None else broken & ~hidden))
