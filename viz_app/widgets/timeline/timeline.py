"""Draw all steps of an iteration as one bar, coloured by phase and labelled by layer; drag along it to scrub.

A folded block is one segment. The wheel zooms.
"""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.notation import equation, plain, symbol
from core.spans import Span
from viz_app.frame import walking
from viz_app.frame.frame import Frame
from viz_app.frame.outline import Outline, Stop
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone
from viz_app.widgets.timeline.layout import BESIDE, GAP, Layout, lay_out, named_in
from viz_app.widgets.timeline.pages import Page

_PALE = 0.32
"""The opacity of steps that are still to come."""
_THIN = 3.0
"""Steps that are narrower than that stand without a gap between them."""
_OVERVIEW, _OVERVIEW_HEIGHT, _LABELS = 1.06, 0.3, 1.5
"""Above a page: where the overview of all steps begins, how high it is, and where the labels begin, in lines."""
_STRIP, _STRIP_HEIGHT, _MARK = 2.46, 1.41, 6.0
_ZOOM, _LEAST_ZOOM, _MOST_ZOOM = 1.5, 1.5**-9, 1.5**5
_FOLDED = "▸ "
"""What stands before the name of a folded block."""
_FLAG = 5.0
"""The side of the mark of a bookmark, in pixels."""
_NOTCH = 120


class Timeline(QWidget):
    """The steps of an iteration: those before the current one full, those to come pale; a folded block is one of them.

    Every step has its name. Where there is no room for all names, those around the current step stand on a page below
    an overview of all steps. Zoomed out, more steps stand on a page, and those have their names that have room.
    """

    step_requested = Signal(int)
    """The last step of what was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._frame: Frame | None = None
        self._names: list[str] = []
        self._layout: tuple[object, Layout] | None = None
        self._shown: tuple[Layout, Page] | None = None
        self._bars: tuple[object, QPixmap, QPixmap] | None = None
        self._scrubs_overview = False
        self._zoom, self._turned = 1.0, 0
        self._bookmarks: frozenset[str] = frozenset()
        self._stops: tuple[Stop, ...] = ()
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Timeline of the steps of one iteration")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_frame(self, frame: Frame) -> None:
        """Mark the frame's step."""
        old = self._frame
        self._frame = frame
        if old is None or old.outline is not frame.outline or old.options.notation != frame.options.notation:
            self._stops = frame.outline.stops
            self._names = [self._name(frame, stop) for stop in self._stops]
            self._layout = None
        self.setAccessibleDescription(self.tip(frame.cursor.step))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def show_bookmarks(self, keys: frozenset[str]) -> None:
        """Mark the steps that make these values."""
        self._bookmarks = keys
        self.update()

    @property
    def zoom(self) -> float:
        """How wide steps are, as a multiple of what their names need."""
        return self._zoom

    def zoom_in(self) -> None:
        """Make steps wider."""
        self._set_zoom(self._zoom * _ZOOM)

    def zoom_out(self) -> None:
        """Make steps narrower, so that more of them stand on a page."""
        self._set_zoom(self._zoom / _ZOOM)

    def _set_zoom(self, zoom: float) -> None:
        zoom = min(max(zoom, _LEAST_ZOOM), _MOST_ZOOM)
        self._zoom = 1.0 if abs(zoom - 1) < _LEAST_ZOOM else zoom
        self._layout = None
        self.update()

    def _name(self, frame: Frame, stop: Stop) -> str:
        if stop.span is not None:
            return _FOLDED + stop.span.unit.place
        return plain(symbol(frame.program, frame.program.steps[stop.last].output, frame.options.notation))

    def sizeHint(self) -> QSize:
        return QSize(400, round((_STRIP + _STRIP_HEIGHT) * self.fontMetrics().height() + _MARK + 4))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def step_at(self, place: QPoint | QPointF) -> int:
        """Return the step that is drawn at a place, of a folded block the last; the nearest one beyond the ends."""
        if self._frame is None:
            return 0
        return self._step_at(place.x(), overview=self._is_overview(place.y()))

    def segment(self, step: int) -> QRectF:
        """Return where a step is drawn: in the strip of names, or in the overview where it is on another page."""
        return self._segment(self._stop(step))

    def _stop(self, step: int) -> int:
        return self._frame.outline.at(step) if self._frame else 0

    def _segment(self, stop: int) -> QRectF:
        page = self._page()
        if stop not in page.steps:
            return self._overview_segment(stop)
        left, right = page.span(stop)
        line = self.fontMetrics().height()
        return QRectF(left, _STRIP * line, right - left, _STRIP_HEIGHT * line).adjusted(GAP, 0, -GAP, 0)

    def names(self) -> dict[int, str]:
        """Return the steps whose names can be read, with their names."""
        return {self._stops[stop].last: self._text(stop) for stop in self._page().steps if self._text(stop)}

    def tip(self, step: int) -> str:
        """Return what the mouse is told of a step."""
        if self._frame is None:
            return ""
        program = self._frame.program
        that = program.steps[step]
        span = self._frame.outline.span_at(step)
        if span is not None:
            return _tip_of(span)
        formula = plain(equation(program, that, self._frame.options.notation))
        names = {layer.number: f"layer {layer.number}: {layer.name}" for layer in program.layers}
        layer = names.get(that.layer)
        return " · ".join(part for part in (f"step {step}", that.phase.value, layer, formula) if part)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(self.step_at(event.pos())), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._scrubs_overview = self._frame is not None and self._is_overview(event.position().y())
        self._scrub(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom, a level for each notch of the wheel."""
        self._turned += event.angleDelta().y()
        while abs(self._turned) >= _NOTCH:
            if self._turned > 0:
                self.zoom_in()
            else:
                self.zoom_out()
            self._turned -= _NOTCH if self._turned > 0 else -_NOTCH
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._scrub(event)

    def _scrub(self, event: QMouseEvent) -> None:
        if self._frame is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        step = self._step_at(event.position().x(), overview=self._scrubs_overview)
        if step != self._frame.cursor.step or self._frame.inside:
            self.step_requested.emit(step)

    def _step_at(self, x: float, *, overview: bool) -> int:
        return self._stops[(self._laid_out().all if overview else self._page()).at(x)].last

    def _is_overview(self, y: float) -> bool:
        return self._laid_out().paged and y < _LABELS * self.fontMetrics().height()

    def _laid_out(self) -> Layout:
        """Return how the steps are laid out in the width and the font that there are."""
        look = self.width(), self.font().key(), self._zoom
        if self._layout is None or self._layout[0] != look:
            outline = self._frame.outline if self._frame else Outline((), (), 0)
            self._layout = look, lay_out(outline, self._names, self, self._zoom)
        return self._layout[1]

    def _text(self, stop: int) -> str:
        """Return the name of a stop where it has room for it, of a folded block the longest that has; else nothing."""
        room, span = self._segment(stop).width(), self._stops[stop].span
        if room < self._laid_out().pixels / 2:
            return ""
        metrics = QFontMetricsF(named_in(self.font(), self._laid_out().pixels))
        texts = (self._names[stop],) if span is None else (_FOLDED + span.unit.title, self._names[stop])
        return next((text for text in texts if metrics.horizontalAdvance(text) <= room), "")

    def _page(self) -> Page:
        layout, stop = self._laid_out(), self._stop(self._frame.cursor.step) if self._frame else 0
        if self._shown is None or self._shown[0] is not layout or stop not in self._shown[1].steps:
            self._shown = layout, layout.page(stop, self.width())
        return self._shown[1]

    def _overview_segment(self, stop: int) -> QRectF:
        line = self.fontMetrics().height()
        left, right = self._laid_out().all.span(stop)
        gap = GAP / 2 if right - left > _THIN else 0.0
        return QRectF(left, _OVERVIEW * line, right - left, _OVERVIEW_HEIGHT * line).adjusted(gap, 0, -gap, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._frame is None:
            with QPainter(self) as painter:
                painter.fillRect(self.rect(), QColor(self._theme.base))
            return
        done, to_come = self._painted_bars(self._frame)
        stop, layout, line = self._stop(self._frame.cursor.step), self._laid_out(), self.fontMetrics().height()
        middle = round(_LABELS * line) if layout.paged else 0
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, to_come)
            painter.setClipRect(0, middle, round(self._segment(stop).right() + GAP), self.height() - middle)
            painter.drawPixmap(0, 0, done)
            if layout.paged:
                painter.setClipRect(0, 0, max(round(layout.all.span(stop)[1]), 1), middle)
                painter.drawPixmap(0, 0, done)
            painter.setClipping(False)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if layout.paged:
                self._paint_window(painter, layout)
            self._paint_bookmarks(painter, self._frame)
            self._paint_current(painter)

    def _painted_bars(self, frame: Frame) -> tuple[QPixmap, QPixmap]:
        """Return the page with every step done and with every step to come: any place in it is a part of each."""
        look = (
            frame.outline, frame.options.notation, frame.broken, self._theme, self.size().toTuple(),
            self.devicePixelRatioF(), self.font().key(), self._page().first, self._zoom,
        )  # fmt: skip
        if self._bars is None or self._bars[0] != look:
            self._bars = look, self._painted_bar(frame, done=True), self._painted_bar(frame, done=False)
        return self._bars[1:]

    def _painted_bar(self, frame: Frame, *, done: bool) -> QPixmap:
        bar = QPixmap(self.size() * self.devicePixelRatioF())
        bar.setDevicePixelRatio(self.devicePixelRatioF())
        bar.fill(QColor(self._theme.base))
        page, layout = self._page(), self._laid_out()
        with QPainter(bar) as painter:
            painter.setFont(self.font())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_phases(painter, frame, layout)
            self._paint_layers(painter, page, layout)
            if layout.paged:
                self._paint_overview(painter, frame, layout, done=done)
            painter.setFont(named_in(self.font(), layout.pixels))
            for stop in page.steps:
                self._paint_stop(painter, frame, stop, done=done)
        return bar

    def _paint_phases(self, painter: QPainter, frame: Frame, layout: Layout) -> None:
        """Write every phase above its steps, with a rule below that says how far it goes."""
        metrics = self.fontMetrics()
        for start, end in layout.phases:
            phase = frame.outline.groups[start][0]
            left, right = layout.all.span(start)[0] + GAP, layout.all.span(end - 1)[1] - GAP
            box = QRectF(left, 0, right - left, metrics.height())
            painter.setPen(self._theme.phase(phase))
            if metrics.horizontalAdvance(phase.value) <= box.width():
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, phase.value)
            if not layout.paged:
                painter.fillRect(QRectF(left, box.bottom(), right - left, 1.5), self._theme.phase(phase))

    def _paint_layers(self, painter: QPainter, page: Page, layout: Layout) -> None:
        """Write every layer once above its steps of a phase: with its name, where there is room."""
        metrics, line = self.fontMetrics(), self.fontMetrics().height()
        assert self._frame is not None
        names = {layer.number: layer.name for layer in self._frame.program.layers}
        painter.setPen(self._theme.color(Tone.MUTED))
        for run in layout.runs:
            start, end = max(run.start, page.first), min(run.end, page.steps.stop)
            if start >= end:
                continue
            left, right = page.span(start)[0] + GAP, page.span(end - 1)[1] - GAP
            box = QRectF(left, _LABELS * line, right - left, line)
            texts = (f"layer {run.layer}: {names[run.layer]}", f"layer {run.layer}")
            text = next((text for text in texts if metrics.horizontalAdvance(text) + BESIDE <= box.width()), "")
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_overview(self, painter: QPainter, frame: Frame, layout: Layout, *, done: bool) -> None:
        thin = layout.all.span(0)[1] <= _THIN
        spans = layout.phases if thin else [(stop, stop + 1) for stop in range(len(self._stops))]
        for start, end in spans:
            color = self._theme.phase(frame.outline.groups[start][0])
            color.setAlphaF(1.0 if done else _PALE)
            painter.fillRect(self._overview_segment(start).united(self._overview_segment(end - 1)), color)
        if frame.broken is not None:
            box = self._overview_segment(self._stop(frame.broken.number))
            painter.fillRect(box.adjusted(0, 0, max(2.0 - box.width(), 0.0), 0), QColor(self._theme.nan))

    def _paint_stop(self, painter: QPainter, frame: Frame, stop: int, *, done: bool) -> None:
        box, color = self._segment(stop), self._theme.phase(frame.outline.groups[stop][0])
        broken = frame.broken is not None and self._stop(frame.broken.number) == stop
        color.setAlphaF(1.0 if done else _PALE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.nan) if broken else color)
        painter.drawRoundedRect(box, 2, 2)
        painter.setPen(QColor(self._theme.cross if broken else self._theme.on_accent) if broken or done
                       else self._theme.color(Tone.TEXT))  # fmt: skip
        if text := self._text(stop):
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_bookmarks(self, painter: QPainter, frame: Frame) -> None:
        """Mark what is bookmarked at its upper edge, and in the overview."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(Tone.WARNING))
        page, producers = self._page().steps, frame.program.producers
        for stop in {self._stop(producers[key].number) for key in self._bookmarks if key in producers}:
            if self._laid_out().paged:
                here = self._overview_segment(stop).center()
                painter.drawEllipse(here, _FLAG / 2, _FLAG / 2)
            if stop in page:
                box = self._segment(stop)
                top = QPointF(box.right() - 2 * _FLAG, box.top())
                painter.drawPolygon(
                    QPolygonF([top, top + QPointF(2 * _FLAG, 0), box.topRight() + QPointF(0, 2 * _FLAG)])
                )

    def _paint_window(self, painter: QPainter, layout: Layout) -> None:
        """Show in the overview which steps are on the page, and which of them is the current one."""
        assert self._frame is not None
        steps, stop = self._page().steps, self._stop(self._frame.cursor.step)
        box = self._overview_segment(steps[0]).united(self._overview_segment(steps[-1]))
        color = self._theme.color(Tone.SELECTED)
        painter.setPen(color)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(
            box.adjusted(0, -1.5, 0, 1.5).intersected(QRectF(self.rect()).adjusted(1, 0, -1, 0)), 2, 2
        )
        here = self._overview_segment(stop).center().x()
        painter.fillRect(QRectF(here - 1, box.top() - 1, 2, box.height() + 2), color)

    def _paint_current(self, painter: QPainter) -> None:
        """Mark the current step within its own bounds: it covers no neighbour."""
        assert self._frame is not None
        cursor, box = self._frame.cursor, self.segment(self._frame.cursor.step)
        color = self._theme.color(Tone.SELECTED)
        pen = painter.pen()
        pen.setColor(color)
        pen.setWidthF(2.0)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 2, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        middle, low = box.center().x(), box.bottom() + 2
        painter.drawPolygon(
            QPolygonF([QPointF(middle, low), QPointF(middle - 5, low + _MARK), QPointF(middle + 5, low + _MARK)])
        )
        if cursor.cell is not None:
            share = (cursor.cell + 1) / walking.cell_count(self._frame.program, cursor)
            painter.drawRect(QRectF(box.left(), box.bottom() - 4, box.width() * share, 4))


def _tip_of(span: Span) -> str:
    """Return what the mouse is told of a folded block."""
    outer = tuple(unit.title for unit in span.outer)
    steps = f"{len(span.steps):,} steps, from {span.first} to {span.last}"
    return " · ".join((*outer, span.unit.title, span.phase.value, steps))
