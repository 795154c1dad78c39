"""Write a picture that is no page of a run, such as one of curves: as PNG, SVG or PDF."""

from collections.abc import Callable, Mapping
from pathlib import Path

from viz_app.export.formats.pdf import PdfPages
from viz_app.export.formats.png import encode_png
from viz_app.export.formats.svg import svg_of
from viz_app.export.raster import ensure_application, render_image
from viz_app.frame.look import Look
from viz_app.paint.theme import theme_of
from viz_app.picture.elements import Picture


def encoded(picture: Picture, look: Look, path: Path, title: str) -> bytes:
    """Return a picture as the content of a file; its ending says which format.

    Raises
    ------
    OSError
        If there is no memory for the picture.
    """
    ensure_application()
    return _ENCODERS[path.suffix.lower()](picture, look, title)


def _png(picture: Picture, look: Look, title: str) -> bytes:
    return encode_png(render_image(picture, theme_of(look), look.pixels))


def _svg(picture: Picture, look: Look, title: str) -> bytes:
    return svg_of(picture, look, title, title).encode()


def _pdf(picture: Picture, look: Look, title: str) -> bytes:
    with PdfPages(title) as document:
        document.add(picture, look)
    return document.content


_ENCODERS: Mapping[str, Callable[[Picture, Look, str], bytes]] = {".png": _png, ".svg": _svg, ".pdf": _pdf}
"""What writes a picture, by the ending of the file."""
