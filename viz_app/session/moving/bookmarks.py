"""Remember steps to come back to."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from viz_app.session.moving.navigation import Navigation
from viz_app.session.state import State


class Bookmarks(QObject):
    """The steps that a person has marked, by what they make: they are found again in every iteration.

    Parameters
    ----------
    state : State
        Whose steps they are.
    navigation : Navigation
        What goes to them.
    """

    changed = Signal(object)
    """The keys of what the marked steps make, a ``frozenset``."""

    def __init__(self, state: State, navigation: Navigation) -> None:
        super().__init__(state)
        self._state, self._navigation = state, navigation
        self._keys: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys)

    @property
    def keys(self) -> frozenset[str]:
        """What the marked steps make; those of another network are not among them."""
        return self._keys & self._state.stepped.program.producers.keys()

    @property
    def steps(self) -> tuple[int, ...]:
        """The marked steps of the program that is open, in order."""
        producers = self._state.stepped.program.producers
        return tuple(sorted(producers[key].number for key in self.keys))

    def set_keys(self, keys: frozenset[str]) -> None:
        """Mark the steps that make these values, and no others."""
        self._keys = frozenset(keys)
        self.changed.emit(self.keys)

    def toggle(self) -> None:
        """Mark the step that is shown, or do so no longer; of a folded block it is the last."""
        self.set_keys(self._keys ^ {self._state.frame.step.output.key})

    def go_next(self) -> None:
        """Go to the next marked step of the iteration; after the last comes the first."""
        self._go(1)

    def go_previous(self) -> None:
        """Go to the marked step before; before the first comes the last."""
        self._go(-1)

    def _go(self, direction: int) -> None:
        steps, here = self.steps[::direction], self._state.place.step
        beyond = (step for step in steps if (step - here) * direction > 0)
        goal = next(beyond, steps[0] if steps else None)
        if goal is None:
            self._state.message.emit("No step is bookmarked yet; M bookmarks the one that is shown.")
        else:
            self._navigation.go_to_stop(goal)
