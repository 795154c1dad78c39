"""Choose how a place is viewed: the notation, the colours of images, and what is shown of a stack."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject

from viz_app.frame.look import Look
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.views import held_levels
from viz_app.session.state import State


class Viewing(QObject):
    """Sets the view options.

    Parameters
    ----------
    state : State
        Whose place is viewed.
    """

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._state = state

    def set_look(self, look: Look) -> None:
        """View places as a look says, as far as a stage has its parts."""
        stage = USUAL_PARTS if Part.CAPTION in look.parts else USUAL_PARTS - {Part.CAPTION}
        options = look.view(self._state.place.options)
        options = replace(options, parts=stage)
        if options != self._state.place.options:
            self._state.show(replace(self._state.place, options=options), self._state.hovered)

    def hold_colors(self, hold: bool) -> None:
        """Let colours stand for the numbers that they stand for in this iteration, or follow those of each."""
        place = self._state.place
        held = held_levels(self._state.shown, place.iteration, place.options) if hold else ()
        if held != place.options.held:
            self._view(held=held)

    def set_row(self, row: int) -> None:
        """Choose the row of the batch that is drawn where a picture has room for one."""
        self._view(sample=max(0, min(row, self._state.experiment.options.batch_size - 1)))

    def choose(self, field: str, value: int) -> None:
        """Choose what a picture shows of a stack: set ``sample`` or ``channel`` of the view options.

        No cell stays focused: it would hold its own slice.
        """
        place = replace(self._state.place, focus=None)
        chosen: dict[str, Any] = {field: value}
        self._state.show(replace(place, options=replace(place.options, **chosen)))

    def _view(self, **chosen: Any) -> None:
        """Change options, and keep the cell under the mouse."""
        place = self._state.place
        self._state.show(replace(place, options=replace(place.options, **chosen)), self._state.hovered)
