"""Step the forward pass alone, as of a network that has learnt, on the weights of a run that stays as it is."""

from collections.abc import Callable, Mapping

from core.data.guest import Guest
from core.program import Program, Step
from core.run.record import Series
from core.run.run import Run, admitted
from core.run.targets import Targets
from core.run.trace import Cursor, Names, Trace
from core.values import Array

_MEMORY_LIMIT = 50_000_000
"""Bytes that its iterations may take besides the run's; one is kept whatever it takes."""


class Inference(Trace):
    """The forward pass on the weights with which each iteration of a run begins; nothing is asked for, or learnt.

    Losses, checkpoints and whatever comes later stay those of the run.

    Parameters
    ----------
    run : Run
        Whose weights are taken.
    program : Program
        The forward pass of its network, as ``compile_inference`` makes it: for any batch, or length of sequences.
    batch : callable
        Returns the samples of an iteration, by key.
    token_names : callable or None
        As of ``Trace``.
    guest : Guest or None
        Who comes first among the samples in place of the run's own.
    """

    def __init__(
        self,
        run: Run,
        program: Program,
        batch: Callable[[int], Mapping[str, Array]],
        token_names: Names | None = None,
        guest: Guest | None = None,
    ) -> None:
        super().__init__(program, run.start, batch, run.dtype, _MEMORY_LIMIT, token_names, None, run)
        self.guest = guest
        self._checked = Targets(program)

    def losses(self, cursor: Cursor) -> Series:
        """Return the losses of the run up to the iteration."""
        return self.run.losses.until(cursor.iteration)

    def _inputs(self, iteration: int) -> Mapping[str, Array]:
        given = self.batch(iteration)
        data = {value.key: admitted(value, given[value.key], self.dtype) for value in self.program.data}
        self._checked.check(data)
        return data

    def _start(self, iteration: int) -> Mapping[str, Array]:
        state = self.run.state(iteration)
        return {key: state[key] for key in self.program.state}

    @property
    def _taken(self) -> int:
        """The bytes that count against the limit; checkpoints are the run's."""
        return self._held

    def _leads_on(self, iteration: int) -> bool:
        return False

    def _take(self, step: Step, iteration: int, values: dict[str, Array]) -> None:
        """Take nothing down: no loss is computed."""
