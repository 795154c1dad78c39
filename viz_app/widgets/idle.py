"""Set formulas in type while nothing else is to be done, so that no step waits for it."""

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, QTimer

from core.notation import Notation
from core.program import Program
from viz_app.frame.frame import Frame
from viz_app.picture.typeset import prefetch, program_formulas

_AFTER_MS = 300
"""The window is painted first."""
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
        self._shown: tuple[Program, Notation] | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._set_next)

    @property
    def busy(self) -> bool:
        """Whether there are formulas left to set."""
        return self._timer.isActive()

    def show_frame(self, frame: Frame) -> None:
        """Begin with the formulas of a frame, where it has another program or notation than the one before."""
        before, self._shown = self._shown, (frame.program, frame.options.notation)
        if before is None or before[0] is not frame.program or before[1] is not frame.options.notation:
            self.set_formulas(program_formulas(*self._shown))
        elif self.busy:
            self._timer.start(_PAUSE_MS)

    def set_formulas(self, formulas: Iterable[str]) -> None:
        """Begin with new formulas, and forget the old ones."""
        self._left = prefetch(formulas)
        self._timer.start(_AFTER_MS)

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
