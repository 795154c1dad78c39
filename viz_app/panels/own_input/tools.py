"""The tools of the drawing pad: what is drawn with, and what takes it back."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from viz_app.widgets.drawing.drawing_pad import LEAST_WIDTH, MOST_WIDTH, DrawingPad
from viz_app.widgets.layouts.flow import FlowLayout

_WIDER = 4
_SLIDER = 6
"""The width of the slider, in sizes of its text."""


class DrawingTools(QWidget):
    """Brush or eraser, its width, soft or hard; undo, redo and clear.

    Parameters
    ----------
    pad : DrawingPad
        What is drawn on.
    """

    def __init__(self, pad: DrawingPad, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pad = pad
        self.brush = _tool("Brush", "Draw (B)")
        self.eraser = _tool("Eraser", "Erase (E); the right button erases, too")
        self.undo = _tool("Undo", "Take the last change back (Ctrl+Z)")
        self.redo = _tool("Redo", "Do it again (Ctrl+Shift+Z)")
        self.clear = _tool("Clear", "Take all ink away (Del); that can be undone")
        self.soft = QCheckBox("Soft")
        self.width_slider = QSlider(Qt.Orientation.Horizontal)
        self._prepare()
        self._lay_out()
        self._connect_signals()
        self.show_state()

    def add_keys(self, place: QWidget) -> None:
        """Let keys do the same wherever the keyboard is within a widget."""
        keys: Mapping[Callable[[], object], tuple[str, ...]] = {
            self._pad.undo: ("Ctrl+Z",),
            self._pad.redo: ("Ctrl+Shift+Z", "Ctrl+Y"),
            self._pad.clear: ("Del",),
            self.brush.click: ("B",),
            self.eraser.click: ("E",),
            self.soft.click: ("S",),
            self.widen: ("]",),
            self.narrow: ("[",),
        }
        for slot, combinations in keys.items():
            for combination in combinations:
                shortcut = QShortcut(QKeySequence(combination), place)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(slot)

    def show_state(self) -> None:
        """Offer what can be done now."""
        paper = self._pad.paper
        for button, possible in {
            self.undo: paper.can_undo,
            self.redo: paper.can_redo,
            self.clear: not paper.blank,
        }.items():
            if button.isEnabled() is not possible:
                button.setEnabled(possible)

    def widen(self) -> None:
        """Take a wider brush."""
        self.width_slider.setValue(self.width_slider.value() + _WIDER)

    def narrow(self) -> None:
        """Take a narrower brush."""
        self.width_slider.setValue(self.width_slider.value() - _WIDER)

    def _prepare(self) -> None:
        both = QButtonGroup(self)
        for button in (self.brush, self.eraser):
            button.setCheckable(True)
            both.addButton(button)
        self.brush.setChecked(True)
        self.width_slider.setRange(LEAST_WIDTH, MOST_WIDTH)
        self.width_slider.setValue(round(self._pad.width_chosen))
        self.width_slider.setPageStep(_WIDER)
        self.width_slider.setToolTip("Width of the brush ([ and ])")
        self.width_slider.setAccessibleName("Width of the brush")
        self.width_slider.setFixedWidth(_SLIDER * self.fontMetrics().height())
        self.soft.setToolTip("Ink that fades towards the edges (S)")

    def _lay_out(self) -> None:
        width = QWidget()
        row = QHBoxLayout(width)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel("Width")
        label.setObjectName("hint")
        label.setBuddy(self.width_slider)
        row.addWidget(label)
        row.addWidget(self.width_slider)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widgets in ((self.brush, self.eraser, width, self.soft), (self.undo, self.redo, self.clear)):
            flow = FlowLayout(8, 6)
            for widget in widgets:
                flow.addWidget(widget)
            column.addLayout(flow)

    def _connect_signals(self) -> None:
        self.eraser.toggled.connect(self._choose_eraser)
        self.soft.toggled.connect(self._choose_soft)
        self.width_slider.valueChanged.connect(self._choose_width)
        self.undo.clicked.connect(self._pad.undo)
        self.redo.clicked.connect(self._pad.redo)
        self.clear.clicked.connect(self._pad.clear)
        self._pad.finished.connect(self.show_state)

    def _choose_eraser(self, erases: bool) -> None:
        self._pad.erases = erases

    def _choose_soft(self, soft: bool) -> None:
        self._pad.soft = soft

    def _choose_width(self, width: int) -> None:
        self._pad.width_chosen = width


def _tool(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
