"""How the run is trained: when it stops, on which samples, at which rate, and what else acts on the gradients."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from core.experiment import Experiment
from core.optimizers import OPTIMIZERS, parameters_of, parse_parameters
from core.presets.changes import Refusal
from core.run.training import Goal
from core.schedules import EXAMPLES
from viz_app.paint.theme import Theme
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.option_rows import Form
from viz_app.widgets.fields.reading import Bounds

_EPOCHS, _COUNTS = Bounds(0.001, 1e9), Bounds(1, 1_000_000, whole=True)
_SIZES = Bounds(1e-30, 1e30)
_SHARES = Bounds(0, 99.999)
_FACTORS = Bounds(0, 1e30)


class OptionsPanel(QWidget):
    """Ask for other options of training; those that need no new program hold from the shown iteration on."""

    title = "Options"
    goal_requested = Signal(object)
    """A ``Goal``."""
    options_requested = Signal(object)
    """A dict of the options that change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._loading = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 4, 12, 8)
        self._column.setSpacing(6)
        self._form, self._layers = Form(), QWidget()
        self._parameters: dict[str, NumberField] = {}
        self._frozen: dict[str, QCheckBox] = {}
        self._lay_out()
        self._column.addWidget(self._layers)
        self._column.addStretch(1)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the options of what is open."""
        before, self._experiment = self._experiment, experiment
        options, count = experiment.now, len(experiment.dataset) if experiment.dataset else 1
        with self._silent():
            self._held_back.setMaximum(count - 1)
            self._held_back.setValue(options.held_back)
            self._shuffle.setChecked(options.shuffle)
            self._schedule.setEditText(options.schedule)
            self._l1.setValue(options.l1)
            self._l2.setValue(options.l2)
            self._clip_value.show_number(options.clip_value)
            self._clip_norm.show_number(options.clip_norm)
            self._show_parameters(experiment)
        if before is None or before.program is not experiment.program:
            self._show_layers(experiment)
        self.setEnabled(experiment.trainable)

    def show_goal(self, goal: Goal) -> None:
        """Show when training stops."""
        with self._silent():
            self._epochs.show_number(goal.epochs)
            self._loss.show_number(goal.loss_below)
            self._accuracy.show_number(None if goal.accuracy_above is None else 100 * goal.accuracy_above)
            self._patience.show_number(goal.patience)

    def show_refusals(self, refusals: Mapping[str, Refusal]) -> None:
        """Show the numbers that were asked for and cannot be, and why; the last good ones hold."""
        fields = {"held_back": self._held_back, "l1": self._l1, "l2": self._l2}
        fields |= {"clip_value": self._clip_value.field, "clip_norm": self._clip_norm.field}
        for option, refusal in refusals.items():
            if option in fields and refusal.wanted is not None:
                fields[option].refuse(f"{refusal.wanted}", refusal.reason)
            if option == "schedule":
                self._schedule.setEditText(str(refusal.wanted))
                self._blame_schedule(refusal.reason)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme, which the style sheet has."""

    def _lay_out(self) -> None:
        form = self._form
        form.add_heading("Stop")
        self._epochs = form.add_switched("at epoch", _EPOCHS, 10, "After so many times all samples")
        self._loss = form.add_switched("loss below", _SIZES, 0.1, "Judged at the end of every epoch")
        self._accuracy = form.add_switched("accuracy above, %", _SHARES, 95, "Judged at the end of every epoch")
        self._patience = form.add_switched(
            "not better for, epochs",
            _COUNTS,
            5,
            "Early stopping: so long the loss on the samples held back did not fall",
        )
        form.add_heading("Samples")
        self._held_back = form.add_number(
            "Held back", Bounds(0, 0, whole=True), "The last samples are not trained on: they tell how good it is"
        )
        self._shuffle = form.add_switch("Shuffled anew in every epoch", "The seed draws the order")
        form.add_heading("Learning rate")
        self._schedule = form.add_text("Schedule", EXAMPLES, f"How the rate goes on: {', '.join(EXAMPLES)}")
        form.add_heading("Gradients")
        self._l1 = form.add_number("L1 penalty", _FACTORS, "Adds this times the sign of every weight to its gradient")
        self._l2 = form.add_number("L2 penalty", _FACTORS, "Adds this times every weight to its gradient")
        self._clip_value = form.add_switched("Clipped at", _SIZES, 1.0, "Every number of a gradient, to ± this")
        self._clip_norm = form.add_switched("Norm clipped at", _SIZES, 1.0, "All gradients together, to this norm")
        self._rule = form.add_heading("")
        for name in sorted({name for rule in OPTIMIZERS.values() for name in parameters_of(rule)}):
            title = name.replace("_", " ").capitalize()
            self._parameters[name] = form.add_number(title, _FACTORS, f"{title} of the optimizer")
            self._parameters[name].valueChanged.connect(self._ask_parameters)
        self._column.addLayout(form)
        for switched in (self._epochs, self._loss, self._accuracy, self._patience):
            switched.changed.connect(self._ask_goal)
        numbers = {"held_back": self._held_back, "l1": self._l1, "l2": self._l2}
        clips = {"clip_value": self._clip_value, "clip_norm": self._clip_norm}
        for field in numbers.values():
            field.valueChanged.connect(self._ask_sent)
        for clip in clips.values():
            clip.changed.connect(self._ask_sent)
        self._shuffle.toggled.connect(self._ask_sent)
        self._options = {control: option for option, control in {**numbers, **clips, "shuffle": self._shuffle}.items()}
        self._schedule.activated.connect(self._ask_schedule)
        line = self._schedule.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._ask_schedule)

    def _show_parameters(self, experiment: Experiment) -> None:
        """Show the numbers that the optimizer has."""
        rule, options = OPTIMIZERS[experiment.now.optimizer], experiment.now
        numbers = {**parameters_of(rule), **parse_parameters(rule, options.optimizer_parameters)}
        self._rule.setText(rule.title)
        self._rule.setVisible(bool(numbers))
        for name, field in self._parameters.items():
            self._form.show_number(field, name in numbers)
            if name in numbers:
                field.setValue(numbers[name])

    def _show_layers(self, experiment: Experiment) -> None:
        """List the layers that can be frozen, where there are several."""
        old, self._layers = self._layers, QWidget()
        form = Form()
        self._layers.setLayout(form)
        form.setContentsMargins(0, 0, 0, 0)
        names = {layer.number: layer.name for layer in experiment.program.layers}
        trained = {value.layer for value in experiment.program.parameters if value.layer is not None}
        self._frozen = {}
        if len(trained) > 1:
            form.add_heading("Frozen: not trained")
        for layer in sorted(trained) if len(trained) > 1 else ():
            switch = form.add_switch(names.get(layer, f"layer {layer}"), "It keeps its weights, and has no gradients")
            switch.setChecked(str(layer) in experiment.now.frozen)
            switch.toggled.connect(self._ask_frozen)
            self._frozen[str(layer)] = switch
        self._column.replaceWidget(old, self._layers)
        old.deleteLater()

    @contextmanager
    def _silent(self) -> Iterator[None]:
        self._loading = True
        try:
            yield
        finally:
            self._loading = False
            self._blame_schedule("")

    def _ask(self, option: str, value: object) -> None:
        if not self._loading:
            self.options_requested.emit({option: value})

    def _ask_sent(self, value: object) -> None:
        """Ask for the option whose control has changed."""
        self._ask(self._options[self.sender()], value)

    def _ask_schedule(self) -> None:
        text = self._schedule.currentText().strip()
        if self._experiment is not None and text != self._experiment.now.schedule:
            self._ask("schedule", text)

    def _ask_parameters(self) -> None:
        usual = parameters_of(OPTIMIZERS[self._experiment.now.optimizer]) if self._experiment else {}
        numbers = {name: float(self._parameters[name].value()) for name in usual}
        changed = (f"{name}={number!r}" for name, number in numbers.items() if number != usual[name])
        self._ask("optimizer_parameters", ",".join(changed))

    def _ask_frozen(self) -> None:
        self._ask("frozen", tuple(layer for layer, switch in self._frozen.items() if switch.isChecked()))

    def _ask_goal(self) -> None:
        if self._loading:
            return
        accuracy, patience = self._accuracy.number, self._patience.number
        self.goal_requested.emit(
            Goal(
                epochs=self._epochs.number,
                loss_below=self._loss.number,
                accuracy_above=None if accuracy is None else accuracy / 100,
                patience=None if patience is None else int(patience),
            )
        )

    def _blame_schedule(self, reason: str) -> None:
        box: QComboBox = self._schedule
        if bool(box.property("invalid")) != bool(reason):
            box.setProperty("invalid", bool(reason))
            box.style().unpolish(box)
            box.style().polish(box)
        box.setToolTip(reason or f"How the rate goes on: {', '.join(EXAMPLES)}")
