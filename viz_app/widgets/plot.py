"""Draw the loss over the iterations. pyqtgraph is imported once the first window stands, not before."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from core.run.record import Series
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone
from viz_app.widgets.axis import log_range_of, log_ticks, range_of, ticks
from viz_app.widgets.losses import Edge, Flags, LossCurve, loss_curve

_LATER_MS = 30
"""A new loss is painted so much later: painting axes takes as long as all the rest of the window, which comes first."""
_EMPTY = "The loss of every iteration appears here once it has been computed."
_NO_LOSS = "Nothing is trained here, so there is no loss."
_FEWEST_ITERATIONS = 4
"""The axis of the iterations is at least so long."""
_SIDE, _EDGE = 0.03, 0.04
"""The room beside the first and the last iteration, and how far marks stand from the edge, as shares of the axes."""
_PALE = 0.55
_LABELLED = 8
"""The height, in lines, from which on the axis of the iterations is called by its name."""
_MOST_DOTS = 150
"""Of more losses on a line each by itself has no dot."""
_SYMBOLS = {Edge.NAN: "x", Edge.HIGH: "t1", Edge.LOW: "t", Edge.ZERO: "t"}


class LossPlot(QWidget):
    """The losses known so far; the iteration that is shown is marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._losses, self._other_samples = Series.of(()), np.zeros(0, bool)
        self._iteration = 0
        self._logarithmic = False
        self._curve = loss_curve(self._losses, self._other_samples, logarithmic=False)
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

    @property
    def curve(self) -> LossCurve:
        """What is drawn."""
        return self._curve

    def expect_losses(self, expected: bool) -> None:
        """Say why nothing is drawn: there will be losses, or there is none to wait for."""
        self._empty.setText(_EMPTY if expected else _NO_LOSS)

    @property
    def expected(self) -> bool:
        """Whether there is or will be a loss."""
        return self._empty.text() == _EMPTY

    def show_losses(self, losses: Series, iteration: int, other_samples: Flags | None = None) -> None:
        """Draw (iteration, loss) pairs and mark one iteration.

        ``other_samples`` tells for each whether it is of other samples than the one before: no line joins the two.
        """
        if other_samples is None:
            other_samples = np.zeros(len(losses), bool)
        same = losses == self._losses and np.array_equal(other_samples, self._other_samples)
        if not same or iteration != self._iteration:
            self._losses, self._iteration, self._other_samples = losses, iteration, other_samples
            self._draw()

    def set_logarithmic(self, on: bool) -> None:
        """Take a logarithmic axis for the loss."""
        self._logarithmic = on
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        if self._plot is not None:
            self._paint_theme()
            self._draw()

    def points(self) -> tuple[tuple[int, float], ...]:
        """Return the losses that have a place in the plot, as they were given."""
        return tuple((int(i), float(loss)) for i, loss in zip(self._curve.x, self._curve.y, strict=True))

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ends of both axes: iterations, and losses or, on a logarithmic axis, their powers of ten."""
        x, y = self._plot.getPlotItem().viewRange()
        return (x[0], x[1]), (y[0], y[1])

    def _draw(self) -> None:
        self._curve = loss_curve(self._losses, self._other_samples, logarithmic=self._logarithmic)
        if not self._losses:
            self._stack.setCurrentWidget(self._empty)
            return
        self._make_plot()
        if not self.empty and not self._later.isActive():
            self._plot.setUpdatesEnabled(False)
            self._later.start()
        curve = self._curve
        y = self._on_axis(curve.y)
        dots = curve.other if len(y) > _MOST_DOTS else np.ones(len(y), bool)
        self._line.setData(curve.x, y, connect=curve.joined.astype(np.int32))
        self._dots.setData(curve.x[dots], y[dots], symbolBrush=self._dot_color())
        self._mean.setData(curve.x, self._on_axis(curve.mean), connect=curve.smoothed.astype(np.int32))
        here = curve.x == self._iteration
        self._here.setData(curve.x[here], y[here])
        self._rule.setValue(self._iteration)
        self._draw_axes()
        self._stack.setCurrentWidget(self._plot)

    def _dot_color(self) -> QColor:
        """Return the colour of dots: pale where a smoothed line goes between them."""
        color = self._theme.color(Tone.LOSS)
        color.setAlphaF(_PALE if self._curve.other.any() else 1.0)
        return color

    def _on_axis(self, losses: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
        return np.log10(losses) if self._logarithmic else losses

    def _draw_axes(self) -> None:
        """Set the ranges, the numbers along the axes, and the marks at the edge for what has no place between."""
        first, last = self._losses[0][0], self._losses[-1][0]
        end = max(last, first + _FEWEST_ITERATIONS)
        side = _SIDE * (end - first)
        low, high = (log_range_of if self._logarithmic else range_of)(self._curve.y.tolist())
        self._plot.setXRange(first - side, end + side, padding=0)
        self._plot.setYRange(low, high, padding=0)
        line = self.fontMetrics().height()
        rows = max(int(self.height() / (2.2 * line)), 3)
        self._plot.getAxis("bottom").showLabel(self.height() > _LABELLED * line)
        columns = max(int(self.width() / (4.5 * self.fontMetrics().averageCharWidth() + 2 * line)), 2)
        left = log_ticks(low, high, rows) if self._logarithmic else ticks(low, high, rows)
        self._plot.getAxis("left").setTicks([left])
        self._plot.getAxis("bottom").setTicks([ticks(first, end, columns, 1.0)])
        self._draw_marks(low, high)

    def _draw_marks(self, low: float, high: float) -> None:
        edges, room = self._curve.edges, _EDGE * (high - low)
        below = (Edge.LOW, Edge.ZERO)
        self._marks.setData(
            x=[iteration for iteration, _ in edges],
            y=[low + room if edge in below else high - room for _, edge in edges],
            symbol=[_SYMBOLS[edge] for _, edge in edges],
            brush=[QColor(self._theme.nan if edge is Edge.NAN else self._theme.infinite) for _, edge in edges],
        )

    def _paint_again(self) -> None:
        self._plot.setUpdatesEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._plot is not None and self._losses:
            self._draw_axes()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._plot is None:
            QTimer.singleShot(0, self, self._make_plot)  # the window stands: now there is time for the import

    def _make_plot(self) -> None:
        if self._plot is not None:
            return
        import pyqtgraph  # late: it takes a quarter of a second

        self._plot = pyqtgraph.PlotWidget(self, background=None, enableMenu=False)
        menu = self._plot.plotItem.ctrlMenu  # made without a parent, it would outlive the plot
        menu.setParent(self._plot, menu.windowFlags())
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.hideButtons()
        self._plot.setMouseEnabled(False, False)
        self._plot.disableAutoRange()
        self._plot.showGrid(x=False, y=True, alpha=0.2)
        self._plot.setLabel("bottom", "iteration")
        self._plot.getAxis("left").setStyle(hideOverlappingLabels=False)
        self._rule = self._plot.addLine(x=0)
        self._line = self._plot.plot([], [])
        self._dots = self._plot.plot([], [], pen=None, symbol="o", symbolSize=5, symbolPen=None)
        self._mean = self._plot.plot([], [])
        self._here = self._plot.plot([], [], pen=None, symbol="o", symbolSize=9)
        self._marks = pyqtgraph.ScatterPlotItem(size=11, pen=None)
        self._plot.addItem(self._marks)
        self._stack.addWidget(self._plot)
        self._paint_theme()

    def _paint_theme(self) -> None:
        from pyqtgraph import mkPen

        loss, text = self._theme.color(Tone.LOSS), self._theme.color(Tone.MUTED)
        self._plot.setBackground(QColor(self._theme.base))
        for line in (self._line, self._mean):
            line.setPen(mkPen(loss, width=2))
        self._here.setSymbolBrush(self._theme.color(Tone.SELECTED))
        self._here.setSymbolPen(mkPen(QColor(self._theme.base), width=1.5))
        self._rule.setPen(mkPen(self._theme.color(Tone.FAINT), width=1))
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(mkPen(self._theme.color(Tone.FAINT)))
            axis.setTextPen(text)
            axis.enableAutoSIPrefix(False)
