"""Show what the network answers to an input of one's own, and lead back to the data."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from core.data.guest import Guest
from core.experiment import Experiment
from core.values import Array
from viz_app.frame.told.answers import answers_of
from viz_app.paint.theme import Theme
from viz_app.widgets.charts.prediction_bars import PredictionBars

_ROWS = 10
_WIDE = 15.0
"""The width in sizes of its text."""

_NOTHING_YET = "Nothing is drawn or brought yet: the answer follows as soon as there is something."
_NO_ROW = "The output is no row of numbers: the main window shows it."


class AnswerColumn(QWidget):
    """Bars that follow whatever is drawn or typed, and a word on what the network is run on."""

    back_requested = Signal()
    """The network is to be run on its data again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._silence = _NOTHING_YET
        self.bars = PredictionBars(_ROWS)
        self.about, self.state = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.back = QPushButton("Back to data", autoDefault=False)
        self.back.setToolTip("Run the network on its data again; what is drawn or typed here stays")
        self.back.clicked.connect(self.back_requested)
        heading = QLabel("The network answers")
        heading.setObjectName("summary")
        for label in (self.about, self.state):
            label.setObjectName("hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 10, 10, 10)
        column.setSpacing(8)
        for widget in (heading, self.bars, self.about):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self.state)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_guest(None)

    def show_experiment(self, experiment: Experiment) -> None:
        """Forget what another network has answered."""
        self._experiment = experiment
        output = experiment.program.values[experiment.program.output] if experiment.program.output else None
        row = output is not None and len(output.shape) == 2
        self._silence = _NOTHING_YET if row else _NO_ROW
        self.bars.setVisible(row)
        self.bars.set_rows(min(_ROWS, output.shape[1]) if output is not None and row else 1)
        self.show_outputs(None)

    def show_outputs(self, outputs: Array | None, target: Array | None = None) -> None:
        """Show what the network answers; ``None`` where it is not asked."""
        if self._experiment is not None:
            known = () if outputs is None else answers_of(self._experiment, outputs, target, _ROWS)
            self.bars.show_answers(known)
            self.about.setText("" if known else self._silence)

    def show_guest(self, guest: Guest | None) -> None:
        """Say what the network is run on."""
        self.back.setEnabled(guest is not None)
        self.state.setText(f"The network is run on: {guest.title}." if guest else "The network is run on its data.")

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.bars.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self.setFixedWidth(round(_WIDE * em))
