"""Small data sets whose every number is written here."""

from functools import cache

import numpy as np

from core.data.dataset import Dataset, one_hot

_COLOURS = {
    "warm": ((0.90, 0.15, 0.10), (0.95, 0.55, 0.15), (0.80, 0.35, 0.25), (1.00, 0.80, 0.30)),
    "cool": ((0.10, 0.30, 0.90), (0.20, 0.70, 0.85), (0.35, 0.25, 0.80), (0.15, 0.60, 0.55)),
}


@cache
def colours() -> Dataset:
    """Return eight colours as red, green and blue from 0 to 1, in turn a warm one and a cool one.

    Targets are one-hot: (1, 0) is warm and (0, 1) is cool.
    """
    pairs = zip(*_COLOURS.values(), strict=True)
    inputs = np.array([colour for pair in pairs for colour in pair])
    labels = np.arange(len(inputs)) % len(_COLOURS)
    names = tuple(_COLOURS)
    return Dataset("Warm and cool colours", inputs, one_hot(labels, len(names)), labels, class_names=names)


@cache
def worked_example() -> Dataset:
    """Return the one sample of M. Mazur, "A Step by Step Backpropagation Example": (0.05, 0.10) to (0.01, 0.99)."""
    return Dataset(
        name="M. Mazur's example",
        inputs=np.array([[0.05, 0.10]]),
        targets=np.array([[0.01, 0.99]]),
        class_names=("o1", "o2"),
        attribution='M. Mazur, "A Step by Step Backpropagation Example", 2015',
    )
