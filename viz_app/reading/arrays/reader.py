"""What the readers of arrays share: the look at them, and the data that they become."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset
from core.data.progress import Progress
from core.wording import counted
from viz_app.reading.answers import Answers, answers, target_question
from viz_app.reading.arrays.samples import (
    PREVIEWED,
    Samples,
    check_finite,
    completed,
    dataset_of,
    sample_questions,
    samples,
)
from viz_app.reading.files import DataError, by, listed
from viz_app.reading.offer import (
    Choices,
    Kind,
    Offer,
    Question,
    Reader,
    Target,
    normalise_question,
    split_question,
)

Stored = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Arrays:
    """What a reader has found.

    Parameters
    ----------
    inputs : tuple of ndarray
        The samples; a second array is the test part.
    labels : tuple of ndarray
        What they ask for, in as many parts; none where it is not known.
    inputs_name, labels_name : str
        Whose they are, for the sentence of an error.
    questions : tuple of Question
        What can be chosen besides what all arrays have.
    notes : tuple of str
        What a person should know.
    missing : str
        Why it is not known what they ask for: a sentence that says what to do.
    class_names : tuple of str or None
        What the classes are called, where somebody knows.
    """

    inputs: tuple[Stored, ...]
    labels: tuple[Stored, ...]
    inputs_name: str
    labels_name: str
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    missing: str = ""
    class_names: tuple[str, ...] | None = None


class ArrayReader(Reader):
    """Reads files that hold arrays.

    Parameters
    ----------
    path : Path
        The file or the folder.
    """

    kind: Kind
    licence = ""
    attribution = ""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.path.name or str(self.path)

    @abstractmethod
    def find(self, choices: Choices, progress: Progress) -> Arrays:
        """Return the arrays that are chosen; raise DataError where there are none."""

    def look(self, choices: Choices, progress: Progress) -> Offer:
        arrays = self.find(choices, progress)
        found, asked, missing = self._read(arrays, choices)
        count = len(found.rows)
        few = range(min(count, PREVIEWED))
        preview = dataset_of(self.name, _first(arrays, found, choices), None) if found.image else None
        target = Target.ITSELF if choices.target is Target.ITSELF else asked.target if asked else None
        return Offer(
            self,
            self.name,
            self.kind,
            str(self.path),
            _summary(found, arrays, asked),
            count,
            arrays.inputs[0].shape[1:],
            str(np.dtype(arrays.inputs[0].dtype).newbyteorder("=")),
            choices,
            class_names=asked.class_names or () if asked else (),
            thumbnails=preview.thumbnails(few) if preview else None,
            thumbnail_labels=tuple(_said(asked, number) for number in few),
            notes=arrays.notes,
            questions=(
                *arrays.questions,
                target_question(target, labels=bool(arrays.labels), needed=bool(missing) and target is None),
                *sample_questions(found),
                split_question(choices, _test(arrays), count),
                normalise_question(choices),
            ),
            missing=missing,
            licence=self.licence,
            attribution=self.attribution,
        )

    def open(self, choices: Choices, progress: Progress) -> Dataset:
        arrays = self.find(choices, progress)
        found, asked, missing = self._read(arrays, choices)
        if missing:
            raise DataError(missing)
        check_finite(arrays.inputs, arrays.inputs_name, progress)
        data = dataset_of(
            self.name,
            found,
            asked,
            source=str(self.path),
            licence=self.licence,
            attribution=self.attribution,
            held_back=_test(arrays),
            reading=tuple(_told(arrays, found, asked)),
        )
        return completed(data, choices, progress)

    def _read(self, arrays: Arrays, choices: Choices) -> tuple[Samples, Answers | None, str]:
        """Return the samples, what they ask for, and why that is not known."""
        found = samples(arrays.inputs, arrays.inputs_name, choices)
        if choices.target is Target.ITSELF:
            return found, None, ""
        if not arrays.labels:
            return found, None, arrays.missing
        try:
            _check_counts(arrays)
            labels = arrays.labels[0] if len(arrays.labels) == 1 else _joined(arrays.labels, arrays.labels_name)
            asked = answers(labels, arrays.labels_name, choices.target)
        except DataError as error:
            return found, None, str(error)
        known = arrays.class_names
        if known is not None and asked.class_names is not None and len(known) == len(asked.class_names):
            asked = Answers(asked.target, asked.targets, asked.labels, known)
        return found, asked, ""


def _test(arrays: Arrays) -> int:
    return len(arrays.inputs[1]) if len(arrays.inputs) > 1 else 0


def _check_counts(arrays: Arrays) -> None:
    for inputs, labels in zip(arrays.inputs, arrays.labels, strict=True):
        if labels.ndim == 0 or len(labels) != len(inputs):
            got = len(labels) if labels.ndim else "one number"
            raise DataError(
                f"{arrays.labels_name}: expected {len(inputs):,} labels, one for each sample; got {got:,}."
                if labels.ndim
                else f"{arrays.labels_name}: expected {len(inputs):,} labels, one for each sample; got {got}."
            )


def _joined(parts: Sequence[Stored], name: str) -> Stored:
    if len({part.shape[1:] for part in parts}) > 1 or len({part.dtype.kind for part in parts}) > 1:
        raise DataError(f"{name}: expected labels of the same kind in both parts; they are not.")
    return np.concatenate(parts)


def _first(arrays: Arrays, found: Samples, choices: Choices) -> Samples:
    """Return the first samples as images, for a preview."""
    first = tuple(part[:PREVIEWED] for part in arrays.inputs)
    return samples(first, arrays.inputs_name, choices)


def _said(asked: Answers | None, number: int) -> str:
    if asked is None or asked.labels is None or asked.class_names is None:
        return ""
    return asked.class_names[int(asked.labels[number])]


def _summary(found: Samples, arrays: Arrays, asked: Answers | None) -> str:
    count, shape = len(found.rows), arrays.inputs[0].shape[1:]
    if found.image is not None:
        channels, *size = found.image
        colour = "" if channels == 1 else f" with {channels} channels"
        what = f"{counted(count, 'image')} of {by(tuple(size))} pixels{colour}"
    else:
        what = f"{counted(count, 'sample')} of {by(shape) or '1'} numbers"
    if asked is None:
        return f"{what}."
    if asked.class_names is not None:
        return f"{what} in {len(asked.class_names)} classes: {listed(asked.class_names)}."
    return f"{what}, each with {counted(asked.targets.shape[1], 'target')}."


def _told(arrays: Arrays, found: Samples, asked: Answers | None) -> list[str]:
    """Say how the data were read."""
    told = [f"Samples from {arrays.inputs_name}" + (f", targets from {arrays.labels_name}." if asked else ".")]
    if found.scale != 1:
        told.append(f"Numbers divided by {found.scale:g} when they are taken.")
    if test := _test(arrays):
        told.append(f"The last {test:,} samples are the test part: they are held back from training.")
    if asked is None:
        told.append("Every sample asks for itself.")
    return [*told, *arrays.notes]
