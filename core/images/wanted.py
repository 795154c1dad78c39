"""What a network takes as its image."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from core.data.dataset import Dataset
from core.data.normalising import Normalisation
from core.values import Array, Shape

if TYPE_CHECKING:
    from core.experiment import Experiment

LARGEST_PICTURE = 512
"""The longest side of an image that a network of any size takes."""
_DIGITS = tuple(str(digit) for digit in range(10))
_CHANNELS = (1, 3)
_JUDGED = 500
_MNIST_SIZE = (28, 28)


@runtime_checkable
class TakesPicture(Protocol):
    """Settings of an experiment that is opened on an image of one's own, of any size."""

    @property
    def own_image(self) -> Array | None:
        """The image, (channels, h, w)."""


@dataclass(frozen=True)
class Wanted:
    """The image that a network takes.

    Parameters
    ----------
    sample_shape : tuple of int
        The shape that the values enter in.
    size : tuple of int
        The height and width of the image.
    channels : int or None
        1 for grey, 3 for red, green and blue; ``None`` takes either, as the image has it.
    kind : str
        ``"digit"`` where it tells digits apart, else ``"picture"``.
    style : str
        Which digits its own are like: ``"mnist"`` or ``"uci"``.
    dtype : str
        What the numbers are held as.
    any_size : bool
        Whether ``size`` is only the largest, and the sample shape follows the image.
    white : float
        The number of a white pixel in the data that the network learns from, before they are normalised.
    normalisation : Normalisation or None
        How those data are normalised, where they are.
    """

    sample_shape: Shape
    size: Shape
    channels: int | None
    kind: str = "picture"
    style: str = "mnist"
    dtype: str = "float32"
    any_size: bool = False
    white: float = 1.0
    normalisation: Normalisation | None = None

    def arranged(self, image: Array) -> Array:
        """Return an image, (h, w) or (h, w, 3), as the values that enter the network."""
        planes = image[None] if image.ndim == 2 else np.moveaxis(image, -1, 0)
        shape = planes.shape if self.any_size else self.sample_shape
        return np.ascontiguousarray(planes, self.dtype).reshape(shape)

    def pictured(self, values: Array) -> Array:
        """Return values that enter the network as an image, (h, w) or (h, w, 3)."""
        planes = values.reshape(-1, *(values.shape[-2:] if self.any_size else self.size))
        return planes[0] if len(planes) == 1 else np.moveaxis(planes, 0, -1)

    def blank(self) -> Array:
        """Return what enters where every pixel is black."""
        values = np.zeros(self.sample_shape, self.dtype)
        return values if self.normalisation is None else self.normalisation.apply(values)


def any_picture(dtype: str = "float32") -> Wanted:
    """Return what a network of any size takes: one kernel on one image."""
    side = LARGEST_PICTURE
    return Wanted((1, side, side), (side, side), None, dtype=dtype, any_size=True)


def wanted_of(experiment: "Experiment") -> Wanted | None:
    """Return what image an experiment's network takes; ``None`` where its input is no image.

    A row of pixels is an image where the network or its data say its height and width; so are one or three channels
    of rows and columns.
    """
    dtype = experiment.options.dtype
    if isinstance(experiment.settings, TakesPicture):
        return any_picture(dtype)
    dataset, x = experiment.dataset, experiment.program.values.get("x")
    if x is None or (dataset is not None and dataset.token_names is not None):
        return None
    shape = x.shape[1:]
    image = x.row_image or (dataset.row_image if dataset is not None else None)
    size: Shape
    if len(shape) == 3 and shape[0] in _CHANNELS:
        channels, size = shape[0], (shape[1], shape[2])
    elif image is not None and len(shape) == 1:
        channels, size = 1, image
    else:
        return None
    if dataset is None:
        return Wanted(shape, size, channels, dtype=dtype)
    wanted = Wanted(shape, size, channels, dtype=dtype, white=dataset.white, normalisation=dataset.normalisation)
    if channels != 1 or dataset.class_names != _DIGITS:
        return wanted
    return replace(wanted, kind="digit", style=_style(dataset, size))


def _style(dataset: Dataset, size: Shape) -> str:
    """Return which digits those of the data are like: those of UCI fill their image from the top to the bottom.

    At 28 × 28 it is MNIST always: the shipped weights have learnt from both.
    """
    if size == _MNIST_SIZE:
        return "mnist"
    images = dataset.take(range(min(_JUDGED, len(dataset))))["x"].reshape(-1, *size)
    inked = np.asarray((images > 0).any(axis=2))
    return "uci" if np.mean(inked[:, 0] & inked[:, -1]) > 0.5 else "mnist"
