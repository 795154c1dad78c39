"""Choose which places of a run are exported."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from core.description import Count
from core.notation import plain, symbol
from core.run.trace import Cursor
from core.values import Phase
from viz_app.export.chosen import ALL, LAST_ITERATION, MOST_PAGES, NAMED, SOME, THIS, Choice
from viz_app.frame.place import Place
from viz_app.frame.walking import cell_count
from viz_app.session.session import Session
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.reading import Bounds

_MOST_CELLS = 10_000


class PlacesForm(QWidget):
    """Ask for steps, by their numbers, by their phase or by the name of what they make, and for iterations.

    Parameters
    ----------
    session : Session
        What is open, and the place in it.
    """

    changed = Signal()
    """Other places are chosen."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        last = len(session.stepped.program.steps) - 1
        self.range, self.step = QComboBox(), QComboBox()
        self.first, self.last = (NumberField(Bounds(0, last, whole=True), name) for name in ("First step", "Last step"))
        self.start, self.end = (
            NumberField(Bounds(0, LAST_ITERATION, whole=True), name) for name in ("First iteration", "Last iteration")
        )
        self.cells = NumberField(
            Bounds(0, _MOST_CELLS, whole=True), "Cells inside each step, 0 for the step as a whole"
        )
        self._fill()
        self._form = QFormLayout(self)
        self._steps, self._iterations = _pair(self.first, self.last), _pair(self.start, self.end)
        self._form.addRow("&What", self.range)
        self._form.addRow("Steps", self._steps)
        self._form.addRow("Step that &makes", self.step)
        self._form.addRow("&Iterations", self._iterations)
        self._form.addRow("&Cells inside each step", self.cells)
        for box in (self.range, self.step):
            box.currentIndexChanged.connect(self._show_choice)
        for field in (self.first, self.last, self.start, self.end, self.cells):
            field.valueChanged.connect(self._show_choice)
        self._show_choice()

    def _fill(self) -> None:
        """Offer what there is, and choose what is shown."""
        program, place = self._session.stepped.program, self._session.place
        self.range.addItem("This picture", THIS)
        self.range.addItem("All steps of the iteration", ALL)
        phases = {step.phase for step in program.steps}
        for phase in (phase for phase in Phase if phase in phases):
            self.range.addItem(f"The {phase.value} steps", phase.value)
        self.range.addItem("Some steps, by number", SOME)
        self.range.addItem("One step, by name", NAMED)
        for step in program.steps:
            name = plain(symbol(program, step.output, place.options.notation))
            self.step.addItem(f"{name} (step {step.number})", step.number)
        self.step.setCurrentIndex(place.step)
        for field in (self.first, self.last):
            field.setValue(place.step)
        for field in (self.start, self.end):
            field.setMaximum(max(LAST_ITERATION, place.iteration))
            field.setValue(place.iteration)

    @property
    def count(self) -> int:
        """How many pages there will be."""
        program, most = self._session.stepped.program, int(self.cells.value())
        choice, here = self.choice, self._session.place
        if choice.here:
            return 1
        steps = choice.steps(here, program)
        each = (min(cell_count(program, Cursor(0, step, 0)), most) if most else 1 for step in steps)
        return sum(each) * len(choice.iterations(here, trainable=self._session.experiment.trainable))

    def problem(self) -> str | None:
        """Return in a sentence why these places cannot be exported; mostly nothing."""
        if self.last.value() < self.first.value() and self.range.currentData() == SOME:
            return f"Expected the first step first; got {self.first.value()} to {self.last.value()}."
        if self.end.value() < self.start.value() and not self.choice.here:
            return f"Expected the first iteration first; got {self.start.value()} to {self.end.value()}."
        if self.count > MOST_PAGES:
            return f"Expected at most {MOST_PAGES:,} pictures; got {self.count:,}."
        return None

    def places(self) -> Iterator[Place]:
        """Yield the places that are chosen, in the order of the run."""
        session = self._session
        yield from self.choice.places(session.place, session.stepped.program, trainable=session.experiment.trainable)

    @property
    def choice(self) -> Choice:
        """What is chosen."""
        fields = self.first, self.last, self.step.currentData(), self.start, self.end, self.cells
        numbers = (Count(int(field.value() if isinstance(field, NumberField) else field)) for field in fields)
        return Choice(self.range.currentData(), *numbers)

    def take(self, choice: Choice) -> None:
        """Choose what was chosen before, as far as it is offered."""
        place = self.range.findData(choice.what)
        if place < 0:
            return
        self.range.setCurrentIndex(place)
        self.step.setCurrentIndex(max(self.step.findData(choice.step), 0))
        for field, number in (
            (self.first, choice.first),
            (self.last, choice.last),
            (self.start, choice.start),
            (self.end, choice.end),
            (self.cells, choice.cells),
        ):
            if choice.what != THIS or field is self.cells:
                field.setValue(number)

    def _show_choice(self) -> None:
        what = self.range.currentData()
        self._form.setRowVisible(self._steps, what == SOME)
        self._form.setRowVisible(self.step, what == NAMED)
        self._form.setRowVisible(self._iterations, what != THIS and self._session.experiment.trainable)
        self.changed.emit()


def _pair(first: QWidget, last: QWidget) -> QWidget:
    """Return two fields beside each other: from one to the other."""
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(first)
    row.addWidget(QLabel("to"))
    row.addWidget(last)
    return widget
