"""Step a guest on the weights of a run, which goes on as if nobody had come."""

from collections.abc import Callable, Mapping

import numpy as np

from core.data.guest import Guest
from core.program import Step
from core.run.record import Series
from core.run.run import Run
from core.run.trace import Cursor, Names, Trace
from core.values import Array
from core.visiting import guess_of, target_of

_MEMORY_LIMIT = 50_000_000
"""Bytes that its iterations may take besides the run's; one is kept whatever it takes."""


class Visit(Trace):
    """The iterations of a run in which a guest comes first: each begins with the run's own state, and ends there.

    Losses, checkpoints and whatever comes later stay those of the run. Where the guest has no target, it is the
    network's own guess, which is known once the output is.

    Parameters
    ----------
    run : Run
        The run that is visited.
    guest : Guest
        Who comes; it fits.
    batch : callable
        Returns the data of an iteration in which the guest comes first, by key.
    token_names : callable or None
        As of ``Trace``.
    """

    def __init__(
        self, run: Run, guest: Guest, batch: Callable[[int], Mapping[str, Array]], token_names: Names | None = None
    ) -> None:
        super().__init__(run.program, run.start, batch, run.dtype, _MEMORY_LIMIT, token_names, run.factors, run)
        self.guest = guest
        target = target_of(run.program)
        self.guessed = target.key if target is not None and guest.target is None else None
        """The key of the target, where it is the network's own guess."""

    def array(self, key: str, iteration: int = 0) -> Array:
        if key == self.guessed and self.program.output is not None:
            super().array(self.program.output, iteration)  # the guess is known by then
        return super().array(key, iteration)

    def made_at(self, key: str) -> int:
        """Return the step from which on a value is known; a guess is from the one after the output."""
        if key == self.guessed and self.program.output is not None:
            return super().made_at(self.program.output) + 1
        return super().made_at(key)

    def losses(self, cursor: Cursor) -> Series:
        """Return the losses of the run, without that of the guest."""
        return self.run.losses.until(cursor.iteration)

    def data(self, iteration: int) -> Mapping[str, Array]:
        """Return the data of an iteration by key, with the guest in them, and its target."""
        return {value.key: self.array(value.key, iteration) for value in self.program.data}

    def settled(self, iteration: int) -> Guest:
        """Return the guest as it is in an iteration, with the target that it has there."""
        target = target_of(self.program)
        row = None if target is None else np.array(self.array(target.key, iteration)[0])
        return Guest(self.guest.inputs, row, self.guest.title, self.guest.sample)

    def _inputs(self, iteration: int) -> Mapping[str, Array]:
        return self.run.inputs(iteration, self.batch(iteration))

    @property
    def _taken(self) -> int:
        """The bytes that count against the limit; checkpoints are the run's."""
        return self._held

    def _leads_on(self, iteration: int) -> bool:
        return False

    def _take(self, step: Step, iteration: int, values: dict[str, Array]) -> None:
        """Guess the target once the output is known; the loss is none of the run's."""
        if self.guessed is not None and step.output.key == self.program.output:
            targets = values[self.guessed].copy()
            targets[0] = guess_of(values[step.output.key][0])
            values[self.guessed] = self.run.admit(self.guessed, targets)
