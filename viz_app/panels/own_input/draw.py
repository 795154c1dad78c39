"""Draw an input with mouse, pen, finger or keys."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.data.guest import Guest
from core.experiment import Experiment
from core.values import Value
from core.visiting import input_of
from viz_app.paint.theme import Theme
from viz_app.panels.own_input.drawing import prepared, undrawable
from viz_app.panels.own_input.page import InputPage
from viz_app.panels.own_input.tools import DrawingTools
from viz_app.widgets.drawing_pad import DrawingPad
from viz_app.widgets.input_view import InputView

_REST_MS = 400
"""Whoever rests so long in the middle of a stroke sees the network run on what there is."""
_TITLE = "Drawing"


class DrawPage(InputPage):
    """A pad to draw on, and beside it what enters the network: the drawing, prepared as a photo of it would be.

    Every stroke asks for the prediction while it is drawn; the network is run on the drawing when the stroke ends.
    """

    title = "&Draw"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._guest: Guest | None = None
        self._stale = False
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

    def unfit(self, experiment: Experiment) -> str:
        """Only images can be drawn."""
        return undrawable(experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Prepare the drawing, which stays, for what is open."""
        self._experiment, self._guest, self._stale = experiment, None, True
        if self.isVisible():
            self._catch_up()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.pad.set_theme(theme)
        self.view.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self.view.set_em(em)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()
        if not event.spontaneous():
            self.pad.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for timer in (self._drafting, self._resting):
            timer.stop()

    @property
    def guest(self) -> Guest | None:
        """The drawing as it enters the network that is open; ``None`` where there is none to enter."""
        entry = self._entry
        if self._guest is None and entry is not None:
            self._guest = Guest(prepared(self.pad.paper.pixels, entry), title=_TITLE)
        return self._guest

    @property
    def _entry(self) -> Value | None:
        return None if self._experiment is None else input_of(self._experiment.program)

    def _catch_up(self) -> None:
        if self._stale:
            self._stale = False
            self._draft()

    def _draft(self) -> None:
        """Show what enters the network now, and ask what it answers."""
        guest, entry = self.guest, self._entry
        if guest is None or entry is None:
            return
        self.view.show_numbers(entry, guest.inputs)
        self._about.setText(_described(guest))
        self.tools.show_state()
        if not self.pad.paper.untouched:
            self.drafted.emit(guest)

    def _draw(self) -> None:
        """Follow a stroke: once the ink is seen, the prediction is asked for."""
        self._guest = None
        if not self._drafting.isActive():
            self._drafting.start(0)
        self._resting.start(_REST_MS)

    def _finish(self) -> None:
        self._resting.start(0)

    def _request(self) -> None:
        """Run the network on the drawing."""
        guest = self.guest
        if guest is not None:
            self.guest_requested.emit(guest)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.pad, 1)
        left.addWidget(self.tools)
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


def _described(guest: Guest) -> str:
    """Return what the numbers are."""
    size = " × ".join(str(side) for side in guest.inputs.shape)
    return f"{size} numbers from {guest.inputs.min():g} to {guest.inputs.max():.3g}."
