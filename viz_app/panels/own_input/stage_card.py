"""One stage of the preparation of an image: its picture, its numbers, and the controls that belong to it."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from core.images.settings import PARAMETERS, Choice, Preparation
from core.images.stages import Stage
from viz_app.frame.words.numbers import number
from viz_app.paint.theme import Theme
from viz_app.panels.own_input.parameter import ParameterControl
from viz_app.widgets.pictures.picture_view import PictureView

_PICTURE = 11.0
"""The height of a picture, in sizes of its text."""


class StageCard(QFrame):
    """A picture with its title, its size and its numbers; below them what a person can set about it."""

    chosen = Signal(str, object)
    """A field of ``Preparation``, and what is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.title, self.about, self.numbers = QLabel(wordWrap=True), QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.title.setObjectName("summary")
        for label in (self.about, self.numbers):
            label.setObjectName("hint")
        self.picture = PictureView()
        self.picture.described.connect(self._show_pixel)
        self.controls: tuple[ParameterControl, ...] = ()
        self._told = ""
        self._em = 13.0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 8, 10, 8)
        self._column.setSpacing(4)
        for widget in (self.title, self.picture, self.numbers, self.about):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        self.set_em(self._em)

    def show_stage(self, number_of: int, stage: Stage, settings: Preparation) -> None:
        """Show a stage, and the settings that it was made with."""
        self.title.setText(f"{number_of}. {stage.title}")
        self.about.setText(stage.sentence)
        self.picture.setAccessibleName(f"{stage.title}: {stage.sentence}")
        self.picture.show_image(stage.array, stage.limits)
        self._told = _numbers(stage)
        self.numbers.setText(self._told)
        if tuple(control.name for control in self.controls) != stage.parameters:
            self._make_controls(stage.parameters)
        for control in self.controls:
            chosen: Choice = getattr(settings, control.name)
            control.show_choice(chosen, stage.found.get(control.name))

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.picture.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        self.picture.setFixedHeight(round(_PICTURE * em))

    def _make_controls(self, names: tuple[str, ...]) -> None:
        for control in self.controls:
            self._column.removeWidget(control)
            control.hide()
            control.deleteLater()
        self.controls = tuple(ParameterControl(name, PARAMETERS[name]) for name in names)
        for control in self.controls:
            control.chosen.connect(self.chosen)
            self._column.insertWidget(self._column.count() - 1, control)

    def _show_pixel(self, text: str) -> None:
        self.numbers.setText(text or self._told)


def _numbers(stage: Stage) -> str:
    array = np.asarray(stage.array, np.float32)
    size = " × ".join(str(side) for side in array.shape)
    low, high, mean = (number(float(one), 3) for one in (array.min(), array.max(), array.mean()))
    return f"{size}, {low} to {high}, mean {mean}"
