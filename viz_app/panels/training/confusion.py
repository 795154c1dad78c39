"""Which class the network takes for which, and the samples behind each number."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from core.experiment import Experiment
from viz_app.frame.told.judgement import Judgement, why_not
from viz_app.paint.theme import LIGHT, Theme
from viz_app.paint.thumbnails import Thumbnails
from viz_app.widgets.charts.confusion_matrix import Cell, ConfusionMatrix
from viz_app.widgets.samples.gallery import Gallery
from viz_app.widgets.texts.line import Line

_WHAT = "Rows: the class. Columns: what it is taken for. A click on a number shows the samples."
_SHORT = "Click a number to see the samples."
_NOT_YET = "The network is being judged."


class ConfusionPanel(QWidget):
    """Show a judgement as a matrix, and the samples of the cell that was chosen."""

    title = "Confusion"
    wanted_changed = Signal(bool)
    """Whether somebody looks: nothing needs to be judged while nobody does."""
    sample_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._judgement: Judgement | None = None
        self._cell: Cell | None = None
        self._theme = LIGHT
        self._thumbnails: Thumbnails | None = None
        self.matrix, self.gallery = ConfusionMatrix(), Gallery()
        self._told, self._about, self._behind = Line(), Line(), Line()
        self._why = QLabel()
        self._why.setObjectName("about")
        self._why.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()
        self.matrix.cell_chosen.connect(self._choose)
        self.gallery.sample_requested.connect(self.sample_requested)

    @property
    def told(self) -> str:
        """What is said of all samples together, or why there is nothing to say."""
        return self._why.text() if self.matrix.isHidden() else self._told.text

    @property
    def behind(self) -> str:
        """What is said of the samples of the chosen cell."""
        return self._behind.text

    def show_experiment(self, experiment: Experiment) -> None:
        """Learn what the samples are; a judgement on other samples is no more."""
        before, self._experiment = self._experiment, experiment
        if before is None or before.dataset is not experiment.dataset:
            dataset = experiment.dataset
            self._thumbnails = Thumbnails(dataset, self._theme) if dataset else None
            self.forget()
        self._draw()

    def show_judgement(self, judgement: Judgement) -> None:
        """Show how good the network is."""
        self._judgement = judgement
        self._draw()

    def forget(self) -> None:
        """Show nothing until the network is judged."""
        self._judgement = self._cell = None
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.matrix.set_theme(theme)
        self.gallery.set_theme(theme)
        if self._thumbnails is not None:
            self._thumbnails = Thumbnails(self._thumbnails.dataset, theme)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.wanted_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.wanted_changed.emit(False)

    def _choose(self, label: int, guess: int) -> None:
        """Show the samples of a cell; a second click hides them."""
        self._cell = None if self._cell == (label, guess) else (label, guess)
        self._draw()

    def _draw(self) -> None:
        judgement, experiment = self._judgement, self._experiment
        counts = judgement.evaluation.confusion if judgement else None
        if judgement is None or counts is None or experiment is None or experiment.dataset is None:
            self._why.setText((why_not(experiment) if experiment else "") or _NOT_YET)
            self._why.show()
            for widget in (self._why, self._told, self.matrix, self._about, self._behind, self.gallery):
                widget.hide()
            return
        names = tuple(experiment.dataset.class_name(number) for number in range(len(counts)))
        self._why.hide()
        self._told.set_text(*judgement.texts)
        self._told.setToolTip(judgement.texts[0])
        self._told.show()
        self.matrix.show_counts(counts, names)
        self.matrix.choose(self._cell)
        self.matrix.show()
        self._about.setVisible(self._cell is None)
        self._draw_samples(judgement, names)

    def _draw_samples(self, judgement: Judgement, names: tuple[str, ...]) -> None:
        self._behind.setVisible(self._cell is not None)
        self.gallery.setVisible(self._cell is not None)
        if self._cell is None:
            return
        label, guess = self._cell
        samples = judgement.evaluation.taken(label, guess).tolist()
        what = "found" if label == guess else f"taken for {names[guess]}"
        self._behind.set_text(f"{len(samples):,} of class {names[label]} {what}")
        self.gallery.show_samples(self._thumbnails, samples)

    def _lay_out(self) -> None:
        self._about.set_text(_WHAT, _SHORT)
        self._about.setToolTip(_WHAT)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 4)
        column.setSpacing(4)
        for widget in (self._why, self._told, self.matrix, self._about, self._behind, self.gallery):
            column.addWidget(widget)
        column.addStretch(1)
