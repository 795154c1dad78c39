"""Play a run: moves fall due by the wall clock, so a slow picture drops frames and never lags."""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from viz_app.frame import walking
from viz_app.frame.frame import Frame

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Steps in a second."""
_STALLED_S = 1.5


class Player(QObject):
    """Ask for moves while playing; stop where an operation makes a NaN or an infinity, and where no move leads on.

    Parameters
    ----------
    clock : callable
        Returns seconds that only grow.
    """

    advance_requested = Signal(int)
    playing_changed = Signal(bool)
    speed_changed = Signal(float)

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._speed = 2.0
        self._started = 0.0
        self._done = 0
        self._place: tuple[int, int] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    @property
    def playing(self) -> bool:
        """Whether moves are asked for."""
        return self._timer.isActive()

    @property
    def speed(self) -> float:
        """Moves in a second."""
        return self._speed

    def toggle(self) -> None:
        """Play, or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Ask for the first move after one interval, and so on."""
        if not self.playing:
            self._anchor()
            self._wait()
            self.playing_changed.emit(True)

    def pause(self) -> None:
        """Ask for no more moves."""
        if self.playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def set_speed(self, speed: float) -> None:
        """Set the moves in a second, within the range of ``SPEEDS``."""
        speed = min(max(speed, SPEEDS[0]), SPEEDS[-1])
        if speed == self._speed:
            return
        self._speed = speed
        self._anchor()
        if self.playing:
            self._wait()
        self.speed_changed.emit(speed)

    def faster(self) -> None:
        """Take the next of ``SPEEDS``."""
        self.set_speed(next((speed for speed in SPEEDS if speed > self._speed), SPEEDS[-1]))

    def slower(self) -> None:
        """Take the one of ``SPEEDS`` before."""
        self.set_speed(next((speed for speed in reversed(SPEEDS) if speed < self._speed), SPEEDS[0]))

    def tick(self) -> None:
        """Ask for the moves that are due by the clock."""
        elapsed = self._clock() - self._started
        due = math.floor(elapsed * self._speed + 1e-6) - self._done
        if due > max(1.0, _STALLED_S * self._speed):
            self._anchor()  # the machine slept, or a dialog was open: go on from here
            due = 1
        else:
            self._done += max(due, 0)
        self._wait()
        if due > 0:
            self.advance_requested.emit(due)

    def show_frame(self, frame: Frame) -> None:
        """Pause at the operation that made a NaN or an infinity, when it is reached, and at the end of a walk."""
        place = (frame.cursor.iteration, frame.cursor.step)
        arrived = place != self._place
        self._place = place
        broken = arrived and frame.broken is not None and frame.broken.number == frame.cursor.step
        if broken or walking.is_end(frame.program, frame.cursor):
            self.pause()

    def _anchor(self) -> None:
        self._started, self._done = self._clock(), 0

    def _wait(self) -> None:
        next_due = self._started + (self._done + 1) / self._speed
        self._timer.start(max(0, math.ceil((next_due - self._clock()) * 1000)))
