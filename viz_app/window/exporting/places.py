"""Choose which places of a run are exported."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from core.notation import plain, symbol
from core.run.trace import Cursor
from core.values import Phase
from viz_app.frame.outline import Folds, outline_of
from viz_app.frame.place import Place
from viz_app.frame.walking import cell_count, walk_inside
from viz_app.session.session import Session
from viz_app.widgets.number_field import NumberField
from viz_app.widgets.reading import Bounds

_THIS, _ALL, _SOME, _NAMED = "this", "all", "some", "named"
_MOST_CELLS = 10_000
_MOST_PAGES = 100_000
_LAST_ITERATION = 10_000


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
        last = len(session.trace.program.steps) - 1
        self.range, self.step = QComboBox(), QComboBox()
        self.first, self.last = (NumberField(Bounds(0, last, whole=True), name) for name in ("First step", "Last step"))
        self.start, self.end = (
            NumberField(Bounds(0, _LAST_ITERATION, whole=True), name) for name in ("First iteration", "Last iteration")
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
        program, place = self._session.trace.program, self._session.place
        self.range.addItem("This picture", _THIS)
        self.range.addItem("All steps of the iteration", _ALL)
        phases = {step.phase for step in program.steps}
        for phase in (phase for phase in Phase if phase in phases):
            self.range.addItem(f"The {phase.value} steps", phase.value)
        self.range.addItem("Some steps, by number", _SOME)
        self.range.addItem("One step, by name", _NAMED)
        for step in program.steps:
            name = plain(symbol(program, step.output, place.options.notation))
            self.step.addItem(f"{name} (step {step.number})", step.number)
        self.step.setCurrentIndex(place.step)
        for field in (self.first, self.last):
            field.setValue(place.step)
        for field in (self.start, self.end):
            field.setMaximum(max(_LAST_ITERATION, place.iteration))
            field.setValue(place.iteration)

    @property
    def count(self) -> int:
        """How many pages there will be."""
        program, most = self._session.trace.program, int(self.cells.value())
        if self._here:
            return 1
        each = (min(cell_count(program, Cursor(0, step, 0)), most) if most else 1 for step in self._chosen_steps())
        return sum(each) * len(self._chosen_iterations())

    def problem(self) -> str | None:
        """Return in a sentence why these places cannot be exported; mostly nothing."""
        if self.last.value() < self.first.value() and self.range.currentData() == _SOME:
            return f"Expected the first step first; got {self.first.value()} to {self.last.value()}."
        if self.end.value() < self.start.value() and not self._here:
            return f"Expected the first iteration first; got {self.start.value()} to {self.end.value()}."
        if self.count > _MOST_PAGES:
            return f"Expected at most {_MOST_PAGES:,} pictures; got {self.count:,}."
        return None

    def places(self) -> Iterator[Place]:
        """Yield the places that are chosen, in the order of the run."""
        here, program, most = self._session.place, self._session.trace.program, int(self.cells.value())
        if self._folds is None and not self._here:
            here = replace(here, options=replace(here.options, folds=None))
        if self._here:
            yield here
            return
        for iteration in self._chosen_iterations():
            for step in self._chosen_steps():
                for one in walk_inside(program, step, most) if most else [Cursor(0, step)]:
                    yield here.at(Cursor(iteration, one.step, one.cell))

    @property
    def _here(self) -> bool:
        return self.range.currentData() == _THIS and not self.cells.value()

    def _chosen_steps(self) -> Sequence[int]:
        what, program = self.range.currentData(), self._session.trace.program
        if what == _THIS:
            return [self._session.place.step]
        if what == _NAMED:
            return [self.step.currentData()]
        steps: Sequence[int] = range(int(self.first.value()), int(self.last.value()) + 1)
        if what != _SOME:
            steps = [step.number for step in program.steps if what in (_ALL, step.phase.value)]
        spans = (outline_of(program, self._folds).span_at(step) for step in steps)
        return [step for step, span in zip(steps, spans, strict=True) if span is None or span.last == step]

    @property
    def _folds(self) -> Folds:
        """What is folded in the pictures: what is in the window, but where a step is asked for, or the cells in it."""
        named = self.range.currentData() == _NAMED or bool(self.cells.value())
        return None if named else self._session.place.options.folds

    def _chosen_iterations(self) -> Sequence[int]:
        if self.range.currentData() == _THIS or not self._session.experiment.trainable:
            return [self._session.place.iteration]
        return range(int(self.start.value()), int(self.end.value()) + 1)

    def _show_choice(self) -> None:
        what = self.range.currentData()
        self._form.setRowVisible(self._steps, what == _SOME)
        self._form.setRowVisible(self.step, what == _NAMED)
        self._form.setRowVisible(self._iterations, what != _THIS and self._session.experiment.trainable)
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
