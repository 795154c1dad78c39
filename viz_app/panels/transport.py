"""The transport: walk the run, play it, and say where in it we are."""

import itertools
from collections.abc import Sequence
from math import ceil, inf

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from core.experiment import Experiment
from core.run.training import Progress
from viz_app.frame import walking
from viz_app.frame.frame import Frame
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Tone
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.reading import Bounds
from viz_app.widgets.icons import icon
from viz_app.widgets.texts.line import Line

_FARTHEST = 9999
_SPACING = 4
_BAR = 3
"""The height of the bar below, in pixels."""
_BUTTONS = (
    ("first", "First step of the iteration (Home)"),
    ("back", "Step back (←)"),
    ("play", "Play (Space)"),
    ("step", "Step (→)"),
    ("last", "Last step of the iteration (End)"),
    ("train", "Train (T)"),
    ("enter", "Step into the operation, cell by cell (↓)"),
    ("leave", "Step out of the operation (↑)"),
    ("restart", "Restart with the same seed (R)"),
)


class TransportPanel(QWidget):
    """Buttons for every move, the speed, and the place as numbers that can be typed.

    Parameters
    ----------
    speeds : sequence of float
        The speeds that can be chosen, in moves a second.
    """

    action_requested = Signal(str)
    """The name of the action that a button stands for."""
    speed_requested = Signal(float)
    iteration_requested = Signal(int)
    step_requested = Signal(int)

    def __init__(self, speeds: Sequence[float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None
        self._playing = self._training = False
        self._progress: Progress | None = None
        self._place: tuple[str, ...] = ("",)
        self._em = 13.0
        self._choices: dict[QWidget, bool] = {}
        """Whether there is anything to choose in a field; without it, it is not shown."""
        self.buttons = {name: self._button(name, tip) for name, tip in _BUTTONS}
        self._speed = QComboBox()
        self._speed.setToolTip("Speed of playing (+ and −)")
        self._speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for speed in speeds:
            self._speed.addItem(f"{speed:g} / s", speed)
        self._iteration = _place_field("Iteration; type a number to go there", _FARTHEST)
        self._step = _place_field("Step of the iteration; type a number to go there", 0)
        self._where = Line()
        self._lay_out()
        self._connect_signals()

    def show_frame(self, frame: Frame) -> None:
        """Say where a frame is."""
        last = len(frame.program.steps) - 1
        for box, value, most in (
            (self._iteration, frame.cursor.iteration, max(_FARTHEST, frame.cursor.iteration)),
            (self._step, frame.cursor.step, last),
        ):
            box.blockSignals(True)
            box.setMaximum(most)
            box.setValue(value)
            box.blockSignals(False)
        inside = f"cell {frame.cursor.cell}" if frame.cursor.cell is not None else ""
        of = f"of 0–{last}" if last else ""
        self._choices = {self._iteration: bool(frame.program.updates) or frame.inference, self._step: last > 0}
        forms = (of, frame.phase.value, inside), (of, inside), (of,)
        self._place = tuple(" · ".join(filter(None, form)) for form in forms)
        self._tell()
        for field, wanted in self._choices.items():
            field.setVisible(wanted)
        self._make_room()
        possible = walking.possible(frame.program, frame.cursor, frame.outline, out=frame.leads_out)
        for move in walking.Move:
            if move in self.buttons:
                self.buttons[move].setEnabled(move in possible)

    def show_playing(self, playing: bool) -> None:
        """Make the play button a pause button, or a play button again."""
        self._playing = playing
        self.buttons["play"].setToolTip("Pause (Space)" if playing else "Play (Space)")
        self._draw_icons()

    def show_experiment(self, experiment: Experiment) -> None:
        """Offer to train what can be trained."""
        self.buttons["train"].setVisible(experiment.trainable)
        self._progress = None
        self._tell()

    def show_training(self, training: bool) -> None:
        """Make the train button a pause button, or a train button again."""
        self._training = training
        self.buttons["train"].setToolTip("Pause training (T)" if training else "Train (T)")
        self._draw_icons()
        self._tell()

    def show_progress(self, progress: Progress) -> None:
        """Say how far training has come."""
        self._progress = progress
        self._tell()

    def _tell(self) -> None:
        """Say where the frame is, or how far training has come, which a bar below shows as well."""
        told = progress_forms(self._progress) if self._training and self._progress else self._place
        self._where.set_text(*told)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        progress = self._progress
        if self._training and self._theme and progress and progress.end:
            share = min(progress.epochs / progress.end, 1.0)
            bar = QRectF(0, self.height() - _BAR, share * self.width(), _BAR)
            painter = QPainter(self)
            painter.fillRect(bar, self._theme.color(Tone.ACCENT))
            painter.end()

    def show_speed(self, speed: float) -> None:
        """Choose the entry of a speed."""
        self._speed.setCurrentIndex(self._speed.findData(speed))

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in the colours of a theme."""
        self._theme = theme
        self._draw_icons()

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        for box in (self._iteration, self._step):
            box.setFixedWidth(round(5.6 * em))
        self._draw_icons()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(
            hint.width()
            - sum(self._taken_by(widget) for widget in itertools.chain(*self._optional) if not widget.isHidden()),
            hint.height(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Leave out the words, and then the speed, which has keys, where the place would have no room beside them."""
        room = self.width() - self.minimumSizeHint().width()
        room -= max(self._where.least_width - self._where.minimumSizeHint().width(), 0)
        for widgets in self._optional:
            wanted = [widget for widget in widgets if self._is_wanted(widget)]
            room -= sum(self._taken_by(widget) for widget in wanted)
            for widget in widgets:
                widget.setVisible(room >= 0 and widget in wanted)

    def _is_wanted(self, widget: QWidget) -> bool:
        """Tell whether a widget, or the field that it names, has anything to choose."""
        field = widget.buddy() if isinstance(widget, QLabel) else widget
        return self._choices.get(field, True)

    def _taken_by(self, widget: QWidget) -> int:
        return widget.minimumSizeHint().width() + _SPACING

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setObjectName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoRepeat(name in ("back", "step"))
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 2)
        row.setSpacing(_SPACING)
        for name in ("first", "back", "play", "step", "last"):
            row.addWidget(self.buttons[name])
        row.addWidget(self._speed)
        row.addSpacing(10)
        row.addWidget(self.buttons["train"])
        row.addSpacing(10)
        for name in ("enter", "leave"):
            row.addWidget(self.buttons[name])
        row.addSpacing(10)
        words = QLabel("Iteration"), QLabel("Step")
        for word, field in zip(words, (self._iteration, self._step), strict=True):
            word.setBuddy(field)
        for widget in (words[0], self._iteration, words[1], self._step):
            row.addWidget(widget)
        self._optional: tuple[tuple[QWidget, ...], ...] = (self._speed,), words
        row.addWidget(self._where, 1)
        row.addWidget(self.buttons["restart"])

    def _connect_signals(self) -> None:
        for button in self.buttons.values():
            button.clicked.connect(self._ask_action)
        self._speed.activated.connect(self._ask_speed)
        self._iteration.valueChanged.connect(self._ask_iteration)
        self._step.valueChanged.connect(self._ask_step)

    def _ask_action(self) -> None:
        self.action_requested.emit(self.sender().objectName())

    def _ask_speed(self) -> None:
        self.speed_requested.emit(self._speed.currentData())

    def _ask_iteration(self, iteration: int) -> None:
        self.iteration_requested.emit(iteration)

    def _ask_step(self, step: int) -> None:
        self.step_requested.emit(step)

    def _draw_icons(self) -> None:
        if self._theme is None:
            return
        size = round(1.5 * self._em)
        for name, button in self.buttons.items():
            runs = self._playing if name == "play" else self._training and name == "train"
            shown = "pause" if runs else name
            button.setIcon(icon(shown, self._theme))
            button.setIconSize(QSize(size, size))


def progress_forms(progress: Progress) -> tuple[str, ...]:
    """Return in words how far training has come, in shorter and shorter forms."""
    end = f" of {progress.end:g}" if progress.end else ""
    current = min(int(progress.epochs) + 1, ceil(progress.end) if progress.end else inf)
    epoch = f"epoch {current:,}{end}"
    batch = f"batch {progress.batch} of {progress.batches}"
    speed = f"{progress.speed:,.0f} samples/s" if progress.speed else ""
    left = f"{duration(progress.left)} left" if progress.left is not None else ""
    parts = [part for part in (epoch, batch, speed, left) if part]
    return " · ".join(parts), " · ".join(part for part in (epoch, left) if part), epoch


def duration(seconds: float) -> str:
    """Return seconds as a person says them: ``12 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60:,} h {minutes % 60} min"


def _place_field(tip: str, most: int) -> NumberField:
    return NumberField(Bounds(0, most, whole=True), tip)
