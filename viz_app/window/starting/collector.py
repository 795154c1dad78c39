"""Collect garbage only where nothing of Qt is locked."""

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 1000


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
