"""What goes from one layer to the next: its shape, and a button that adds a layer there."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from core.editing import kinds
from core.layers import Layer
from core.ops.base import show_shape
from core.values import Axes, Axis, Shape
from viz_app.paint.theme import Theme
from viz_app.widgets.icons import icon

UNKNOWN = "?"


class AddMenu(QMenu):
    """The layers that there are, by heading; it tells which one was chosen."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._kinds: dict[QAction, type[Layer]] = {}
        self.aboutToShow.connect(self.fill)
        self.triggered.connect(self._tell)

    def fill(self) -> None:
        """List the layers, once they are asked for."""
        if self._kinds:
            return
        for group, members in kinds().items():
            self.addAction(group).setEnabled(False)
            for kind in members:
                action = self.addAction(f"{kind.title[:1].upper()}{kind.title[1:]}")
                action.setToolTip(kind.sentence)
                self._kinds[action] = kind.layer

    def action_for(self, layer: type[Layer]) -> QAction:
        """Return the entry of a class of layers."""
        self.fill()
        return next(action for action, kind in self._kinds.items() if kind is layer)

    def _tell(self, action: QAction) -> None:
        self.chosen.emit(self._kinds[action])


class Edge(QWidget):
    """The shape of a sample between two layers."""

    add_requested = Signal(int, object)
    """The place, and the class of the layer that is to be put there."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place
        self.label = QLabel()
        self.label.setObjectName("edge")
        self.add = QToolButton(autoRaise=True)
        self.add.setObjectName("small")
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add.setToolTip("Add a layer here")
        self.add.setAccessibleName(f"Add a layer at place {place + 1}")
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = AddMenu(self.add)
        self.menu.chosen.connect(self._tell)
        self.add.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label)
        row.addWidget(self.add)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_shape(self, words: str, tip: str) -> None:
        """Show what goes along."""
        self.label.setText(f"↓  {words}")
        self.label.setToolTip(tip)

    def show_broken(self, broken: bool) -> None:
        """Mark that nothing goes along, as what is above does not fit."""
        name = "reason" if broken else "edge"
        if name != self.label.objectName():
            self.label.setObjectName(name)
            self.label.style().unpolish(self.label)
            self.label.style().polish(self.label)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.add.setIcon(icon("plus", theme))

    def set_em(self, em: float) -> None:
        """Draw icons as large as the text."""
        self.add.setIconSize(QSize(round(em), round(em)))

    def _tell(self, layer: type[Layer]) -> None:
        self.add_requested.emit(self.place, layer)


def shape_words(shape: Shape | None, axes: Axes) -> tuple[str, str]:
    """Return a shape as it stands on an edge, and what each number counts: ``8 × 24 × 24``, ``channels × rows``."""
    if shape is None:
        return UNKNOWN, "Not known until what is above fits."
    return show_shape(shape), " × ".join(map(_plural, axes))


def _plural(axis: Axis) -> str:
    return f"{axis.kind}es" if axis.kind.endswith("s") else f"{axis.kind}s"
