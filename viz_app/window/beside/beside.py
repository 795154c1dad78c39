"""A window beside the main one, which stays as it is, and can be used, meanwhile."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QMainWindow, QVBoxLayout, QWidget

_SHARE = 0.94
"""The largest share of the main window that it takes at first."""


class BesideWindow(QDialog):
    """Show a panel in a window of its own, which opens in the middle of the main one.

    Parameters
    ----------
    title : str
        What a person calls it.
    panel : QWidget
        What it shows.
    size : tuple of float
        How wide and how high it opens, in sizes of its text.
    outer : QMainWindow
        The main window.
    """

    def __init__(self, title: str, panel: QWidget, size: tuple[float, float], outer: QMainWindow) -> None:
        super().__init__(outer)
        self._outer, self._size = outer, size
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)

    def open_beside(self, text: float) -> None:
        """Show it, or bring it to the front; as large as suits a size of text, in pixels."""
        if not self.isVisible():
            wide, high = self._size
            room = self._outer.size() * _SHARE
            self.resize(QSize(round(wide * text), round(high * text)).boundedTo(room))
            self.move(self._outer.geometry().center() - self.rect().center())
        self.show()
        self.raise_()
        self.activateWindow()
