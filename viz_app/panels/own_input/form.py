"""The fields of one sample: its inputs, and what the network should answer."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from core.data.guest import Guest
from core.experiment import Experiment
from core.values import Array, Value
from core.visiting import input_of, target_of, tells_classes
from viz_app.panels.own_input.cells import NumberCells
from viz_app.panels.own_input.naming import input_bounds, names_of, target_bounds
from viz_app.widgets.fields.choice import choice_box
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.reading import UnreadableError

_APART = 28
"""The room between inputs and targets, in pixels."""
_GUESS, _TYPED = -1, -2
"""What the choice of the target stands for besides a class: the network's own guess, and numbers that are no class."""


class SampleForm(QWidget):
    """A field for every input and every target of a network; where the outputs are classes, one can be chosen.

    Parameters
    ----------
    experiment : Experiment
        What the network is.
    em : float
        The size of the text, in pixels.
    """

    changed = Signal()
    """A person has changed a number, or the target."""
    refused = Signal(str)
    """Why something that was typed or pasted is not taken."""

    def __init__(self, experiment: Experiment, em: float) -> None:
        super().__init__()
        program = experiment.program
        entry, target = input_of(program), target_of(program)
        assert entry is not None  # else nothing is typed
        self.about = described(experiment)
        self.inputs = NumberCells(entry, names_of(experiment, entry), input_bounds(experiment, entry), em)
        self.targets: NumberCells | None = None
        self.choice = choice_box("Target")
        self.choice.setParent(self)
        self.choice.hide()
        if target is not None:
            self.targets = NumberCells(target, names_of(experiment, target), target_bounds(target), em)
        classes = experiment.dataset.class_names if experiment.dataset is not None else None
        if target is not None and tells_classes(program, experiment.dataset):
            self._list(classes or tuple(map(str, range(target.shape[-1]))))
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._lay_out()
        for cells in self._cells:
            cells.refused.connect(self.refused)
            cells.pasted.connect(self._paste)
        self.inputs.changed.connect(self.changed)
        if self.targets is not None:
            self.targets.changed.connect(self._follow_typing)
        self.choice.activated.connect(self._follow_choice)

    @property
    def target(self) -> Array | None:
        """What the network should answer; ``None`` where its own guess is taken, or there is nothing to answer."""
        return None if self.targets is None or self.choice.currentData() == _GUESS else self.targets.numbers

    @property
    def unread(self) -> str:
        """Why something that stands in a field is not taken; nothing where all is."""
        return next((reason for cells in self._cells for reason in cells.reasons), "")

    def show_sample(self, sample: Guest) -> None:
        """Show the numbers of a sample."""
        self.inputs.show_numbers(sample.inputs)
        self.show_target(sample.target)

    def show_target(self, target: Array | None) -> None:
        """Show what the network should answer; ``None`` is its own guess."""
        if self.targets is not None:
            self.blame("")
            if target is not None:
                self.targets.show_numbers(target)
            self._choose(_GUESS if target is None else self._class_of(target))

    def blame(self, reason: str) -> None:
        """Mark targets that do not fit together; an empty reason takes that back."""
        if self.targets is not None:
            self.targets.blame(reason)

    def paste(self, cells: Sequence[str]) -> None:
        """Fill the fields from the first one on."""
        self._take(0, cells)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        for cells in self._cells:
            cells.set_em(em)

    def fit(self, width: int) -> None:
        """Put the targets beside the inputs where that width has room for both, in pixels; else below them."""
        margins = self._columns.contentsMargins()
        items = (self._columns.itemAt(place) for place in range(self._columns.count()))
        needed = [item.sizeHint().width() for item in items if item is not None]
        beside = sum(needed) + _APART * (len(needed) - 1) + margins.left() + margins.right() <= width
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._columns.direction() is not way:
            self._columns.setDirection(way)

    @property
    def _cells(self) -> tuple[NumberCells, ...]:
        return (self.inputs,) if self.targets is None else (self.inputs, self.targets)

    @property
    def _fields(self) -> tuple[NumberField, ...]:
        return tuple(field for cells in self._cells for field in cells.fields)

    def _paste(self, first: int, cells: Sequence[str]) -> None:
        before = len(self.inputs.fields) if self.sender() is self.targets else 0
        self._take(before + first, cells)

    def _take(self, first: int, cells: Sequence[str]) -> None:
        """Take all of a row, or none of it."""
        fields = self._fields[first:]
        if len(cells) > len(fields):
            start = "here" if first else "the first field"
            self.refused.emit(f"Expected at most {len(fields)} numbers from {start} on; got {len(cells)}.")
            return
        numbers = []
        for place, (cell, field) in enumerate(zip(cells, fields, strict=False), 1):
            try:
                numbers.append(field.read(cell))
            except UnreadableError as error:
                self.refused.emit(f"Cell {place} of {len(cells)}, for {field.accessibleName()}: {error}")
                return
        count = len(self.inputs.fields)
        split = max(count - first, 0)
        self.inputs.put(first, numbers[:split])
        if self.targets is not None and numbers[split:]:
            self.targets.put(max(first - count, 0), numbers[split:])
            self._choose(self._class_of(self.targets.numbers))
        self.changed.emit()

    def _list(self, classes: Sequence[str]) -> None:
        self.choice.show()
        self.choice.addItem("Own guess", _GUESS)
        for number, name in enumerate(classes):
            self.choice.addItem(f"Label {name}", number)
        self.choice.addItem("Numbers as typed", _TYPED)

    def _class_of(self, target: Array) -> int:
        """Return the class that a target is; no class where it is none."""
        if target.ndim != 1:  # a class for each token
            return _TYPED
        best = int(np.argmax(target))
        return best if np.array_equal(target, np.eye(len(target))[best]) else _TYPED

    def _choose(self, data: int) -> None:
        self.choice.setCurrentIndex(self.choice.findData(data))
        if self.targets is not None:
            self.targets.setVisible(data != _GUESS)

    def _follow_typing(self) -> None:
        assert self.targets is not None
        self._choose(self._class_of(self.targets.numbers))
        self.changed.emit()

    def _follow_choice(self) -> None:
        """Write the target of a class into its fields."""
        data = self.choice.currentData()
        if self.targets is not None:
            if data >= 0:
                self.targets.show_numbers(np.eye(len(self.targets.fields))[data])
            self.targets.setVisible(data != _GUESS)
        self.changed.emit()

    def _lay_out(self) -> None:
        row = self._columns
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(_APART)
        row.addLayout(_column("What enters the network", self.inputs))
        if self.targets is not None:
            boxes = (self.choice, self.targets) if self.choice.count() else (self.targets,)
            row.addLayout(_column("Target: what it should answer", *boxes))
        row.addStretch(1)


def described(experiment: Experiment) -> tuple[object, ...]:
    """Return all that a form depends on: where it is the same, the form can stay."""
    program, dataset = experiment.program, experiment.dataset
    entry, target = input_of(program), target_of(program)
    assert entry is not None
    classes = tells_classes(program, dataset)
    names = [names_of(experiment, value) for value in (entry, target) if value is not None]
    return _look(entry), target and _look(target), classes, names, input_bounds(experiment, entry)


def _look(value: Value) -> tuple[object, ...]:
    return value.shape[1:], value.axes[1:], value.range


def _column(title: str, *widgets: QWidget) -> QVBoxLayout:
    heading = QLabel(title)
    heading.setObjectName("summary")
    column = QVBoxLayout()
    column.setSpacing(8)
    column.addWidget(heading)
    for widget in widgets:
        column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    column.addStretch(1)
    return column
