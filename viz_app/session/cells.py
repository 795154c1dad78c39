"""What is asked of a cell: where its number came from, what it reaches, whether its gradient is right."""

from dataclasses import replace

from PySide6.QtCore import QObject

from core.notation import plain, symbol
from core.run.trace import Cursor
from core.values import Index, Role, Value
from viz_app.frame import walking
from viz_app.frame.frame import Focus
from viz_app.session.gradient import compare_gradient
from viz_app.session.state import State


class Cells(QObject):
    """Focuses cells, and answers what is asked of them.

    Parameters
    ----------
    state : State
        Whose cells they are.
    """

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._state = state

    def focus(self, key: str, index: Index, reach: bool = False) -> None:
        """Focus a cell: where it came from, or what it reaches. What a stage made up for its picture has no cells."""
        if key in self._state.stepped.program.values:
            self._state.show(replace(self._state.place, focus=Focus(key, index, reach)))

    def hover(self, key: str, index: Index | None) -> None:
        """Tell of a cell for as long as the mouse is on it; ``None`` when it has left."""
        known = key in self._state.stepped.program.values
        hovered = Focus(key, index) if known and index is not None else None
        if hovered != self._state.hovered:
            self._state.show(self._state.place, hovered)

    def open(self, key: str, index: Index) -> None:
        """Go to the step that made a cell, and focus it there; a parameter was made by the last update."""
        program, iteration = self._state.stepped.program, self._state.place.iteration
        if key in program.updates and iteration > 0:
            key, iteration = program.updates[key], iteration - 1
        if key not in program.values:
            return
        producer = program.producers.get(key)
        if producer is None:
            self._state.message.emit(self._given(program.values[key]))
            self.focus(key, index)
        else:
            self._state.go(Cursor(iteration, producer.number), Focus(key, index))

    def show_reach(self, step: int) -> None:
        """Go to a step, and show there what the focused cell reaches."""
        detail = self._state.frame.detail
        focus = replace(detail.focus, reach=True) if detail else None
        self._state.go(Cursor(self._state.place.iteration, step), focus, exact=True)

    def clear(self) -> bool:
        """Focus no cell; where none was focused, come out of the operation; return whether there was either."""
        if self._state.place.focus or self._state.hovered:
            self._state.show(replace(self._state.place, focus=None))
            return True
        inside = self._state.place.cell is not None
        if inside:
            self._state.go(walking.leave(self._state.place.cursor))
        return inside

    def check_gradient(self, key: str, index: Index) -> None:
        """Compare a cell of a parameter's gradient with the central difference; ``gradient_checked`` has the result."""
        check = compare_gradient(self._state.shown, self._state.place.iteration, key, index)
        if check is not None:
            self._state.gradient_checked.emit(check)

    def _given(self, value: Value) -> str:
        """Return in one sentence where a value comes from that no step made."""
        program, notation = self._state.stepped.program, self._state.place.options.notation
        name = plain(symbol(program, value, notation))
        if value in program.constants:
            return f"{name} is a constant of the program: no step made it."
        if value.key in program.hyperparameters:
            return f"{name} is a number that you set: no step made it."
        if value.key in program.state:
            return f"{name} is as the run began with it: no step has made it yet."
        guest = self._state.frame.guest
        if guest is not None and value.role is Role.TARGET and guest.target is None:
            return f"{name} is the network's own guess: no step made it."
        if guest is not None and guest.sample is None and value.role is Role.INPUT:
            return f"{name} is your own input: no step made it."
        return f"{name} comes from the data: no step made it."
