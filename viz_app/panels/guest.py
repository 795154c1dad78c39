"""The guest: what of a person's own, or of the data out of turn, is stepped now, and what the network makes of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.experiment import Experiment
from viz_app.frame.told.answers import answers_of
from viz_app.frame.told.visited import Visited
from viz_app.frame.words.numbers import numbers
from viz_app.paint.theme import Theme
from viz_app.widgets.charts.prediction_bars import PredictionBars
from viz_app.widgets.fields.choice import choice_box
from viz_app.widgets.samples.guest_thumbnail import GuestThumbnail
from viz_app.widgets.texts.line import Line

_SHOWN = 4
"""Numbers of a target that are written out."""


class GuestPanel(QWidget):
    """Show a guest, its label, and the network's answers; hidden while nobody visits."""

    label_requested = Signal(object)
    """The number of a class, or ``None`` for the network's own guess."""
    leave_requested = Signal()
    learn_requested = Signal()
    """To learn from the guest, or to take that back."""
    appeared = Signal()
    """It is there now, or gone: there is other room for what stands beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._visited: Visited | None = None
        self._listed: tuple[str, ...] = ()
        self.thumbnail, self.bars = GuestThumbnail(), PredictionBars()
        self._title, self._where = Line(), Line()
        self._label = choice_box("The class of the guest")
        self._target, self._said = Line(), QLabel()
        self._back, self._learn = QPushButton("Back to data"), QPushButton("Let it learn")
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._prepare()
        self._lay_out()
        self.hide()

    @property
    def title(self) -> str:
        """What it says that the guest is."""
        return self._title.text

    @property
    def where(self) -> str:
        """What it says of the place of the guest in the run."""
        return self._where.text

    @property
    def target(self) -> str:
        """What it says that the guest is asked for, where nobody chooses that."""
        return "" if self._target.isHidden() else self._target.text

    @property
    def said(self) -> str:
        """What it says of the run."""
        return self._said.text()

    def show_experiment(self, experiment: Experiment) -> None:
        """Learn what the outputs stand for."""
        self._experiment = experiment

    def show_visited(self, visited: Visited | None) -> None:
        """Show a guest, or that there is none any more."""
        before, self._visited = self._visited, visited
        if visited is not None:
            self._show(visited, before)
        if self.isHidden() is not (visited is None):
            self.setVisible(visited is not None)
            self.appeared.emit()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.thumbnail.set_theme(theme)
        self.bars.set_theme(theme)

    def _show(self, visited: Visited, before: Visited | None) -> None:
        assert self._experiment is not None
        guest = visited.guest
        if before is None or before.guest is not guest or before.guess != visited.guess:
            self.thumbnail.show_guest(guest, self._experiment.dataset_at(visited.iteration), visited.target)
        self._title.set_text(guest.title)
        self._title.setToolTip(guest.title)
        self._where.set_text(*_where(visited))
        self._where.setToolTip(self._where.text)
        self._show_target(visited)
        outputs = visited.outputs
        answers = () if outputs is None else answers_of(self._experiment, outputs, visited.guest.target)
        self.bars.setVisible(bool(answers))
        self.bars.set_rows(max(len(answers), 1))
        self.bars.show_answers(answers)
        self._said.setText(_said(visited))
        self._said.setVisible(visited.learns)
        self._learn.setVisible(visited.learns)
        self._learn.setText("Learnt: take back" if visited.learnt else "Let it learn")
        self._learn.setToolTip(_WHAT_TAKING_BACK_DOES if visited.learnt else _WHAT_LEARNING_DOES)

    def _show_target(self, visited: Visited) -> None:
        """Show the classes to choose from, or else what is asked for: the class of a sample of the data, or numbers."""
        chosen = bool(visited.classes) and visited.guest.sample is None
        self._label.setVisible(chosen)
        self._target.setVisible(not chosen and visited.target is not None)
        if visited.label is not None:
            self._target.set_text(f"Target: class {visited.classes[visited.label]}")
        elif visited.target is not None and visited.target.ndim > 1:  # a class for each token
            data = self._experiment.dataset if self._experiment is not None else None
            told = (data.class_name(k) if data else f"{k}" for k in visited.target.argmax(axis=-1).tolist())
            self._target.set_text(f"Target {''.join(told)}")
        elif visited.target is not None:
            self._target.set_text(f"Target {numbers(visited.target, most=_SHOWN)}")
        if visited.classes != self._listed:
            self._listed = visited.classes
            self._label.clear()
            if visited.classes:
                self._label.addItem("", None)
            for label, name in enumerate(visited.classes):
                self._label.addItem(f"Label {name}", label)
        if visited.classes:
            guess = "?" if visited.guess is None else visited.classes[visited.guess]
            self._label.setItemText(0, f"Network's guess: {guess}")
            self._label.setCurrentIndex(0 if visited.label is None else visited.label + 1)

    def _prepare(self) -> None:
        self._title.setObjectName("guest")
        self._said.setObjectName("hint")
        self._said.setWordWrap(True)
        self._label.setToolTip(_WHAT_A_LABEL_IS)
        self._said.setToolTip("Losses, curves, layers, watched numbers and halts are of the run")
        self._back.setToolTip("Show the run's own sample again, at the same step")
        for button in (self._back, self._learn):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._label.activated.connect(self._ask_label)
        self._back.clicked.connect(self.leave_requested)
        self._learn.clicked.connect(self.learn_requested)

    def _lay_out(self) -> None:
        beside = QVBoxLayout()
        beside.setSpacing(0)
        for widget in (self._title, self._where, self._said):
            beside.addWidget(widget)
        beside.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.thumbnail, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(beside, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._back, 1)
        buttons.addWidget(self._learn, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 6)
        column.setSpacing(6)
        column.addLayout(top)
        for part in (self._label, self._target, self.bars):
            column.addWidget(part)
        column.addLayout(buttons)

    def _ask_label(self) -> None:
        label = self._label.currentData()
        if self._visited is not None and label != self._visited.label:
            self.label_requested.emit(label)


_WHAT_A_LABEL_IS = "What it is: the loss is told from it. The network's own guess is its likeliest class"
_WHAT_LEARNING_DOES = "Let its update enter the run, in place of the first sample; what comes after is run anew"
_WHAT_TAKING_BACK_DOES = "Let this iteration learn from its own samples; what comes after is run anew"


def _where(visited: Visited) -> tuple[str, ...]:
    """Return where in the run the guest is, and shorter forms."""
    weights = f"weights of iteration {visited.iteration:,}"
    if visited.rows == 1:
        return f"On the {weights}", weights.capitalize(), f"Iteration {visited.iteration:,}"
    others = f"first of {visited.rows}"
    return f"On the {weights}, {others}", f"Iteration {visited.iteration:,}, {others}", others.capitalize()


def _said(visited: Visited) -> str:
    if visited.learnt:
        return "This iteration learns from it."
    return "The run does not learn from it."
