"""Draw an input with mouse, pen, finger or keys."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.data.guest import Guest
from core.experiment import Experiment
from core.ops.base import show_shape
from core.values import Value
from core.visiting import input_of
from viz_app.frame.words.numbers import number
from viz_app.paint.theme import Theme
from viz_app.panels.own_input.drawing import TITLE, Drawings, Drawn, image_of, undrawable
from viz_app.panels.own_input.page import InputPage
from viz_app.panels.own_input.tools import DrawingTools
from viz_app.widgets.drawing.drawing_pad import DrawingPad
from viz_app.widgets.drawing.paper import Grey
from viz_app.widgets.samples.input_view import InputView

_REST_MS, _BETWEEN_MS = 400, 200
"""Whoever rests so long in the middle of a stroke, or between two, sees the network run on what there is."""


class DrawPage(InputPage):
    """A pad to draw on, and beside it what enters the network: the drawing, prepared as a photo of it would be.

    Every stroke asks for the prediction while it is drawn; the network is run on the drawing once the hand rests.
    """

    title = "&Draw"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawings: Drawings | None = None
        self._drawn: Drawn | None = None
        self.pad = DrawingPad()
        self.tools = DrawingTools(self.pad)
        self.tools.add_keys(self)
        self.view = InputView("What enters the network")
        self.step = QPushButton("Run on the drawing", autoDefault=False)
        self._about, self._cell = QLabel(wordWrap=True), QLabel()
        self._drafting, self._resting = QTimer(self), QTimer(self)
        for timer in (self._drafting, self._resting):
            timer.setSingleShot(True)
        self._lay_out()
        self._connect_signals()

    @property
    def busy(self) -> bool:
        """Whether a stroke is being drawn."""
        return self.pad.paper.drawing

    def unfit(self, experiment: Experiment) -> str:
        """Only images can be drawn."""
        return undrawable(experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Prepare the drawing, which stays, for what is open."""
        self._drawings, self._drawn = Drawings(experiment), None
        if self.isVisible():
            self._draft()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.pad.set_theme(theme)
        self.view.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self.view.set_em(em)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draft()
        if not event.spontaneous():
            self.pad.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Go on with what is drawn, and what has just been drawn is not lost."""
        self.pad.lift()
        if self._resting.isActive():
            self._resting.stop()
            self._request()
        self._drafting.stop()
        super().hideEvent(event)

    @property
    def sheet(self) -> Grey | None:
        """A copy of the sheet as it is now; ``None`` where nobody has drawn."""
        return None if self.pad.paper.untouched else self.pad.paper.pixels.copy()

    def take(self, sheet: Grey | None) -> None:
        """Take a sheet that was saved, or a blank one; the network is not run on it."""
        self._drafting.stop()
        self._resting.stop()
        self.pad.take(sheet)
        self._drawn = None
        if self.isVisible():
            self._draft()

    @property
    def drawn(self) -> Drawn | None:
        """The drawing as it enters the network that is open; ``None`` before one is."""
        if self._drawn is None and self._drawings is not None:
            self._drawn = self._drawings.prepared(self.pad.paper.pixels)
        return self._drawn

    def _draft(self) -> None:
        """Show what enters the network now, and ask what it answers."""
        drawn = self.drawn
        entry = input_of(self._drawings.experiment.program) if self._drawings is not None else None
        if drawn is None or entry is None:
            return
        self.view.show_numbers(entry, drawn.inputs)
        self._about.setText(drawn.problem or _described(drawn, entry))
        self._about.setToolTip("\n".join(f"{stage.title}: {stage.sentence}" for stage in drawn.stages))
        untouched = self.pad.paper.untouched
        self.step.setEnabled(not (untouched or drawn.problem))
        self.drafted.emit(None if untouched or drawn.problem else Guest(drawn.inputs, title=TITLE))

    def _draw(self) -> None:
        """Follow a stroke: once the ink is seen, the prediction is asked for."""
        self._drawn = None
        if not self._drafting.isActive():
            self._drafting.start(0)
        self._resting.start(_REST_MS)

    def _finish(self) -> None:
        self._resting.start(_BETWEEN_MS)

    def _request(self) -> None:
        """Run the network on the drawing."""
        drawn = self.drawn
        if drawn is not None and not drawn.problem:
            self.guest_requested.emit(Guest(drawn.inputs, title=TITLE))

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.pad, 1)
        left.addWidget(self.tools)
        left.addStretch(0)
        heading = QLabel("What enters the network")
        heading.setObjectName("summary")
        for label in (self._about, self._cell):
            label.setObjectName("hint")
        right = QVBoxLayout()
        right.addWidget(heading)
        right.addWidget(self.view, 1)
        right.addWidget(self._about)
        right.addWidget(self._cell)
        right.addWidget(self.step, 0, Qt.AlignmentFlag.AlignLeft)
        right.addStretch(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 10, 10, 10)
        row.setSpacing(14)
        row.addLayout(left, 3)
        row.addLayout(right, 2)

    def _connect_signals(self) -> None:
        self.pad.drawn.connect(self._draw)
        self.pad.finished.connect(self._finish)
        self._drafting.timeout.connect(self._draft)
        self._resting.timeout.connect(self._request)
        self.step.clicked.connect(self._request)
        self.view.described.connect(self._cell.setText)


def _described(drawn: Drawn, entry: Value) -> str:
    """Return what the numbers are, and how they came about."""
    low, high = number(float(drawn.inputs.min()), 2), number(float(drawn.inputs.max()), 2)
    size = f"{show_shape(image_of(entry))} numbers from {low} to {high}."
    steps = " → ".join(stage.title[:1].lower() + stage.title[1:] for stage in drawn.stages[1:])
    return f"{size} Prepared as a photo is: {steps}." if steps else f"{size} The paper is blank."
