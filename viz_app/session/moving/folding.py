"""Fold blocks of steps to one, and pass over copies. It is how a place is viewed: the run stays as it is."""

from dataclasses import replace

from PySide6.QtCore import QObject

from viz_app.frame.outline import Folds, entered, folded_all, left, opened
from viz_app.frame.place import Place
from viz_app.session.state import State


class Folding(QObject):
    """Sets what is folded.

    Parameters
    ----------
    state : State
        Whose place is viewed.
    """

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._state = state

    def fold(self) -> None:
        """Fold the innermost block that the step is in; where there is none, say so."""
        place = left(self._state.stepped.program, self._state.place, ask=True)
        if place is None:
            self._state.message.emit("This step is in no block that could be folded.")
        else:
            self._go(place)

    def unfold(self) -> None:
        """Unfold the block that is shown, and go to its first step."""
        place = entered(self._state.stepped.program, self._state.place)
        if place is None:
            self._state.message.emit("This is no folded block: Fold all makes one of every layer.")
        else:
            self._go(place)

    def fold_all(self) -> None:
        """Fold every layer, every part of one, and what is repeated."""
        folds = folded_all(self._state.stepped.program)
        if folds:
            self._set(folds)
        else:
            self._state.message.emit("No layer of this network has more than one step, so there is nothing to fold.")

    def unfold_all(self) -> None:
        """Show every step by itself."""
        self._set(None)

    def toggle(self, fold: str) -> None:
        """Fold a layer or a part of one in all phases, or unfold it."""
        place = self._state.place
        folds = place.options.folds or frozenset()
        if fold not in folds and fold in (folded_all(self._state.stepped.program) or ()):
            self._set(folds | {fold})
        elif fold in folds:
            self._go(opened(self._state.stepped.program, place, fold))

    def hide_copies(self, hide: bool) -> None:
        """Pass over the steps that only move cells, or stop at them again."""
        place = self._state.place
        if hide is not place.options.hide_copies:
            self._state.show(replace(place, options=replace(place.options, hide_copies=hide)), self._state.hovered)

    def _set(self, folds: Folds) -> None:
        place = self._state.place
        self._go(replace(place, options=replace(place.options, folds=folds)))

    def _go(self, place: Place) -> None:
        """Show a place once its step is computed: a block that is folded ends later than the step that is shown."""
        goal = self._state.settled(place)
        self._state.go(goal.cursor, arrive=lambda _: self._state.show(goal))
