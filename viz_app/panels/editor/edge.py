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
from viz_app.widgets.layouts.deferred import Deferred

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


class EdgeContent(QWidget):
    """The words of an edge, and its button."""

    add_requested = Signal(object)
    """The class of the layer that is to be put there."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.label = QLabel()
        self.add = QToolButton(autoRaise=True)
        self.add.setObjectName("small")
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add.setToolTip("Add a layer here")
        self.add.setAccessibleName(f"Add a layer at place {place + 1}")
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = AddMenu(self.add)
        self.menu.chosen.connect(self.add_requested)
        self.add.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label)
        row.addWidget(self.add)
        row.addStretch(1)

    def show_shape(self, words: str, tip: str, broken: bool) -> None:
        """Show what goes along, or that nothing does."""
        self.label.setText(words)
        self.label.setToolTip(tip)
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


class Edge(Deferred[EdgeContent]):
    """The shape of a sample between two layers; whoever asks for one of its widgets gets it."""

    add_requested = Signal(int, object)
    """The place, and the class of the layer that is to be put there."""

    def __init__(self, place: int) -> None:
        super().__init__((18, 0, 0, 0))
        self.place = place
        self._tip, self._broken = "", False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_shape(self, words: str, tip: str, *, broken: bool = False) -> None:
        """Show what goes along, or that nothing does, as what is above does not fit."""
        self.words, self._tip, self._broken = f"↓  {words}", tip, broken
        if self.made is not None:
            self.made.show_shape(self.words, tip, broken)
        self.update()

    def make_content(self) -> EdgeContent:
        made = EdgeContent(self.place)
        made.show_shape(self.words, self._tip, self._broken)
        made.add_requested.connect(self._tell)
        return made

    # What is in it

    @property
    def label(self) -> QLabel:
        """The shape."""
        return self.content.label

    @property
    def add(self) -> QToolButton:
        """Where a layer is added."""
        return self.content.add

    @property
    def menu(self) -> AddMenu:
        """The layers that can be added."""
        return self.content.menu

    def _tell(self, layer: type[Layer]) -> None:
        self.add_requested.emit(self.place, layer)


def shape_words(shape: Shape | None, axes: Axes) -> tuple[str, str]:
    """Return a shape as it stands on an edge, and what each number counts: ``8 × 24 × 24``, ``channels × rows``."""
    if shape is None:
        return UNKNOWN, "Not known until what is above fits."
    return show_shape(shape), " × ".join(map(_plural, axes))


def _plural(axis: Axis) -> str:
    return f"{axis.kind}es" if axis.kind.endswith("s") else f"{axis.kind}s"
