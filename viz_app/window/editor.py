"""The window of the network editor, and the button that opens it."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QDockWidget, QMainWindow, QToolButton, QVBoxLayout

from viz_app.panels.editor import EditorPanel

_WIDE, _HIGH = 66, 58
"""The size that it opens with, in sizes of its text."""
_SHARE = 0.94
"""The largest share of the main window that it takes at first."""


class EditorWindow(QDialog):
    """The editor beside the main window, which stays as it is, and can be used, meanwhile.

    Parameters
    ----------
    panel : EditorPanel
        What it shows.
    outer : QMainWindow
        The main window.
    """

    def __init__(self, panel: EditorPanel, outer: QMainWindow) -> None:
        super().__init__(outer)
        self._outer = outer
        self.setWindowTitle("Edit network")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        panel.close_requested.connect(self.reject)

    def open_beside(self, text: float) -> None:
        """Show it, or bring it to the front; at first as large as suits a size of text, in pixels."""
        if not self.isVisible():
            room = self._outer.size() * _SHARE
            self.resize(QSize(round(_WIDE * text), round(_HIGH * text)).boundedTo(room))
            self.move(self._outer.geometry().center() - self.rect().center())
        self.show()
        self.raise_()
        self.activateWindow()


class TitleButton(QToolButton):
    """A button in the title of a dock.

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
        self.setObjectName("small")
        self.setDefaultAction(action)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        dock.installEventFilter(self)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the right end of the title, whatever becomes of the dock."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show, QEvent.Type.FontChange):
            self._place()
        return False

    def _place(self) -> None:
        inside = self._dock.widget()
        title = inside.y() if inside is not None else 0
        size = self.sizeHint()
        self.setGeometry(self._dock.width() - size.width() - 8, (title - size.height()) // 2, *size.toTuple())
        self.raise_()
