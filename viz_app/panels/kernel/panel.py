"""One kernel on one image: choose both, write the kernel's numbers, and say how it slides."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPalette, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget

from core.data.kernels import KERNELS, Weights
from core.data.pictures import PICTURES, picture
from core.experiment import Experiment
from core.ops.windows.convolution import Conv2d
from core.ops.windows.geometry import NO_PADDING, Padding
from core.presets.changes import Refusal
from core.presets.convolution import KernelSettings
from core.values import Array
from viz_app.paint.theme import Theme
from viz_app.panels.kernel.padding import PaddingField
from viz_app.panels.kernel.pair import PairField
from viz_app.panels.kernel.weights import MOST, WeightsTable
from viz_app.widgets.fields.choice import choice_box
from viz_app.widgets.fields.number_field import NumberField

_CUSTOM = ""
_OWN = ""
"""What stands for an image of one's own, which is listed while it is there."""
_FARTHEST = 99
_ICON = 128
"""Pixels along a side of a small image, at most."""
_SAID_AT = {"own_image": "image", "own_title": "image", "kernel": "weights"}
"""Settings that are refused below another one's field."""


class KernelPanel(QWidget):
    """Ask for another kernel, image, padding, stride or dilation; made and shown only where there are such settings."""

    settings_requested = Signal(object)
    """A dict of the fields of ``KernelSettings`` that change."""
    made = Signal()
    """The fields have been made."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None
        self._has_kernel = self._is_made = False
        self.hide()

    def _make(self) -> None:
        """Make the fields, where they are needed for the first time."""
        self._is_made = True
        self._image, self._kernel = choice_box("Image"), choice_box("Kernel")
        for name, title in PICTURES.items():
            self._image.addItem(title.partition(",")[0], name)
            self._image.setItemData(self._image.count() - 1, title, Qt.ItemDataRole.ToolTipRole)
        for name, kernel in KERNELS.items():
            self._kernel.addItem(kernel.title, name)
            self._kernel.setItemData(self._kernel.count() - 1, kernel.about, Qt.ItemDataRole.ToolTipRole)
        self._kernel.addItem("Custom", _CUSTOM)
        self._weights = WeightsTable()
        self._size = PairField("Size of the kernel", 1, MOST)
        # 0 can be typed, so that the reason against it can be read.
        self._stride = PairField("Stride", 0, _FARTHEST)
        self._dilation = PairField("Dilation", 0, _FARTHEST)
        self._padding = PaddingField()
        self._channels, self._typed = _label("hint"), _label("reason")
        self._settings = KernelSettings()
        self._reasons = {field: _label("reason") for field in ("image", "weights", "stride", "dilation", "padding")}
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._lay_out()
        self._connect_signals()
        if self._theme is not None:
            self._weights.set_theme(self._theme)
        self.made.emit()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the settings of an experiment, if they are those of a kernel."""
        settings = experiment.settings
        if isinstance(settings, KernelSettings):
            if not self._is_made:
                self._make()
            self._settings = settings
            self._show_thumbnails()
            for field in self._reasons:
                self._show_setting(field, settings, _amounts(experiment))
            self._show_channels(experiment.program.values["x"].shape[1])
        else:
            self._forget_typing()
        self._has_kernel = isinstance(settings, KernelSettings)
        self.setVisible(self._has_kernel)

    def _show_thumbnails(self) -> None:
        """Draw the images beside their names; only once the panel is shown."""
        for place in range(self._image.count()):
            if self._image.itemIcon(place).isNull():
                self._image.setItemIcon(place, _thumbnail(self._image.itemData(place)))

    def show_refusals(self, refusals: Mapping[str, Refusal]) -> None:
        """Show what was wanted and does not fit, and below it why; all else is as the experiment has it."""
        if not self._has_kernel:
            return
        known = {field: refusal.wanted for field, refusal in refusals.items() if hasattr(self._settings, field)}
        if known.get("kernel", self._settings.kernel) not in KERNELS:
            del known["kernel"]
        wanted = replace(self._settings, **known)
        reasons = {_SAID_AT.get(field, field): refusal.reason for field, refusal in refusals.items()}
        for field, label in self._reasons.items():
            reason = reasons.get(field, "")
            if reason:
                self._show_setting(field, wanted, NO_PADDING)
            _say(label, reason)
            for control in self._controls(field):
                _blame(control, reason)
        self._reveal(*(self._reasons[field] for field in reasons))

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        if self._is_made:
            self._weights.set_theme(theme)

    def _show_setting(self, field: str, settings: KernelSettings, amounts: Padding) -> None:
        match field:
            case "image":
                self._show_image(settings)
            case "weights":
                self._show_weights(settings.weights, settings.kernel)
            case "stride":
                self._stride.show_sizes(settings.stride)
            case "dilation":
                self._dilation.show_sizes(settings.dilation)
            case "padding":
                self._padding.show_rule(settings.padding, amounts)

    def _show_image(self, settings: KernelSettings) -> None:
        """Choose the image; one of one's own stands last, under its name."""
        place = self._image.findData(_OWN)
        if settings.own_image is None:
            self._image.removeItem(place)
            self._image.setCurrentIndex(self._image.findData(settings.image))
            return
        if place < 0:
            place = self._image.count()
            self._image.addItem("", _OWN)
        self._image.setItemText(place, settings.own_title or "Own image")
        self._image.setItemData(place, settings.own_title, Qt.ItemDataRole.ToolTipRole)
        self._image.setItemIcon(place, _icon(settings.own_image))
        self._image.setCurrentIndex(place)

    def _forget_typing(self) -> None:
        for field in self.findChildren(NumberField):
            field.forget()

    def _show_weights(self, weights: Weights | None, kernel: str) -> None:
        rows = KERNELS[kernel].weights if weights is None else weights
        self._kernel.setCurrentIndex(self._kernel.findData(kernel if weights is None else _CUSTOM))
        self._weights.show_weights(rows)
        self._size.show_sizes((len(rows), len(rows[0])))

    def _show_channels(self, count: int) -> None:
        self._channels.setText(f"Each of the {count} channels gets these numbers, divided by {count}.")
        self._channels.setVisible(count > 1)

    def _show_typed(self, reason: str) -> None:
        """Say why what was typed into the kernel is no number."""
        _say(self._typed, reason)
        _frame(self._weights, bool(reason))
        self._reveal(*[self._typed] if reason else [])

    def _reveal(self, *widgets: QWidget) -> None:
        """Scroll to what has just appeared, where the panel stands in an area that scrolls."""
        area = self.parent()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parent()
        if widgets and area is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            area.ensureWidgetVisible(widgets[-1])

    def _controls(self, field: str) -> tuple[QWidget, ...]:
        """Return what is framed where a field is refused."""
        return {
            "image": (self._image,),
            "weights": self._size.boxes,
            "stride": self._stride.boxes,
            "dilation": self._dilation.boxes,
            "padding": self._padding.boxes,
        }[field]

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 0, 12, 10)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("Image", self._image),
            ("", self._reasons["image"]),
            ("Kernel", self._kernel),
            ("", self._weights),
            ("", self._typed),
            ("", self._channels),
            ("", _ways()),
            ("Size", self._size),
            ("", self._reasons["weights"]),
            ("Stride", self._stride),
            ("", self._reasons["stride"]),
            ("Dilation", self._dilation),
            ("", self._reasons["dilation"]),
            ("Padding", self._padding.mode),
            ("", self._padding),
            ("", self._reasons["padding"]),
        )
        for row, (name, widget) in enumerate(rows):
            whole = isinstance(widget, (WeightsTable, QLabel))
            grid.addWidget(widget, row, 0 if whole else 1, 1, 2 if whole else 1)
            if name:
                grid.addWidget(QLabel(name), row, 0)

    def _connect_signals(self) -> None:
        self._image.activated.connect(self._ask_image)
        self._kernel.activated.connect(self._ask_kernel)
        self._weights.weights_changed.connect(self._ask_weights)
        self._weights.reason_changed.connect(self._show_typed)
        self._size.changed.connect(self._ask_size)
        self._stride.changed.connect(self._ask_stride)
        self._dilation.changed.connect(self._ask_dilation)
        self._padding.changed.connect(self._ask_padding)

    def _ask(self, chosen: Mapping[str, Any]) -> None:
        """Ask for other settings, unless what is open has none of these."""
        if self._has_kernel:
            self.settings_requested.emit(chosen)

    def _ask_image(self) -> None:
        name = self._image.currentData()
        if name != _OWN:
            self._ask({"image": name, "own_image": None, "own_title": ""})

    def _ask_kernel(self) -> None:
        """Ask for a kernel by name; to choose "Custom" makes the numbers one's own, and changes none of them."""
        name = self._kernel.currentData()
        if name == _CUSTOM:
            self._ask_weights(self._weights.weights)
        else:
            self._weights.show_weights(KERNELS[name].weights, again=True)
            self._ask({"kernel": name, "weights": None})

    def _ask_weights(self, weights: Weights) -> None:
        self._ask({"weights": weights})

    def _ask_size(self, size: tuple[int, int]) -> None:
        self._ask_weights(self._weights.resized(*size))

    def _ask_stride(self, stride: tuple[int, int]) -> None:
        self._ask({"stride": stride})

    def _ask_dilation(self, dilation: tuple[int, int]) -> None:
        self._ask({"dilation": dilation})

    def _ask_padding(self, rule: object) -> None:
        self._ask({"padding": rule})
        self._reveal(*[self._padding] if self._padding.isVisible() else [])


def _amounts(experiment: Experiment) -> Padding:
    """Return the padding that the kernel of an experiment slides with."""
    return next(step.op.padding for step in experiment.program.steps if isinstance(step.op, Conv2d))


def _thumbnail(name: str) -> QIcon:
    """Return a sample image, small; grey as grey."""
    return _icon(picture(name))


def _icon(pixels: Array) -> QIcon:
    """Return an image, (C, H, W) from 0 to 1, small."""
    step = -(-max(pixels.shape[1:]) // _ICON)
    pixels = pixels[:, ::step, ::step]
    rgb = np.ascontiguousarray(np.broadcast_to(255 * pixels, (3, *pixels.shape[1:])).transpose(1, 2, 0), np.uint8)
    height, width, _ = rgb.shape
    return QIcon(QPixmap.fromImage(QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888)))


def _label(name: str) -> QLabel:
    label = QLabel(wordWrap=True)
    label.setObjectName(name)
    label.hide()
    return label


def _ways() -> QWidget:
    """Return the heads of the fields for rows and columns."""
    heads = QWidget()
    heads.setObjectName("ways")
    row = QHBoxLayout(heads)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for way in ("rows", "columns"):
        label = QLabel(way)
        label.setObjectName("hint")
        row.addWidget(label, 1)
    return heads


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _blame(control: QWidget, reason: str) -> None:
    """Frame a control where there is a reason against what it shows."""
    if isinstance(control, NumberField):
        control.blame(reason)
    else:
        _frame(control, bool(reason))


def _frame(control: QWidget, invalid: bool) -> None:
    """Put a frame around what is wrong."""
    if bool(control.property("invalid")) != invalid:
        control.setProperty("invalid", invalid)
        control.style().unpolish(control)
        control.style().polish(control)
