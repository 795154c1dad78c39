"""Give a sample another target, in data that stay as they are otherwise."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.data.dataset import Dataset
from core.data.rows import Chosen, LazyRows, Rows, is_signed
from core.ops.base import show_shape
from core.values import Array


class ChangedRows(LazyRows):
    """Rows of which some are others: those are in memory, the rest stays where it is.

    Parameters
    ----------
    rows : Rows
        The rows as they came.
    changed : mapping of int to ndarray
        The others, by number.
    """

    def __init__(self, rows: Rows, changed: Mapping[int, Array]) -> None:
        super().__init__(rows.shape, rows.dtype)
        self.rows, self.changed = rows, dict(changed)

    @property
    def signed(self) -> bool:
        return is_signed(self.rows) or any(bool((row < 0).any()) for row in self.changed.values())

    def take(self, chosen: Chosen) -> Array:
        taken = np.array(self.rows[chosen])
        for place, number in enumerate(chosen.tolist()):
            if number in self.changed:
                taken[place] = self.changed[number]
        return taken


def retargeted(dataset: Dataset, sample: int, target: Array) -> Dataset:
    """Return data of which one sample has another target; where there are classes, that of the largest number.

    Parameters
    ----------
    dataset : Dataset
        The data; their inputs are shared, not copied.
    sample : int
        The sample.
    target : ndarray of shape (k,)
        What the network should answer.

    Raises
    ------
    ValueError
        If there is no such sample, or the target has another size or is not finite.
    """
    if not 0 <= sample < len(dataset):
        raise ValueError(f"expected a sample from 0 to {len(dataset) - 1}; got {sample}")
    if target.shape != dataset.targets.shape[1:]:
        expected, got = show_shape(dataset.targets.shape[1:]), show_shape(target.shape)
        raise ValueError(f"expected {expected} numbers as a target; got {got}")
    if not np.isfinite(target).all():
        raise ValueError("expected a target of finite numbers; got NaN or infinity")
    targets, labels = _with_row(dataset.targets, sample, target), dataset.labels
    if labels is not None:
        labels = labels.copy()
        labels[sample] = int(target.argmax())
    typed = {known: row for known, row in dataset.typed.items() if known != sample} | {sample: target}
    return replace(dataset, targets=targets, labels=labels, typed=typed)


def untyped(dataset: Dataset, originals: Mapping[int, Array], name: str) -> Dataset:
    """Return data with the targets that they came with, and their name of then.

    Raises
    ------
    ValueError
        If the data have no such samples or targets.
    """
    for sample, row in originals.items():
        dataset = retargeted(dataset, sample, row)
    return replace(dataset, name=name, typed={})


def _with_row(rows: Array | Rows, number: int, row: Array) -> Array | Rows:
    """Return rows of which one is another; what is not in memory is not read for it."""
    if isinstance(rows, np.ndarray):
        changed = rows.copy()
        changed[number] = row
        return changed
    if isinstance(rows, ChangedRows):
        return ChangedRows(rows.rows, {**rows.changed, number: row})
    return ChangedRows(rows, {number: row})
