"""What the browser is made of: what the data are, which samples are wanted, the grid, and one sample beside it."""

from PySide6.QtCore import Qt
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

from core.data.dataset import Dataset
from viz_app.frame.told.browsing import Part, Verdict, Wanted, class_counts, source_text, summary
from viz_app.paint.theme import Theme
from viz_app.panels.browser.detail import SampleDetail
from viz_app.widgets.fields.choice import choice_box
from viz_app.widgets.fields.number_field import whole_field
from viz_app.widgets.layouts.flow import FlowLayout
from viz_app.widgets.samples.sample_grid import SampleGrid
from viz_app.widgets.texts.line import Line

_PARTS = ((Part.ALL, "All parts"), (Part.TRAINED_ON, "Trained on"), (Part.HELD_BACK, "Held back"))
_VERDICTS = ((Verdict.ANY, "Any answer"), (Verdict.WRONG, "Wrong now"), (Verdict.RIGHT, "Right now"))
_DETAIL = 19
"""How wide one sample's column is, in sizes of the text."""


class BrowserForm(QWidget):
    """The widgets of the browser; it shows, and knows nothing of what is asked for.

    Parameters
    ----------
    outer : QWidget
        What it fills.
    """

    def __init__(self, outer: QWidget) -> None:
        super().__init__(outer)
        self.name, self.summary = QLabel(), QLabel()
        self.source = Line()
        self.grid, self.detail = SampleGrid(), SampleDetail()
        self.classes, self.parts, self.verdicts = choice_box("Class"), choice_box("Part"), choice_box("Prediction")
        self.number = whole_field("Go to a sample by its number", 0, 0)
        self.status = Line()
        self.open_data, self.paste = QPushButton("Open data…"), QPushButton("Paste rows")
        self.undo, self.close_button = QPushButton("Undo all targets"), QPushButton("Close")
        self._side = QScrollArea()
        self._empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._prepare()
        self._lay_out(outer)

    @property
    def wanted(self) -> Wanted:
        """Which samples are chosen to be shown."""
        label = self.classes.currentData()
        return Wanted(label, Part(self.parts.currentData()), Verdict(self.verdicts.currentData()))

    def show_data(self, dataset: Dataset | None) -> None:
        """Show what the data are, and list their classes; all samples are wanted."""
        for widget in (self.grid, self._filters, self._side):
            widget.setVisible(dataset is not None)
        self._empty.setVisible(dataset is None)
        self.name.setText("No data set" if dataset is None else dataset.name)
        self.summary.setText("" if dataset is None else summary(dataset))
        self.show_source(dataset)
        if dataset is not None:
            self.number.setMaximum(len(dataset) - 1)
            self.list_classes(dataset)
            self.classes.setCurrentIndex(0)
            self.parts.setCurrentIndex(0)
            self.verdicts.setCurrentIndex(0)

    def show_source(self, dataset: Dataset | None) -> None:
        """Say whose the data are."""
        source = source_text(dataset) if dataset is not None else ""
        self.source.setVisible(bool(source))
        self.source.set_text(f"Source: {source}", source)
        self.source.setToolTip(source)

    def list_classes(self, dataset: Dataset) -> None:
        """List the classes with their counts; the one that is chosen stays chosen."""
        chosen, counts = self.classes.currentIndex(), class_counts(dataset)
        self.classes.clear()
        self.classes.addItem("All classes", None)
        for label, count in enumerate([] if counts is None else counts.tolist()):
            self.classes.addItem(f"{dataset.class_name(label)} ({count:,})", label)
        self.classes.setVisible(counts is not None)
        self.classes.setCurrentIndex(chosen if 0 < chosen < self.classes.count() else 0)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.grid.set_theme(theme)
        self.detail.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._side.setFixedWidth(round(_DETAIL * em))

    def _prepare(self) -> None:
        self.name.setObjectName("name")
        self.summary.setObjectName("hint")
        self._empty.setObjectName("empty")
        self._empty.setText("What is open has no data set of its own. Open data, or a preset that has some.")
        for part, text in _PARTS:
            self.parts.addItem(text, part.value)
        for verdict, text in _VERDICTS:
            self.verdicts.addItem(text, verdict.value)
        self.open_data.setToolTip("Open files, a folder, or data by name")
        self.paste.setToolTip("Rows of a spreadsheet become data (Ctrl+V)")
        self.undo.setToolTip("Give all samples the targets that they came with")
        self.verdicts.setToolTip("What the network of the shown iteration answers")
        for button in (self.open_data, self.paste, self.undo, self.close_button):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for box in boxes(self):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.number.setMinimumWidth(90)
        self.number.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _lay_out(self, outer: QWidget) -> None:
        head = QHBoxLayout()
        head.addWidget(self.name)
        head.addWidget(self.summary, 1)
        head.addWidget(self.open_data)
        self._filters = QWidget()
        filters = FlowLayout(8, 6, self._filters)
        hint = QLabel("Sample")
        hint.setObjectName("hint")
        hint.setBuddy(self.number)
        choices: tuple[QWidget, ...] = (*boxes(self), hint, self.number)
        for choice in choices:
            filters.addWidget(choice)
        self._side.setWidget(self.detail)
        self._side.setWidgetResizable(True)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle = QHBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self.grid, 1)
        middle.addWidget(self._side)
        middle.addWidget(self._empty, 1)
        bottom = QHBoxLayout()
        bottom.addWidget(self.status, 1)
        for button in (self.undo, self.paste, self.close_button):
            bottom.addWidget(button)
        whole = QVBoxLayout(outer)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 10, 12, 10)
        rows.setSpacing(8)
        rows.addLayout(head)
        rows.addWidget(self.source)
        rows.addWidget(self._filters)
        rows.addLayout(middle, 1)
        rows.addLayout(bottom)


def boxes(form: BrowserForm) -> tuple[QComboBox, ...]:
    """Return the choices that say which samples are wanted."""
    return form.classes, form.parts, form.verdicts
