"""Navigate a run: steps, layers, the cells inside an operation, and places far away."""

from dataclasses import replace

from PySide6.QtCore import QObject

from core.program import Program
from core.run.breakpoints import Hit
from core.run.trace import Cursor
from core.values import Phase
from viz_app.frame import walking
from viz_app.frame.frame import Focus
from viz_app.frame.outline import Outline, around_revealed, entered, left, outline_of
from viz_app.session.state import State
from viz_app.session.training.breakpoints import Breakpoints

_HALT_COVERED = "A breakpoint halts here; the quiz covers its number."
"""What is said of a breakpoint while its number may be covered."""


class Navigation(QObject):
    """Goes where it is told; a place that is not in the run is refused with a message.

    Parameters
    ----------
    state : State
        What moves.
    breakpoints : Breakpoints
        Where playing halts.
    """

    def __init__(self, state: State, breakpoints: Breakpoints) -> None:
        super().__init__(state)
        self._state, self._breakpoints = state, breakpoints

    def step(self, count: int) -> None:
        """Go to the next (1) or the previous (-1) step; inside an operation, to the next or previous cell."""
        self._state.go(walking.move(self._program, self._cursor, count, self._outline))

    def advance(self, count: int) -> None:
        """Play ``count`` moves on, but stop where on the way a number is none any more, or a breakpoint halts."""
        target = walking.move(self._program, self._cursor, count, self._outline)
        self._state.go(target, arrive=self._arrive)

    def move_layer(self, count: int) -> None:
        """Go to the first step of the next (1) or previous (-1) layer; inside an operation, by a row of cells."""
        self._state.go(walking.move_layer(self._program, self._cursor, count, self._outline))

    def enter(self) -> None:
        """Go into the operation, to its first output cell; into a folded block, to its first step."""
        self._state.stop()
        inside = entered(self._program, self._state.place)
        if inside is not None:
            self._state.show(inside)
        else:
            self._state.go(walking.enter(self._cursor))

    def leave(self) -> None:
        """Come out of the operation; where no cell is walked to, out of the block that was entered, which is folded."""
        outside = None if self._state.place.cell is not None else left(self._program, self._state.place)
        if outside is None:
            self._state.go(walking.leave(self._cursor))
        else:
            self._state.go(outside.cursor, arrive=lambda _: self._state.show(outside))

    def first(self) -> None:
        """Go to the first step of the iteration."""
        self._state.go(walking.first(self._program, self._cursor.iteration, self._outline))

    def last(self) -> None:
        """Go to the last step of the iteration."""
        self._state.go(Cursor(self._cursor.iteration, self._last))

    def restart(self) -> None:
        """Go back to the first step of iteration 0: the same seed, so the same numbers."""
        self._state.go(walking.first(self._program, 0, self._outline))

    def go_to_stop(self, step: int) -> None:
        """Go to a step of this iteration, or to the folded block that it is the last of."""
        span = self._outline.span_at(step)
        self._state.go(Cursor(self._cursor.iteration, step), exact=span is not None and span.last != step)

    def go_to_block(self, fold: str, first: int, last: int) -> None:
        """Go to a block: folded it is shown as a whole, unfolded its first step is."""
        place = self._state.place.at(Cursor(self._cursor.iteration, last))
        shown = around_revealed(self._program, place, fold)
        if fold not in (shown.options.folds or ()):
            shown = replace(shown, step=first)
        self._state.go(shown.cursor, arrive=lambda _: self._state.show(shown))

    def reveal(self, step: int) -> None:
        """Go to a step of this iteration, and unfold the blocks that it is in."""
        self._state.go(Cursor(self._cursor.iteration, step), exact=True)

    def go_to_step(self, step: int) -> None:
        """Go to a step of this iteration."""
        self.go_to(self._cursor.iteration, step)

    def go_to_phase(self, phase: Phase) -> None:
        """Go to the first step of a phase of this iteration, where there is one."""
        found = next((step for step in self._state.stepped.program.steps if step.phase is phase), None)
        if found is not None:
            self.go_to_step(found.number)

    def go_to_iteration(self, iteration: int) -> None:
        """Go to the same step of another iteration."""
        self.go_to(iteration, self._cursor.step)

    def go_to_value(self, key: str) -> None:
        """Go to the step that makes a value; for what no step makes, to the first that reads it."""
        step = self._state.stepped.program.step_of(key)
        if step is not None:
            self._state.go(Cursor(self._cursor.iteration, step.number), exact=True)

    def go_to(self, iteration: int, step: int, cell: int | None = None, focus: Focus | None = None) -> None:
        """Go anywhere in the run, and focus a cell there."""
        goal = Cursor(iteration, step, cell)
        if refusal := self._refusal(goal):
            self._state.message.emit(refusal)
        else:
            self._state.go(goal, focus, exact=step != self._cursor.step)

    def go_to_fault(self, iteration: int) -> None:
        """Go to the operation that made the first NaN or infinity, known to be met in an iteration's loss.

        It may stand in the iteration before, whose update carries it on.
        """
        before = Cursor(max(iteration - 1, 0), self._last)
        self._state.go(before, arrive=lambda _: self._arrive_at_fault(before, Cursor(iteration, self._last)))

    def cancel(self) -> bool:
        """Stop on the way to a far place, and show the iteration that is reached; return whether there was a way."""
        return self._state.cancel()

    def _arrive_at_fault(self, before: Cursor, last: Cursor) -> None:
        broken = self._state.shown.broken_step(before)
        if broken is not None:
            self._state.arrive(Cursor(before.iteration, broken.number), exact=True)
        elif before == last:
            self._state.arrive(last)
        else:
            self._state.go(last, arrive=lambda _: self._arrive_at_fault(last, last))

    @property
    def _cursor(self) -> Cursor:
        return self._state.place.cursor

    @property
    def _program(self) -> Program:
        return self._state.stepped.program

    @property
    def _outline(self) -> Outline:
        options = self._state.place.options
        return outline_of(self._program, options.folds, hide_copies=options.hide_copies)

    @property
    def _last(self) -> int:
        return len(self._program.steps) - 1

    def _refusal(self, goal: Cursor) -> str:
        """Return in one sentence why a place is not in the run; nothing where it is."""
        if goal.iteration < 0:
            return f"Expected an iteration from 0; got {goal.iteration}."
        if not 0 <= goal.step <= self._last:
            return f"Expected a step from 0 to {self._last}; got {goal.step}."
        cells = walking.cell_count(self._state.stepped.program, goal)
        if goal.cell is not None and not 0 <= goal.cell < cells:
            return f"Expected a cell from 0 to {cells - 1}; got {goal.cell}."
        return ""

    def _arrive(self, target: Cursor) -> None:
        """Show a place that has been played to, or the first before it where the run halts."""
        broken = self._first_broken(target)
        halt = self._first_halt(broken or target)
        if halt is None:
            self._state.arrive(broken or target, exact=broken is not None)
            return
        iteration, hit = halt
        focus = None if hit.index is None else Focus(hit.key, hit.index)
        self._state.arrive(Cursor(iteration, hit.step), focus, exact=True)
        self._state.tell_of_run(_HALT_COVERED if self._state.place.cover is not None else hit.why)
        self._state.halted.emit()

    def _first_halt(self, target: Cursor) -> tuple[int, Hit] | None:
        """Return the first breakpoint after the cursor and up to ``target`` that halts, and in which iteration."""
        if not self._breakpoints.active or self._state.inference is not None:  # they are set in the run
            return None
        for iteration in range(self._cursor.iteration, target.iteration + 1):
            first = self._cursor.step + 1 if iteration == self._cursor.iteration else 0
            last = target.step if iteration == target.iteration else self._last
            hit = self._breakpoints.find(iteration, range(first, last + 1))
            if hit is not None:
                return iteration, hit
        return None

    def _first_broken(self, target: Cursor) -> Cursor | None:
        """Return the first operation after the cursor and up to ``target`` that makes a NaN or an infinity."""
        here = (self._cursor.iteration, self._cursor.step)
        for iteration in range(self._cursor.iteration, target.iteration + 1):
            last = target.step if iteration == target.iteration else self._last
            broken = self._state.shown.broken_step(Cursor(iteration, last))
            if broken is not None and (iteration, broken.number) > here:
                return Cursor(iteration, broken.number)
        return None
