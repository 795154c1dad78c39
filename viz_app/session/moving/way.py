"""The way to a place: what is to be computed for it, done in slices of time."""

import time
from collections.abc import Callable, Generator

from PySide6.QtCore import QObject, QTimer, Signal

from core.run.trace import Cursor, Trace

SLICE_S = 0.05
"""How long the window may be kept waiting while something is computed that is not shown."""
Clock = Callable[[], float]


class Way(QObject):
    """Run a trace up to a place: at once where a slice of time is enough, else by and by, between two events.

    Parameters
    ----------
    clock : callable
        Returns seconds that only grow. That of the processor is the usual one: whatever else the machine does makes no
        short way a long one.
    """

    paused = Signal(object, int)
    """Where it goes, and the iteration that it has reached."""
    failed = Signal(object)
    """The exception that ended it; it is raised, too."""

    def __init__(self, parent: QObject | None = None, clock: Clock = time.thread_time) -> None:
        super().__init__(parent)
        self.goal: Cursor | None = None
        """Where it goes, while it is on the way."""
        self.reached = 0
        """The last iteration that has been reached."""
        self._clock, self._until = clock, 0.0
        self._steps: Generator[int] | None = None
        self._arrive: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def go(self, trace: Trace, goal: Cursor, arrive: Callable[[], None]) -> None:
        """Run up to a place, and call ``arrive`` there; a place that was on the way to is given up."""
        self.stop()
        self.goal, self._arrive = goal, arrive
        self._steps = trace.walk(goal, self._is_over)
        self._go_on()

    def is_short(self, trace: Trace, goal: Cursor) -> bool:
        """Run towards a place for one slice of time; return whether that was enough."""
        self.stop()
        self._until = self._clock() + SLICE_S
        return next(trace.walk(goal, self._is_over), None) is None

    def stop(self) -> None:
        """Give up where it goes; what has been computed stays known."""
        self._timer.stop()
        self.goal = self._arrive = None
        if self._steps is not None:
            self._steps.close()
            self._steps = None

    def _is_over(self) -> bool:
        return self._clock() >= self._until

    def _go_on(self) -> None:
        assert self._steps is not None
        assert self._arrive is not None
        self._until = self._clock() + SLICE_S
        try:
            reached = next(self._steps, None)
        except Exception as error:
            self.stop()
            self.failed.emit(error)
            raise
        if reached is None:
            arrive = self._arrive
            self.stop()
            arrive()
        else:
            self.reached = reached
            self._timer.start()
            self.paused.emit(self.goal, reached)
