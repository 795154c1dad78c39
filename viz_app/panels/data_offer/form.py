"""What the window that opens data is made of."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from viz_app.paint.theme import Theme
from viz_app.panels.data_offer.preview import DataPreview
from viz_app.panels.data_offer.questions import QuestionForm
from viz_app.reading.named.data_sets import NAMED
from viz_app.widgets.charts.class_bars import ClassBars
from viz_app.widgets.layouts.flow import FlowLayout
from viz_app.widgets.texts.line import Line

_SIDE = 27
"""How wide the column of choices is, in sizes of the text."""


class DataOfferForm(QWidget):
    """The widgets; it shows, and knows nothing of what is asked for.

    Parameters
    ----------
    outer : QWidget
        What it fills.
    """

    def __init__(self, outer: QWidget) -> None:
        super().__init__(outer)
        self.files, self.folder = QPushButton("File…"), QPushButton("Folder…")
        self.names = {key: QPushButton(one.title) for key, one in NAMED.items()}
        self.name, self.summary = _label("name"), _label("hint", wrapped=True)
        self.source, self.notes = Line(), _label("about", wrapped=True)
        self.empty = _label("empty", wrapped=True)
        self.preview, self.questions, self.bars = DataPreview(), QuestionForm(), ClassBars()
        self.numbers = _label("about", wrapped=True)
        self.problem, self.fit = _label("reason", wrapped=True), _label("summary", wrapped=True)
        self.path, self.copy_path = _label("listing"), QPushButton("Copy path")
        self.progress, self.doing = QProgressBar(), Line()
        self.download, self.cancel = QPushButton("Download"), QPushButton("Cancel")
        self.take, self.close_button = QPushButton("Take the data"), QPushButton("Close")
        self.side, self._bars_title = QScrollArea(), _label("heading")
        self._path_row, self._work_row = QWidget(), QWidget()
        self._prepare()
        self._lay_out(outer)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.preview.set_theme(theme)
        self.bars.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self.side.setFixedWidth(round(_SIDE * em))

    def show_hint(self, text: str) -> None:
        """Say in place of a preview what can be done; nothing where there is a preview."""
        self.empty.setText(text)
        self.empty.setVisible(bool(text))

    def show_path(self, path: str) -> None:
        """Show where files can be put by hand; nothing hides it."""
        self._path_row.setVisible(bool(path))
        self.path.setText(path)

    def show_work(self, working: bool) -> None:
        """Show how far the work is, or no longer."""
        self._work_row.setVisible(working)

    def show_bars(self, names: tuple[str, ...], counts: tuple[int, ...]) -> None:
        """Show how many samples there are of each class."""
        for widget in (self.bars, self._bars_title):
            widget.setVisible(bool(counts))
        self._bars_title.setText("Samples of each class")
        self.bars.show_counts(names, counts)

    def _prepare(self) -> None:
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(24)
        for key, button in self.names.items():
            button.setToolTip(f"{NAMED[key].about} Licence: {NAMED[key].licence}.")
            button.setProperty("key", key)
        self.take.setProperty("primary", True)
        self.download.setProperty("primary", True)
        for label in (self.problem, self.path, self.notes, self.fit):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        choices = self.files, self.folder, *self.names.values()
        for button in (*choices, self.copy_path, self.download, self.cancel, self.take, self.close_button):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(12)
        self.progress.setAccessibleName("How far it is")

    def _lay_out(self, outer: QWidget) -> None:
        top = QWidget()
        choices = FlowLayout(8, 6, top)
        by_name = _label("hint")
        by_name.setText("or by name:")
        for widget in (self.files, self.folder, by_name, *self.names.values()):
            choices.addWidget(widget)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(2, 0, 10, 0)
        column.setSpacing(6)
        for part in (self.questions, self.numbers, self._bars_title, self.bars):
            column.addWidget(part)
        column.addStretch(1)
        self.side.setWidget(inside)
        self.side.setWidgetResizable(True)
        self.side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle = QHBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(self.preview, 1)
        middle.addWidget(self.empty, 1)
        middle.addWidget(self.side)
        path = QHBoxLayout(self._path_row)
        path.setContentsMargins(0, 0, 0, 0)
        path.addWidget(self.path, 1)
        path.addWidget(self.copy_path)
        work = QHBoxLayout(self._work_row)
        work.setContentsMargins(0, 0, 0, 0)
        work.addWidget(self.doing, 1)
        work.addWidget(self.progress, 1)
        work.addWidget(self.cancel)
        buttons = QHBoxLayout()
        buttons.addWidget(self.fit, 1)
        for button in (self.download, self.take, self.close_button):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        whole = QVBoxLayout(outer)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 10, 12, 10)
        rows.setSpacing(8)
        for head in (top, self.name, self.summary, self.source, self.notes):
            rows.addWidget(head)
        rows.addLayout(middle, 1)
        for foot in (self.problem, self._path_row, self._work_row):
            rows.addWidget(foot)
        rows.addLayout(buttons)


def _label(name: str, *, wrapped: bool = False) -> QLabel:
    label = QLabel(wordWrap=wrapped)
    label.setObjectName(name)
    if wrapped:
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
