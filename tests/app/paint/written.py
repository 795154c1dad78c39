"""Read what is written in a picture: painted as vectors, its text stays text."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtSvg import QSvgGenerator

from viz_app.paint.text import font

_TEXT = "{http://www.w3.org/2000/svg}text"


@dataclass(frozen=True)
class Written:
    """A piece of text: where it begins on its baseline, in pixels of the device, and the size of its type."""

    text: str
    x: float
    y: float
    size: float

    def width(self, *, mono: bool = False) -> float:
        """Return how wide it is."""
        return QFontMetricsF(font(round(self.size), mono=mono)).horizontalAdvance(self.text)


def written(draw: Callable[[QPainter], None]) -> list[Written]:
    """Return every piece of text that is drawn."""
    generator, buffer = QSvgGenerator(), QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(4000, 4000))
    generator.setResolution(96)
    with QPainter(generator) as painter:
        draw(painter)
    texts = ET.fromstring(bytes(buffer.data().data())).iter(_TEXT)
    return [Written(str(text.text), *(float(text.attrib[name]) for name in ("x", "y", "font-size"))) for text in texts]
