"""Draw the icons of buttons in the colours of the theme."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from viz_app.paint.theme import Theme
from viz_app.picture.elements import Tone

_PIXELS = (16, 24, 32, 48, 64)


def icon(name: str, theme: Theme) -> QIcon:
    """Return an icon of ``resources/icons`` in the colour of text."""
    return _icon(name, theme.tones[Tone.TEXT], theme.tones[Tone.FAINT])


@cache
def _icon(name: str, color: str, disabled: str) -> QIcon:
    source = files("resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, disabled)):
        renderer = QSvgRenderer(QByteArray(source.replace("currentColor", ink).encode()))
        for pixels in _PIXELS:
            result.addPixmap(_drawn(renderer, pixels), mode)
    return result


def _drawn(renderer: QSvgRenderer, pixels: int) -> QPixmap:
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap
