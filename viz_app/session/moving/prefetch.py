"""Prefetch the frame of the next step while idle, so that the key that goes there finds it."""

from PySide6.QtCore import QObject, QTimer, Signal

from core.run.trace import Trace
from viz_app.frame import walking
from viz_app.frame.frame import Frame
from viz_app.frame.place import Place, resolve_place


class Prefetcher(QObject):
    """Keeps one frame: that of the step after a place."""

    frame_prefetched = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._next: tuple[Trace, Place] | None = None
        self._shown: Frame | None = None
        self._kept: tuple[Trace, Frame] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._prefetch)

    def start(self, trace: Trace, place: Place, frame: Frame, after_ms: int) -> None:
        """Resolve the frame after a place, which has a frame, once nothing has been asked for in a while."""
        self._next = trace, place.at(walking.move(trace.program, place.cursor, 1, frame.outline))
        self._shown = frame
        self._timer.start(after_ms)

    def stop(self) -> None:
        """Resolve nothing more; the frame that is kept stays."""
        self._timer.stop()

    def take(self, trace: Trace, place: Place) -> Frame | None:
        """Return the frame of a place where it is kept, and keep it no longer."""
        found = self._frame_of(trace, place)
        self._kept = None
        return found

    def _prefetch(self) -> None:
        if self._next is not None and self._frame_of(*self._next) is None:
            self._kept = self._next[0], resolve_place(*self._next, before=self._shown)
            self.frame_prefetched.emit(self._kept[1])

    def _frame_of(self, trace: Trace, place: Place) -> Frame | None:
        if self._kept is None or self._kept[0] is not trace or place.focus is not None:
            return None
        frame = self._kept[1]
        cover = frame.question.cover if frame.question else None
        same = (frame.cursor, frame.options, cover) == (place.cursor, place.options, place.cover)
        return frame if same else None
