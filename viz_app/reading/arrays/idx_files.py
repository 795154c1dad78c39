"""Read IDX files: one with what belongs to it beside it, or a folder that holds a pair."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.data.idx import IdxError, IdxHeader, idx_header, open_idx
from core.data.progress import Progress
from viz_app.reading.arrays.reader import ArrayReader, Arrays, Stored
from viz_app.reading.files import DataError, refused, shown
from viz_app.reading.offer import Choices, Kind, Option, Question, Target

_MOST_FILES = 2000
"""So many files of a folder are looked at."""
_WORDS = re.compile(r"(images?|labels?|data|targets?)", re.IGNORECASE)
_LABELS = ("label", "target")
_TEST = re.compile(r"(t10k|test|valid(?:ation)?)", re.IGNORECASE)
_TRAIN = re.compile(r"train(?:ing)?", re.IGNORECASE)


@dataclass(frozen=True)
class _File:
    """An IDX file of a folder: what it says of itself, and what its name says."""

    path: Path
    header: IdxHeader

    @property
    def is_labels(self) -> bool:
        word = _WORDS.search(self.path.name)
        named = word is not None and word[0].lower().startswith(_LABELS)
        return named or (word is None and len(self.header.shape) == 1)

    @property
    def stem(self) -> str:
        """What stands before the word that tells images from labels, without the word for the part."""
        word = _WORDS.search(self.path.name)
        start = self.path.name[: word.start()] if word else ""
        return _TRAIN.sub("", _TEST.sub("", start)).strip("-_. ").lower()

    @property
    def is_test(self) -> bool:
        return _TEST.search(self.path.name) is not None

    @property
    def count(self) -> int:
        return self.header.shape[0]


class IdxReader(ArrayReader):
    """Reads an IDX file with its labels beside it, or the pairs of a folder; a test pair is held back."""

    kind = Kind.IDX

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._opened: dict[Path, Stored] = {}

    def find(self, choices: Choices, progress: Progress) -> Arrays:
        if not self.path.is_dir():
            return self._of_file(choices, progress)
        files = idx_files(self.path, progress)
        sets = _sets(files)
        if not sets:
            raise DataError(f"{shown(self.path)}: expected a pair of IDX files, images and labels; there is none.")
        stem = choices.inputs if choices.inputs in sets else min(sets, key=lambda name: (len(name), name))
        pairs = sets[stem]
        question = Question("inputs", "Files", stem, tuple(Option(name, name or "(no name)") for name in sorted(sets)))
        arrays = self._of_pairs(pairs, choices, progress)
        questions = (question, *arrays.questions) if len(sets) > 1 else arrays.questions
        return _with(arrays, questions)

    def _of_file(self, choices: Choices, progress: Progress) -> Arrays:
        """Return the numbers of one file, with labels from one beside it."""
        own = _File(self.path, _header(self.path))
        beside = [file for file in idx_files(self.path.parent, progress, own) if file.path != self.path]
        if own.is_labels:
            partner = next((file for file in beside if _is_pair(file, own)), None)
            if partner is not None and choices.label is None:
                return self._of_pairs([(partner, own)], choices, progress)
        fitting = [file for file in beside if file.count == own.count and len(file.header.shape) <= 2]
        named = next((file for file in beside if _is_pair(own, file)), None)
        only = fitting[0] if len(fitting) == 1 and fitting[0].is_labels else None
        chosen = next((file for file in fitting if file.path.name == choices.label), named or only)
        arrays = self._of_pairs([(own, chosen)], choices, progress)
        if not fitting:
            return arrays
        options = tuple(Option(file.path.name, file.path.name) for file in fitting)
        value = chosen.path.name if chosen else None
        question = Question("label", "Labels", value, options, needed=chosen is None)
        return _with(arrays, (question, *arrays.questions))

    def _of_pairs(self, pairs: Sequence[tuple[_File, _File | None]], choices: Choices, progress: Progress) -> Arrays:
        files = [] if choices.target is Target.ITSELF else [labels for _, labels in pairs if labels is not None]
        for own, labels_file in pairs:
            if files and labels_file is not None and labels_file.count != own.count:
                told = f"expected {own.count:,} labels, one for each sample; got {labels_file.count:,}"
                raise DataError(f"{shown(labels_file.path)}: {told}.")
        images = tuple(self._open(images.path, progress) for images, _ in pairs)
        labels = tuple(self._open(file.path, progress) for file in files)
        names = " and ".join(shown(file.path) for file in files)
        missing = (
            f"{shown(pairs[0][0].path)}: expected a file of labels beside it, such as {_label_name(pairs[0][0].path)}; "
            "there is none. Put it there, or let every sample ask for itself."
        )
        whose = " and ".join(shown(file.path) for file, _ in pairs)
        labels, questions = _columns(labels, choices)
        return Arrays(images, labels, whose, names, questions, missing=missing)

    def _open(self, path: Path, progress: Progress) -> Stored:
        """Return the numbers of a file; a compressed one is unpacked once."""
        if path not in self._opened:
            try:
                self._opened[path] = open_idx(path, progress)
            except IdxError as error:
                raise DataError(str(error)) from None
            except OSError as error:
                raise refused(path, error) from None
        return self._opened[path]


def names_in(folder: Path) -> list[str]:
    """Return the names of the files that stand in a folder, not of all where there are very many.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry, _ in zip(entries, range(_MOST_FILES), strict=False) if _may_be(entry)]
    except OSError as error:
        raise refused(folder, error) from None


def is_pair_name(name: str) -> bool:
    """Tell whether a file is called like one of a pair of IDX files."""
    return "idx" in name.lower() or "ubyte" in name.lower()


def idx_files(folder: Path, progress: Progress, only_for: _File | None = None) -> list[_File]:
    """Return the IDX files of a folder in the order of their names, or just those that may belong to one of them.

    Raises
    ------
    DataError
        If the folder cannot be read, or a file that is called as one of a pair is none.
    """
    found = []
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                progress.tell(number, 0, "Looking through the folder")
                if number >= _MOST_FILES:
                    break
                if _may_be(entry):
                    found.append(Path(entry.path))
    except OSError as error:
        raise refused(folder, error) from None
    files = []
    for path in sorted(found):
        try:
            files.append(_File(path, _header(path)))
        except DataError:
            if only_for is None and "idx" in path.name.lower() and not path.suffix.lower() == ".md":
                raise
    return _unpacked_only(files)


def _may_be(entry: os.DirEntry[str]) -> bool:
    """Tell whether a file can be one by its name: small files of other kinds are not opened."""
    name = entry.name.lower()
    named = "idx" in name or "ubyte" in name or _WORDS.search(name) is not None
    try:
        return named and entry.is_file() and not name.startswith(".")
    except OSError:
        return False


def _unpacked_only(files: list[_File]) -> list[_File]:
    """Leave out what is there unpacked as well."""
    plain = {file.path.name for file in files if not file.header.packed}
    return [file for file in files if not (file.header.packed and file.path.stem in plain)]


def _header(path: Path) -> IdxHeader:
    try:
        return idx_header(path)
    except IdxError as error:
        raise DataError(str(error)) from None
    except OSError as error:
        raise refused(path, error) from None


def _is_pair(images: _File, labels: _File) -> bool:
    """Tell by their names whether two files belong together."""
    same = images.stem == labels.stem and images.is_test == labels.is_test
    return same and not images.is_labels and labels.is_labels


def _sets(files: list[_File]) -> dict[str, list[tuple[_File, _File | None]]]:
    """Return pairs of images and labels by what they are called; the test pair comes last."""
    sets: dict[str, list[tuple[_File, _File | None]]] = {}
    for images in sorted((file for file in files if not file.is_labels), key=lambda file: file.is_test):
        named = (f for f in files if f.is_labels and f.stem == images.stem and f.is_test == images.is_test)
        labels = next(named, None)
        pairs = sets.setdefault(images.stem, [])
        if labels is not None and len(pairs) < 2:
            pairs.append((images, labels))
    return {stem: pairs for stem, pairs in sets.items() if pairs}


def _columns(labels: tuple[Stored, ...], choices: Choices) -> tuple[tuple[Stored, ...], tuple[Question, ...]]:
    """Choose the column of labels that have several: all of them are numbers."""
    if not labels or any(part.ndim != 2 for part in labels) or labels[0].dtype.kind == "f":
        return labels, ()
    names = [str(number) for number in range(1, labels[0].shape[1] + 1)]
    chosen = choices.label if choices.label in names else "1"
    if choices.target is Target.NUMBERS:
        return labels, ()
    options = tuple(Option(name, f"column {name}") for name in names)
    return tuple(part[:, names.index(chosen)] for part in labels), (Question("label", "Labels", chosen, options),)


def _label_name(path: Path) -> str:
    if "images" in path.name:
        return re.sub(r"idx\d+", "idx1", path.name.replace("images", "labels"))
    return f"{path.name.split('.')[0]}-labels-idx1-ubyte"


def _with(arrays: Arrays, questions: tuple[Question, ...]) -> Arrays:
    return replace(arrays, questions=questions)
