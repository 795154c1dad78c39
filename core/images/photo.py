"""Hold an image that a person brings, as it was read."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from core.images.scaling import block_means
from core.values import Shape

Pixels = NDArray[np.uint8] | NDArray[np.uint16]
WORKING_SIDE = 1024
"""The longest side, in pixels, of what the preparation computes with; larger photos are brought down to it."""


class PhotoError(ValueError):
    """An image that cannot be read or prepared; the message names it and says why, in one sentence."""


@dataclass(frozen=True, eq=False)
class Photo:
    """An image as it was read; the array is read-only.

    Parameters
    ----------
    pixels : ndarray of shape (h, w) or (h, w, 3)
        Grey, or red, green and blue; ``uint8`` or ``uint16``.
    title : str
        What a person calls it: the name of its file, or what it is.
    notes : tuple of str
        What was done to it while it was read, a sentence each.

    Raises
    ------
    ValueError
        If the pixels are of another shape or dtype, or there are none.
    """

    pixels: Pixels
    title: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the pixels and make them read-only."""
        shape, dtype = self.pixels.shape, self.pixels.dtype
        if dtype not in (np.uint8, np.uint16) or not (len(shape) == 2 or shape[2:] == (3,)) or 0 in shape:
            raise ValueError(f"expected grey or colour pixels of 8 or 16 bit; got {dtype} of shape {shape}")
        self.pixels.flags.writeable = False

    @property
    def size(self) -> Shape:
        """The height and width."""
        return self.pixels.shape[:2]

    @property
    def coloured(self) -> bool:
        """Whether it has red, green and blue."""
        return self.pixels.ndim == 3

    @property
    def white(self) -> int:
        """The number of a white pixel."""
        return int(np.iinfo(self.pixels.dtype).max)

    @property
    def factor(self) -> int:
        """How many rows and columns of pixels become one in ``working``; 1 where it is small enough."""
        return ceil(max(self.size) / WORKING_SIDE)

    @cached_property
    def working(self) -> NDArray[np.float32]:
        """What the preparation computes with: pixels from 0 to 1, brought down where the photo is large."""
        small = self.pixels if self.factor == 1 else block_means(self.pixels, self.factor)
        scaled = np.asarray(small / np.float32(self.white), np.float32)
        scaled.flags.writeable = False
        return scaled
