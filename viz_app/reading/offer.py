"""Say what was found in files before it is taken as data, what a person can choose, and what was chosen."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from core.data.dataset import Dataset
from core.data.normalising import By
from core.data.progress import Progress
from core.description import describe_fields
from core.values import Array, Shape
from viz_app.reading.files import DataError


class Kind(StrEnum):
    """What holds the data; the word is the one that a person reads."""

    IDX = "IDX files"
    FOLDER = "folder of images"
    NPZ = "NumPy archive"
    NPY = "NumPy array"
    TABLE = "table"
    NAMED = "data set by name"


class Target(StrEnum):
    """What the network is asked for."""

    CLASSES = "classes"
    NUMBERS = "numbers"
    ITSELF = "the sample itself"


class Layout(StrEnum):
    """How the numbers of an image enter the network."""

    ROW = "one row of numbers"
    IMAGE = "an image with channels"
    MATRIX = "a matrix"


class Channels(StrEnum):
    """Which axis of an array of images has their channels."""

    FIRST = "first"
    LAST = "last"


class Fit(StrEnum):
    """How an image of another shape is brought to the size of all."""

    FIT = "fit into a frame"
    CROP = "crop"
    STRETCH = "stretch"


@dataclass(frozen=True)
class Choices:
    """What a person has chosen about data; ``None`` takes what was found, and is what ``Offer.questions`` calls so.

    Parameters
    ----------
    inputs : str or None
        The array that holds the samples, by name.
    label : str or None
        The column, array or file that holds what the network is asked for, by name.
    target : Target or None
        Whether that is classes or numbers, or the network is asked for the sample itself (an autoencoder).
    layout : Layout or None
        How images enter the network.
    channels : Channels or None
        Where the channels of images are.
    scale : float or None
        What the numbers are divided by; 1 leaves them as they are.
    size : tuple of int or None
        The height and width that the images of a folder are brought to.
    fit : Fit or None
        How they are brought there.
    colour : bool or None
        Whether the images of a folder have three channels, or are grey.
    separator, decimal : str or None
        What stands between the cells of a table, and the decimal mark in them.
    header : bool or None
        Whether the first row of a table holds the names of its columns.
    encoding : str or None
        How the text of a table is encoded.
    leave_out : tuple of str or None
        The columns of a table that do not enter the network.
    leave_broken_out : bool or None
        Whether images of a folder that cannot be read are left out, and not refused.
    normalise : By or None
        Bring the numbers to mean 0 and standard deviation 1; ``None`` leaves them as they are.
    held_back : float or None
        The share of the samples that is not trained on, from 0 to 0.9; ``None`` holds back the test part, where there
        is one. Samples are drawn for it with a fixed seed, and come last; the others stay in order.
    """

    inputs: str | None = None
    label: str | None = None
    target: Target | None = None
    layout: Layout | None = None
    channels: Channels | None = None
    scale: float | None = None
    size: tuple[int, int] | None = None
    fit: Fit | None = None
    colour: bool | None = None
    separator: str | None = None
    decimal: str | None = None
    header: bool | None = None
    encoding: str | None = None
    leave_out: tuple[str, ...] | None = None
    leave_broken_out: bool | None = None
    normalise: By | None = None
    held_back: float | None = None


@dataclass(frozen=True)
class Option:
    """One answer to a question: the value for the field of ``Choices``, and what a person reads."""

    value: Any
    text: str


@dataclass(frozen=True)
class Question:
    """Something that a person can choose.

    Parameters
    ----------
    field : str
        The field of ``Choices`` that it sets.
    title : str
        What is chosen, in a few words.
    value : object
        What holds now: chosen before, or found. ``None`` where it is neither: see ``needed``.
    options : tuple of Option
        The answers; none where any number, or two for a size, may be given.
    least, most : float
        The limits of such numbers.
    needed : bool
        Whether the data cannot be opened before it is answered.
    about : str
        A sentence that says what it does; empty where the title says it.
    several : bool
        Whether the value is a tuple of any number of the options.
    """

    field: str
    title: str
    value: Any
    options: tuple[Option, ...] = ()
    least: float = 0
    most: float = 0
    needed: bool = False
    about: str = ""
    several: bool = False


class ColumnKind(StrEnum):
    """What a column of a table holds."""

    NUMBER = "numbers"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    name : str
        What it is called; ``column 1`` and so on where the table has no names.
    kind : ColumnKind
        Whether it holds numbers or text; text becomes one column of 0 and 1 for every word.
    words : tuple of str
        The words of a text, or of classes, in the order of their columns.
    label : bool
        Whether it is what the network is asked for.
    """

    name: str
    kind: ColumnKind
    words: tuple[str, ...] = ()
    label: bool = False


@dataclass(frozen=True, eq=False)
class Offer:
    """What was found, what can be chosen, and a look at it; nothing is taken yet.

    Parameters
    ----------
    name : str
        What a person calls it: the name of the file or folder.
    kind : Kind
        What holds it.
    source : str
        The path or address.
    summary : str
        One sentence: how many samples of which shape, in how many classes.
    count : int
        How many samples there are; of a table that is too long to count at once, how many were seen (``counted``).
    shape : tuple of int
        The shape of one sample as it lies in the file.
    dtype : str
        The type of its numbers there.
    class_names : tuple of str
        The classes; none where targets are numbers or are not known yet.
    columns : tuple of Column
        The columns of a table.
    first_rows : tuple of tuple of str
        The first rows of a table as they are written, for a preview.
    thumbnails : ndarray of shape (N, h, w) or (N, h, w, 3), or None
        The first images, from 0 to 1, for a preview; ``None`` where samples are no images.
    thumbnail_labels : tuple of str
        What they are; empty texts where that is not known.
    notes : tuple of str
        Sentences that a person should read before the data are taken.
    questions : tuple of Question
        What can be chosen.
    missing : str
        Why it cannot be opened as it is: one sentence; empty where it can.
    choices : Choices
        What was chosen.
    counted : bool
        Whether ``count`` is exact.
    licence, attribution : str
        Where they are known.
    to_download : int
        How many bytes are downloaded where it is opened; 0 where the files are there. There is no preview before.
    """

    reader: "Reader"
    name: str
    kind: Kind
    source: str
    summary: str
    count: int
    shape: Shape
    dtype: str
    choices: Choices = field(default_factory=Choices)
    class_names: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    first_rows: tuple[tuple[str, ...], ...] = ()
    thumbnails: Array | None = None
    thumbnail_labels: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    missing: str = ""
    counted: bool = True
    licence: str = ""
    attribution: str = ""
    to_download: int = 0

    def question(self, name: str) -> Question | None:
        """Return the question about a field of ``Choices``, where there is one."""
        return next((question for question in self.questions if question.field == name), None)

    def changed(self, progress: Progress | None = None, **chosen: Any) -> "Offer":
        """Return the offer with other choices, looked at anew: other columns, classes, thumbnails and questions.

        Raises
        ------
        DataError
            If the data cannot be read so; this offer stays as it is.
        """
        return self.reader.look(replace(self.choices, **chosen), progress or Progress())

    def open(self, choices: Choices | None = None, progress: Progress | None = None) -> Dataset:
        """Return the data as chosen.

        Parameters
        ----------
        choices : Choices or None
            Others than those of this offer.
        progress : Progress or None
            Told how far it is; cancel it from any thread.

        Raises
        ------
        DataError
            If a choice is missing, or the data are not as they have to be.
        Cancelled
            If somebody stops it.
        """
        choices = choices or self.choices
        dataset = self.reader.open(choices, progress or Progress())
        named = self.kind is Kind.NAMED
        told = {"source": self.name if named else dataset.source, "named": named, "choices": describe_fields(choices)}
        return replace(dataset, opened_with=told)


class Reader(ABC):
    """Reads one kind of files; it knows the path, and keeps what is costly to find out.

    Its methods may be called from any thread, one at a time.
    """

    @abstractmethod
    def look(self, choices: Choices, progress: Progress) -> Offer:
        """Return what is there, as far as that is quick to find out; raise DataError where nothing can be taken."""

    @abstractmethod
    def open(self, choices: Choices, progress: Progress) -> Dataset:
        """Return the data; raise DataError where they are not as they have to be, and Cancelled when stopped."""


SCALES: Mapping[float, str] = MappingProxyType({1.0: "as they are", 255.0: "divided by 255"})
"""What numbers can be divided by, as a person reads it."""


def normalise_question(choices: Choices) -> Question:
    """Ask whether the numbers are normalised."""
    options = (
        Option(None, "no: the numbers as they are"),
        Option(By.WHOLE, "all numbers together"),
        Option(By.FEATURE, "each feature by itself"),
    )
    about = "Brings the numbers to mean 0 and standard deviation 1, measured on the samples that are trained on."
    return Question("normalise", "Normalise", choices.normalise, options, about=about)


def split_question(choices: Choices, test: int = 0, count: int = 0) -> Question:
    """Ask which samples are held back; ``test`` of ``count`` came as a part of their own."""
    own = (Option(None, f"the test part ({test:,} samples)" if test else "none"),)
    shares = tuple(
        Option(share, f"{share:.0%}, drawn at random") for share in (0.1, 0.2, 0.3, 0.5) if count * share >= 1
    )
    about = "Samples that are held back are not trained on: they tell how good the network is."
    return Question("held_back", "Held back", choices.held_back, (*own, *shares), 0, 0.9, about=about)


def check_share(share: float | None) -> None:
    """Raise DataError unless a share of held back samples is one."""
    if share is not None and not 0 <= share <= 0.9:
        raise DataError(f"Expected a share of held back samples from 0 to 0.9; got {share!r}.")
