"""Run a program at full speed: the steps that a trace shows, in memory that is planned once."""

from collections.abc import Collection, Mapping

import numpy as np

from core.program import Program
from core.run.arithmetic import arithmetic
from core.run.binding import Binding
from core.run.parts import Parts, finish
from core.run.plan import BLOCK_BYTES, Plan, make_plan
from core.values import Array


class Executor:
    """Run the iterations of a program one after the other, to the last bit as a trace does.

    Only what the updates, the loss and the values to keep need is computed. Nothing of the size of an array is
    allocated while it runs: values that are not needed at the same time share memory, operations that can work in
    place do, and parameters are updated in place once nobody reads them any more. Steps on large arrays that go cell
    by cell are carried out together, block by block, so that a block stays in the cache from step to step.

    Parameters
    ----------
    program : Program
        What is run.
    state : mapping of str to ndarray
        The state at the start: parameters, and what the optimizer remembers; it is copied.
    dtype : str
        ``float32`` or ``float64``.
    keep : collection of str
        The keys of values that can be looked at after an iteration: ``program.output``, or a parameter before its
        update.
    block_bytes : int
        How much of each array steps that are carried out together take at a time.
    plan : Plan or None
        That of another executor of the same program, dtype, values to keep and block size; it takes long to make.

    Raises
    ------
    ValueError
        If a parameter is missing or has another shape than the program declares, or a value to keep is unknown.
    """

    def __init__(
        self,
        program: Program,
        state: Mapping[str, Array],
        dtype: str = "float32",
        keep: Collection[str] = (),
        block_bytes: int = BLOCK_BYTES,
        plan: Plan | None = None,
    ) -> None:
        if unknown := set(keep) - set(program.values):
            raise ValueError(f"expected values of the program to keep; got {', '.join(sorted(unknown))}")
        self.program = program
        self._keep = frozenset(keep)
        self._state = tuple(program.state)
        if missing := set(self._state) - set(state):
            raise ValueError(f"expected a parameter {', '.join(sorted(missing))}; it was not given")
        self._data = tuple(value.key for value in program.inputs if value.key not in self._state)
        if plan is None:
            plan = finish(make_plan(program, dtype, keep, block_bytes))
        self.plan = plan
        binding = Binding(plan, np.dtype(dtype))
        self._arrays, self._scratches = binding.arrays, tuple(binding.scratch.values())
        self._numbers = {key: np.asarray(number, dtype) for key, number in program.hyperparameters.items()}
        self._own = {key: self._arrays[key] for key in (*self._state, *self._data)}
        self._replaceable = plan.replaceable
        calls = [(call, chain.only_loss) for chain in plan.chains for call in binding.calls(chain)]
        self._calls = [call for call, _ in calls]
        self._calls_without_loss = [call for call, only_loss in calls if not only_loss]
        self._moves = {new: key for key, new in program.updates.items() if plan.homes[new] != key}
        self._moved = True
        for key in self._state:
            self._take(key, state[key])

    def run(self, data: Mapping[str, Array], *, loss: bool = True) -> float | None:
        """Run one iteration.

        Parameters
        ----------
        data : mapping of str to ndarray
            The inputs that are not of the state: ``x``, ``y``, and hyper-parameters that are not as the program has
            them. Nothing is copied where they are in C order and in the executor's dtype already. Targets are as Run
            and Experiment let them in, who check them.
        loss : bool
            Whether to compute the loss where the updates do not need it.

        Returns
        -------
        float or None
            The loss before the update; ``None`` where there is none, or it was not asked for.

        Raises
        ------
        ValueError
            If an input is missing, unknown, or has another shape than the program declares.
        """
        self._begin(data)
        with arithmetic():
            for call in self._calls if loss else self._calls_without_loss:
                call()
        return self._end(loss)

    def run_in_parts(self, data: Mapping[str, Array]) -> Parts[float | None]:
        """Run one iteration as ``run`` does, and pause after every call; until all is done, the state is of no use."""
        self._begin(data)
        for call in self._calls:
            with arithmetic():  # in a generator it would hold for the caller, too
                call()
            yield
        return self._end(True)

    def _begin(self, data: Mapping[str, Array]) -> None:
        """Take what an iteration is given."""
        given = {**self._numbers, **data}
        if given.keys() != set(self._data):
            wanted = (key for key in self._data if key not in self._numbers)
            raise ValueError(f"expected the inputs {', '.join(wanted)}; got {', '.join(data)}")
        self._move()
        for key, array in given.items():
            self._take(key, array)
        for scratch in self._scratches:
            scratch.filled.clear()

    def _end(self, loss: bool) -> float | None:
        self._moved = False
        return float(self._arrays[self.program.loss]) if loss and self.program.loss else None

    @property
    def state(self) -> Mapping[str, Array]:
        """A copy of the state as it is after the last iteration: parameters, and what the optimizer remembers."""
        moved = {} if self._moved else self.program.updates
        return {key: self._arrays[moved.get(key, key)].copy() for key in self._state}

    def value(self, key: str) -> Array:
        """Return a value of the last iteration that was kept, read-only; the next iteration overwrites it.

        Raises
        ------
        KeyError
            If the value was not kept.
        """
        if key not in self._keep:
            raise KeyError(f"expected one of the values kept ({', '.join(sorted(self._keep)) or 'none'}); got {key!r}")
        view = self._arrays[key].view()
        view.flags.writeable = False
        return view

    def _take(self, key: str, array: Array) -> None:
        """Take what came from outside as an input: as it is where it can be read as it is, else as a copy."""
        own, given = self._own[key], np.asarray(array)
        if given.shape != own.shape:
            raise ValueError(f"{key}: expected shape {own.shape}; got {given.shape}")
        if key in self._replaceable and given.dtype == own.dtype and given.flags.c_contiguous and given.flags.aligned:
            self._arrays[key] = given
        else:
            np.copyto(own, given, casting="unsafe")
            self._arrays[key] = own

    def _move(self) -> None:
        """Copy updated parameters to where the next iteration reads them, if that is not where they were made."""
        if not self._moved:
            for new, key in self._moves.items():
                np.copyto(self._arrays[key], self._arrays[new])
            self._moved = True
