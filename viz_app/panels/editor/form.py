"""What the editor is made of: the list of layers, the loss, and below it what can be done with the draft."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.editing import Keeping, Mend, loss_title
from core.ops.losses import LOSSES
from viz_app.paint.theme import Theme
from viz_app.panels.editor.desk import Desk
from viz_app.panels.editor.edge import AddMenu
from viz_app.panels.editor.listing import LayerList
from viz_app.widgets.layouts.flow import FlowLayout

_APPLY = "The run starts again at iteration 0, with the weights that are kept (Ctrl+Return)"


class Form(QWidget):
    """The widgets of the editor; it shows, and knows nothing of what is asked for.

    Parameters
    ----------
    outer : QWidget
        What it fills.
    """

    mend_requested = Signal(int)
    """The place of the suggestion that was taken."""

    def __init__(self, outer: QWidget) -> None:
        super().__init__(outer)
        self.area = QScrollArea()
        self.layers = LayerList(self.area)
        self.loss = QComboBox()
        self.wanted = _label("about")
        self.add_button = QPushButton("Add layer")
        self.undo, self.redo = QPushButton("Undo"), QPushButton("Redo")
        self.apply, self.close_button = QPushButton("Apply"), QPushButton("Close")
        self.add_menu = AddMenu(self.add_button)
        self.summary = _label("summary")
        self.problem = _label("reason", wrapped=True)
        self.blocked = _label("empty", wrapped=True)
        self.overview = _label("listing", wrapped=True)
        self._mends = QWidget()
        self._mend_row = FlowLayout(8, 4, self._mends)
        self._bottom, self._loss_row = QWidget(), QWidget()
        self._prepare()
        self._lay_out(outer)

    @property
    def mend_buttons(self) -> Sequence[QPushButton]:
        """The suggestions that are shown."""
        return [button for button in self._mends.findChildren(QPushButton) if not button.isHidden()]

    def show_desk(self, desk: Desk) -> None:
        """Show a draft, and what is known of it."""
        self._show_blocked(False)
        self.layers.show_desk(desk)
        self._show_loss(desk.draft.loss)
        self.wanted.setText(f"against {desk.setting.wants}")
        self.undo.setEnabled(bool(desk.history.past))
        self.redo.setEnabled(bool(desk.history.future))
        self.apply.setEnabled(desk.proposal is not None)
        self.summary.setText(_summary(desk))
        self.show_problem(desk.problem, desk.mends)

    def _show_loss(self, loss: str) -> None:
        """Choose a loss; one with a number of its own joins the others."""
        if self.loss.findData(loss) < 0:
            self.loss.addItem(loss_title(loss), loss)
        self.loss.setCurrentIndex(self.loss.findData(loss))

    def show_problem(self, problem: str, mends: Sequence[Mend]) -> None:
        """Say what does not fit, and what would mend it."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        buttons = self._mends.findChildren(QPushButton)
        while len(buttons) < len(mends):
            button = QPushButton()
            button.setAutoDefault(False)
            button.clicked.connect(self._tell_mend)
            self._mend_row.addWidget(button)
            buttons.append(button)
        for place, button in enumerate(buttons):
            button.setProperty("place", place)
            button.setVisible(place < len(mends))
            if place < len(mends):
                button.setText(mends[place].text)
        self._mends.setVisible(bool(mends))
        self._mend_row.invalidate()

    def show_blocked(self, reason: str, lines: Sequence[str]) -> None:
        """Say why the network cannot be edited, and list its layers."""
        self._show_blocked(True)
        self.blocked.setText(reason)
        self.overview.setText("\n".join(lines))
        self.apply.setEnabled(False)

    def reveal(self, y: int) -> None:
        """Scroll until a height of the list is in view."""
        self.area.ensureVisible(0, self.layers.y() + y, 0, 32)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.layers.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self.layers.set_em(em)

    def _show_blocked(self, blocked: bool) -> None:
        for widget in (self.blocked, self.overview):
            widget.setVisible(blocked)
        for other in (self.layers, self._loss_row, self._bottom, self.add_button, self.undo, self.redo, self.apply):
            other.setVisible(not blocked)

    def _prepare(self) -> None:
        for loss in LOSSES:
            self.loss.addItem(loss_title(loss), loss)
        self.loss.setAccessibleName("Loss")
        self.add_button.setMenu(self.add_menu)
        self.add_button.setToolTip("Add a layer below the one that you are at")
        self.undo.setToolTip("Undo the last change (Ctrl+Z)")
        self.redo.setToolTip("Make the change again that was undone (Ctrl+Shift+Z)")
        self.apply.setToolTip(_APPLY)
        self.apply.setProperty("primary", True)
        for button in (self.add_button, self.undo, self.redo, self.apply, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAutoDefault(False)
        self.overview.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _lay_out(self, outer: QWidget) -> None:
        inside = QWidget()
        inside.setObjectName("paper")
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(0)
        for label in (self.blocked, self.overview):
            label.setContentsMargins(8, 8, 8, 8)
        for widget in (self.blocked, self.overview, self.layers):
            column.addWidget(widget)
        loss = QHBoxLayout(self._loss_row)
        loss.setContentsMargins(14, 2, 8, 8)
        loss.setSpacing(8)
        for part in (_label("layerTitle", "Loss"), self.loss, self.wanted):
            loss.addWidget(part)
        loss.addStretch(1)
        column.addWidget(self._loss_row)
        column.addStretch(1)
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bottom = QVBoxLayout(self._bottom)
        bottom.setContentsMargins(0, 0, 0, 0)
        bottom.setSpacing(4)
        for one in (self.problem, self._mends, self.summary):
            bottom.addWidget(one)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.add_button, self.undo, self.redo):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.apply, self.close_button):
            buttons.addWidget(button)
        whole = QVBoxLayout(outer)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(10, 10, 10, 10)
        rows.setSpacing(8)
        rows.addWidget(self.area, 1)
        rows.addWidget(self._bottom)
        rows.addLayout(buttons)

    def _tell_mend(self) -> None:
        self.mend_requested.emit(self.sender().property("place"))


def _label(name: str, text: str = "", *, wrapped: bool = False) -> QLabel:
    label = QLabel(text, wordWrap=wrapped)
    label.setObjectName(name)
    if wrapped:
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _summary(desk: Desk) -> str:
    """Return how many parameters there are, and how many layers keep theirs."""
    count, layers = desk.report.count, len(desk.draft.parts)
    noun = "layer" if layers == 1 else "layers"
    if count is None:
        return f"{layers} {noun}; how many parameters they have is not known yet."
    if not desk.changed:
        return f"{count:,} parameters in {layers} {noun}; nothing has been changed."
    weighted = [keeping for keeping in desk.keeping if keeping is not None]
    kept = sum(keeping is Keeping.ALL for keeping in weighted)
    told = f"{count:,} parameters in {layers} {noun}"
    if not weighted:
        return f"{told}."
    whose = "keeps its" if kept == 1 else "keep their"
    return f"{told}; {kept} of {len(weighted)} {whose} weights of the shown iteration."
