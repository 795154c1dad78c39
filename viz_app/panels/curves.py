"""The loss of the iterations walked so far."""

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QSizePolicy, QWidget

from core.experiment import Experiment
from core.run.record import Series
from viz_app.frame.frame import Frame
from viz_app.paint.theme import Theme
from viz_app.widgets.losses import SMOOTHED, Edge, Flags
from viz_app.widgets.plot import LossPlot

_WHAT = "Loss of the batch before its update."
_CURVE = 6.5
"""The height, in lines, that words leave to the curve."""
_MARGIN = 12
_SIGNS = {Edge.NAN: "×", Edge.HIGH: "▲", Edge.LOW: "▼", Edge.ZERO: "▼"}


class CurvesPanel(QWidget):
    """Draw the losses of a frame, on a linear or a logarithmic axis, and say what they are."""

    title = "Curves"
    plots = True
    """It takes the room that there is, and does not scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._losses, self._other = Series.of(()), np.zeros(0, bool)
        self._forms: tuple[str, ...] = (_WHAT,)
        self.plot = LossPlot()
        self._about = QLabel(_WHAT)
        self._about.setObjectName("about")
        self._about.setWordWrap(True)
        policy = self._about.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self._about.setSizePolicy(policy)
        self._logarithmic = QCheckBox("log")
        self._logarithmic.setToolTip("Logarithmic axis")
        self._logarithmic.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._logarithmic.toggled.connect(self._set_logarithmic)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QGridLayout(self)
        layout.setContentsMargins(_MARGIN, 0, _MARGIN, 4)
        layout.setVerticalSpacing(2)
        layout.addWidget(self._about, 0, 0)
        layout.addWidget(self._logarithmic, 0, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.plot, 1, 0, 1, 2)
        layout.setRowStretch(1, 1)
        layout.setColumnStretch(0, 1)

    @property
    def caption(self) -> str:
        """What the curve is said to be; where there is no room for all of it, the rest is a tip."""
        return self._forms[0]

    def show_experiment(self, experiment: Experiment) -> None:
        """Learn which samples the losses are of."""
        self._experiment, self._losses, self._other = experiment, Series.of(()), np.zeros(0, bool)

    def show_frame(self, frame: Frame) -> None:
        """Draw the losses that are known."""
        self.plot.expect_losses(frame.program.loss is not None)
        if frame.losses != self._losses:
            self._losses, self._other = frame.losses, self._other_samples(frame.losses)
        self.plot.show_losses(frame.losses, frame.cursor.iteration, self._other)
        self._tell()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.plot.set_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Say as much as leaves the curve its height; where nothing is drawn there is nothing to say of it."""
        for widget in (self._about, self._logarithmic):
            widget.setVisible(not self.plot.empty)
        line = self.fontMetrics()
        width = self.width() - 2 * _MARGIN - self._logarithmic.sizeHint().width() - _MARGIN
        room = self.height() - _CURVE * line.height()
        box = QRect(0, 0, max(width, 1), self.height())
        heights = {form: line.boundingRect(box, Qt.TextFlag.TextWordWrap, form).height() for form in self._forms}
        text = next((form for form in self._forms if heights[form] <= room), "")
        if text != self._about.text():
            self._about.setText(text)

    def _other_samples(self, losses: Series) -> Flags:
        """Return whether each loss is of other samples than the one before."""
        if self._experiment is None:
            return np.zeros(len(losses), bool)
        return self._experiment.take_other_samples(losses.iterations)

    def _set_logarithmic(self, on: bool) -> None:
        self.plot.set_logarithmic(on)
        self._tell()

    def _tell(self) -> None:
        """Say what a point is, what the line is, and what the marks at the edge are."""
        curve, texts = self.plot.curve, [_WHAT]
        if curve.other.any():
            alone = self._experiment is not None and self._experiment.now.batch_size == 1
            texts.append(f"Each point: another {'sample' if alone else 'batch'}.")
            texts.append(f"Line: mean of up to {SMOOTHED}.")
        kinds = dict.fromkeys(edge for _, edge in curve.edges)
        texts += [f"{_SIGNS[edge]} is {edge.value}." for edge in kinds]
        self._forms = tuple(" ".join(texts[start:]) for start in range(len(texts)))
        self.plot.setToolTip(self._forms[0])
        self._make_room()
