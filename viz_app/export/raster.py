"""Paint pictures as images. Needs no display."""

import sys
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from viz_app.export.look import Look, Size
from viz_app.export.pages import Page
from viz_app.export.sheets import Sheet, Sheets
from viz_app.paint.painting import paint
from viz_app.paint.theme import Theme, theme_of
from viz_app.picture.elements import Picture
from viz_app.widgets.pictures.view import View, fitted


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
    image = Sheets().blank(size, kind_of(transparent=transparent)).image
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
    sheet = ground(page.look, Sheets())
    paint_on(sheet.image, page, page.picture)
    return sheet.image


def ground(look: Look, sheets: Sheets) -> Sheet:
    """Return an empty page."""
    sheet = sheets.blank(look.pixels, kind_of(transparent=look.transparent))
    sheet.image.fill(Qt.GlobalColor.transparent if look.transparent else QColor(theme_of(look).base))
    return sheet


def paint_on(image: QImage, page: Page, picture: Picture) -> None:
    """Paint a picture of a page, or a part of it, over what there is."""
    view = fitted((picture.width, picture.height), page.look.pixels)
    with QPainter(image) as painter:
        painter.translate(*view.origin)
        painter.scale(view.scale, view.scale)
        paint(painter, picture, theme_of(page.look))


def kind_of(*, transparent: bool) -> QImage.Format:
    """Return how the pixels of an image are kept."""
    return QImage.Format.Format_ARGB32_Premultiplied if transparent else QImage.Format.Format_RGB32


def rgb(image: QImage) -> NDArray[np.uint8]:
    """Return the pixels of an image without transparency, of shape (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def rgba(image: QImage) -> NDArray[np.uint8]:
    """Return the pixels of an image, of shape (height, width, 4)."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()
