"""Let things be dropped anywhere on a window, which is framed meanwhile."""

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QWidget

from viz_app.window.bringing.brought import may_be_taken


class DropTarget(QObject):
    """Watches a window for what is dragged over it.

    Parameters
    ----------
    window : QWidget
        A window; whatever in it takes no drops leaves them to it.
    """

    dropped = Signal(object)
    """A ``QMimeData``, which is valid only while it is answered."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.hint = QLabel("Drop it here: an image, data, weights or a session", window)
        self.hint.setObjectName("dropHint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hint.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Frame the window while something is dragged over it, and take what is dropped."""
        if isinstance(event, QDragEnterEvent):
            return self._enter(event)
        if isinstance(event, QDragMoveEvent):
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent):
            self.hint.hide()
            event.acceptProposedAction()
            self._tell(event.mimeData())
            return True
        if event.type() in (QEvent.Type.DragLeave, QEvent.Type.Hide):
            self.hint.hide()
        elif event.type() is QEvent.Type.Resize:
            self.hint.setGeometry(self._window.rect())
        return False

    def _enter(self, event: QDragEnterEvent) -> bool:
        if not may_be_taken(event.mimeData()):
            event.ignore()
            return True
        event.acceptProposedAction()
        self.hint.setGeometry(self._window.rect())
        self.hint.show()
        self.hint.raise_()
        return True

    def _tell(self, mime: QMimeData) -> None:
        self.dropped.emit(mime)
