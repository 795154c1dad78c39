"""Draw the loss over the iterations. pyqtgraph is imported once the first window stands, not before."""

import math
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone

Losses = tuple[tuple[int, float], ...]
_LATER_MS = 30
"""A new loss is painted so much later: painting axes takes as long as all the rest of the window, which comes first."""
_EMPTY = "The loss of every iteration appears here once it has been computed."
_NO_LOSS = "Nothing is trained here, so there is no loss."


class LossPlot(QWidget):
    """The losses known so far; the iteration that is shown is marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._losses: Losses = ()
        self._iteration = 0
        self._logarithmic = False
        self._plot: Any = None
        self._empty = QLabel(_EMPTY, alignment=Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setObjectName("empty")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_LATER_MS)
        self._later.timeout.connect(self._paint_again)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)

    @property
    def empty(self) -> bool:
        """Whether there is no loss to draw."""
        return self._stack.currentWidget() is self._empty

    def expect_losses(self, expected: bool) -> None:
        """Say why nothing is drawn: there will be losses, or there is none to wait for."""
        self._empty.setText(_EMPTY if expected else _NO_LOSS)

    def show_losses(self, losses: Losses, iteration: int) -> None:
        """Draw (iteration, loss) pairs and mark one iteration; what is not finite is left out."""
        finite = tuple((i, loss) for i, loss in losses if math.isfinite(loss))
        if (finite, iteration) != (self._losses, self._iteration):
            self._losses, self._iteration = finite, iteration
            self._draw()

    def set_logarithmic(self, on: bool) -> None:
        """Take a logarithmic axis for the loss."""
        self._logarithmic = on
        if self._plot is not None:
            self._plot.setLogMode(y=on)
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        if self._plot is not None:
            self._paint_theme()

    def points(self) -> Losses:
        """Return what the curve shows, as it was given."""
        if self._plot is None:
            return ()
        x, y = self._curve.getOriginalDataset()
        return () if x is None else tuple((int(i), float(loss)) for i, loss in zip(x, y, strict=True))

    def _draw(self) -> None:
        if not self._losses:
            self._stack.setCurrentWidget(self._empty)
            return
        self._make_plot()
        if not self.empty and not self._later.isActive():
            self._plot.setUpdatesEnabled(False)
            self._later.start()
        x, y = zip(*self._losses, strict=True)
        self._curve.setData(x, y)
        here = [(i, loss) for i, loss in self._losses if i == self._iteration]
        self._here.setData([i for i, _ in here], [loss for _, loss in here])
        self._line.setValue(self._iteration)
        self._stack.setCurrentWidget(self._plot)

    def _paint_again(self) -> None:
        self._plot.setUpdatesEnabled(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._plot is None:
            QTimer.singleShot(0, self, self._make_plot)  # the window stands: now there is time for the import

    def _make_plot(self) -> None:
        if self._plot is not None:
            return
        import pyqtgraph  # late: it takes a quarter of a second

        class Iterations(pyqtgraph.AxisItem):  # type: ignore[misc]
            def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
                spacings = super().tickSpacing(low, high, size)
                return [spacing for spacing in spacings if spacing[0] >= 1] or [(1, 0)]

        axes = {"bottom": Iterations("bottom")}
        self._plot = pyqtgraph.PlotWidget(self, background=None, axisItems=axes, enableMenu=False)
        menu = self._plot.plotItem.ctrlMenu  # made without a parent, it would outlive the plot
        menu.setParent(self._plot, menu.windowFlags())
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.hideButtons()
        self._plot.setMouseEnabled(False, False)
        self._plot.showGrid(x=False, y=True, alpha=0.2)
        self._line = self._plot.addLine(x=0)
        self._curve = self._plot.plot([], [], symbol="o", symbolSize=4, symbolPen=None)
        self._here = self._plot.plot([], [], pen=None, symbol="o", symbolSize=9)
        self._plot.setLogMode(y=self._logarithmic)
        self._stack.addWidget(self._plot)
        self._paint_theme()

    def _paint_theme(self) -> None:
        from pyqtgraph import mkPen

        loss, text = self._theme.color(Tone.LOSS), self._theme.color(Tone.MUTED)
        self._plot.setBackground(QColor(self._theme.base))
        self._curve.setPen(mkPen(loss, width=2))
        self._curve.setSymbolBrush(loss)
        self._here.setSymbolBrush(self._theme.color(Tone.SELECTED))
        self._here.setSymbolPen(mkPen(QColor(self._theme.base), width=1.5))
        self._line.setPen(mkPen(self._theme.color(Tone.FAINT), width=1))
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(mkPen(self._theme.color(Tone.FAINT)))
            axis.setTextPen(text)
            axis.enableAutoSIPrefix(False)
