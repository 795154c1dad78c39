"""A button in the title of a dock."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QToolButton

_MARGIN = 8


class TitleButton(QToolButton):
    """A button in the title of a dock, at its right end, or left of those that were there before.

    Parameters
    ----------
    dock : QDockWidget
        Where it stands.
    action : QAction
        What it does; its icon text is what a person reads.
    """

    def __init__(self, dock: QDockWidget, action: QAction) -> None:
        super().__init__(dock, autoRaise=True)
        self._dock = dock
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        self._beside = [button for button in dock.findChildren(TitleButton, options=direct) if button is not self]
        self.setObjectName("small")
        self.setDefaultAction(action)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        dock.installEventFilter(self)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay where it belongs, whatever becomes of the dock."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show, QEvent.Type.FontChange):
            self._place()
        return False

    def _place(self) -> None:
        inside = self._dock.widget()
        title = inside.y() if inside is not None else 0
        size = self.sizeHint()
        right = self._dock.width() - _MARGIN - sum(other.sizeHint().width() for other in self._beside)
        self.setGeometry(right - size.width(), (title - size.height()) // 2, *size.toTuple())
        self.raise_()
