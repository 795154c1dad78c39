"""What the preparation of an image shows: one stage after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.images.settings import Choice
from core.values import Array


@dataclass(frozen=True, eq=False)
class Stage:
    """An image on its way into the network; the array is read-only.

    Parameters
    ----------
    title : str
        What was done, in a few words.
    sentence : str
        How, with the numbers that were found.
    array : ndarray of shape (h, w) or (h, w, 3)
        The image after it.
    limits : tuple of float
        The numbers that are drawn black and white.
    parameters : tuple of str
        The fields of ``Preparation`` that belong to it.
    found : mapping of str to number or str
        What was found for those that were left to be found automatically.
    """

    title: str
    sentence: str
    array: NDArray[np.generic]
    limits: tuple[float, float] = (0.0, 1.0)
    parameters: tuple[str, ...] = ()
    found: Mapping[str, Choice] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the array read-only."""
        self.array.flags.writeable = False


@dataclass(frozen=True, eq=False)
class Prepared:
    """An image prepared for a network.

    Parameters
    ----------
    stages : tuple of Stage
        From the original to what enters the network.
    inputs : ndarray of shape (*sample_shape,)
        The values that enter: those of the last stage.
    """

    stages: tuple[Stage, ...]
    inputs: Array


def grey_of(image: Array) -> Array:
    """Return the luma of an image, (h, w): 0.299 red + 0.587 green + 0.114 blue.

    Written so that equal channels give that number to the last bit.

    References
    ----------
    Recommendation ITU-R BT.601-7 (2011), section 2.5.1.
    """
    if image.ndim == 2:
        return image
    red, green, blue = np.moveaxis(image, -1, 0)
    return np.asarray(green + np.float32(0.299) * (red - green) + np.float32(0.114) * (blue - green))
