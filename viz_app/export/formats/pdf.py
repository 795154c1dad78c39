"""PDF: a page for each picture, with text as text; the same pictures give the same bytes."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPageSize, QPainter, QPdfWriter

from viz_app.export.formats.base import About, Holds, OnePage
from viz_app.export.look import Look
from viz_app.export.pages import Page
from viz_app.paint.painting import paint
from viz_app.paint.theme import theme_of
from viz_app.picture.elements import Picture

_POINTS_PER_PIXEL = 72 / 96
_DPI = 96
"""A pixel of a picture is a unit of the file."""
_WRITER = "NetStep"
_FIXED = (
    (rb"\(D:\d{14}[^)]*\)", b"20000101000000", rb"\d{14}"),
    (rb"(?:Create|Modify|Metadata)Date=\"[^\"]*\"", b"2000-01-01T00:00:00", rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"),
    (rb"uuid:[0-9a-f-]{36}", b"00000000-0000-0000-0000-000000000000", rb"[0-9a-f]{8}-[0-9a-f-]{27}"),
    (rb"/ID \[ <[0-9a-f]+> <[0-9a-f]+> \]", None, rb"[0-9a-f]{8,}"),
)
"""Where Qt writes the time, or a number drawn by lot, and what stands there instead, as long."""


class Pdf(OnePage):
    """A PDF document, or one for each page."""

    name = "pdf"
    title = "PDF document"
    endings = (".pdf",)
    holds = Holds.ANY
    vector = True
    longest = 14_400
    """Of readers that follow the standard, in units."""

    def draw(self, page: Page) -> bytes:
        with PdfPages(page.title) as document:
            document.add(page.picture, page.look)
        return document.content

    def encode(self, drawn: bytes) -> bytes:
        return drawn

    def write(self, pages: Iterable[Page], path: Path, about: About) -> Iterator[None]:
        with PdfPages(about.title) as document:
            for page in pages:
                document.add(page.picture, page.look)
                yield
        path.write_bytes(document.content)


class PdfPages:
    """A PDF document in the making; ``content`` is there once it is left.

    Parameters
    ----------
    title : str
        What it is called.
    """

    def __init__(self, title: str) -> None:
        self.content = b""
        self._title = title
        self._buffer = QBuffer()
        self._writer: QPdfWriter | None = None
        self._painter = QPainter()

    def __enter__(self) -> "PdfPages":
        self._buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if self._painter.isActive():
            self._painter.end()
        if kind is None:
            self.content = undated(bytes(self._buffer.data().data()))

    def add(self, picture: Picture, look: Look) -> None:
        """Add a page as large as a picture."""
        painter = self.sheet((picture.width * look.scale, picture.height * look.scale))
        painter.save()
        painter.scale(look.scale, look.scale)
        painter.fillRect(QRectF(0, 0, picture.width, picture.height), QColor(theme_of(look).base))
        paint(painter, picture, theme_of(look))
        painter.restore()

    def sheet(self, size: tuple[float, float]) -> QPainter:
        """Add an empty page of a size in pixels, and return what paints on it."""
        points = QSizeF(*size) * _POINTS_PER_PIXEL
        sheet = QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
        if self._writer is None:
            self._writer = QPdfWriter(self._buffer)
            self._writer.setTitle(self._title)
            self._writer.setCreator(_WRITER)
            self._writer.setPageMargins(QMarginsF(0, 0, 0, 0))
            self._writer.setPageSize(sheet)
            self._writer.setResolution(_DPI)
            self._painter.begin(self._writer)
        else:
            self._writer.setPageSize(sheet)
            self._writer.newPage()
        return self._painter


def undated(content: bytes) -> bytes:
    """Return a document of Qt's without its time and random identity: the same pages have the same bytes."""
    for where, instead, what in _FIXED:

        def fixed(found: re.Match[bytes], instead: bytes | None = instead, what: bytes = what) -> bytes:
            return re.sub(what, lambda old: instead or b"0" * len(old[0]), found[0])

        content = re.sub(where, fixed, content)
    return content
