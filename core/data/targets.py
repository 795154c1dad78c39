"""Give a sample another target, in data that stay as they are otherwise."""

from dataclasses import replace

import numpy as np

from core.data.dataset import Dataset
from core.values import Array


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
        raise ValueError(f"expected {dataset.targets.shape[1]} numbers as a target; got shape {target.shape}")
    if not np.isfinite(target).all():
        raise ValueError("expected a target of finite numbers; got NaN or infinity")
    targets, labels = dataset.targets.copy(), dataset.labels
    targets[sample] = target
    if labels is not None:
        labels = labels.copy()
        labels[sample] = int(target.argmax())
    return replace(dataset, targets=targets, labels=labels)
