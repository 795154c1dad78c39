"""Set formulas in type while nothing else is to be done, so that no step waits for it."""

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, QTimer

from core.notation import Notation
from viz_app.frame.frame import Frame
from viz_app.frame.outline import Outline
from viz_app.picture.typeset import formulas_from, prefetch

_AFTER_MS = 300
"""The window is painted first."""
_NEAR = 8
"""A person may go on so many stops before the formulas there are set before those that are being set."""
_PAUSE_MS = 60
"""So is every other frame, and what is computed ahead of the next one."""


class IdleTypesetter(QObject):
    """Sets one formula each time that Qt has no other event to handle.

    Parameters
    ----------
    held : callable
        Whether something else is being done in between events, which formulas would slow down.
    parent : QObject or None
        Qt's parent.
    """

    def __init__(self, held: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._held = held
        self._left: Iterator[str] = iter(())
        self._shown: tuple[Outline, Notation] | None = None
        self._stop = 0
        self._done: set[str] = set()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._set_next)

    @property
    def busy(self) -> bool:
        """Whether there are formulas left to set."""
        return self._timer.isActive()

    def show_frame(self, frame: Frame) -> None:
        """Begin with the formulas of what comes next, where there may be any that are not set yet."""
        before, self._shown = self._shown, (frame.outline, frame.options.notation)
        known = before is not None and before[0] is frame.outline and before[1] is frame.options.notation
        if not known:
            self._stop = frame.outline.at(frame.cursor.step)
            self.set_formulas(formulas_from(frame.program, frame.outline, self._stop, frame.options.notation))
        elif self.busy:
            self._go_along(frame)
            self._timer.start(_PAUSE_MS)

    def _go_along(self, frame: Frame) -> None:
        """Go on with the formulas around a step that is far from where those are that are being set."""
        stop = frame.outline.at(frame.cursor.step)
        if not 0 <= stop - self._stop < _NEAR:
            self._left = self._prefetch(formulas_from(frame.program, frame.outline, stop, frame.options.notation))
            self._stop = stop

    def set_formulas(self, formulas: Iterable[str]) -> None:
        """Begin with new formulas, and forget the old ones."""
        self._left = self._prefetch(formulas)
        self._timer.start(_AFTER_MS)

    def _prefetch(self, formulas: Iterable[str]) -> Iterator[str]:
        return prefetch(formulas, self._done)

    def stop(self) -> None:
        """Leave the rest."""
        self._timer.stop()

    def _set_next(self) -> None:
        if self._held():
            self._timer.setInterval(_AFTER_MS)
        elif next(self._left, None) is None:
            self._timer.stop()
        else:
            self._timer.setInterval(0)
