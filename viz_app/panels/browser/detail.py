"""One sample of the browser: its picture, its numbers, its target, and what can be done with it."""

from math import prod

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.data.dataset import Dataset
from viz_app.frame.told.browsing import Browsed
from viz_app.frame.words.numbers import number, numbers
from viz_app.paint.theme import LIGHT, Theme
from viz_app.paint.thumbnails import Thumbnails
from viz_app.widgets.fields.target_editor import TargetEditor

_LINES = 11
"""The side of the picture, in lines of text."""
_MOST_INPUTS = 32
"""Samples of more numbers are pictures rather than lists."""


class SamplePicture(QWidget):
    """A sample, as large as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails: Thumbnails | None = None
        self._sample = 0
        self._theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_sample(self, thumbnails: Thumbnails, sample: int) -> None:
        """Show a sample."""
        self._thumbnails, self._sample = thumbnails, sample
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        side = _LINES * self.fontMetrics().height()
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._thumbnails is None:
            return
        side = min(self.width(), self.height()) - 2
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(box, QColor(self._theme.base))
            self._thumbnails.paint(painter, self._sample, box)
            painter.setPen(QPen(QColor(self._theme.border), 1))
            painter.drawRect(box)


class SampleDetail(QWidget):
    """What there is to see of one sample, and to do with it."""

    look_requested = Signal(int)
    start_requested = Signal(int)
    target_requested = Signal(int, object)
    undo_requested = Signal(int)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sample: int | None = None
        self.picture, self.target = SamplePicture(), TargetEditor()
        self.title, self.part = _label("name"), _label("hint")
        self._target_name = _label("hint", "Target")
        self.original, self.guess, self.numbers = _label("hint"), _label("answer"), _label("listing")
        self.undo = QPushButton("Undo")
        self.look, self.start = QPushButton("Look at it"), QPushButton("Start from it")
        self._prepare()
        self._lay_out()

    def show_sample(self, browsed: Browsed | None, thumbnails: Thumbnails | None, sample: int | None) -> None:
        """Show a sample; nothing where there is none."""
        self._sample = sample
        for widget in self._parts:
            widget.setVisible(sample is not None)
        if browsed is None or thumbnails is None or sample is None:
            return
        told, guess = browsed.told(sample), browsed.guess(sample)
        self.picture.show_sample(thumbnails, sample)
        self.title.setText(f"Sample {told.number}")
        part = "Held back from training" if sample in browsed.held_back else "Trained on"
        names = browsed.dataset.sample_names
        self.part.setText(part if names is None else f"{names[sample]}\n{part}")
        self.target.show_target(browsed.dataset, sample)
        self._show_original(browsed, sample)
        self.guess.setVisible(guess is not None)
        if guess is not None:
            self.guess.setText(f"The network takes it for {browsed.dataset.class_name(guess)}.")
        numbers = inputs_text(browsed.dataset, sample)
        self.numbers.setVisible(bool(numbers))
        self.numbers.setText(numbers)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.picture.set_theme(theme)

    def _show_original(self, browsed: Browsed, sample: int) -> None:
        changed = sample in browsed.originals
        self.original.setVisible(changed)
        self.undo.setVisible(changed)
        if changed:
            self.original.setText(f"Changed; it came as {original_text(browsed, sample)}.")

    @property
    def _parts(self) -> tuple[QWidget, ...]:
        told = self.picture, self.title, self.part, self._target_name, self.target, self.original, self.guess
        return (*told, self.numbers, self.undo, self.look, self.start)

    def _prepare(self) -> None:
        for label in (self.part, self.original, self.guess, self.numbers):
            label.setWordWrap(True)
        self.look.setProperty("primary", True)
        self.look.setToolTip("The iteration that is shown takes this sample first (double click, Return)")
        self.start.setToolTip("Iteration 0 begins with this sample, and later ones go on from there")
        self.undo.setToolTip("Give the sample the target that it came with")
        for button in (self.look, self.start, self.undo):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.look.clicked.connect(self._ask_look)
        self.start.clicked.connect(self._ask_start)
        self.undo.clicked.connect(self._ask_undo)
        self.target.target_requested.connect(self._ask_target)
        self.target.refused.connect(self.refused)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(6)
        told = self.picture, self.title, self.part, self.guess, self._target_name, self.target, self.original, self.undo
        for widget in told:
            column.addWidget(widget)
        for widget in (self.numbers, self.look, self.start):
            column.addWidget(widget)
        column.addStretch(1)

    def _ask_look(self) -> None:
        if self._sample is not None:
            self.look_requested.emit(self._sample)

    def _ask_start(self) -> None:
        if self._sample is not None:
            self.start_requested.emit(self._sample)

    def _ask_undo(self) -> None:
        if self._sample is not None:
            self.undo_requested.emit(self._sample)

    def _ask_target(self, target: object) -> None:
        if self._sample is not None:
            self.target_requested.emit(self._sample, target)


def original_text(browsed: Browsed, sample: int) -> str:
    """Return the target that a sample came with, as it is told."""
    original = browsed.originals[sample]
    if browsed.dataset.labels is not None:
        return browsed.dataset.class_name(int(original.argmax()))
    return numbers(original)


def inputs_text(dataset: Dataset, sample: int) -> str:
    """Return the numbers of a sample with their names; nothing for images, and for more than a few."""
    if dataset.picture_shape is not None or prod(dataset.sample_shape) > _MOST_INPUTS:
        return ""
    told = [number(float(n)) for n in dataset.inputs[sample].ravel()]
    if dataset.column_names is None:
        return "  ".join(told)
    return "\n".join(f"{name}: {text}" for name, text in zip(dataset.column_names, told, strict=True))


def _label(name: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    return label
