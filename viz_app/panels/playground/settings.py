"""What the playground is made of: the points, the inputs that the network is given, and its hidden layers."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from core.data.toy import LARGEST_POINT_SEED, MOST_NOISE, MOST_POINTS, TOYS
from core.experiment import Experiment
from core.layers import Feature
from core.presets.changes import Refusal
from core.presets.playground import ACTIVATION_TITLES, MOST_LAYERS, MOST_UNITS, PlaygroundSettings
from viz_app.frame.told.boundary import feature_surface
from viz_app.paint.plane import relief_icon
from viz_app.paint.theme import Theme
from viz_app.widgets.fields.choice import choice_box
from viz_app.widgets.fields.number_field import NumberField, narrow
from viz_app.widgets.fields.reading import Bounds

_IN_A_ROW = 4
"""So many inputs stand beside each other."""
_COLUMNS = 12
"""The panel is laid out in so many narrow columns."""
_ICON = 1.8
"""The side of the picture of an input, in sizes of text."""
_USUAL_UNITS = 4
"""So many neurons has a layer that is added."""


class PlaneSettingsPanel(QWidget):
    """Ask for other points, inputs or hidden layers; made and shown only where there are such settings."""

    settings_requested = Signal(object)
    """A dict of the fields of ``PlaygroundSettings`` that change."""
    options_requested = Signal(object)
    """A dict of the options that change."""
    made = Signal()
    """The fields have been made."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings: PlaygroundSettings | None = None
        self._theme: Theme | None = None
        self._em, self._is_made = 0.0, False
        self._refused: tuple[NumberField, ...] = ()
        self.hide()

    def _make(self) -> None:
        """Make the fields, where they are needed for the first time."""
        self._is_made = True
        self._data, self._activation = choice_box("Points"), choice_box("Activation of the hidden layers")
        for name, toy in TOYS.items():
            self._data.addItem(toy.title, name)
            self._data.setItemData(self._data.count() - 1, toy.about, Qt.ItemDataRole.ToolTipRole)
        for name, title in ACTIVATION_TITLES.items():
            self._activation.addItem(title, name)
        self._count = _field("How many points", Bounds(2, MOST_POINTS, whole=True))
        self._noise = _field("Noise: how far points are moved at random", Bounds(0.0, MOST_NOISE))
        self._seed = _field("Seed of the points", Bounds(0, LARGEST_POINT_SEED, whole=True))
        self._held_back = _field("How many points are held back from training", Bounds(0, MOST_POINTS, whole=True))
        self._again = QPushButton("Draw again")
        self._again.setToolTip("Forget the points that were added, moved or removed")
        self._again.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._features = {feature: _switch(feature) for feature in Feature}
        self._fewer, self._more = _button("−", "One hidden layer less"), _button("+", "One more hidden layer")
        bounds = Bounds(1, MOST_UNITS, whole=True)
        self._units = tuple(_field(f"Neurons in hidden layer {k + 1}", bounds) for k in range(MOST_LAYERS))
        self._reason = QLabel(wordWrap=True)
        self._reason.setObjectName("reason")
        self._reason.hide()
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._lay_out()
        self._connect_signals()
        self._dress()
        self.made.emit()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the settings of an experiment, if it is a playground."""
        settings = experiment.settings if isinstance(experiment.settings, PlaygroundSettings) else None
        if settings is not None and not self._is_made:
            self._make()
        for field in self.findChildren(NumberField) if settings is None else self._refused:
            field.forget()
        self._settings, self._refused = settings, ()
        if settings is not None:
            count = len(experiment.dataset or ())
            self._held_back.setMaximum(max(count - experiment.now.batch_size, 0))
            numbers: dict[NumberField, Any] = {self._noise: settings.noise, self._seed: settings.data_seed}
            numbers |= {self._count: count, self._held_back: len(experiment.held_back)}
            numbers |= dict(zip(self._units, settings.units, strict=False))
            for field, number in numbers.items():
                field.blockSignals(True)
                field.setValue(number)
                field.blockSignals(False)
            self._show_choices(settings)
        self.setVisible(settings is not None)

    def show_refusals(self, refusals: Mapping[str, Refusal]) -> None:
        """Show what was wanted and does not fit, and why."""
        if self._settings is None:
            return
        fields = {"count": self._count, "noise": self._noise, "data_seed": self._seed}
        known = {name: refusal for name, refusal in refusals.items() if name in fields}
        for name, refusal in known.items():
            fields[name].refuse(f"{refusal.wanted}", refusal.reason)
        self._refused = tuple(fields[name] for name in known)
        said = [refusal.reason for name, refusal in refusals.items() if name != "points" and refusal.reason]
        self._reason.setText(said[0] if said else "")
        self._reason.setVisible(bool(said))

    def set_theme(self, theme: Theme) -> None:
        """Draw the inputs in the colours of a theme."""
        self._theme = theme
        self._dress()

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        self._dress()

    def _dress(self) -> None:
        if not self._is_made or self._theme is None:
            return
        side = round(_ICON * self._em)
        for feature, button in self._features.items():
            surface = feature_surface(feature)
            button.setIcon(relief_icon(surface.heights, surface.levels, self._theme))
            button.setIconSize(QSize(side, side))

    def _show_choices(self, settings: PlaygroundSettings) -> None:
        self._data.setCurrentIndex(self._data.findData(settings.data))
        self._activation.setCurrentIndex(self._activation.findData(settings.activation))
        self._again.setEnabled(settings.points is not None)
        for feature, button in self._features.items():
            button.setChecked(feature in settings.features)
        for number, field in enumerate(self._units):
            field.setVisible(number < len(settings.units))
        self._fewer.setEnabled(len(settings.units) > 0)
        self._more.setEnabled(len(settings.units) < MOST_LAYERS)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 4, 12, 10)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        third = _COLUMNS // 3
        grid.addWidget(_hint("Points"), 0, 0, 1, _COLUMNS)
        grid.addWidget(self._data, 1, 0, 1, _COLUMNS)
        named = (("How many", self._count), ("Held back", self._held_back), ("Noise", self._noise))
        for place, (name, field) in enumerate(named):
            grid.addWidget(_hint(name, field), 2, place * third, 1, third)
            grid.addWidget(field, 3, place * third, 1, third)
        grid.addWidget(_hint("Their seed", self._seed), 4, 0, 1, third)
        grid.addWidget(self._seed, 5, 0, 1, third)
        grid.addWidget(self._again, 5, third, 1, 2 * third)
        grid.addWidget(_hint("Inputs"), 6, 0, 1, _COLUMNS)
        share = _COLUMNS // _IN_A_ROW
        for place, button in enumerate(self._features.values()):
            grid.addWidget(button, 7 + place // _IN_A_ROW, place % _IN_A_ROW * share, 1, share)
        grid.addLayout(self._heads(), 9, 0, 1, _COLUMNS)
        for place, field in enumerate(self._units):
            grid.addWidget(field, 10 + place // 3, place % 3 * third, 1, third)
        grid.addWidget(self._activation, 12, 0, 1, _COLUMNS)
        grid.addWidget(self._reason, 13, 0, 1, _COLUMNS)

    def _heads(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(_hint("Hidden layers"), 1)
        row.addWidget(self._fewer)
        row.addWidget(self._more)
        return row

    def _connect_signals(self) -> None:
        self._data.activated.connect(self._ask_data)
        self._activation.activated.connect(self._ask_activation)
        self._count.valueChanged.connect(self._ask_count)
        self._noise.valueChanged.connect(self._ask_noise)
        self._seed.valueChanged.connect(self._ask_seed)
        self._held_back.valueChanged.connect(self._ask_held_back)
        self._again.clicked.connect(self._draw_again)
        self._fewer.clicked.connect(self._ask_fewer)
        self._more.clicked.connect(self._ask_more)
        for button in self._features.values():
            button.clicked.connect(self._ask_features)
        for field in self._units:
            field.valueChanged.connect(self._ask_units)

    def _ask(self, **chosen: Any) -> None:
        """Ask for other settings, unless what is open has none of these."""
        if self._settings is not None:
            self.settings_requested.emit(chosen)

    def _ask_data(self) -> None:
        self._ask(data=self._data.currentData(), points=None)

    def _ask_activation(self) -> None:
        self._ask(activation=self._activation.currentData())

    def _ask_count(self, count: int) -> None:
        self._ask(count=count, points=None)

    def _ask_noise(self, noise: float) -> None:
        self._ask(noise=noise, points=None)

    def _ask_seed(self, seed: int) -> None:
        self._ask(data_seed=seed, points=None)

    def _draw_again(self) -> None:
        self._ask(points=None)

    def _ask_held_back(self, count: int) -> None:
        self.options_requested.emit({"held_back": count})

    def _ask_features(self) -> None:
        """Ask for the inputs that are switched on; the last one cannot be switched off."""
        chosen = tuple(feature for feature, button in self._features.items() if button.isChecked())
        self._ask(features=chosen)

    def _ask_units(self) -> None:
        assert self._settings is not None
        self._ask(units=tuple(int(field.value()) for field in self._units[: len(self._settings.units)]))

    def _ask_fewer(self) -> None:
        assert self._settings is not None
        self._ask(units=self._settings.units[:-1])

    def _ask_more(self) -> None:
        assert self._settings is not None
        self._ask(units=(*self._settings.units, _USUAL_UNITS))


def _field(name: str, bounds: Bounds) -> NumberField:
    return narrow(NumberField(bounds, name))


def _button(text: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _switch(feature: Feature) -> QToolButton:
    button = _button(feature.label, f"Give the network {feature.label}")
    button.setCheckable(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    button.setMinimumWidth(40)
    return button


def _hint(text: str, field: QWidget | None = None) -> QLabel:
    label = QLabel(text)
    label.setObjectName("hint")
    if field is not None:
        label.setBuddy(field)
    return label
