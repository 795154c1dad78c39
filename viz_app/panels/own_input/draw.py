"""Draw an input with mouse or pen."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.experiment import Experiment
from viz_app.panels.own_input.page import InputPage
from viz_app.widgets.drawing_pad import DrawingPad


class DrawPage(InputPage):
    """A pad to draw on; what is drawn is prepared as an image is, and enters the network."""

    title = "&Draw"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pad = DrawingPad()
        column = QVBoxLayout(self)
        column.addWidget(self.pad)

    def unfit(self, experiment: Experiment) -> str:
        """Only images can be drawn."""
        dataset = experiment.dataset
        if dataset is None or (dataset.row_image is None and dataset.inputs.ndim != 4):
            return "This network does not take images, so there is nothing to draw for it."
        return ""

    def show_experiment(self, experiment: Experiment) -> None:
        """Prepare the drawing for what is open."""
