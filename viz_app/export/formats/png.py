"""PNG: one picture a file, exact, with or without a ground."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from PySide6.QtGui import QImage

from viz_app.export.formats.bands import Bands
from viz_app.export.formats.base import OnePage
from viz_app.export.layers import Layers
from viz_app.export.pages import Page
from viz_app.export.sheets import Sheet
from viz_app.whole_file import whole_file


class Png(OnePage):
    """A PNG image for each page."""

    name = "png"
    title = "PNG picture"
    endings = (".png",)
    transparent = True

    def draw(self, page: Page) -> tuple[Sheet, Bands]:
        return Layers().sheet(page), Bands()

    def draw_all(self, pages: Iterable[Page]) -> Iterator[tuple[Sheet, Bands]]:
        bands, layers = Bands(), Layers()
        for page in pages:
            yield layers.sheet(page), bands

    def encode(self, drawn: tuple[Sheet, Bands]) -> bytes:
        sheet, bands = drawn
        return bands.encode(sheet)


def encode_png(image: QImage) -> bytes:
    """Return an image as PNG.

    Raises
    ------
    OSError
        If there is no image.
    """
    return Bands().encode(Sheet(image))


def write_png(image: QImage, path: Path, *, overwrite: bool = False) -> None:
    """Write an image as PNG, whole or not at all.

    Raises
    ------
    FileExistsError
        If there is a file of that name, unless it may be replaced.
    OSError
        If the disk is full or the folder cannot be written to.
    """
    encoded = encode_png(image)
    with whole_file(path, overwrite=overwrite) as stream:
        stream.write(encoded)
