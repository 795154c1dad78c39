"""Make what a network is asked for of the labels that came: classes with their names, or numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.rows import OneHotRows, Rows, ScaledRows
from core.values import Array, Shape
from core.wording import cut
from viz_app.reading.files import DataError, listed, printable
from viz_app.reading.offer import Option, Question, Target

MOST_CLASSES = 1000
MOST_OUTPUTS = 1000
MOST_SAMPLES = 5_000_000
_LARGEST = 2**27
"""Bytes that texts as labels may take."""
_NUMBERS_AT_ONCE = 2**20
_FEW = 100
"""Whole numbers of at most so many kinds are taken for classes, unless a person says that they are numbers."""

Labels = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Answers:
    """What the network is asked for: ``targets`` of shape (n, k), and for classes their numbers and names.

    ``column`` is what one number that is asked for is called.
    """

    target: Target
    targets: Array | Rows
    labels: Labels | None = None
    class_names: tuple[str, ...] | None = None
    column: str = ""

    @property
    def output_names(self) -> tuple[str, ...] | None:
        """The name of each output, where it has one."""
        named = self.column and self.labels is None and self.targets.shape[1] == 1
        return (self.column,) if named else self.class_names


def answers(found: NDArray[Any], name: str, chosen: Target | None = None) -> Answers:
    """Make targets of labels as they lie in a file.

    Parameters
    ----------
    found : ndarray of shape (n,) or (n, k)
        Whole numbers, floats or texts; one row for each sample. Rows of one 1 among zeros are classes.
    name : str
        Whose they are: begins the sentence of an error.
    chosen : Target or None
        Classes or numbers; ``None`` decides: texts, truth values and few kinds of whole numbers are classes.

    Raises
    ------
    DataError
        If they are neither, or there are too many classes, or just one.
    """
    if found.ndim == 2 and found.shape[1] == 1:
        found = found[:, 0]
    _check_shape(found, name)
    if found.ndim == 2:
        hot = None if chosen is Target.NUMBERS else _undone(found)
        return _classes(hot, name, found.shape[1]) if hot is not None else _numbers(found, name)
    target = chosen or usual_target(found)
    return _numbers(found[:, None], name) if target is Target.NUMBERS else _classes(found, name)


def usual_target(found: NDArray[Any]) -> Target:
    """Return what labels, (n,), are taken for unless a person chooses."""
    if found.dtype.kind in "USb" or found.dtype.itemsize == 1:
        return Target.CLASSES
    if found.dtype.kind == "f" and not np.all(np.isfinite(found) & (found == np.rint(found))):
        return Target.NUMBERS
    return Target.CLASSES if len(np.unique(found)) <= _FEW else Target.NUMBERS


def target_question(target: Target | None, *, labels: bool, needed: bool = False) -> Question:
    """Ask what the network is asked for; without labels that can only be the sample itself."""
    options = [Option(Target.CLASSES, "one of several classes"), Option(Target.NUMBERS, "numbers (regression)")]
    itself = Option(Target.ITSELF, "the sample itself (autoencoder)")
    return Question("target", "Asked for", target, (*(options if labels else ()), itself), needed=needed)


def _check_shape(found: NDArray[Any], name: str) -> None:
    if found.ndim not in (1, 2) or found.dtype.kind not in "uifbUS":
        kind = f"{np.dtype(found.dtype).newbyteorder('=')} of shape {_plain(found.shape)}"
        raise DataError(f"{name}: expected one label, or one row of targets, for each sample; got {kind}.")
    if found.ndim == 2 and not 1 <= found.shape[1] <= MOST_OUTPUTS:
        raise DataError(f"{name}: expected from 1 to {MOST_OUTPUTS:,} targets a sample; got {found.shape[1]:,}.")
    if len(found) > MOST_SAMPLES:
        raise DataError(f"{name}: expected at most {MOST_SAMPLES:,} samples; got {len(found):,}.")
    if found.dtype.kind in "US" and found.nbytes > _LARGEST:
        raise DataError(f"{name}: expected texts of at most {_LARGEST:,} bytes together; got {found.nbytes:,}.")
    if found.ndim == 2 and found.dtype.kind in "US":
        raise DataError(f"{name}: expected one text for each sample; got {found.shape[1]:,}.")


def _parts(found: NDArray[Any]) -> Iterator[tuple[int, NDArray[Any]]]:
    """Yield some rows at a time, with the number of the first."""
    size = max(1, _NUMBERS_AT_ONCE // found.shape[1])
    for start in range(0, len(found), size):
        yield start, found[start : start + size]


def _plain(shape: Shape) -> Shape:
    return tuple(int(size) for size in shape)


def _undone(found: NDArray[Any]) -> Labels | None:
    """Return the labels of rows of one 1 among zeros; nothing where they are others."""
    labels = np.zeros(len(found), np.intp)
    for start, part in _parts(found):
        ones = part == 1
        if not (np.all(ones | (part == 0)) and np.all(ones.sum(axis=1) == 1)):
            return None
        labels[start : start + len(part)] = ones.argmax(axis=1)
    return labels


def _numbers(found: NDArray[Any], name: str) -> Answers:
    if found.dtype.kind not in "uifb":
        raise DataError(f"{name}: expected numbers as targets; got texts such as {_text(found.ravel()[0])!r}.")
    for start, part in _parts(found):
        wide = np.asarray(part, np.float64)
        wrong = ~(np.abs(wide) <= np.finfo(np.float32).max)
        if wrong.any():
            row = int(np.flatnonzero(wrong.any(axis=1))[0])
            got = wide[row][wrong[row]][0]
            raise DataError(f"{name}: expected finite numbers as targets; sample {start + row} has {got:g}.")
    dtype = np.float64 if found.dtype.itemsize > 4 else np.float32
    return Answers(Target.NUMBERS, ScaledRows(found, 1, dtype))


def _classes(found: NDArray[Any], name: str, outputs: int = 0) -> Answers:
    """Return classes; numbers from 0 on without large gaps are the classes themselves, others are put in order."""
    if found.dtype.kind == "f" and not np.all(np.isfinite(found)):
        row = int(np.flatnonzero(~np.isfinite(found))[0])
        raise DataError(f"{name}: expected a class for every sample; sample {row} has {found[row]:g}.")
    kinds, labels = np.unique(found, return_inverse=True)
    labels = np.asarray(labels, np.intp).reshape(-1)
    if found.dtype.kind in "uif" and len(kinds) <= MOST_CLASSES and _counts_from_0(kinds):
        labels = found.astype(np.intp)
        kinds = np.arange(max(outputs, int(kinds[-1]) + 1))
    if len(kinds) > MOST_CLASSES:
        raise DataError(
            f"{name}: expected at most {MOST_CLASSES:,} classes; got {len(kinds):,}. Take them as numbers, or choose "
            "another label."
        )
    return word_answers(labels, tuple(_text(kind) for kind in kinds), name)


def word_answers(labels: Labels, words: tuple[str, ...], name: str) -> Answers:
    """Make targets of classes that are known by their numbers and their words.

    Raises
    ------
    DataError
        If there are fewer than two, or some cannot be told apart.
    """
    if len(words) < 2:
        raise DataError(f"{name}: expected at least two classes; every sample has {words[0]!r}.")
    names = tuple(map(_text, words))
    if len(set(names)) < len(names):
        raise DataError(f"{name}: expected classes of different names; got {listed(names)}.")
    return Answers(Target.CLASSES, OneHotRows(labels, len(names)), labels, names)


def _counts_from_0(kinds: NDArray[Any]) -> bool:
    return bool(kinds[0] == 0 and np.all(kinds == np.rint(kinds)) and kinds[-1] < 2 * len(kinds))


def _text(kind: Any) -> str:
    """Return what a class is called: one line, not too long."""
    if isinstance(kind, bytes):
        kind = kind.decode("utf-8", "replace")
    if isinstance(kind, (float, np.floating)):
        return f"{kind:g}" if float(f"{kind:g}") == kind else repr(float(kind))
    return cut(printable(" ".join(str(kind).split())) or "(empty)", 60)
