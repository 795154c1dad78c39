"""The data: which network is open, on which samples, and with which options it is run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from core.data.dataset import Dataset
from core.experiment import Experiment, Samples
from core.ops.losses import LOSSES, Loss, suiting
from core.optimizers import OPTIMIZERS
from core.options import LARGEST_SEED, LEARNING_RATE
from core.preset import Preset, shown_title
from core.presets.changes import Refusal
from core.trained import trained_presets
from core.values import DTYPES, Role
from viz_app.frame.frame import Frame, MapView
from viz_app.frame.told.browsing import source_text, summary
from viz_app.frame.words.numbers import numbers
from viz_app.paint.theme import Theme
from viz_app.widgets.fields.number_field import NumberField, narrow
from viz_app.widgets.fields.reading import Bounds
from viz_app.widgets.samples.samples import SampleStrip

_SEEDS = Bounds(0, LARGEST_SEED, whole=True)
_RATES = Bounds(1e-30, 1e30)
_FROM_0, _FROM_1 = Bounds(0, 0, whole=True), Bounds(1, 1, whole=True)
"""Until the data say how many samples there are."""
_SPACING = 8
_STARTS = (("scratch", "Random weights"), ("trained", "Trained weights"))
_SHARES = (3, 3, 4)
"""How the columns of fields share the width."""


class DataPanel(QWidget):
    """Choose the network, the sample, the batch and the options of a run.

    Parameters
    ----------
    presets : mapping of str to Preset
        The networks that can be opened.
    """

    preset_requested = Signal(str)
    options_requested = Signal(object)
    """A dict of the options that change."""
    row_requested = Signal(int)

    def __init__(self, presets: Mapping[str, Preset], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets = presets
        self._experiment: Experiment | None = None
        self._preset = QComboBox()
        for preset in presets.values():
            self._preset.addItem(preset.title, preset.name)
            self._preset.setItemData(self._preset.count() - 1, preset.description, Qt.ItemDataRole.ToolTipRole)
        self._strip = SampleStrip()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        bounds = _FROM_0, _FROM_1, _FROM_0, _SEEDS, _RATES
        self._sample, self._batch, self._row, self._seed, self._rate = map(NumberField, bounds)
        self._optimizer = QComboBox()
        for name, optimizer in OPTIMIZERS.items():
            self._optimizer.addItem(optimizer.title, name)
        self._loss = QComboBox()
        self._start = QComboBox()
        for start, text in _STARTS:
            self._start.addItem(text, start)
        self._dtype = QComboBox()
        for dtype in DTYPES:
            self._dtype.addItem(f"{dtype[-2:]} bit", dtype)
        self._same = QCheckBox("Same samples in every iteration")
        self._jacobian = QCheckBox("Softmax by its Jacobian")
        self._fields = QGridLayout()
        self._labels: dict[QWidget, QLabel] = {}
        self._answer = QLabel(wordWrap=True)
        self._answer.setObjectName("answer")
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._prepare()
        self._lay_out()
        self._connect_signals()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what is open, and what its data allow."""
        if self._experiment is None or self._experiment.preset != experiment.preset:
            self._forget_typing()
        self._experiment = experiment
        count = len(experiment.dataset) if experiment.dataset else 1
        options = experiment.now
        with self._silent():
            self._show_preset(experiment)
            self._sample.setMaximum(count - 1)
            self._slider.setMaximum(count - 1)
            self._batch.setMaximum(count)
            self._row.setMaximum(options.batch_size - 1)
            self._sample.setValue(options.sample)
            self._slider.setValue(options.sample)
            self._batch.setValue(options.batch_size)
            self._seed.setValue(options.seed)
            self._optimizer.setCurrentIndex(self._optimizer.findData(options.optimizer))
            self._rate.setValue(_learning_rate(experiment))
            self._dtype.setCurrentIndex(self._dtype.findData(options.dtype))
            self._start.setCurrentIndex(self._start.findData(options.start))
            self._show_losses(experiment)
            self._same.setChecked(options.same_samples)
            self._jacobian.setChecked(options.through_jacobian)
        for widget in (self._sample, self._slider, self._batch):
            widget.setEnabled(count > 1)
        self._strip.setToolTip("" if experiment.dataset is None else about(experiment.dataset))
        self._row.setEnabled(options.batch_size > 1)
        self._show_meaningful(experiment)

    def _show_preset(self, experiment: Experiment) -> None:
        """Show what is open; whoever chooses its entry once more opens the preset's own network again."""
        for place, preset in enumerate(self._presets.values()):
            opened = preset.name == experiment.preset
            self._preset.setItemText(place, shown_title(preset, experiment) if opened else preset.title)
        self._preset.setCurrentIndex(self._preset.findData(experiment.preset))

    def show_frame(self, frame: Frame) -> None:
        """Show the samples of the frame's iteration, and what the network answers."""
        if self._experiment is None:
            return
        samples = self._experiment.samples(frame.cursor.iteration)
        with self._silent():
            self._row.setValue(_row_shown(frame, samples))
        self._strip.show_samples(self._experiment.dataset, samples[0], len(samples))
        for widget in (self._strip, self._slider, self._answer):  # they are about the data
            widget.setVisible(self._experiment.dataset is not None and frame.guest is None)
        self._answer.setText(answer(self._experiment, frame))

    def show_refusals(self, refusals: Mapping[str, Refusal]) -> None:
        """Show the numbers that were asked for and cannot be, and why; the last good ones hold."""
        for option, refusal in refusals.items():
            field = self._numbers().get(option)
            if field is not None and refusal.wanted is not None:
                field.refuse(f"{refusal.wanted}", refusal.reason)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._strip.set_theme(theme)

    def _show_losses(self, experiment: Experiment) -> None:
        """List the losses that the outputs can have, and choose the one that they have."""
        self._loss.clear()
        step = experiment.program.producers.get("losses")
        if step is None or not isinstance(step.op, Loss):
            return
        for name in suiting(step.inputs[0].range):
            own = isinstance(step.op, LOSSES[name])
            self._loss.addItem(LOSSES[name].title, experiment.loss if own else name)
            if own:
                self._loss.setCurrentIndex(self._loss.count() - 1)

    def _show_meaningful(self, experiment: Experiment) -> None:
        """Hide what means nothing here: samples where there is no data set, and training where nothing is trained."""
        sampled, trained = experiment.dataset is not None, experiment.trainable
        shown: dict[QWidget, bool] = dict.fromkeys((self._strip, self._slider, self._answer, self._sample), sampled)
        shown |= dict.fromkeys((self._batch, self._row), sampled)
        shown |= dict.fromkeys((self._optimizer, self._rate, self._seed, self._same), trained)
        shown |= {self._loss: trained and self._loss.count() > 1, self._start: experiment.preset in trained_presets()}
        shown[self._jacobian] = experiment.differentiates_softmax
        for widget, visible in shown.items():
            widget.setVisible(visible)
            if label := self._labels.get(widget):
                label.setVisible(visible)
        alone = not (sampled or trained)  # the numbers' field, which then takes the whole width
        self._fields.setHorizontalSpacing(0 if alone else _SPACING)
        for column, share in enumerate((0, 0, 1) if alone else _SHARES):
            self._fields.setColumnStretch(column, share)

    def _numbers(self) -> Mapping[str, NumberField]:
        """Return the field of every option that is a number."""
        return {"sample": self._sample, "batch_size": self._batch, "seed": self._seed, "learning_rate": self._rate}

    def _forget_typing(self) -> None:
        for field in (*self._numbers().values(), self._row):
            field.forget()

    def _controls(self) -> tuple[QWidget, ...]:
        spins = self._sample, self._slider, self._batch, self._row, self._seed, self._rate
        return (*spins, self._preset, *self._choices(), self._same, self._jacobian)

    def _choices(self) -> tuple[QComboBox, ...]:
        return self._optimizer, self._loss, self._start, self._dtype

    @contextmanager
    def _silent(self) -> Iterator[None]:
        """Let controls be set without asking for anything."""
        for widget in self._controls():
            widget.blockSignals(True)
        try:
            yield
        finally:
            for widget in self._controls():
                widget.blockSignals(False)

    def _prepare(self) -> None:
        for field in (*self._numbers().values(), self._row):
            narrow(field)
        for widget in (self._preset, *self._choices(), self._slider, self._same, self._jacobian):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._preset.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._preset.setMinimumContentsLength(8)
        self._optimizer.setToolTip("How weights and biases are updated; each choice starts at its own learning rate")
        self._rate.setToolTip("Learning rate")
        self._loss.setToolTip("How far the outputs are from their targets; those are listed that suit the outputs")
        self._start.setToolTip("What the weights are at first: drawn with the seed, or trained ones that are shipped")
        self._sample.setToolTip("The first sample of iteration 0; later iterations go on from there")
        self._slider.setToolTip(self._sample.toolTip())
        self._preset.setToolTip("The network and its data")
        self._batch.setToolTip("Samples in an iteration")
        self._seed.setToolTip("Draws the first weights: the same seed, the same run")
        self._dtype.setToolTip("Precision of all numbers")
        self._same.setToolTip("Learn one batch by heart, instead of going on to the next samples")
        self._jacobian.setToolTip("Write the gradient of softmax out, instead of output minus target")
        self._row.setToolTip("The sample of the batch that is drawn where there is room for one")

    def _lay_out(self) -> None:
        self._lay_out_fields()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(6)
        for widget in (self._preset, self._strip, self._slider, self._answer):
            column.addWidget(widget)
        column.addLayout(self._fields)
        column.addWidget(self._same)
        column.addWidget(self._jacobian)
        column.addStretch(1)

    def _lay_out_fields(self) -> None:
        """Put the fields beside each other, in three columns, each below its name."""
        # name, field, row, column, how many columns
        fields = (
            ("Sample", self._sample, 0, 0, 1),
            ("Batch size", self._batch, 0, 1, 1),
            ("Row shown", self._row, 0, 2, 1),
            ("Optimizer", self._optimizer, 1, 0, 2),
            ("Rate η", self._rate, 1, 2, 1),
            ("Loss", self._loss, 2, 0, 3),
            ("Seed", self._seed, 3, 0, 2),
            ("Numbers", self._dtype, 3, 2, 1),
            ("Start from", self._start, 4, 0, 3),
        )
        grid = self._fields
        grid.setHorizontalSpacing(_SPACING)
        grid.setVerticalSpacing(2)
        for name, field, row, column, columns in fields:
            label = QLabel(name)
            label.setObjectName("hint")
            label.setBuddy(field)
            self._labels[field] = label
            grid.addWidget(label, 2 * row, column, 1, columns)
            grid.addWidget(field, 2 * row + 1, column, 1, columns)
            field.setMinimumWidth(40)
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _connect_signals(self) -> None:
        self._preset.activated.connect(self._ask_preset)
        self._strip.sample_requested.connect(self._ask_sample)
        self._sample.valueChanged.connect(self._ask_sample)
        self._slider.valueChanged.connect(self._ask_sample)
        self._batch.valueChanged.connect(self._ask_batch)
        self._row.valueChanged.connect(self._ask_row)
        self._seed.valueChanged.connect(self._ask_seed)
        self._optimizer.activated.connect(self._ask_optimizer)
        self._rate.valueChanged.connect(self._ask_rate)
        self._loss.activated.connect(self._ask_loss)
        self._start.activated.connect(self._ask_start)
        self._dtype.activated.connect(self._ask_dtype)
        self._same.toggled.connect(self._ask_same)
        self._jacobian.toggled.connect(self._ask_jacobian)

    def _ask_preset(self) -> None:
        self.preset_requested.emit(self._preset.currentData())

    def _ask_sample(self, sample: int) -> None:
        self.options_requested.emit({"sample": sample})

    def _ask_batch(self, size: int) -> None:
        self.options_requested.emit({"batch_size": size})

    def _ask_row(self, row: int) -> None:
        self.row_requested.emit(row)

    def _ask_seed(self, seed: int) -> None:
        self.options_requested.emit({"seed": seed})

    def _ask_optimizer(self) -> None:
        """Ask for the optimizer at the preset's own rate; the same one again keeps the rate that was chosen."""
        name = self._optimizer.currentData()
        if self._experiment is not None and name != self._experiment.now.optimizer:
            self.options_requested.emit({"optimizer": name, "learning_rate": None})

    def _ask_rate(self, rate: float) -> None:
        self.options_requested.emit({"learning_rate": rate})

    def _ask_loss(self) -> None:
        """Ask for another loss; the same one again keeps its limit."""
        name = self._loss.currentData()
        if self._experiment is not None and name != self._experiment.loss:
            self.options_requested.emit({"loss": name})

    def _ask_start(self) -> None:
        start = self._start.currentData()
        if self._experiment is not None and start != self._experiment.now.start:
            self.options_requested.emit({"start": start})

    def _ask_dtype(self) -> None:
        self.options_requested.emit({"dtype": self._dtype.currentData()})

    def _ask_same(self, same: bool) -> None:
        self.options_requested.emit({"same_samples": same})

    def _ask_jacobian(self, through: bool) -> None:
        self.options_requested.emit({"through_jacobian": through})


def about(dataset: Dataset) -> str:
    """Return what the data are, whose, and under which licence."""
    return "\n".join(line for line in (dataset.name, summary(dataset), source_text(dataset)) if line)


def answer(experiment: Experiment, frame: Frame) -> str:
    """Return a sample's number, its target, and what the network answers, once it is computed."""
    samples = experiment.samples(frame.cursor.iteration)
    row = _row_shown(frame, samples)
    maps = {view.key: view for layer in frame.layers for view in layer.maps}
    guest = experiment.guest_at(frame.cursor.iteration)
    lines = [guest.title if row == 0 and guest is not None else f"Sample {samples[row]}"]
    if frame.inference and experiment.dataset is not None and experiment.dataset.alphabet is not None:
        lines = ["Text " + "".join(frame.result.tokens.samples[row])]  # one that was typed is no sample
    target, output = (
        next((view for view in maps.values() if view.value.role is Role.TARGET), None),
        maps.get(frame.program.output or ""),
    )
    if target is not None:
        lines.append(f"target {_said(experiment, target, row)}")
    if output is not None:
        lines.append(f"network {_said(experiment, output, row)}")
    return " · ".join(lines)


def _row_shown(frame: Frame, samples: Samples) -> int:
    """Return the row of the batch that is drawn; a stack of more slices than that may show another of them."""
    return min(frame.options.sample, len(samples) - 1)


def _said(experiment: Experiment, view: MapView, row: int) -> str:
    """Return the class that a row stands for, with its share; the numbers themselves where they are no classes."""
    if view.array is None:
        return "not computed yet"
    if view.covered is not None and view.covered[row].any():
        return "covered"
    if experiment.dataset is not None and experiment.dataset.token_labels is not None:
        return "".join(experiment.dataset.class_name(int(k)) for k in view.array[row].argmax(axis=-1))
    told = view.array[row].ravel()
    names = experiment.dataset.class_names if experiment.dataset else None
    labels = experiment.dataset.labels if experiment.dataset else None
    if names is None or labels is None:
        return numbers(told, most=4)
    if not np.isfinite(told).all():
        return "not a number"
    best = int(told.argmax())
    share = "" if view.value.role is Role.TARGET else f" ({told[best]:.0%})"
    return f"{names[best]}{share}"


def _learning_rate(experiment: Experiment) -> float:
    """Return eta, the program's own where the options leave it to the preset."""
    if experiment.now.learning_rate is not None:
        return experiment.now.learning_rate
    return experiment.program.hyperparameters.get(LEARNING_RATE, 0.0)
