"""Read tables of text (CSV): columns by name, one of them asked for."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset
from core.data.progress import Progress
from core.data.rows import Rows, ShapedRows
from viz_app.reading.answers import Answers, answers, word_answers
from viz_app.reading.arrays.samples import PREVIEWED, Samples, completed, dataset_of
from viz_app.reading.files import DataError, listed, shown
from viz_app.reading.offer import (
    Choices,
    Kind,
    Layout,
    Offer,
    Reader,
    Target,
    normalise_question,
    split_question,
)
from viz_app.reading.tables.columns import LABEL_NAMES, columns_of, has_header, names_of, usual_label, usually_left_out
from viz_app.reading.tables.numbers import Numbers, first_numbers, fitted, numbers_of
from viz_app.reading.tables.rows import Feature, TableRows, order_of
from viz_app.reading.tables.table import Table, notes_on, questions_of, reading_of, summary_of
from viz_app.reading.tables.text import (
    DECIMALS,
    ENCODINGS,
    SEPARATORS,
    Form,
    Row,
    decimal_of,
    encoding_of,
    first_rows,
    separator_of,
)

_JUDGED = 1000
"""So many rows tell what the columns are; all rows are held to it."""
_CELLS_JUDGED = 50_000
"""Fewer rows do where they are long."""
_SHOWN_ROWS = 20
_SHOWN_COLUMNS = 100
_FEW = 20
_BRIGHTEST = 255.0


class TableReader(Reader):
    """Reads a table; the first thousand rows tell what its columns are, and all others are held to it.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[Choices, Table] = {}

    def look(self, choices: Choices, progress: Progress) -> Offer:
        table = self._table(choices, progress)
        count = len(table.rows)
        missing, asked, sampled = self._judge(table, choices)
        preview = dataset_of(self.path.name, sampled, None) if sampled is not None and sampled.image else None
        few = range(min(count, PREVIEWED))
        names = asked.class_names if asked is not None else None
        labels = asked.labels if asked is not None else None
        told = f"{count:,}" if table.whole else f"more than {count:,}"
        return Offer(
            self,
            self.path.name,
            Kind.TABLE,
            str(self.path),
            summary_of(told, table, asked),
            count,
            (len(table.features),),
            "text",
            choices,
            class_names=names or (),
            columns=tuple(replace(column, label=column.name == table.label) for column in table.columns),
            first_rows=tuple(tuple(row[:_SHOWN_COLUMNS]) for row in table.rows[:_SHOWN_ROWS]),
            thumbnails=preview.thumbnails(few) if preview is not None else None,
            thumbnail_labels=tuple(names[labels[n]] if names and labels is not None else "" for n in few),
            notes=tuple(notes_on(table)),
            questions=(
                *questions_of(table, asked, choices),
                split_question(choices, 0, count),
                normalise_question(choices),
            ),
            missing=missing,
            counted=table.whole,
        )

    def open(self, choices: Choices, progress: Progress) -> Dataset:
        table = self._table(choices, progress)
        missing, _, _ = self._judge(table, choices, openly=False)
        if missing:
            raise DataError(missing)
        places = {column.name: place for place, column in enumerate(table.columns)}
        skipped = frozenset(places[name] for name in table.left_out)
        found = numbers_of(self.path, table.form, table.columns, table.header, skipped, progress)
        features = _features(table, found)
        asked = self._answers(table, found, choices)
        data = dataset_of(
            self.path.name,
            _samples(table, found, features, choices),
            asked,
            column_names=tuple(name for feature in features for name in feature.names),
            source=str(self.path),
            reading=tuple(reading_of(table, features, asked, choices)),
        )
        return completed(data, choices, progress)

    def _table(self, choices: Choices, progress: Progress) -> Table:
        """Return what the first rows say; they are read once for the same choices."""
        if choices not in self._known:
            self._known = {choices: self._read(choices, progress)}
        return self._known[choices]

    def _read(self, choices: Choices, progress: Progress) -> Table:
        encoding = choices.encoding or encoding_of(self.path)
        _check("encoding", encoding, (*ENCODINGS, "utf-16-le", "utf-16-be"))
        separator = choices.separator or separator_of(self.path, encoding)
        _check("separator", separator, SEPARATORS)
        found, whole = first_rows(self.path, encoding, separator, _JUDGED + 1, _CELLS_JUDGED)
        if not found:
            raise DataError(f"{shown(self.path)}: expected a table; there is no row.")
        rows = [row for _, row in found]
        self._check_width(rows[0], separator)
        decimal = choices.decimal or decimal_of(rows)
        _check("decimal mark", decimal, DECIMALS)
        header = has_header(rows, decimal) if choices.header is None else choices.header
        count = len(rows[0]) - (len(rows[0]) > 1 and not rows[0][-1].strip() and _all_end_empty(rows))
        if header and len(rows) == 1:
            raise DataError(f"{shown(self.path)}: expected rows below the names of the columns; there is none.")
        lines = [line for line, _ in found]
        body = [fitted(row, count, line, self.path) for line, row in zip(lines, rows, strict=True)][int(header) :]
        names = names_of(rows[0] if header else None, count)
        columns = columns_of(names, body, decimal, progress)
        label = choices.label if choices.label is not None else usual_label(columns, body, decimal)
        self._check_name(label, names)
        if choices.target is Target.ITSELF and choices.label is None:
            label = None
        for name in choices.leave_out or ():
            self._check_name(name, names)
        left_out = usually_left_out(columns, body, label) if choices.leave_out is None else choices.leave_out
        left_out = tuple(name for name in left_out if name != label)
        form = Form(encoding, separator, decimal)
        seen = tuple(lines[int(header) :])
        return Table(form, header, tuple(columns), seen, tuple(body), whole, label, left_out)

    def _check_width(self, row: Row, separator: str) -> None:
        if len(row) < 2:
            told = (
                f"expected a table (CSV), its cells between {SEPARATORS[separator]}s; its first line is {row[0][:40]!r}"
            )
            raise DataError(f"{shown(self.path)}: {told}.")

    def _check_name(self, name: str | None, names: list[str]) -> None:
        if name is not None and name not in names:
            raise DataError(f"{shown(self.path)}: expected a column among {listed(names, 12)}; got {name[:60]!r}.")

    def _judge(
        self, table: Table, choices: Choices, *, openly: bool = True
    ) -> tuple[str, Answers | None, Samples | None]:
        """Return why the table cannot be opened yet, and what its first rows ask for and show."""
        if table.label is None and choices.target is not Target.ITSELF:
            names = listed([column.name for column in table.columns], 12)
            return f"{shown(self.path)}: choose the column that the network is asked for, among {names}.", None, None
        if not table.features:
            told = "expected a column besides the one that is asked for; there is none"
            return f"{shown(self.path)}: {told}.", None, None
        if not openly:
            return "", None, None
        try:
            found = self._first(table)
            sampled = _samples(table, found, _features(table, found), choices)
        except DataError as error:
            return str(error), None, None
        try:
            return "", self._answers(table, found, choices), sampled
        except DataError as error:  # of the rows below others may be known: a table sorted by its classes
            return str(error) if table.whole else "", None, sampled

    def _first(self, table: Table) -> Numbers:
        """Return the first rows as numbers."""
        skipped = frozenset(place for place, column in enumerate(table.columns) if column.name in table.left_out)
        rows = list(zip(table.lines, table.rows, strict=True))
        return first_numbers(self.path, table.form, table.columns, rows, skipped)

    def _answers(self, table: Table, found: Numbers, choices: Choices) -> Answers | None:
        if table.label is None or choices.target is Target.ITSELF:
            return None
        place = [column.name for column in table.columns].index(table.label)
        values: NDArray[Any] = np.array(found.stored[:, place])
        name = f"{shown(self.path)}, column {table.label}"
        if place in found.words:
            if choices.target is Target.NUMBERS:
                told = f"expected numbers; it holds texts such as {found.words[place][0][:40]!r}"
                raise DataError(f"{name}: {told}.")
            order = order_of(found.words[place])
            return word_answers(order[values.astype(np.intp)], tuple(sorted(found.words[place])), name)
        made = answers(values, name, choices.target or _usual_target(values, table.label))
        return replace(made, column=table.label)


def _check(what: str, got: str, known: Any) -> None:
    if got not in known:
        raise DataError(f"Expected a {what} among {', '.join(map(repr, known))}; got {got[:20]!r}.")


def _all_end_empty(rows: list[Row]) -> bool:
    return all(len(row) == len(rows[0]) and not row[-1].strip() for row in rows)


def _usual_target(values: NDArray[Any], name: str) -> Target:
    """Return what a column is taken for: texts are classes; so are few whole numbers, from 0 on or of such a name."""
    if values.dtype.kind not in "f":
        return Target.CLASSES
    kinds = np.unique(values)
    if len(kinds) > _FEW or np.any(kinds != np.rint(kinds)):
        return Target.NUMBERS
    counts = np.array_equal(kinds, np.arange(len(kinds))) and len(kinds) > 1
    return Target.CLASSES if counts or name.lower() in LABEL_NAMES else Target.NUMBERS


def _features(table: Table, found: Numbers) -> list[Feature]:
    words = {place: tuple(sorted(found.words[place])) for place in table.features if place in found.words}
    return [Feature(place, table.columns[place].name, words.get(place, ())) for place in table.features]


def _samples(table: Table, found: Numbers, features: list[Feature], choices: Choices) -> Samples:
    """Return the columns as samples; where they are pixels, as images."""
    order = {}
    for feature in features:
        if feature.words:
            order[feature.place] = order_of(found.words[feature.place])
    scale = choices.scale or 1.0
    if not np.isfinite(scale) or scale <= 0:
        raise DataError(f"Expected a positive number to divide by; got {scale:g}.")
    rows: Rows = TableRows(found.stored, features, order, scale)
    image = table.image
    layouts = (Layout.ROW, Layout.IMAGE) if image is not None else (Layout.ROW,)
    layout = choices.layout if choices.layout is not None and choices.layout in layouts else Layout.ROW
    if image is not None and layout is Layout.IMAGE:
        rows = ShapedRows(rows, image)
    return Samples(rows, layout, layouts, image, scale, None, _BRIGHTEST / scale if image is not None else 1.0)
