"""The quiz below the stage: what is asked, a field for the answer, what it is worth, and the score."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QToolButton, QWidget

from viz_app.frame.frame import Frame
from viz_app.frame.quiz.covering import Extent, Question
from viz_app.frame.quiz.marking import Marked, digits_asked
from viz_app.frame.words.live import COVERED
from viz_app.frame.words.numbers import number, place
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Tone
from viz_app.widgets.icons import icon
from viz_app.widgets.texts.line import Line

_EXTENTS = ((Extent.RESULT, "The whole result"), (Extent.CELL, "The asked cell"))
_LONGEST = 60
"""So many characters can be typed; more than a number has are told to be none."""
_SENTENCE = 21.0
"""The room that a sentence on the answer is given, in sizes of its text."""
_WIDTH = 7.5
"""The width of the field, in sizes of its text."""


class QuizPanel(QWidget):
    """Ask for the covered number of a frame; it is there while there is a quiz."""

    answered = Signal(str)
    reveal_requested = Signal()
    extent_requested = Signal(object)
    end_requested = Signal()
    left = Signal()
    """The field has done its work: the stage may have the keyboard again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Quiz")
        self._theme: Theme | None = None
        self._em = 13.0
        self._asked: tuple[int, str, tuple[int, ...]] | None = None
        self._question, self._score = QLabel(), QLabel("Right: 0/0")
        self._question.setObjectName("question")
        self._score.setToolTip("How many answers were right the first time")
        self._field = QLineEdit()
        self._field.setMaxLength(_LONGEST)
        self._field.setAccessibleName("Your answer")
        self._field.setPlaceholderText("answer")
        self._check, self._reveal = QPushButton("Check"), QPushButton("Reveal")
        self._said = Line(margin=4)
        self._said.setObjectName("said")
        self._extent = QComboBox()
        self._extent.setToolTip("What the quiz covers")
        self._extent.setAccessibleName("What the quiz covers")
        for extent, text in _EXTENTS:
            self._extent.addItem(text, extent)
        self._end = QToolButton()
        self._end.setToolTip("End the quiz (Q)")
        self._end.setAccessibleName("End the quiz")
        self._row = QHBoxLayout(self)
        self._lay_out()
        self._connect_signals()
        self.hide()

    @property
    def field(self) -> QLineEdit:
        """Where the answer is typed."""
        return self._field

    @property
    def said(self) -> str:
        """What is said of the answer, or how it is given."""
        return self._said.text

    @property
    def score(self) -> str:
        """The score that is shown."""
        return self._score.text()

    def show_frame(self, frame: Frame) -> None:
        """Ask for what is covered of a frame."""
        question = frame.question
        self.setVisible(question is not None)
        if question is None:
            self._asked = None
            return
        asked = frame.cursor.iteration, frame.result.key, question.index
        if asked != self._asked:
            self._asked = asked
            self._field.clear()
            self._say(*_hints(digits_asked()), tone=Tone.MUTED)
        self._question.setText(_asked(frame, question))
        for widget in (self._field, self._check):
            widget.setEnabled(question.asks)
        self._reveal.setEnabled(question.covers)
        self._extent.setCurrentIndex(self._extent.findData(question.cover.extent))

    def show_marked(self, marked: Marked) -> None:
        """Say what the answer was worth."""
        self._say(*filter(None, (marked.sentence, marked.short)), tone=Tone.UPDATE if marked.right else Tone.WARNING)
        if marked.right:
            self._field.clear()
            self.left.emit()
        else:
            self._field.selectAll()

    def show_score(self, score: object) -> None:
        """Show how often an answer was right."""
        self._score.setText(f"Right: {score}")

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self._end.setIcon(icon("close", theme))

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        self._field.setFixedWidth(round(_WIDTH * em))
        side, margin = round(em), round(0.7 * em)
        self._end.setIconSize(QSize(side, side))
        self._row.setContentsMargins(margin, round(0.3 * em), margin, round(0.3 * em))
        self._row.setSpacing(round(0.6 * em))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Leave out what the quiz covers, which is in the menu, too, where sentences would have no room beside it."""
        beside = sum(widget.sizeHint().width() + self._row.spacing() for widget in (*self._asked_by, *self._done_by))
        self._extent.setVisible(self.width() >= beside + _SENTENCE * self._em)

    def begin(self) -> None:
        """Let the answer be typed."""
        if self._field.isEnabled():
            self._field.setFocus()
            self._field.selectAll()

    def _say(self, *forms: str, tone: Tone) -> None:
        self._said.set_text(*forms)
        if self._theme is not None:
            colors = self._said.palette()
            colors.setColor(self._said.foregroundRole(), self._theme.color(tone))
            self._said.setPalette(colors)

    def _ask_check(self) -> None:
        text = self._field.text()
        if text.strip():
            self.answered.emit(text)

    def _ask_extent(self) -> None:
        self.extent_requested.emit(Extent(self._extent.currentData()))

    def _lay_out(self) -> None:
        row = self._row
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._asked_by: tuple[QWidget, ...] = (self._question, self._field, self._check)
        self._done_by: tuple[QWidget, ...] = (self._extent, self._reveal, self._score, self._end)
        widgets: tuple[QWidget, ...] = (*self._asked_by, self._said, *self._done_by)
        for widget in widgets:
            row.addWidget(widget, int(widget is self._said))

    def _connect_signals(self) -> None:
        self._field.returnPressed.connect(self._ask_check)
        self._check.clicked.connect(self._ask_check)
        self._reveal.clicked.connect(self.reveal_requested)
        self._extent.activated.connect(self._ask_extent)
        self._end.clicked.connect(self.end_requested)


def _hints(digits: int) -> tuple[str, ...]:
    """Return how the answer is given, and shorter forms of it."""
    return (
        f"Type it to {digits} digits (A), or reveal it (Return); click a cell to ask for it, twice to reveal it.",
        f"Type it to {digits} digits (A), or reveal it (Return).",
        f"To {digits} digits.",
    )


def _asked(frame: Frame, question: Question) -> str:
    """Return what is asked, with the answer once it is not covered; of a block that is folded, where to go."""
    if frame.block is not None:
        return "Step into the block: its steps are asked for."
    array = frame.result.array
    answer = COVERED if question.asks or array is None else number(float(array[question.index]))
    return f"{frame.result.name}{place(question.index)} = {answer}"
