"""Keep the breakpoints of the session: where playing and training halt."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QObject, Signal

from core.run.breakpoints import Breakpoint, Hit, first_hit
from core.run.trace import Cursor
from viz_app.session.state import State


class Breakpoints(QObject):
    """The breakpoints, each on or off; those that the network has nothing for are kept, and wait.

    Parameters
    ----------
    state : State
        Whose run halts.
    """

    changed = Signal()

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._state = state
        self._on: dict[Breakpoint, bool] = {}

    def __iter__(self) -> Iterator[Breakpoint]:
        return iter(self._on)

    def __len__(self) -> int:
        return len(self._on)

    def is_on(self, breakpoint: Breakpoint) -> bool:
        """Whether the run halts there."""
        return self._on.get(breakpoint, False)

    @property
    def active(self) -> tuple[Breakpoint, ...]:
        """Those that are on, and that the program has something for."""
        program = self._state.trace.program
        return tuple(one for one, on in self._on.items() if on and one.fits(program))

    def add(self, breakpoint: Breakpoint) -> None:
        """Halt there, too; one that is off is on again."""
        self._on[breakpoint] = True
        self.changed.emit()

    def replace_all(self, breakpoints: Mapping[Breakpoint, bool]) -> None:
        """Halt at these, those that are on, and nowhere else."""
        self._on = dict(breakpoints)
        self.changed.emit()

    def remove(self, breakpoint: Breakpoint) -> None:
        """Halt there no longer."""
        if self._on.pop(breakpoint, None) is not None:
            self.changed.emit()

    def toggle(self, breakpoint: Breakpoint) -> None:
        """Add one, or remove it where it is."""
        if breakpoint in self._on:
            self.remove(breakpoint)
        else:
            self.add(breakpoint)

    def set_on(self, breakpoint: Breakpoint, on: bool) -> None:
        """Turn one on or off."""
        if breakpoint in self._on and self._on[breakpoint] is not on:
            self._on[breakpoint] = on
            self.changed.emit()

    def find(self, iteration: int, steps: range) -> Hit | None:
        """Return the first place among steps of an iteration where the run halts; they are executed."""
        trace, found = self._state.trace, None
        for one in self.active:
            step = one.step(trace.program)
            if step in steps and (found is None or step < found.step):
                trace.run_to(Cursor(iteration, step))
                arrays = {key: trace.array(key, iteration) for key in one.keys(trace.program)}
                notation = self._state.place.options.notation
                found = first_hit([one], trace.program, arrays, steps, notation) or found
        return found
