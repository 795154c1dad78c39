"""The layers of the network: gradients, outputs, updates and idle neurons, and how values spread over time."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from core.experiment import Experiment
from viz_app.frame.told.measured import Measured, What
from viz_app.paint.theme import Theme
from viz_app.widgets.charts.histogram_view import HistogramView
from viz_app.widgets.charts.layer_table import LayerTable

_NO_LOSS = "Nothing is trained here, so no gradient is shown."
_NO_LAYERS = "There are no layers here."
_NOT_YET = "The values appear here once they have been computed."
_NOTHING = {
    What.WEIGHTS: "Nothing is trained in this layer.",
    What.GRADIENTS: "Nothing is trained in this layer, so there are no gradients.",
    What.OUTPUTS: _NOT_YET,
}


class LayerStatsPanel(QWidget):
    """Show the numbers of every layer, and the histograms of one that is chosen."""

    title = "Layers"
    wanted_changed = Signal(bool)
    """Whether somebody looks: nothing needs to be measured while nobody does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measured: Measured | None = None
        self._names: tuple[str, ...] = ()
        self.table, self.view = LayerTable(), HistogramView()
        self._about = QLabel()
        self._about.setObjectName("about")
        self._about.setWordWrap(True)
        self._layer, self._what = QComboBox(), QComboBox()
        self._layer.setAccessibleName("Which layer")
        self._what.setAccessibleName("Which values")
        self._what.addItems([what.value for what in What])
        self._what.setCurrentIndex(list(What).index(What.GRADIENTS))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()
        self._layer.currentIndexChanged.connect(self._choose)
        self._what.currentIndexChanged.connect(self._draw)
        self.table.layer_chosen.connect(self._layer.setCurrentIndex)

    def show_experiment(self, experiment: Experiment) -> None:
        """Say why there is nothing to show, where that is so."""
        layers = any(layer.number is not None for layer in experiment.program.layers)
        why = "" if experiment.trainable else _NO_LOSS
        self._about.setText(why if layers else _NO_LAYERS)
        self._about.setVisible(bool(self._about.text()))

    def show_measured(self, measured: Measured) -> None:
        """Show the layers of an iteration."""
        self._measured = measured
        names = tuple(f"{layer.number}  {layer.name}" for layer in measured.layers)
        if names != self._names:
            self._names = names
            self._layer.clear()
            self._layer.addItems(names)
        self.table.show_measured(measured)
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.table.set_theme(theme)
        self.view.set_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.wanted_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.wanted_changed.emit(False)

    def _choose(self, row: int) -> None:
        self.table.choose(row)
        self._draw()

    def _draw(self) -> None:
        row, what = self._layer.currentIndex(), list(What)[self._what.currentIndex()]
        chosen = self._measured is not None and 0 <= row < len(self._measured.histories)
        for widget in (self.view, self._layer, self._what):
            widget.setVisible(chosen)
        if self._measured is not None and chosen:
            trained = self._measured.layers[row].trained
            self.view.show_histogram(
                self._measured.histories[row].histograms[what], _NOT_YET if trained else _NOTHING[what]
            )

    def _lay_out(self) -> None:
        for box in (self._layer, self._what):
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._layer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        chooser = QHBoxLayout()
        chooser.setSpacing(6)
        chooser.addWidget(self._layer, 1)
        chooser.addWidget(self._what)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 4)
        column.setSpacing(4)
        column.addWidget(self._about)
        column.addWidget(self.table)
        column.addLayout(chooser)
        column.addWidget(self.view, 1)
        self._about.hide()
