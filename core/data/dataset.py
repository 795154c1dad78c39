"""Hold samples, their targets, and what a person is told of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.values import Array, Range, Shape


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples and targets in a fixed order; the arrays are read-only.

    Parameters
    ----------
    name : str
        What a person calls it.
    inputs : ndarray of shape (n, *sample_shape)
        One sample a row.
    targets : ndarray of shape (n, k)
        What the network should answer.
    labels : ndarray of shape (n,) or None
        The number of each sample's class.
    row_image : tuple of int or None
        The height and width of the image that one sample is.
    class_names : tuple of str or None
        The name of each of the k outputs.
    token_names : tuple or None
        Where a sample is a sequence: what each token of each sample is called.
    reach : float or None
        Where a sample is a place of the plane: how far that goes from 0, along both axes.
    input_names : tuple or None
        For each axis of a sample the names of its positions, or ``None``: the columns of a table.
    attribution : str
        Whose data it is and under which licence; empty for numbers of our own.

    Raises
    ------
    ValueError
        If there is no sample, or the sizes do not fit each other.
    """

    name: str
    inputs: Array
    targets: Array
    labels: NDArray[np.intp] | None = None
    row_image: Shape | None = None
    class_names: tuple[str, ...] | None = None
    attribution: str = ""
    token_names: tuple[tuple[str, ...], ...] | None = None
    reach: float | None = None
    input_names: tuple[tuple[str, ...] | None, ...] | None = None

    def __post_init__(self) -> None:
        """Check the sizes and make the arrays read-only."""
        count = len(self.inputs)
        if count == 0:
            raise ValueError(f"{self.name}: expected at least one sample; got none")
        if self.targets.ndim != 2 or len(self.targets) != count:
            raise ValueError(f"{self.name}: expected {count} rows of targets; got shape {self.targets.shape}")
        if self.labels is not None and self.labels.shape != (count,):
            raise ValueError(f"{self.name}: expected {count} labels; got shape {self.labels.shape}")
        if self.class_names is not None and len(self.class_names) != self.targets.shape[1]:
            expected, got = self.targets.shape[1], len(self.class_names)
            raise ValueError(f"{self.name}: expected {expected} class names; got {got}")
        if self.token_names is not None and {len(names) for names in self.token_names} != {self.inputs.shape[1]}:
            raise ValueError(f"{self.name}: expected a name for each of {self.inputs.shape[1]} tokens")
        for array in (self.inputs, self.targets, self.labels):
            if array is not None:
                array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def sample_shape(self) -> Shape:
        """The shape of one sample."""
        return self.inputs.shape[1:]

    @cached_property
    def range(self) -> Range:
        """Which numbers the samples hold."""
        return Range.NON_NEGATIVE if self.inputs.min() >= 0 else Range.SIGNED

    def shaped(self, shape: Shape) -> "Dataset":
        """Return the same images, each as (pixels,) or as (1, height, width)."""
        image = self.row_image if len(shape) == 3 else self.sample_shape[1:]
        return replace(self, inputs=self.inputs.reshape(len(self), *shape), row_image=image)

    def class_name(self, number: int) -> str:
        """Return what a person calls a class: its name, or its number where it has none."""
        return self.class_names[number] if self.class_names else f"{number}"

    def take(self, samples: Sequence[int]) -> Mapping[str, Array]:
        """Return the chosen samples as a batch: ``x`` of shape (N, *sample_shape) and ``y`` of shape (N, k)."""
        chosen = np.asarray(samples, dtype=np.intp)
        return {"x": self.inputs[chosen], "y": self.targets[chosen]}


def one_hot(labels: NDArray[np.intp], classes: int) -> Array:
    """Return targets of shape (n, classes): 1 in the column of the sample's label, 0 elsewhere.

    Raises
    ------
    ValueError
        If a label is not in 0 .. classes - 1.
    """
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(f"expected labels from 0 to {classes - 1}; got {labels.min()} to {labels.max()}")
    return np.eye(classes, dtype=np.float32)[labels]
