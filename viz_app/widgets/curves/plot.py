"""Draw curves over the iterations. pyqtgraph is imported once the first window stands, not before."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from core.run.record import Series
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone
from viz_app.widgets.curves.axis import log_range_of, log_ticks, percent_ticks, range_of, ticks
from viz_app.widgets.curves.curve_lines import CurveLine, Stroke, read_out
from viz_app.widgets.curves.losses import SMOOTHED, Edge, Flags, LossCurve, loss_curve

_LATER_MS = 30
"""A new loss is painted so much later: painting axes takes as long as all the rest of the window, which comes first."""
_CALM_S = 0.9
_MANY = 200
"""Of more losses than that none is drawn sooner than so many seconds after the last ones: while a network trains there
are new ones all the time."""
_FEWEST_ITERATIONS = 4
"""The axis of the iterations is at least so long."""
_SIDE, _EDGE = 0.03, 0.04
"""The room beside the first and the last iteration, and how far marks stand from the edge, as shares of the axes."""
_PALE = 0.55
_LABELLED = 8
"""The height, in lines, from which on the axis of the iterations is called by its name."""
_MOST_DOTS = 150
"""Of more losses on a line each by itself has no dot."""
_MOST_MARKS = 40
"""Of more numbers on a line none has a mark."""
_SYMBOLS = {Edge.NAN: "x", Edge.HIGH: "t1", Edge.LOW: "t", Edge.ZERO: "t"}
_LABEL, _NEXT_LABEL = 0.5, 0.13
"""Where along a line its label stands, and how much farther that of the next one."""
_SHARES = -0.06, 1.12
_NOTHING = Series.of(())


class CurvePlot(QWidget):
    """The losses known so far, and lines beside them; the iteration that is shown is marked."""

    iteration_requested = Signal(int)
    """The iteration that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._losses, self._other_samples = _NOTHING, np.zeros(0, bool)
        self._lines: tuple[CurveLine, ...] = ()
        self._drawn: list[LossCurve] = []
        self._iteration = 0
        self._logarithmic = self._percent = False
        self._smoothed = SMOOTHED
        self._curve = loss_curve(self._losses, self._other_samples, logarithmic=False)
        self._plot: Any = None
        self._items: list[tuple[Any, Any]] = []
        self._empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setObjectName("empty")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_LATER_MS)
        self._later.timeout.connect(self._paint_again)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.timeout.connect(self._draw)
        self._drawn_at, self._stale = -_CALM_S, False
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self._stack.currentWidget() is self._empty

    @property
    def curve(self) -> LossCurve:
        """What is drawn of the losses."""
        return self._curve

    @property
    def lines(self) -> tuple[CurveLine, ...]:
        """What is drawn beside them."""
        return self._lines

    def say_why_empty(self, text: str) -> None:
        """Say why nothing is drawn, for as long as that is so."""
        self._empty.setText(text)

    def show_losses(
        self,
        losses: Series,
        iteration: int,
        other_samples: Flags | None = None,
        lines: Sequence[CurveLine] = (),
    ) -> None:
        """Draw (iteration, loss) pairs and lines beside them, and mark one iteration.

        ``other_samples`` tells for each whether it is of other samples than the one before: no line joins the two.
        """
        if other_samples is None:
            other_samples = np.zeros(len(losses), bool)
        same = losses == self._losses and np.array_equal(other_samples, self._other_samples)
        if not same or iteration != self._iteration or tuple(lines) != self._lines:
            self._losses, self._iteration, self._other_samples = losses, iteration, other_samples
            self._lines = tuple(lines)
            self._draw_soon()

    def _draw_soon(self) -> None:
        """Draw at once, or after a while where much has been drawn just now, or once it is seen."""
        wait = _CALM_S - (time.monotonic() - self._drawn_at) if len(self._losses) > _MANY else 0.0
        if len(self._losses) > _MANY and not self.isVisible():
            self._stale = True
        elif wait > 0 and not self.empty:
            if not self._calm.isActive():
                self._calm.start(round(wait * 1000))
        else:
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._calm.isActive():
            self._calm.stop()
            self._stale = True

    def set_logarithmic(self, on: bool) -> None:
        """Take a logarithmic axis for the loss."""
        self._logarithmic = on
        self._draw()

    def set_percent(self, on: bool) -> None:
        """Take an axis from 0 to 100 %, for shares."""
        self._percent = on
        self._draw()

    def set_smoothed(self, count: int) -> None:
        """Let the smoothed line be the mean of up to so many losses."""
        self._smoothed = count
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

    def read_out(self, iteration: float) -> tuple[int, str] | None:
        """Return the iteration with a loss or another number that is nearest to a place, and what stands there."""
        known = [self._losses, *(line.series for line in self._lines if not line.label)]
        return read_out(known, iteration, shares=self._percent)

    def _draw(self) -> None:
        self._calm.stop()
        self._drawn_at, self._stale = time.monotonic(), False
        self._curve = loss_curve(
            self._losses, self._other_samples, logarithmic=self._logarithmic, smoothed=self._smoothed
        )
        self._drawn = [line.drawn(logarithmic=self._logarithmic) for line in self._lines]
        if not self._losses and not any(len(line.series) for line in self._lines):
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
        self._draw_lines()
        self._draw_axes()
        self._stack.setCurrentWidget(self._plot)

    def _draw_lines(self) -> None:
        from pyqtgraph import TextItem, mkPen

        while len(self._items) < len(self._lines):
            self._items.append((self._plot.plot([], []), TextItem(anchor=(1, 1))))
            self._plot.addItem(self._items[-1][1], ignoreBounds=True)
        for curve, text in self._items[len(self._lines) :]:
            curve.setData([], [])
            text.setText("")
        strokes = {Stroke.SOLID: Qt.PenStyle.SolidLine, Stroke.DASHED: Qt.PenStyle.DashLine}
        every = zip(self._lines, self._drawn, self._items, strict=False)
        for turn, (line, drawn, (curve, text)) in enumerate(every):
            x, y = drawn.x, self._on_axis(drawn.y)
            color = self._theme.color(line.tone)
            curve.setPen(mkPen(color, width=2 if line.stroke in strokes else 1, style=strokes.get(line.stroke)))
            few = len(x) <= _MOST_MARKS and line.stroke in strokes
            curve.setData(x, y, symbol="s" if few else None, symbolSize=5, symbolBrush=color, symbolPen=None)
            text.setText(line.label if len(x) else "", color=self._theme.color(Tone.TEXT))
            if len(x):
                place = int((_LABEL + turn * _NEXT_LABEL) % 1.0 * (len(x) - 1))  # beside each other, not above
                text.setPos(x[place], y[place])

    def _dot_color(self) -> QColor:
        """Return the colour of dots: pale where a smoothed line goes between them."""
        color = self._theme.color(Tone.LOSS)
        color.setAlphaF(_PALE if self._curve.other.any() else 1.0)
        return color

    def _on_axis(self, losses: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
        return np.log10(losses) if self._logarithmic else losses

    def _draw_axes(self) -> None:
        """Set the ranges, the numbers along the axes, and the marks at the edge for what has no place between."""
        every = [series for series in (self._losses, *(line.series for line in self._lines)) if len(series)]
        first, last = min(one.iterations[0] for one in every), max(one.iterations[-1] for one in every)
        end = max(int(last), int(first) + _FEWEST_ITERATIONS)
        side = _SIDE * (end - first)
        low, high = self._range()
        self._plot.setXRange(first - side, end + side, padding=0)
        self._plot.setYRange(low, high, padding=0)
        line = self.fontMetrics().height()
        rows = max(int(self.height() / (2.2 * line)), 3)
        self._plot.getAxis("bottom").showLabel(self.height() > _LABELLED * line)
        columns = max(int(self.width() / (4.5 * self.fontMetrics().averageCharWidth() + 2 * line)), 2)
        left = (percent_ticks if self._percent else log_ticks if self._logarithmic else ticks)(low, high, rows)
        self._plot.getAxis("left").setTicks([left])
        self._plot.getAxis("bottom").setTicks([ticks(first, end, columns, 1.0)])
        self._draw_marks(low, high)

    def _range(self) -> tuple[float, float]:
        if self._percent:
            return _SHARES
        numbers = np.concatenate([self._curve.y, *(drawn.y for drawn in self._drawn)]).tolist()
        return (log_range_of if self._logarithmic else range_of)(numbers)

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
        if self._plot is not None and not self.empty:
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
        self._pointer = self._plot.addLine(x=0)
        self._told = pyqtgraph.TextItem(anchor=(0.5, 0))
        self._plot.addItem(self._told, ignoreBounds=True)
        self._hide_pointer()
        self._plot.scene().sigMouseMoved.connect(self._point)
        self._plot.scene().sigMouseClicked.connect(self._click)
        self._plot.setCursor(Qt.CursorShape.CrossCursor)
        self._stack.addWidget(self._plot)
        self._paint_theme()

    # The mouse

    def _point(self, place: QPointF) -> None:
        """Tell of the iteration under the mouse."""
        view = self._plot.getPlotItem().vb
        found = self.read_out(view.mapSceneToView(place).x()) if view.sceneBoundingRect().contains(place) else None
        if found is None:
            self._hide_pointer()
            return
        (left, right), (_, top) = self.ranges()
        iteration, text = found
        share = (iteration - left) / max(right - left, 1e-9)
        self._told.setAnchor((min(max(share, 0.0), 1.0), 0))
        self._told.setText(text, color=self._theme.color(Tone.TEXT))
        self._told.setPos(iteration, top)
        self._pointer.setValue(iteration)
        self._told.show()
        self._pointer.show()

    def _click(self, event: Any) -> None:
        view = self._plot.getPlotItem().vb
        if event.button() is Qt.MouseButton.LeftButton and view.sceneBoundingRect().contains(event.scenePos()):
            found = self.read_out(view.mapSceneToView(event.scenePos()).x())
            if found is not None:
                self.iteration_requested.emit(found[0])

    def _hide_pointer(self) -> None:
        self._told.hide()
        self._pointer.hide()

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        if self._plot is not None:
            self._hide_pointer()

    def _paint_theme(self) -> None:
        from pyqtgraph import mkBrush, mkPen

        loss, text = self._theme.color(Tone.LOSS), self._theme.color(Tone.MUTED)
        self._plot.setBackground(QColor(self._theme.base))
        for line in (self._line, self._mean):
            line.setPen(mkPen(loss, width=2))
        self._here.setSymbolBrush(self._theme.color(Tone.SELECTED))
        self._here.setSymbolPen(mkPen(QColor(self._theme.base), width=1.5))
        self._rule.setPen(mkPen(self._theme.color(Tone.FAINT), width=1))
        self._pointer.setPen(mkPen(self._theme.color(Tone.ACCENT), width=1, style=Qt.PenStyle.DotLine))
        self._told.fill = mkBrush(QColor(self._theme.base))
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(mkPen(self._theme.color(Tone.FAINT)))
            axis.setTextPen(text)
            axis.enableAutoSIPrefix(False)
