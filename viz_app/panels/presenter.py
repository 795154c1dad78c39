"""What the presenter sees beside the stage: what to say of the step, what comes next, and how long it has taken."""

import time
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from viz_app.frame import walking
from viz_app.frame.frame import Frame
from viz_app.frame.words.captions import title
from viz_app.frame.words.numbers import place
from viz_app.paint.theme import Theme
from viz_app.widgets.icons import icon

_TICK_MS = 250
_ICON = 1.2
"""The side of an icon, in sizes of the text."""


class PresenterPanel(QWidget):
    """The step's sentence, its reason, the next step and the time; it is there while something is presented.

    Parameters
    ----------
    clock : callable
        Returns seconds that only grow.
    """

    black_requested = Signal()
    end_requested = Signal()

    def __init__(self, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock, self._began = clock, 0.0
        self._time = _label("clock", wraps=False)
        self._time.setToolTip("How long the presentation has taken")
        self._again = self._button("restart", "Count the time from 0 again")
        self._black = self._button("black", "Black screen, or the stage again (B or . there)")
        self._end = self._button("close", "End the presentation (F5)")
        self._title, self._caption = _label("name"), _label("paragraph")
        self._reason, self._next = _label("paragraph"), _label("about")
        self._column = QVBoxLayout(self)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._ticking.timeout.connect(self._tell_time)
        self._again.clicked.connect(self.restart_clock)
        self._black.clicked.connect(self.black_requested)
        self._end.clicked.connect(self.end_requested)
        self._lay_out()
        self.hide()

    def show_frame(self, frame: Frame) -> None:
        """Say what there is to say of a step, and what comes after it."""
        self._title.setText(frame.title)
        self._caption.setText(frame.caption)
        self._reason.setText(frame.reason)
        self._next.setText(f"Next: {next_name(frame)}")

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        for name, button in (("restart", self._again), ("black", self._black), ("close", self._end)):
            button.setIcon(icon(name, theme))

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        side = round(_ICON * em)
        for button in (self._again, self._black, self._end):
            button.setIconSize(QSize(side, side))
        self._column.setContentsMargins(round(0.9 * em), round(0.6 * em), round(0.9 * em), round(0.7 * em))
        self._column.setSpacing(round(0.45 * em))

    def begin(self) -> None:
        """Be there, and count the time."""
        self.restart_clock()
        self._ticking.start()
        self.show()

    def end(self) -> None:
        """Be there no longer."""
        self._ticking.stop()
        self.hide()

    def restart_clock(self) -> None:
        """Count the time from 0."""
        self._began = self._clock()
        self._tell_time()

    def _tell_time(self) -> None:
        told = elapsed(self._clock() - self._began)
        if told != self._time.text():
            self._time.setText(told)

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        column, top = self._column, QHBoxLayout()
        top.addWidget(self._time, 1)
        for button in (self._again, self._black, self._end):
            top.addWidget(button)
        column.addLayout(top)
        for label in (self._title, self._caption, self._reason, self._next):
            column.addWidget(label)
        column.addStretch(1)


def next_name(frame: Frame) -> str:
    """Return what the next press of a key shows, as a person calls it."""
    cursor = walking.move(frame.program, frame.cursor, 1, frame.outline)
    if cursor == frame.cursor:
        return "nothing, this is the end."
    step = frame.program.steps[cursor.step]
    span = None if cursor.cell is not None else frame.outline.span_at(cursor.step)
    name = title(frame.program, step) if span is None else span.unit.title
    if cursor.cell is not None:
        cell = walking.index_of(frame.program, cursor)
        return f"{name}, cell {place(cell)}"
    again = f", iteration {cursor.iteration:,}" if cursor.iteration != frame.cursor.iteration else ""
    return f"{name}{again}"


def elapsed(seconds: float) -> str:
    """Return a time as a clock shows it: ``4:07``, ``1:04:07``."""
    minutes, second = divmod(int(max(seconds, 0)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def _label(name: str, *, wraps: bool = True) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    if wraps:
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
