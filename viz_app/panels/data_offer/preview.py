"""A look at data before they are taken: thumbnails, or the first rows of a table; and how many there are of a class."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from core.data.dataset import Dataset
from viz_app.frame.told.browsing import Browsed
from viz_app.paint.theme import LIGHT, Theme
from viz_app.paint.thumbnails import Thumbnails
from viz_app.reading.offer import Column, ColumnKind, Offer
from viz_app.widgets.samples.sample_grid import SampleGrid

_MOST_COLUMNS = 60
"""So many columns of a table are shown; the last of many, too."""


class DataPreview(QWidget):
    """The samples of an offer, or of the data once they are read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._theme = LIGHT
        self.grid, self.table = SampleGrid(), QTableWidget()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.setAccessibleName("First rows")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)
        column.addWidget(self.table)
        self.show_data(None, None)

    def show_data(self, offer: Offer | None, dataset: Dataset | None) -> None:
        """Show what there is to see: a table as its rows are written, all else as thumbnails."""
        rows = offer is not None and bool(offer.columns)
        shown = dataset if dataset is not None else _first_images(offer)
        self.table.setVisible(rows)
        self.grid.setVisible(not rows and shown is not None)
        if offer is not None and rows:
            self._fill(offer)
        elif shown is not self._dataset:
            self._dataset = shown
            self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.grid.set_theme(theme)
        self._draw()

    def _draw(self) -> None:
        dataset = self._dataset
        self.grid.show_data(None if dataset is None else Thumbnails(dataset, self._theme))
        count = 0 if dataset is None else len(dataset)
        browsed = None if dataset is None else Browsed(dataset, range(count - dataset.held_back, count))
        self.grid.show_samples(browsed, np.arange(count))

    def _fill(self, offer: Offer) -> None:
        """Fill the table with the first rows; each column says what it holds."""
        places = _places(len(offer.columns))
        self.table.setColumnCount(len(places))
        self.table.setRowCount(len(offer.first_rows))
        for place, number in enumerate(places):
            header = QTableWidgetItem(_heading(offer.columns[number]))
            header.setToolTip(_tip(offer.columns[number]))
            self.table.setHorizontalHeaderItem(place, header)
            for row, cells in enumerate(offer.first_rows):
                text = cells[number] if number < len(cells) else ""
                item = QTableWidgetItem(text)
                numeric = offer.columns[number].kind is ColumnKind.NUMBER
                side = Qt.AlignmentFlag.AlignRight if numeric else Qt.AlignmentFlag.AlignLeft
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, place, item)


def _places(count: int) -> list[int]:
    """Return the columns that are shown: of many the first, and the last one."""
    return list(range(count)) if count <= _MOST_COLUMNS else [*range(_MOST_COLUMNS - 1), count - 1]


def _heading(column: Column) -> str:
    kind = f"{len(column.words)} words" if column.words and not column.label else column.kind.value
    if column.label:
        kind = f"target: {len(column.words)} classes" if column.words else "target: numbers"
    return f"{column.name}\n{kind}"


def _tip(column: Column) -> str:
    words = ", ".join(column.words[:12]) + (", …" if len(column.words) > 12 else "")
    return f"{column.name}: {words}" if column.words else column.name


def _first_images(offer: Offer | None) -> Dataset | None:
    """Return the first images of an offer as data to look at; ``None`` where it has none."""
    if offer is None or offer.thumbnails is None:
        return None
    images = np.asarray(offer.thumbnails, np.float32)
    inputs = images.transpose(0, 3, 1, 2) if images.ndim == 4 else images[:, None]
    names = tuple(offer.thumbnail_labels)
    known = sorted({name for name in names if name})
    labels = np.array([known.index(name) for name in names]) if names and all(names) else None
    width = len(known) if labels is not None else 1
    targets = np.zeros((len(images), width), np.float32)
    return Dataset(offer.name, np.ascontiguousarray(inputs), targets, labels, class_names=tuple(known) or None)
