"""Find what has changed from one picture to the next: only that is written."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Pixels = NDArray[np.uint32]


def pixels_of(image: QImage) -> Pixels:
    """Return the pixels of an image of 32 bits, each as one number, of shape (height, width)."""
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()).copy()


def changed(before: Pixels | None, after: Pixels) -> tuple[int, int, int, int]:
    """Return the rectangle in which two images differ: left, top, width and height; a pixel where they do not."""
    if before is None:
        return 0, 0, after.shape[1], after.shape[0]
    differs = before != after
    rows, columns = (np.flatnonzero(differs.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return 0, 0, 1, 1
    left, top = int(columns[0]), int(rows[0])
    return left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1
