"""Remember where a run has been, so that it can be entered at any iteration: by the trace or by the executor."""

from collections.abc import Callable, Collection, Generator, Mapping
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from core.program import Program
from core.run.executor import Executor
from core.run.kept import Kept, State
from core.run.parts import Pause, pausing
from core.run.plan import Plan, make_plan
from core.run.record import Judged, Record, Series
from core.run.targets import Targets
from core.values import DTYPES, Array, Value, held, is_number

MEMORY_LIMIT = 150_000_000
"""Bytes that the values of iterations and the checkpoints of a run may take together."""
_MOST_CHECKPOINTS = 256
_SPACING = 16
"""Checkpoints are so many iterations apart at least where the executor runs: copying the state takes time."""


Batch = Callable[[int], Mapping[str, Array]]
Factors = Callable[[int], Mapping[str, float]]


@dataclass
class Run:
    """A program and what its iterations begin with, from the first to wherever it has been.

    The state at the start of some iterations is kept, fewer and fewer as they age; from the nearest one any other
    iteration is reached again, to the last bit the same. Data and hyper-parameters are known by iteration, so that
    walking, jumping and going back meet the same numbers.

    Parameters
    ----------
    program : Program
        What is run.
    start : mapping of str to ndarray
        The state at the start of iteration 0.
    batch : callable
        Returns the data (``x``, ``y``) of an iteration, by key.
    dtype : str
        ``float32`` or ``float64``.
    memory_limit : int
        Bytes that checkpoints may take, together with what others hold (``held``).
    factors : callable or None
        Returns what hyper-parameters are multiplied by in an iteration, by key: the learning rate by its schedule.

    Raises
    ------
    ValueError
        If a value of the state is missing or has another shape than the program declares, or the dtype cannot hold a
        hyper-parameter.
    """

    program: Program
    start: State
    batch: Batch
    dtype: str = "float32"
    memory_limit: int = MEMORY_LIMIT
    factors: Factors | None = None
    losses: Record = field(default_factory=Record, init=False, repr=False)
    """The loss of every iteration that has been run."""
    judged: Mapping[Judged, Record] = field(default_factory=lambda: {kind: Record() for kind in Judged}, init=False)
    """How good the network was at the start of some iterations, where it has been judged (see ``Training``)."""
    _checkpoints: dict[int, State] = field(default_factory=dict, init=False, repr=False)
    _batches: list[tuple[int, Batch]] = field(default_factory=list, init=False, repr=False)
    _targets: Targets = field(init=False, repr=False)
    _executor: Executor | None = field(default=None, init=False, repr=False)
    _plans: dict[frozenset[str], Plan] = field(default_factory=dict, init=False, repr=False)
    _numbers: list[tuple[int, Mapping[str, float]]] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        """Check the state and keep it as the start of iteration 0."""
        if self.dtype not in DTYPES:
            raise ValueError(f"expected a dtype among {', '.join(DTYPES)}; got {self.dtype!r}")
        if missing := self.program.state.keys() - self.start.keys():
            initial = self.program.initialisers
            if unknown := sorted(key for key in missing if key not in initial or key in self._parameters):
                raise ValueError(f"expected a parameter {', '.join(unknown)}; it was not given")
            self.start = {**self.program.initial(0, self.dtype), **self.start}
        self._targets = Targets(self.program)
        self._checkpoints[0] = {key: self.admit(key, self.start[key]) for key in sorted(self.program.state)}
        self._batches.append((0, self.batch))
        for key, number in self.program.hyperparameters.items():
            self._check_held(key, number)

    # What an iteration begins with

    def state(self, iteration: int) -> State:
        """Return the state at the start of an iteration, running there from the nearest checkpoint."""
        if iteration < 0:
            raise ValueError(f"expected an iteration from 0; got {iteration}")
        for _ in self.walk(iteration):
            pass
        return self._checkpoints[iteration]

    def nearest(self, iteration: int) -> int:
        """Return the last iteration up to this one whose state is known."""
        return max(known for known in self._checkpoints if known <= iteration)

    def inputs(self, iteration: int, data: Mapping[str, Array] | None = None) -> Mapping[str, Array]:
        """Return the data and the hyper-parameters of an iteration, read-only; or those with other data in their place.

        Raises
        ------
        ValueError
            If an input is missing, unknown, or of another shape than the program declares, or targets are none that
            the loss holds for.
        """
        given = self._data(iteration) if data is None else data
        wanted = {value.key for value in self.program.data}
        if missing := wanted - given.keys():
            raise ValueError(f"expected an input {', '.join(sorted(missing))}; it was not given")
        if unknown := given.keys() - wanted:
            raise ValueError(f"expected only the inputs {', '.join(sorted(wanted))}; got {', '.join(sorted(unknown))}")
        numbers = {key: self.admit(key, number) for key, number in self.hyperparameters(iteration).items()}
        data = {key: self.admit(key, array) for key, array in given.items()}
        self._targets.check(data)
        return {**data, **numbers}

    def hyperparameters(self, iteration: int) -> Mapping[str, float]:
        """Return the numbers that a person has set for an iteration."""
        numbers = dict(self.program.hyperparameters)
        for first, changed in self._numbers:
            if first <= iteration:
                numbers |= changed
        factors = self.factors(iteration) if self.factors else {}
        return {key: number * factors.get(key, 1.0) for key, number in numbers.items()}

    # What changes from an iteration on

    def set_hyperparameter(self, iteration: int, key: str, number: float) -> None:
        """Change a hyper-parameter from an iteration on; what came after it is forgotten.

        Raises
        ------
        ValueError
            If the program has none of that name, or the number is none that it can be run with.
        """
        if key not in self.program.hyperparameters:
            known = ", ".join(self.program.hyperparameters) or "none"
            raise ValueError(f"expected a hyper-parameter of the program ({known}); got {key!r}")
        self._check_held(key, number)
        self.forget(iteration)
        self._numbers = [(first, changed) for first, changed in self._numbers if first <= iteration]
        self._numbers.append((iteration, {key: float(number)}))

    def set_factors(self, iteration: int, factors: Factors) -> None:
        """Multiply hyper-parameters by other factors from an iteration on; what came after it is forgotten.

        The new ones answer for the iterations before as the old ones did.
        """
        self.forget(iteration)
        self.factors = factors

    def set_batches(self, iteration: int, batch: Batch) -> None:
        """Take the data from elsewhere from an iteration on; what came after it is forgotten."""
        self.forget(iteration)
        self._batches = [(first, known) for first, known in self._batches if first < iteration or first == 0]
        self._batches.append((iteration, batch))

    def forget(self, iteration: int) -> None:
        """Forget all that came after the start of an iteration."""
        self._checkpoints = {known: state for known, state in self._checkpoints.items() if known <= iteration}
        self.losses.forget(iteration)
        for record in self.judged.values():
            record.forget(iteration + 1)

    # Going on

    def walk(
        self,
        iteration: int | None,
        first: int | None = None,
        pause: Pause | None = None,
        keep: Collection[str] = frozenset(),
    ) -> Generator[int]:
        """Run to the start of an iteration in the executor; yield each iteration that begins on the way.

        Whoever stops asking keeps what has been reached.

        Parameters
        ----------
        iteration : int or None
            Where to; ``None`` goes on for as long as it is asked.
        first : int or None
            Where from; ``None`` is the nearest place up to there whose state is known.
        pause : callable or None
            Where it says so, the iteration that is being run is yielded in the middle of it, too.
        keep : collection of str
            The keys of values that are looked at on the way, after each iteration (see ``value``).
        """
        reached = self.nearest(first if first is not None else iteration or 0)
        if reached == iteration:
            return
        keep = frozenset(keep)
        if keep not in self._plans and pause is not None:
            self._plans[keep], _ = yield from pausing(make_plan(self.program, self.dtype, keep), pause, reached)
        executor = Executor(self.program, self._checkpoints[reached], self.dtype, keep, plan=self._plans.get(keep))
        self._plans[keep] = executor.plan
        before, in_parts, done = self._executor, pause is not None, True
        try:
            self._executor = executor
            while iteration is None or reached < iteration:
                inputs, done = self.inputs(reached), False
                if in_parts and pause is not None:
                    parts = executor.run_in_parts(inputs)
                    loss, in_parts = yield from pausing(parts, pause, reached)  # a fast one is not cut again
                else:
                    loss = executor.run(inputs)
                done = True
                if loss is not None:
                    self.losses[reached] = loss
                reached += 1
                if in_parts or (reached % _SPACING == 0 and reached % self._stride(reached) == 0):
                    self.keep(reached, executor.state)  # where the next one is given up in the middle, this one is left
                yield reached
        finally:
            self._executor = before
            if done:
                self.keep(reached, executor.state)

    @property
    def current(self) -> State:
        """The state that has been reached on the way, while somebody walks."""
        return self._walking.state

    def value(self, key: str) -> Array:
        """Return a value of the iteration that has just been run on the way, where it is kept; the next overwrites it.

        Raises
        ------
        KeyError
            If the value was not kept.
        """
        return self._walking.value(key)

    @property
    def _walking(self) -> Executor:
        if self._executor is None:
            raise ValueError("expected somebody on the way; nobody walks")
        return self._executor

    def keep(self, iteration: int, state: State) -> None:
        """Keep the state at the start of an iteration; older ones make room where there is too little."""
        for array in state.values():
            array.flags.writeable = False
        self._checkpoints[iteration] = state
        self._thin(iteration)

    def kept(self, states: Mapping[int, State]) -> Kept:
        """Return what it takes to go on with the run elsewhere: its start, and the states that the caller has of it."""
        judged = {kind: record.all for kind, record in self.judged.items()}
        return Kept({0: self._checkpoints[0], **states}, self.losses.all, judged, tuple(self._numbers))

    def take_up(self, kept: Kept) -> None:
        """Go on with what was kept of a run of the same program.

        Raises
        ------
        ValueError
            If it is that of another program, or a number is none that the program can be run with.
        """
        states: dict[int, State] = {}
        for iteration, state in sorted(kept.states.items()):
            if missing := self.program.state.keys() - state.keys():
                raise ValueError(f"expected a state with {', '.join(sorted(missing))}; it was not given")
            states[iteration] = {key: self.admit(key, state[key]) for key in sorted(self.program.state)}
        for first, changed in kept.numbers:
            for key, number in changed.items():
                self.set_hyperparameter(first, key, number)
        self._checkpoints = states
        self.losses = Record.of(kept.losses)
        self.judged = {kind: Record.of(kept.judged.get(kind, Series.of(()))) for kind in Judged}

    @property
    def checkpoint_bytes(self) -> int:
        """The memory of all checkpoints."""
        return self._each * len(self._checkpoints)

    @property
    def checkpoints(self) -> tuple[int, ...]:
        """The iterations whose state is known, in order."""
        return tuple(sorted(self._checkpoints))

    def admit(self, key: str, array: "Array | float") -> Array:
        """Return what the caller gave, read-only and in C order; copied where the caller could still write to it.

        Raises
        ------
        ValueError
            If it has another shape than the program declares.
        """
        return admitted(self.program.values[key], array, self.dtype)

    def _check_held(self, key: str, number: object) -> None:
        """Raise ValueError unless a hyper-parameter is a number that is finite in the dtype."""
        if not is_number(number) or not isfinite(held(number, self.dtype)):  # type: ignore[arg-type]
            raise ValueError(f"{key}: expected a number that {self.dtype} can hold; got {number!r}")

    @property
    def _parameters(self) -> set[str]:
        return {value.key for value in self.program.parameters}

    @property
    def _each(self) -> int:
        return sum(array.nbytes for array in self._checkpoints[0].values())

    @property
    def _most(self) -> int:
        """How many checkpoints may be kept: half of the memory is theirs, and never more than that many."""
        return max(2, min(_MOST_CHECKPOINTS, self.memory_limit // 2 // max(1, self._each)))

    def _stride(self, iteration: int) -> int:
        """Return how far apart checkpoints are that are spread from 0 to an iteration."""
        stride = 1
        while iteration // stride > self._most:
            stride *= 2
        return stride

    def _thin(self, iteration: int) -> None:
        """Keep fewer checkpoints, evenly spread, once there are too many; the first and this one stay."""
        stride = 1
        while len(self._checkpoints) > self._most:
            kept = {known for known in self._checkpoints if known % stride == 0 or known == iteration}
            if len(kept) <= 2:  # the numbers have few factors of two
                kept = {0, iteration}
            self._checkpoints = {known: self._checkpoints[known] for known in sorted(kept)}
            if kept == {0, iteration}:
                return
            stride *= 2

    def _data(self, iteration: int) -> Mapping[str, Array]:
        batch = next(batch for first, batch in reversed(self._batches) if first <= iteration)
        return batch(iteration)


def admitted(value: Value, array: "Array | float", dtype: str) -> Array:
    """Return what the caller gave for a value, as ``Run.admit``."""
    result = np.asarray(array, dtype=value.dtype or dtype, order="C")
    if result.shape != value.shape:
        raise ValueError(f"{value.key}: expected shape {value.shape}; got {result.shape}")
    if isinstance(array, np.ndarray) and np.may_share_memory(result, array) and _writeable(array):
        result = result.copy()
    result.flags.writeable = False
    return result


def _writeable(array: Array) -> bool:
    """Tell whether an array, or an array that it is a view of, can be written to."""
    owner: object = array
    while isinstance(owner, np.ndarray):
        if owner.flags.writeable:
            return True
        owner = owner.base
    return False
