"""Collect garbage only where nothing of Qt is locked, and give free memory back to the system."""

import gc
import time

from PySide6.QtCore import QObject, QTimer

from viz_app.window.starting.memory import give_back, resident_megabytes

_INTERVAL_MS = 1000
_GIVE_BACK_S = 10.0
"""Free memory is given back so many seconds after the last time."""
_GROWTH_MB = 48.0
"""It is given back at once where the process has grown by so many megabytes since."""


class Collector(QObject):
    """Run Python's cyclic garbage collector from a timer instead of in the middle of whatever allocates.

    WORKAROUND: Qt holds a lock on an object while it disconnects a signal, and PySide calls Python meanwhile. Where
    the collector starts just then and destroys another QObject that shares the lock, the thread waits for itself for
    ever. Between events no such lock is held.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._given_back, self._left = time.monotonic(), resident_megabytes()

    def start(self) -> None:
        """Take over from the automatic collector."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give collecting back."""
        self._timer.stop()
        gc.enable()

    def collect(self) -> None:
        """Collect the oldest generation that is due, and all younger ones."""
        due = [count > threshold for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(due):
            gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))
        waited, grown = time.monotonic() - self._given_back, resident_megabytes() - self._left
        if waited > _GIVE_BACK_S or grown > _GROWTH_MB:
            self.give_back()

    def give_back(self) -> None:
        """Give memory that is free back to the system, where its C library can do that."""
        give_back()
        self._given_back, self._left = time.monotonic(), resident_megabytes()
