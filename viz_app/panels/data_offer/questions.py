"""The questions that data ask, each with its control."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QWidget

from viz_app.reading.offer import Question
from viz_app.widgets.fields.choice import choice_box
from viz_app.widgets.fields.number_field import NumberField, narrow
from viz_app.widgets.fields.reading import Bounds

_UNANSWERED = "Choose…"
_LINES = 6.5
"""The height of a list of which several are chosen, in lines of text."""


class QuestionControl(QWidget):
    """The control of one question: answers of which one or several are chosen, a number, or two numbers for a size."""

    answered = Signal(str, object)
    """The field of ``Choices``, and its new value."""
    refused = Signal(str)

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.box: QComboBox = choice_box(question.title)
        self.several = QListWidget()
        self.numbers: list[NumberField] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box, 1)
        row.addWidget(self.several, 1)
        self.box.setHidden(not question.options or question.several)
        self.several.setHidden(not question.several)
        self.several.setAccessibleName(question.title)
        self.several.setFixedHeight(round(_LINES * self.fontMetrics().height()))
        if not question.options:
            self._add_numbers(question, row)
        self.box.activated.connect(self._ask_option)
        self.several.itemChanged.connect(self._ask_several)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        """Show the answer that holds now, among the answers that there are now."""
        self.question = question
        self.setToolTip(question.about)
        if question.several:
            self._list_several(question)
        elif question.options:
            self._list_options(question)
        if question.options:
            return
        for field, value in zip(self.numbers, _numbers_of(question.value, len(self.numbers)), strict=True):
            field.blockSignals(True)
            if value is not None:
                field.setValue(value)
            field.forget()
            field.blockSignals(False)

    def _list_options(self, question: Question) -> None:
        self.box.clear()
        place = next((n for n, option in enumerate(question.options) if option.value == question.value), -1)
        for option in question.options:
            self.box.addItem(option.text, option.value)
        self.box.setPlaceholderText(_UNANSWERED)
        self.box.setCurrentIndex(place)

    def _list_several(self, question: Question) -> None:
        """List the answers, those that are chosen ticked."""
        self.several.blockSignals(True)
        self.several.clear()
        for option in question.options:
            item = QListWidgetItem(option.text, self.several)
            chosen = option.value in (question.value or ())
            item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
        self.several.blockSignals(False)

    def _add_numbers(self, question: Question, row: QHBoxLayout) -> None:
        size = isinstance(question.value, tuple)
        names = (f"{question.title}: height", f"{question.title}: width") if size else (question.title,)
        for name in names:
            field = narrow(NumberField(Bounds(question.least, question.most, whole=size), name))
            field.valueChanged.connect(self._ask_numbers)
            field.refused.connect(self.refused)
            self.numbers.append(field)
            row.addWidget(field, 1)

    def _ask_option(self, place: int) -> None:
        value = self.question.options[place].value
        if value != self.question.value or self.question.needed:
            self.answered.emit(self.question.field, value)

    def _ask_several(self) -> None:
        ticked = [self.several.item(n).checkState() is Qt.CheckState.Checked for n in range(self.several.count())]
        values = tuple(option.value for option, on in zip(self.question.options, ticked, strict=True) if on)
        self.answered.emit(self.question.field, values)

    def _ask_numbers(self) -> None:
        values = tuple(field.value() for field in self.numbers)
        self.answered.emit(self.question.field, values if len(values) > 1 else values[0])


class QuestionForm(QWidget):
    """All questions below each other, each with its title."""

    answered = Signal(str, object)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controls: dict[str, QuestionControl] = {}
        self._labels: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)

    @property
    def controls(self) -> dict[str, QuestionControl]:
        """The control of every question, by the field of ``Choices`` that it sets."""
        return dict(self._controls)

    def show_questions(self, questions: tuple[Question, ...]) -> None:
        """Show questions; a control whose question is still asked stays where the keyboard is."""
        wanted = {question.field: question for question in questions}
        known = {field: control.question for field, control in self._controls.items()}
        if [_kind(question) for question in wanted.values()] != [_kind(question) for question in known.values()]:
            self._make(questions)
            return
        for field, question in wanted.items():
            self._controls[field].show_question(question)
            self._mark(self._labels[field], question)

    def _make(self, questions: tuple[Question, ...]) -> None:
        for widget in (*self._controls.values(), *self._labels.values()):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._controls, self._labels = {}, {}
        for place, question in enumerate(questions):
            control, label = QuestionControl(question), QLabel(question.title)
            label.setObjectName("hint")
            label.setToolTip(question.about)
            self._mark(label, question)
            control.answered.connect(self.answered)
            control.refused.connect(self.refused)
            self._grid.addWidget(label, 2 * place, 0)
            self._grid.addWidget(control, 2 * place + 1, 0)
            self._grid.setRowMinimumHeight(2 * place, round(1.6 * self.fontMetrics().height()))
            self._controls[question.field], self._labels[question.field] = control, label

    def _mark(self, label: QLabel, question: Question) -> None:
        """Mark what has to be answered."""
        label.setText(f"{question.title} (has to be chosen)" if question.needed else question.title)


def _kind(question: Question) -> tuple[str, bool, bool, bool]:
    return question.field, bool(question.options), question.several, isinstance(question.value, tuple)


def _numbers_of(value: Any, count: int) -> list[Any]:
    return list(value) if isinstance(value, tuple) else [value] * count
