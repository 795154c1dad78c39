"""What is known of a table before all of it is read, and the words for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import isqrt

from core.wording import counted
from viz_app.reading.answers import Answers, target_question
from viz_app.reading.arrays.samples import scale_question
from viz_app.reading.files import listed
from viz_app.reading.offer import Choices, Column, ColumnKind, Layout, Option, Question, Target
from viz_app.reading.tables.rows import Feature
from viz_app.reading.tables.text import DECIMALS, ENCODINGS, SEPARATORS, Form, Row

_SMALLEST_IMAGE = 64


@dataclass(frozen=True, eq=False)
class Table:
    """What the first rows of a table say, and what was chosen of it.

    Parameters
    ----------
    form : Form
        How its text is written.
    header : bool
        Whether the first row holds names.
    columns : tuple of Column
        All its columns.
    lines, rows : tuple
        The first rows of data, and the line of the file at which each begins.
    whole : bool
        Whether those are all.
    label : str or None
        The column that is asked for.
    left_out : tuple of str
        The columns that do not enter the network.
    """

    form: Form
    header: bool
    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    rows: tuple[Row, ...]
    whole: bool
    label: str | None
    left_out: tuple[str, ...]

    @cached_property
    def features(self) -> list[int]:
        """The places of the columns that enter the network."""
        names = {self.label, *self.left_out}
        return [place for place, column in enumerate(self.columns) if column.name not in names]

    @cached_property
    def image(self) -> tuple[int, int, int] | None:
        """The image whose pixels the columns are: square, named so or without names, whole numbers from 0 to 255."""
        side = isqrt(len(self.features))
        if side * side != len(self.features) or len(self.features) < _SMALLEST_IMAGE:
            return None
        named = all(self.columns[place].name.lower().startswith(("pixel", "px")) for place in self.features)
        plain = all(cell.strip().isdecimal() and int(cell) < 256 for row in self.rows[:50] for cell in self._of(row))
        return (1, side, side) if plain and (named or not self.header) else None

    def _of(self, row: Row) -> Row:
        return [row[place] for place in self.features]


def questions_of(table: Table, asked: Answers | None, choices: Choices) -> list[Question]:
    """Ask how the table is to be read."""
    names = [column.name for column in table.columns]
    target = Target.ITSELF if choices.target is Target.ITSELF else asked.target if asked else choices.target
    label = tuple(Option(name, name) for name in names)
    others = tuple(Option(name, name) for name in names if name != table.label)
    about = "Columns that only name or number the rows tell the network nothing."
    scale = choices.scale or 1.0
    questions = [
        Question("label", "Asked for", table.label, label, needed=table.label is None and target is not Target.ITSELF),
        replace(target_question(target, labels=True), title="As"),
        Question("leave_out", "Left out", table.left_out, others, several=True, about=about),
        _of_table("separator", "Separator", table.form.separator, SEPARATORS),
        _of_table("decimal", "Decimal mark", table.form.decimal, DECIMALS),
        Question("header", "First row", table.header, (Option(True, "names of columns"), Option(False, "data"))),
        _of_table("encoding", "Encoding", table.form.encoding, ENCODINGS),
    ]
    if table.image is not None:
        row = Option(Layout.ROW, "one row of numbers (dense layers)")
        image = Option(Layout.IMAGE, "an image (convolutions)")
        questions.append(Question("layout", "Enters as", choices.layout or Layout.ROW, (row, image)))
    if all(column.kind is ColumnKind.NUMBER for column in table.columns) or table.image is not None:
        questions.append(scale_question(scale))
    return questions


def _of_table(field: str, title: str, value: str, known: Mapping[str, str]) -> Question:
    options = tuple(Option(key, text) for key, text in known.items())
    return Question(field, title, value, options if value in known else (*options, Option(value, value.upper())))


def notes_on(table: Table) -> list[str]:
    """Say what a person should know before the table is taken."""
    notes = []
    if table.left_out:
        notes.append(f"Left out: {listed(table.left_out)}.")
    texts = [table.columns[place] for place in table.features if table.columns[place].kind is ColumnKind.TEXT]
    if texts:
        told = listed([f"{column.name} ({counted(len(column.words), 'word')})" for column in texts])
        notes.append(f"Text becomes one input for every word, 1 where it stands and 0 elsewhere: {told}.")
    if table.form.encoding == "latin-1":
        notes.append("The text is no UTF-8: it is read as Latin-1.")
    if table.image is not None:
        notes.append("The columns are the pixels of an image; divide by 255 to have grey levels from 0 to 1.")
    if not table.whole:
        notes.append(f"The first {len(table.rows):,} rows were judged; all are read when the data are opened.")
    return notes


def summary_of(count: str, table: Table, asked: Answers | None) -> str:
    """Say in one sentence what was found."""
    columns = counted(len(table.columns), "column")
    if table.label is None or asked is None:
        return f"{count} rows of {columns}."
    if asked.class_names is not None:
        return f"{count} rows of {columns}; {table.label} is one of {len(asked.class_names)} classes."
    return f"{count} rows of {columns}; {table.label} is a number."


def reading_of(table: Table, features: list[Feature], asked: Answers | None, choices: Choices) -> list[str]:
    """Say how the table was read."""
    form = table.form
    told = [f"Text in {form.encoding}, cells between {SEPARATORS[form.separator]}s, decimal {DECIMALS[form.decimal]}."]
    told.append(f"Asked for: {table.label}, as {asked.target}." if asked else "Every sample asks for itself.")
    if table.left_out:
        told.append(f"Left out: {listed(table.left_out)}.")
    texts = [feature for feature in features if feature.words]
    if texts:
        names = listed([f"{feature.name} ({counted(len(feature.words), 'word')})" for feature in texts])
        told.append(f"One input for every word of {names}.")
    if choices.scale not in (None, 1):
        told.append(f"Numbers divided by {choices.scale:g}.")
    return told
