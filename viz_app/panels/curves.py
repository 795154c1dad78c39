"""The loss of the iterations walked so far."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from viz_app.frame.frame import Frame
from viz_app.paint.theme import Theme
from viz_app.widgets.plot import LossPlot


class CurvesPanel(QWidget):
    """Draw the losses of a frame, on a linear or a logarithmic axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = LossPlot()
        self._logarithmic = QCheckBox("log")
        self._logarithmic.setToolTip("Logarithmic axis")
        self._logarithmic.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._logarithmic.toggled.connect(self.plot.set_logarithmic)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QGridLayout(self)
        layout.setContentsMargins(4, 0, 8, 4)
        layout.addWidget(self.plot, 0, 0)
        layout.addWidget(self._logarithmic, 0, 1, Qt.AlignmentFlag.AlignTop)

    def show_frame(self, frame: Frame) -> None:
        """Draw the losses that are known."""
        self.plot.expect_losses(frame.program.loss is not None)
        self.plot.show_losses(frame.losses, frame.cursor.iteration)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.plot.set_theme(theme)
