"""Type what the network should answer to a sample: a class, or numbers."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from core.data.dataset import Dataset, one_hot
from core.values import Array
from viz_app.frame.told.browsing import target_text
from viz_app.widgets.fields.choice import choice_box
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.reading import Bounds

MOST_NUMBERS = 12
"""Targets of more numbers are told, and not typed."""
_NUMBERS = Bounds(-1e30, 1e30)


class TargetEditor(QWidget):
    """The target of one sample."""

    target_requested = Signal(object)
    """The new target, ndarray of shape (k,)."""
    refused = Signal(str)
    """Why what was typed is no number, in one sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._sample = 0
        self.classes: QComboBox = choice_box("Target class")
        self.numbers: list[NumberField] = []
        self._names: list[QLabel] = []
        self._told = QLabel(wordWrap=True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self.classes, 0, 0, 1, 2)
        self._grid.addWidget(self._told, 1, 0, 1, 2)
        self.classes.activated.connect(self._ask_class)

    def show_target(self, dataset: Dataset, sample: int) -> None:
        """Show the target of a sample."""
        other = self._dataset is None or dataset.class_names != self._dataset.class_names
        count = dataset.outputs
        graded = dataset.regression and count <= MOST_NUMBERS
        if other or self.classes.count() != count:
            self._list_classes(dataset)
        self._dataset, self._sample = dataset, sample
        self.classes.setVisible(dataset.labels is not None)
        self._told.setVisible(dataset.labels is None and not graded)
        text = target_text(dataset, sample)
        self._told.setText(f"{count:,} numbers: {text}" if dataset.regression else text)
        if dataset.labels is not None:
            self.classes.setCurrentIndex(int(dataset.labels[sample]))
        self._show_numbers(dataset if graded else None)

    def _list_classes(self, dataset: Dataset) -> None:
        self.classes.clear()
        if dataset.labels is not None:
            self.classes.addItems([dataset.class_name(number) for number in range(dataset.targets.shape[1])])

    def _show_numbers(self, dataset: Dataset | None) -> None:
        """Show a field for every number; as many fields as are needed are made."""
        targets = dataset.targets[self._sample].tolist() if dataset is not None else []
        while len(self.numbers) < len(targets):
            self._add_field()
        names = dataset.class_names if dataset is not None else None
        self._grid.setHorizontalSpacing(6 if names else 0)
        for place, (field, name) in enumerate(zip(self.numbers, self._names, strict=True)):
            shown = place < len(targets)
            field.setVisible(shown)
            name.setVisible(shown and names is not None)
            if shown:
                name.setText(names[place] if names else "")
                field.blockSignals(True)
                field.setValue(targets[place])
                field.forget()
                field.blockSignals(False)

    def _add_field(self) -> None:
        field, name = NumberField(_NUMBERS, "Target"), QLabel()
        name.setObjectName("hint")
        field.valueChanged.connect(self._ask_numbers)
        field.refused.connect(self.refused)
        row = len(self.numbers) + 2
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(field, row, 1)
        self.numbers.append(field)
        self._names.append(name)

    def _ask_class(self, label: int) -> None:
        dataset = self._dataset
        if dataset is not None and dataset.labels is not None and label != dataset.labels[self._sample]:
            target: Array = one_hot(np.array([label]), dataset.targets.shape[1])[0]
            self.target_requested.emit(target)

    def _ask_numbers(self) -> None:
        if self._dataset is not None:
            count = self._dataset.targets.shape[1]
            numbers = [field.value() for field in self.numbers[:count]]
            self.target_requested.emit(np.array(numbers, self._dataset.targets.dtype))
