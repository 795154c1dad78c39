"""Paint formulas: as a kept image on a screen, as vectors into a file that can hold them."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath
from PySide6.QtSvg import QSvgRenderer

from viz_app.paint.cache import BoundedCache
from viz_app.paint.device import device_scale, is_raster, painting_device_pixels
from viz_app.paint.outline import outline
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Align, Formula
from viz_app.picture.typeset import typeset

_images: BoundedCache[QImage] = BoundedCache(32_000_000)


def _renderer(tex: str, color: str) -> QSvgRenderer:
    """Return what draws a formula; made in half a millisecond, and not kept: it takes 100 to 200 kB."""
    drawing = typeset(tex).colored(color)
    assert drawing is not None, "a formula without a drawing is written as text"
    return QSvgRenderer(drawing.encode())


def paint_formula(painter: QPainter, formula: Formula, theme: Theme, em: float) -> None:
    """Paint a formula in its rectangle, smaller where it would not fit."""
    made = typeset(formula.tex)
    width, height = made.size_at(formula.size * em)
    room = formula.rect
    shrink = min(1.0, room.width / max(width, 1e-6), room.height / max(height, 1e-6))
    width, height = width * shrink, height * shrink
    free = room.width - width
    left = room.x + {Align.LEFT: 0.0, Align.CENTER: free / 2, Align.RIGHT: free}[formula.align]
    target = QRectF(left, room.y + (room.height - height) / 2, width, height)
    color = theme.tones[formula.tone]
    if made.svg is None:
        _paint_plain(painter, target, made.text, color, formula.size * em * shrink)
    elif is_raster(painter):
        _paint_image(painter, target, formula.tex, color)
    else:
        _fill(painter, target, formula.tex, color)


def _fill(painter: QPainter, target: QRectF, tex: str, color: str) -> None:
    """Fill the outlines of a formula: Qt's own drawing gives them a line, too, when it writes PDF."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(target.topLeft())
    painter.scale(target.width(), target.height())
    painter.fillPath(_outline(tex, color), QColor(color))
    painter.restore()


@lru_cache(maxsize=128)
def _outline(tex: str, color: str) -> QPainterPath:
    """Return the outlines of a formula in a square of side 1."""
    return outline(_renderer(tex, color), QRectF(0, 0, 1, 1))


def _paint_plain(painter: QPainter, target: QRectF, text: str, color: str, pixel_size: float) -> None:
    font = QFont(painter.font())
    font.setPixelSize(max(1, int(pixel_size)))
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(target, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)


def _paint_image(painter: QPainter, target: QRectF, tex: str, color: str) -> None:
    scale = device_scale(painter)
    width, height = max(1, round(target.width() * scale)), max(1, round(target.height() * scale))
    key = tex, color, width, height
    image = _images.get(key, lambda: _image(_renderer(tex, color), width, height), QImage.sizeInBytes)
    corner = painter.transform().map(target.topLeft())
    with painting_device_pixels(painter) as ratio:
        painter.drawImage(round(corner.x() * ratio), round(corner.y() * ratio), image)


def _image(renderer: QSvgRenderer, width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        renderer.render(painter, QRectF(0, 0, width, height))
    return image
