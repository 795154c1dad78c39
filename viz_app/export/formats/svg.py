"""SVG: one picture a file, with text as text."""

from PySide6.QtGui import QColor, QPainter

from viz_app.export.formats.base import OnePage
from viz_app.export.look import Look
from viz_app.export.pages import Page
from viz_app.paint.painting import paint
from viz_app.paint.svg import SvgDevice
from viz_app.paint.theme import theme_of
from viz_app.picture.elements import Picture


class Svg(OnePage):
    """An SVG document for each page."""

    name = "svg"
    title = "SVG picture"
    endings = (".svg",)
    transparent = True
    vector = True

    def draw(self, page: Page) -> str:
        return svg_of(page.picture, page.look, page.title, page.alternative)

    def encode(self, drawn: str) -> bytes:
        return drawn.encode()


def svg_of(picture: Picture, look: Look, title: str, description: str) -> str:
    """Return a picture as an SVG document, with its title and what it shows in words."""
    width, height = round(picture.width), round(picture.height)
    device = SvgDevice(width, height)
    with QPainter(device) as painter:
        if not look.transparent:
            painter.fillRect(0, 0, width, height, QColor(theme_of(look).base))
        paint(painter, picture, theme_of(look))
    return device.document(title, description, look.scale)
