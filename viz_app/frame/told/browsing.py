"""Say which samples of a data set somebody wants to see, and what is told of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import prod

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset
from core.experiment import Experiment
from core.run.evaluation import Evaluation
from core.values import Array
from core.wording import counted
from viz_app.frame.words.numbers import number, numbers

_MOST_NUMBERS = 3
"""So many numbers of a target are told in one line."""
_MOST_SUMMED = 2**22
"""So many numbers are looked at to tell how large they are."""
NOT_JUDGED = -1
"""The guess of a sample that has not been judged."""


class Part(StrEnum):
    """What a sample is for."""

    ALL = "all"
    TRAINED_ON = "trained on"
    HELD_BACK = "held back"


class Verdict(StrEnum):
    """Whether the network finds the class of a sample."""

    ANY = "any"
    WRONG = "wrong"
    RIGHT = "right"


@dataclass(frozen=True)
class Wanted:
    """Which samples are wanted.

    Parameters
    ----------
    label : int or None
        Those of a class.
    part : Part
        Those for something.
    verdict : Verdict
        Those that the network is wrong about, or right; none before they are judged.
    """

    label: int | None = None
    part: Part = Part.ALL
    verdict: Verdict = Verdict.ANY


@dataclass(frozen=True)
class Told:
    """What stands below a sample: what it is, its number, and what is wrong or changed about it.

    ``guess`` is the class that the network takes it for where that is another one, else empty.
    """

    label: str
    number: str
    guess: str = ""
    changed: bool = False


@dataclass(frozen=True, eq=False)
class Browsed:
    """A data set as it is browsed.

    Parameters
    ----------
    dataset : Dataset
        The samples.
    held_back : range
        Those that are not trained on.
    guesses : ndarray of int, shape (n,), or None
        The class that the network takes each for, ``NOT_JUDGED`` where that is not known.
    shown : tuple of int
        The samples that the iteration takes that is shown, in order.
    originals : mapping of int to ndarray
        The targets that the data came with, of the samples that have another one now.
    """

    dataset: Dataset
    held_back: range
    guesses: NDArray[np.intp] | None = None
    shown: tuple[int, ...] = ()
    originals: Mapping[int, Array] = field(default_factory=dict)

    def part(self, sample: int) -> Part:
        """Return what a sample is for."""
        return Part.HELD_BACK if sample in self.held_back else Part.TRAINED_ON

    def guess(self, sample: int) -> int | None:
        """Return the class that the network takes a sample for; ``None`` where that is not known."""
        guess = NOT_JUDGED if self.guesses is None else int(self.guesses[sample])
        return None if guess == NOT_JUDGED else guess

    def told(self, sample: int) -> Told:
        """Return what stands below a sample."""
        labels, guess = self.dataset.labels, self.guess(sample)
        wrong = labels is not None and guess is not None and guess != labels[sample]
        taken_for = self.dataset.class_name(guess) if wrong and guess is not None else ""
        return Told(target_text(self.dataset, sample), f"{sample:,}", taken_for, sample in self.originals)

    def chosen(self, wanted: Wanted) -> NDArray[np.intp]:
        """Return the samples that are wanted, in order."""
        kept = np.ones(len(self.dataset), bool)
        if wanted.part is not Part.ALL:
            kept[self.held_back.start : self.held_back.stop] = False
            kept = kept if wanted.part is Part.TRAINED_ON else ~kept
        labels = self.dataset.labels
        if wanted.label is not None and labels is not None:
            kept &= labels == wanted.label
        if wanted.verdict is not Verdict.ANY:
            kept &= self._verdict(wanted.verdict)
        return np.flatnonzero(kept)

    def _verdict(self, verdict: Verdict) -> NDArray[np.bool_]:
        if self.guesses is None or self.dataset.labels is None:
            return np.zeros(len(self.dataset), bool)
        right: NDArray[np.bool_] = self.guesses == self.dataset.labels
        wrong: NDArray[np.bool_] = ~right & (self.guesses != NOT_JUDGED)
        return right if verdict is Verdict.RIGHT else wrong


def guesses_of(evaluation: Evaluation, count: int) -> NDArray[np.intp] | None:
    """Return the class that each of so many samples is taken for, ``NOT_JUDGED`` where it was not judged."""
    if evaluation.guesses is None or evaluation.guesses.ndim != 1:  # the tokens of a sample are not one class
        return None
    guesses = np.full(count, NOT_JUDGED, np.intp)
    guesses[evaluation.samples] = evaluation.guesses
    return guesses


def target_text(dataset: Dataset, sample: int) -> str:
    """Return the target of a sample in a few letters: its class, or its first numbers."""
    if dataset.labels is not None:
        return dataset.class_name(int(dataset.labels[sample]))
    if dataset.token_labels is not None:
        return dataset.target_text(sample)
    wanted = dataset.targets[sample]
    return numbers(wanted, most=_MOST_NUMBERS)


def class_counts(dataset: Dataset) -> NDArray[np.intp] | None:
    """Return how many samples there are of each class; ``None`` where there are no classes."""
    if dataset.labels is None:
        return None
    counts: NDArray[np.intp] = np.bincount(dataset.labels, minlength=dataset.targets.shape[1])
    return counts


def targets_summary(dataset: Dataset) -> str:
    """Return from where to where the numbers go that are asked for, and their mean; nothing for classes."""
    if not dataset.regression or prod(dataset.targets.shape) > _MOST_SUMMED:
        return ""
    targets = np.asarray(dataset.targets[:], np.float64)
    low, high, mean = (number(float(value)) for value in (targets.min(), targets.max(), targets.mean()))
    return f"What is asked for goes from {low} to {high}; its mean is {mean}."


def summary(dataset: Dataset) -> str:
    """Return how many samples there are, of which shape, and what is asked of them."""
    shape = " × ".join(str(size) for size in _shape(dataset))
    outputs = dataset.outputs
    classes = "1 class" if outputs == 1 else f"{outputs:,} classes"
    asked = f"{counted(outputs, 'number')} to be found" if dataset.regression else classes
    asked = f"{asked} after each token" if dataset.token_labels is not None else asked
    return " · ".join([counted(len(dataset), "sample"), shape, asked])


def _shape(dataset: Dataset) -> tuple[int, ...]:
    """Return the size of an image, with its channels where it has several; else the shape of a sample."""
    picture = dataset.picture_shape
    if picture is None:
        return dataset.sample_shape
    return picture[1:] if picture[0] == 1 else (*picture[1:], picture[0])


def source_text(dataset: Dataset) -> str:
    """Return under which licence the data are, whose, and where they came from; nothing for numbers of our own."""
    parts = dataset.licence, dataset.attribution, dataset.source
    return " · ".join(part for part in parts if part)


def whole(experiment: Experiment) -> Browsed | None:
    """Return the data of an experiment, of which nothing is judged or changed; ``None`` where it has none."""
    return None if experiment.dataset is None else Browsed(experiment.dataset, experiment.held_back)
