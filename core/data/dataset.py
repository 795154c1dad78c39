"""Hold samples, their targets, and what a person is told of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.normalising import By, Normalisation, NormalisedRows, measure
from core.data.progress import Progress
from core.data.rows import Rows, ShapedRows, is_signed
from core.data.text import Alphabet
from core.values import Array, Range, Shape


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples and targets in a fixed order; the arrays are read-only.

    Samples and targets are arrays, or other rows that need not be in memory: ``take`` returns those that are asked for.

    Parameters
    ----------
    name : str
        What a person calls it.
    inputs : ndarray or Rows of shape (n, *sample_shape)
        One sample a row.
    targets : ndarray or Rows of shape (n, k)
        What the network should answer; for each token of a sequence (n, T, k).
    labels : ndarray of shape (n,) or None
        The number of each sample's class.
    token_labels : ndarray of shape (n, T) or None
        Where each token of a sequence is asked for a class: the number of each one's.
    alphabet : Alphabet or None
        Where the tokens are characters of a text: which character each number stands for.
    row_image : tuple of int or None
        The height and width of the image that one sample is.
    class_names : tuple of str or None
        The name of each of the k outputs.
    token_names : tuple or None
        Where a sample is a sequence: what each token of each sample is called.
    reach : float or None
        Where a sample is a place of the plane: how far that goes from 0, along both axes.
    attribution : str
        Whose data it is and under which licence; empty for numbers of our own.
    image_shape : tuple of int or None
        The channels, height and width of the image that one sample is, where its own shape does not say it.
    column_names : tuple of str or None
        What each feature of a row is called.
    source : str
        The file, the folder or the address that it was read from.
    licence : str
        Under which licence it may be used, where that is known.
    reading : tuple of str
        How it was read: a sentence for everything that was done to it.
    held_back : int
        How many of the last samples are not meant to be trained on: a test part, or a share that was split off.
    normalisation : Normalisation or None
        How the samples were normalised, where they were: an own sample is to be normalised in the same way.
    sample_names : sequence of str or None
        What each sample is called: the name of its file.
    white : float
        Where samples are images: the number of a white pixel, before they are normalised.
    opened_with : mapping of str to object or None
        Where they were read from a file: what a person had chosen about that, as plain data.
    typed : mapping of int to ndarray
        The targets that a person has given, by sample, in the order of the changes; they are in ``targets``.

    Raises
    ------
    ValueError
        If there is no sample, or the sizes do not fit each other.
    """

    name: str
    inputs: Array | Rows
    targets: Array | Rows
    labels: NDArray[np.intp] | None = None
    row_image: Shape | None = None
    class_names: tuple[str, ...] | None = None
    attribution: str = ""
    token_names: tuple[tuple[str, ...], ...] | None = None
    reach: float | None = None
    image_shape: Shape | None = None
    column_names: tuple[str, ...] | None = None
    source: str = ""
    licence: str = ""
    reading: tuple[str, ...] = ()
    held_back: int = 0
    normalisation: Normalisation | None = None
    sample_names: Sequence[str] | None = None
    white: float = 1.0
    opened_with: Mapping[str, Any] | None = None
    typed: Mapping[int, Array] = field(default_factory=dict)
    token_labels: NDArray[np.intp] | None = None
    alphabet: Alphabet | None = None

    def __post_init__(self) -> None:
        """Check the sizes and make the arrays read-only."""
        count = len(self.inputs)
        if count == 0:
            raise ValueError(f"{self.name}: expected at least one sample; got none")
        axes = 2 if self.token_labels is None else 3
        if self.targets.ndim != axes or len(self.targets) != count:
            raise ValueError(f"{self.name}: expected {count} rows of targets; got shape {self.targets.shape}")
        if self.labels is not None and self.labels.shape != (count,):
            raise ValueError(f"{self.name}: expected {count} labels; got shape {self.labels.shape}")
        if self.token_labels is not None and self.token_labels.shape != self.targets.shape[:2]:
            raise ValueError(f"{self.name}: expected a label for each token; got shape {self.token_labels.shape}")
        if self.class_names is not None and len(self.class_names) != self.outputs:
            expected, got = self.outputs, len(self.class_names)
            raise ValueError(f"{self.name}: expected {expected} class names; got {got}")
        if self.token_names is not None and {len(names) for names in self.token_names} != {self.inputs.shape[1]}:
            raise ValueError(f"{self.name}: expected a name for each of {self.inputs.shape[1]} tokens")
        self._check_descriptions()
        for array in (self.inputs, self.targets, self.labels, self.token_labels):
            if isinstance(array, np.ndarray):
                array.flags.writeable = False

    def _check_descriptions(self) -> None:
        """Check what is said of the samples against them."""
        count, features = len(self.inputs), prod(self.sample_shape)
        if not 0 <= self.held_back < count:
            raise ValueError(f"{self.name}: expected from 0 to {count - 1} samples held back; got {self.held_back}")
        if self.image_shape is not None and prod(self.image_shape) != features:
            raise ValueError(f"{self.name}: expected an image of {features} numbers; got shape {self.image_shape}")
        if self.column_names is not None and len(self.column_names) != features:
            raise ValueError(f"{self.name}: expected {features} names of columns; got {len(self.column_names)}")
        if self.sample_names is not None and len(self.sample_names) != count:
            raise ValueError(f"{self.name}: expected {count} names of samples; got {len(self.sample_names)}")

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def sample_shape(self) -> Shape:
        """The shape of one sample."""
        return self.inputs.shape[1:]

    @cached_property
    def range(self) -> Range:
        """Which numbers the samples hold."""
        return Range.SIGNED if is_signed(self.inputs) else Range.NON_NEGATIVE

    @property
    def regression(self) -> bool:
        """Whether the targets are numbers, and no classes."""
        return self.labels is None and self.token_labels is None

    @property
    def outputs(self) -> int:
        """How many numbers the network should answer, to a sample or to each token of it."""
        return self.targets.shape[-1]

    @property
    def every_label(self) -> NDArray[np.intp] | None:
        """The classes that are asked for: one a sample, (n,), or one a token, (n, T); ``None`` without classes."""
        return self.labels if self.token_labels is None else self.token_labels

    def label(self, sample: int) -> int | None:
        """Return the number of a sample's class; ``None`` where there are no classes."""
        return None if self.labels is None else int(self.labels[sample])

    def thumbnail(self, sample: int) -> Array:
        """Return what a sample looks like, as of ``thumbnails``: (h, w) or (h, w, 3)."""
        found: Array = self.thumbnails((sample,))[0]
        return found

    def thumbnails(self, samples: Sequence[int]) -> Array:
        """Return what some samples look like: the numbers before they were normalised, white as 1.

        Returns
        -------
        ndarray of shape (N, h, w) or (N, h, w, 3)
            Images; three channels are red, green and blue, other numbers of channels are averaged. What is no image
            is a matrix as it is, or one row.
        """
        rows = self.inputs.rows if isinstance(self.inputs, NormalisedRows) else self.inputs
        numbers: Array = np.asarray(rows[np.asarray(samples, np.intp)])
        shape = self.picture_shape
        if shape is None:
            flat = self.sample_shape if len(self.sample_shape) == 2 else (1, prod(self.sample_shape))
            return numbers.reshape(len(samples), *flat)
        images = numbers.reshape(len(samples), *shape)
        if self.white != 1:
            images = (images / self.white).astype(images.dtype)
        if shape[0] == 3:
            return images.transpose(0, 2, 3, 1)
        return images[:, 0] if shape[0] == 1 else np.asarray(images.mean(axis=1, dtype=images.dtype))

    @property
    def picture_shape(self) -> Shape | None:
        """The channels, height and width of the image that a sample is; ``None`` where it is none."""
        if self.image_shape is not None:
            return self.image_shape
        if self.row_image is not None:
            return 1, *self.row_image
        return self.sample_shape if len(self.sample_shape) == 3 else None

    def reshaped(self, shape: Shape) -> "Dataset":
        """Return the same samples in another shape of as many numbers: images as rows, and rows as images.

        Raises
        ------
        ValueError
            If the shape has another number of numbers, or a normalisation of each feature cannot follow.
        """
        if shape == self.sample_shape:
            return self
        image = self.picture_shape
        grey_row = image is not None and len(shape) == 1 and image[0] == 1
        normalisation = self.normalisation
        if normalisation is not None and normalisation.by is By.FEATURE:
            mean, deviation = (numbers.reshape(shape) for numbers in (normalisation.mean, normalisation.deviation))
            normalisation = replace(normalisation, mean=mean, deviation=deviation)
        rows = self.inputs
        if isinstance(rows, NormalisedRows) and normalisation is not None:
            rows = NormalisedRows(ShapedRows(rows.rows, shape), normalisation)
        elif isinstance(rows, np.ndarray):
            rows = rows.reshape(len(rows), *shape)
        else:
            rows = ShapedRows(rows, shape)
        return replace(
            self,
            inputs=rows,
            row_image=image[1:] if image is not None and grey_row else None,
            image_shape=image,
            normalisation=normalisation,
        )

    def normalised(self, by: By, progress: Progress | None = None) -> "Dataset":
        """Return the same samples with mean 0 and standard deviation 1, measured on those that are not held back."""
        found = measure(self.inputs, len(self) - self.held_back, by, progress)
        what = "of every feature" if by is By.FEATURE else "of all numbers together"
        said = f"Normalised: mean 0 and standard deviation 1 {what}, measured on the samples that are trained on."
        rows = NormalisedRows(self.inputs, found)
        return replace(self, inputs=rows, normalisation=found, reading=(*self.reading, said))

    def target_text(self, sample: int) -> str:
        """Return the characters that the tokens of a sample are asked for; nothing where they are asked for none."""
        if self.token_labels is None:
            return ""
        return "".join(map(self.class_name, self.token_labels[sample].tolist()))

    def sample_text(self, sample: int) -> str:
        """Return the text that a sample is, where its tokens are characters; nothing where it is none."""
        names = self.token_names[sample] if self.token_names else ()
        return "".join(names) if self.alphabet is not None or {len(name) for name in names} == {1} else ""

    def class_name(self, number: int) -> str:
        """Return what a person calls a class: its name, or its number where it has none."""
        return self.class_names[number] if self.class_names else f"{number}"

    def take(self, samples: Sequence[int]) -> Mapping[str, Array]:
        """Return the chosen samples as a batch: ``x`` of shape (N, *sample_shape) and ``y`` as the targets are."""
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
