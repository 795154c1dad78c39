"""Prefetch a picture: keep it painted, because it is likely to be shown next."""

from collections.abc import Callable

from PySide6.QtGui import QImage, QPainter

from viz_app.paint.difference import difference
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Picture, Rect
from viz_app.widgets.pictures.view import View

Look = tuple[Picture, View, Theme, float]
"""A picture, how it lies in the widget, its colours, and the pixels of the device in one of the widget's."""


class PrefetchedPicture:
    """One picture, painted off the screen, as large as the widget that will show it."""

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._look: Look | None = None

    def difference(self, look: Look) -> tuple[Rect, ...] | None:
        """Return where a picture differs from the one that is kept; ``None`` for everywhere."""
        if self._look is None or self._look[1:] != look[1:]:
            return None
        return difference(self._look[0], look[0])

    def paint(self, look: Look, paint: Callable[[QPainter], None]) -> None:
        """Paint a picture over the one before, and keep it."""
        ratio = look[3]
        width, height = (round(side * ratio) for side in look[1].widget)
        if self._image is None or (self._image.width(), self._image.height()) != (width, height):
            self._image = QImage(width, height, QImage.Format.Format_RGB32)
        self._look = look
        self._image.setDevicePixelRatio(ratio)
        with QPainter(self._image) as painter:
            paint(painter)

    def image(self, look: Look) -> QImage | None:
        """Return the very picture that is asked for, or ``None`` where another one is kept."""
        return self._image if look == self._look else None
