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
    """Return an icon of ``resources/icons`` in the colour of text; of a button that is on, in that on the accent."""
    return _icon(name, theme.tones[Tone.TEXT], theme.tones[Tone.FAINT], theme.on_accent)


@cache
def _icon(name: str, color: str, disabled: str, on: str) -> QIcon:
    source = files("resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    looks = (
        (QIcon.Mode.Normal, QIcon.State.Off, color),
        (QIcon.Mode.Normal, QIcon.State.On, on),
        (QIcon.Mode.Disabled, QIcon.State.Off, disabled),
    )
    for mode, state, ink in looks:
        renderer = QSvgRenderer(QByteArray(source.replace("currentColor", ink).encode()))
        for pixels in _PIXELS:
            result.addPixmap(_drawn(renderer, pixels), mode, state)
    return result


def _drawn(renderer: QSvgRenderer, pixels: int) -> QPixmap:
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap
