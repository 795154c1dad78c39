"""A curtain over a widget: what it shows is neither seen nor pointed at, and stays as it is."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget


class Curtain(QLabel):
    """Cover a widget, with a sentence that says why.

    Parameters
    ----------
    covered : QWidget
        What is covered while the curtain is drawn.
    text : str
        Why.
    """

    def __init__(self, covered: QWidget, text: str) -> None:
        super().__init__(text, covered)
        self.setObjectName("curtain")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAutoFillBackground(True)
        self.setMargin(8)
        self.hide()
        covered.installEventFilter(self)

    def draw(self, drawn: bool) -> None:
        """Cover the widget, or show it."""
        if drawn:
            self.setGeometry(self._covered.rect())
            self.raise_()
        self.setVisible(drawn)

    @property
    def drawn(self) -> bool:
        """Whether the widget is covered."""
        return not self.isHidden()

    @property
    def _covered(self) -> QWidget:
        covered = self.parentWidget()
        assert covered is not None
        return covered

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.drawn:
            self.setGeometry(self._covered.rect())
        elif event.type() is QEvent.Type.ChildAdded and self.drawn:
            self.raise_()  # what comes later would lie on it
        return False
