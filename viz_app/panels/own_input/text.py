"""Type a text, and let the network continue it token by token."""

from html import escape

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from core.experiment import Experiment
from core.options import OptionError
from core.writing import Taste, why_not_writing
from viz_app.frame.told.answers import MOST_TOKENS
from viz_app.frame.told.written import Wish, Written
from viz_app.paint.theme import LIGHT, Theme
from viz_app.panels.own_input.page import InputPage
from viz_app.picture.elements import Tone
from viz_app.widgets.charts.prediction_bars import PredictionBars
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.reading import Bounds

_ALL = 0
"""What stands for no limit in the field of top-k."""
_FIELD = 7.0
"""The width of a field for a number, in sizes of its text."""
_BARS = 20.0
"""How wide the bars are, in sizes of the text."""
_HINTS = {
    "temperature": "0 takes the likeliest token; the higher, the likelier are others",
    "top_k": "Draw from so many of the likeliest tokens alone; 0 is all",
    "seed": "The same seed continues the same text in the same way",
}


class TextPage(InputPage):
    """A text, what came after it, and how likely each token is to come next.

    Whatever is shown on the stage is the pass of this text, once it has been asked for.
    """

    title = "&Text"
    answers_itself = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._written = LIGHT, Written()
        self.text = QLineEdit(placeholderText="Type a text, such as: the ri", maxLength=2_000)
        self.text.setAccessibleName("Text to continue")
        self.came = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self.came.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.came.setAccessibleName("The text and what came after it")
        self.note, self.reason = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.note.setObjectName("hint")
        self.reason.setObjectName("reason")
        self.bars = PredictionBars(MOST_TOKENS)
        self.bars.setAccessibleName("How likely each token is to come next")
        taste = Taste()
        self.temperature = _number(Bounds(0, 100), "Temperature", taste.temperature)
        self.top_k = _number(Bounds(_ALL, 10_000, whole=True), "Top-k", taste.top_k or _ALL)
        self.seed = _number(Bounds(0, 999_999_999, whole=True), "Seed", taste.seed)
        self.next = _button("&Next token", "Let the network write one token, and show the pass of the text with it")
        self.on = _button("&Write on", "Let it write token after token")
        self.stop = _button("&Stop", "Let it write no more")
        self.again = _button("&Begin again", "Forget what came, and keep what was typed")
        self.step = _button("Step this &pass", "Show the forward pass of this text on the stage, to be stepped")
        self.trained = _button("Trained weights", "Start again from the trained weights that are shipped")
        self._buttons = {
            self.next: Wish.NEXT,
            self.on: Wish.ON,
            self.stop: Wish.STOP,
            self.again: Wish.AGAIN,
            self.step: Wish.STEP,
            self.trained: Wish.TRAINED,
        }
        self._lay_out()
        self.text.textEdited.connect(self.text_typed)
        self.text.returnPressed.connect(self._ask_next)
        for field in (self.temperature, self.top_k, self.seed):
            field.valueChanged.connect(self._choose)
            field.refused.connect(self.reason.setText)
        for button in self._buttons:
            button.clicked.connect(self._wish)
        self.show_written(self._written)

    def unfit(self, experiment: Experiment) -> str:
        """Only what reads text can continue it."""
        return why_not_writing(experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what is open; the text stays."""

    def show_written(self, written: Written) -> None:
        """Show what there is of the text, and how likely each token is to come next."""
        self._written = written
        if written.typed != self.text.text() and not self.text.hasFocus():
            self.text.setText(written.typed)
        self._show_taste(written.taste)
        self._show_text()
        self.bars.show_answers(written.answers)
        refused = written.refusal if written.typed else ""
        self.reason.setText(refused)
        self.reason.setVisible(bool(refused))
        self.note.setText(" ".join(self._notes()))
        ready = bool(written.typed) and not written.refusal
        for button in (self.next, self.on, self.step):
            button.setEnabled(ready)
        self.on.setEnabled(ready and not written.going)
        self.stop.setEnabled(written.going)
        self.again.setEnabled(bool(written.came))
        self.trained.setVisible(written.untrained)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.bars.set_theme(theme)
        self._show_text()

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        for field in (self.temperature, self.top_k, self.seed):
            field.setFixedWidth(round(_FIELD * em))
        self.bars.setFixedWidth(round(_BARS * em))

    def _notes(self) -> list[str]:
        written, told = self._written, []
        if written.cut is not None:
            told.append(f"The text is longer than the network sees: it reads the last {written.cut} characters.")
        if written.untrained:
            told.append("These weights have learnt nothing yet, so any letter may come.")
        if written.shown:
            told.append("The stage shows the pass of this text; Inference in the menu Run leads back to the data.")
        return told

    def _show_text(self) -> None:
        muted, strong = (self._theme.color(tone).name() for tone in (Tone.MUTED, Tone.TEXT))
        typed, came = (escape(part).replace(" ", "&nbsp;<wbr>") for part in (self._written.typed, self._written.came))
        self.came.setText(
            f'<span style="font-size:large"><span style="color:{muted}">{typed}</span>'
            f'<b style="color:{strong}">{came}</b></span>'
        )

    def _show_taste(self, taste: Taste) -> None:
        """Show how tokens are chosen where it was chosen elsewhere: by a session that was opened."""
        numbers = ((self.temperature, taste.temperature), (self.top_k, taste.top_k or _ALL), (self.seed, taste.seed))
        for field, number in numbers:
            if field.value() != number:
                with QSignalBlocker(field):
                    field.setValue(number)

    def _choose(self) -> None:
        top_k = int(self.top_k.value()) or None
        try:
            taste = Taste(float(self.temperature.value()), top_k, int(self.seed.value()))
        except OptionError as error:
            self.reason.setText(str(error))
        else:
            self.taste_chosen.emit(taste)

    def _ask_next(self) -> None:
        if self.next.isEnabled():
            self.wished.emit(Wish.NEXT)

    def _wish(self) -> None:
        button = self.sender()
        assert isinstance(button, QPushButton)
        self.wished.emit(self._buttons[button])

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addWidget(self.text)
        column.addWidget(self.reason)
        column.addWidget(self.came)
        column.addLayout(_row(self.next, self.on, self.stop, self.again))
        column.addLayout(self._numbers())
        column.addStretch(1)
        column.addWidget(self.note)
        column.addLayout(_row(self.step, self.trained))
        heading = QLabel("What may come next")
        heading.setObjectName("summary")
        beside = QVBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(heading)
        beside.addWidget(self.bars)
        beside.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(10, 10, 10, 10)
        whole.setSpacing(16)
        whole.addLayout(column, 1)
        whole.addLayout(beside)

    def _numbers(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        fields = (("Temperature", self.temperature, "temperature"), ("Top-k (0 is all)", self.top_k, "top_k"))
        for place, (name, field, hint) in enumerate((*fields, ("Seed", self.seed, "seed"))):
            field.setToolTip(_HINTS[hint])
            grid.addWidget(QLabel(name), 0, place)
            grid.addWidget(field, 1, place, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(3, 1)
        return grid


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _number(bounds: Bounds, name: str, value: float) -> NumberField:
    field = NumberField(bounds, name)
    field.setValue(value)
    return field


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text, autoDefault=False)
    button.setToolTip(tip)
    return button
