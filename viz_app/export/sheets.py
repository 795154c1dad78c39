"""Images whose memory is used again: to get that of a large image anew takes as long as half of its painting."""

import weakref
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

_Memory = NDArray[np.uint8]


class Sheets:
    """Make images of 32 bits a pixel, in the memory of those that nobody holds any more.

    What is made of such an image, and outlives it, has to be a copy of its pixels.
    """

    def __init__(self) -> None:
        self._free: dict[int, list[_Memory]] = defaultdict(list)

    def blank(self, width: int, height: int, kind: QImage.Format) -> QImage:
        """Return an image with anything on it."""
        free = self._free[4 * width * height]
        memory = free.pop() if free else np.empty(4 * width * height, np.uint8)
        image = QImage(memory.data, width, height, 4 * width, kind)
        weakref.finalize(image, free.append, memory).atexit = False
        return image
