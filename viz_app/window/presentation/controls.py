"""The controls of the presentation: they come when the mouse moves, and go when it rests."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSpacerItem, QToolButton, QWidget

from core.values import Phase
from viz_app.frame import walking
from viz_app.frame.frame import Frame
from viz_app.paint.theme import Theme
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.reading import Bounds
from viz_app.widgets.icons import icon

_FARTHEST = 9999
_MOVES = (
    ("back", "Step back (←, Page up)"),
    ("play", "Play (Space)"),
    ("step", "Step (→, Page down)"),
    ("enter", "Step into the operation, cell by cell (↓)"),
    ("leave", "Step out of the operation (↑)"),
)
_MEANS = (
    ("pointer", "Pointer: dot, spotlight, none (L)"),
    ("black", "Black screen (B or .)"),
    ("notes", "Notes (N)"),
    ("quiz", "Quiz: cover the results (Q)"),
    ("close", "End the presentation (Esc)"),
)
_CHECKED = "pointer", "notes", "quiz"
"""Those that are on or off."""
_ICON = 1.5
"""The side of an icon, in sizes of the text."""


class ControlBar(QFrame):
    """Moves, phases, the iteration, and the means of a presentation, as buttons.

    Every button asks for what it is named after; the window says what it does.
    """

    requested = Signal(str)
    """The name of a move, or of a means of the presentation."""
    phase_requested = Signal(object)
    iteration_requested = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("controls")
        self.setAccessibleName("Controls of the presentation")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._theme: Theme | None = None
        self._playing, self._em = False, 13.0
        self.buttons = {name: self._button(name, tip) for name, tip in (*_MOVES, *_MEANS)}
        for name in _CHECKED:
            self.buttons[name].setCheckable(True)
        self.phases = {phase: self._chip(phase) for phase in Phase}
        self._words = QLabel("Iteration")
        self._iteration = NumberField(Bounds(0, _FARTHEST, whole=True), "Iteration; type a number to go there")
        self._iteration.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._words.setBuddy(self._iteration)
        self._iteration.valueChanged.connect(self._ask_iteration)
        self._row, self._gaps = QHBoxLayout(self), [QSpacerItem(0, 0) for _ in self._groups()[1:]]
        for number, group in enumerate(self._groups()):
            if number:
                self._row.addSpacerItem(self._gaps[number - 1])
            for widget in group:
                self._row.addWidget(widget)

    @property
    def in_use(self) -> bool:
        """Whether the mouse is on them, or a number is typed: then they stay."""
        return self.underMouse() or self._iteration.hasFocus()

    @property
    def field(self) -> NumberField:
        """Where an iteration is typed."""
        return self._iteration

    def show_frame(self, frame: Frame) -> None:
        """Offer the moves that lead elsewhere, and the phases that there are."""
        possible = walking.possible(frame.program, frame.cursor, frame.outline, out=frame.leads_out)
        for move in walking.Move:
            if move in self.buttons:
                self.buttons[move].setEnabled(move in possible)
        self.buttons["quiz"].setChecked(frame.question is not None)
        phases = {step.phase for step in frame.program.steps}
        for phase, chip in self.phases.items():
            chip.setVisible(phase in phases and len(phases) > 1)
            chip.setChecked(phase is frame.phase)
        for widget in (self._words, self._iteration):
            widget.setVisible(bool(frame.program.updates))
        self._iteration.blockSignals(True)
        self._iteration.setMaximum(max(_FARTHEST, frame.cursor.iteration))
        self._iteration.setValue(frame.cursor.iteration)
        self._iteration.blockSignals(False)

    def show_playing(self, playing: bool) -> None:
        """Make the play button a pause button, or a play button again."""
        self._playing = playing
        self.buttons["play"].setToolTip("Pause (Space)" if playing else "Play (Space)")
        self._draw_icons()

    def show_means(self, on: Mapping[str, bool]) -> None:
        """Tick the means that are on."""
        for name, checked in on.items():
            self.buttons[name].setChecked(checked)

    def set_look(self, theme: Theme, em: float) -> None:
        """Take the colours of a theme, and a size of text, in pixels."""
        self._theme, self._em = theme, em
        self._iteration.setFixedWidth(round(5.6 * em))
        margin = round(0.6 * em)
        self._row.setContentsMargins(margin, margin, margin, margin)
        self._row.setSpacing(round(0.35 * em))
        for item in self._gaps:
            item.changeSize(round(0.9 * em), 0)
        self._draw_icons()
        self.adjustSize()

    def _groups(self) -> Sequence[Sequence[QWidget]]:
        return (
            [self.buttons[name] for name, _ in _MOVES],
            list(self.phases.values()),
            [self._words, self._iteration],
            [self.buttons[name] for name, _ in _MEANS],
        )

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAutoRepeat(name in ("back", "step"))
        button.clicked.connect(self._ask)
        return button

    def _chip(self, phase: Phase) -> QToolButton:
        chip = QToolButton(self)
        chip.setText(phase.value.capitalize())
        chip.setToolTip(f"Go to the first step of the {phase.value} phase")
        chip.setCheckable(True)
        chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chip.clicked.connect(self._ask_phase)
        return chip

    def _ask(self) -> None:
        self.requested.emit(self.sender().objectName())

    def _ask_phase(self) -> None:
        phase = next(phase for phase, chip in self.phases.items() if chip is self.sender())
        self.phases[phase].setChecked(True)  # until the frame says where it is
        self.phase_requested.emit(phase)

    def _ask_iteration(self, iteration: int) -> None:
        self.iteration_requested.emit(iteration)

    def _draw_icons(self) -> None:
        if self._theme is None:
            return
        size = round(_ICON * self._em)
        for name, button in self.buttons.items():
            button.setIcon(icon("pause" if name == "play" and self._playing else name, self._theme))
            button.setIconSize(QSize(size, size))
