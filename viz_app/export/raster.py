"""Paint pictures as images. Needs no display."""

import sys
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from viz_app.export.look import Size
from viz_app.export.pages import Page
from viz_app.paint.painting import paint
from viz_app.paint.theme import Theme, theme_of
from viz_app.picture.elements import Picture
from viz_app.widgets.view import View, fitted


@cache
def ensure_application() -> QGuiApplication:
    """Return Qt's application; where there is none yet, one that needs no display.

    Kept until the process ends, because fonts and kept images need it.
    """
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    # Without a display Qt's own choice of platform aborts the process; elsewhere than on Linux there is always one.
    without_display = ["-platform", "offscreen"] if sys.platform.startswith("linux") else []
    return QGuiApplication(["netstep", *without_display])


def render_image(
    picture: Picture, theme: Theme, size: Size, view: View | None = None, *, transparent: bool = False
) -> QImage:
    """Return a picture as an image, without the words that tell what the mouse can do.

    Parameters
    ----------
    picture : Picture
        What is painted.
    theme : Theme
        Its colours.
    size : tuple of int
        Width and height in pixels.
    view : View or None
        The part of the picture that is seen, as on a widget of the same proportions; ``None`` is the whole picture.
    transparent : bool
        Leave out the ground.

    Raises
    ------
    ValueError
        If the size is not positive, or there is no memory for it.
    """
    width, height = size
    formats = QImage.Format
    image = QImage(width, height, formats.Format_ARGB32_Premultiplied if transparent else formats.Format_RGB32)
    if image.isNull():
        raise ValueError(f"expected a size in pixels that fits into memory; got {width} x {height}")
    image.fill(Qt.GlobalColor.transparent if transparent else QColor(theme.base))
    view = view or fitted((picture.width, picture.height), size)
    view = replace(view, widget=size)
    with QPainter(image) as painter:
        painter.translate(*view.origin)
        painter.scale(view.scale, view.scale)
        paint(painter, picture.without_asides(), theme)
    return image


def page_image(page: Page) -> QImage:
    """Return the image of a page, as its look asks for."""
    look = page.look
    return render_image(page.picture, theme_of(look), look.pixels, transparent=look.transparent)


def rgb(image: QImage) -> NDArray[np.uint8]:
    """Return the pixels of an image without transparency, of shape (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def rgba(image: QImage) -> NDArray[np.uint8]:
    """Return the pixels of an image, of shape (height, width, 4)."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()
