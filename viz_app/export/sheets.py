"""Images whose memory is used again: to get that of a large image anew takes as long as half of its painting."""

import weakref
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from viz_app.export.look import Size


@dataclass(frozen=True, eq=False)
class Sheet:
    """An image that is lent: once nobody holds the sheet any more, another one is painted on it."""

    image: QImage


class Sheets:
    """Lend images of 32 bits a pixel, and take back those of sheets that nobody holds any more."""

    def __init__(self) -> None:
        self._free: dict[tuple[Size, QImage.Format], list[QImage]] = defaultdict(list)

    def blank(self, size: Size, kind: QImage.Format) -> Sheet:
        """Return a sheet with anything on it.

        Raises
        ------
        ValueError
            If the size is not positive, or there is no memory for it.
        """
        free = self._free[size, kind]
        image = free.pop() if free else QImage(*size, kind)
        if image.isNull():
            raise ValueError(f"expected a size in pixels that fits into memory; got {size[0]} x {size[1]}")
        sheet = Sheet(image)
        weakref.finalize(sheet, free.append, image).atexit = False
        return sheet

    def copy(self, sheet: Sheet) -> Sheet:
        """Return a sheet with the pixels of another one."""
        image = sheet.image
        made = self.blank((image.width(), image.height()), image.format())
        np.copyto(_pixels(made.image), np.frombuffer(image.constBits(), np.uint8))
        return made


def _pixels(image: QImage) -> NDArray[np.uint8]:
    return np.frombuffer(image.bits(), np.uint8)
