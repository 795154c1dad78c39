"""PNG: one picture a file, exact, with or without a ground."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from viz_app.export.formats.base import OnePage
from viz_app.export.pages import Page
from viz_app.export.raster import page_image
from viz_app.whole_file import whole_file

_QUALITY = 80
"""For PNG this says how hard zlib tries: 80 takes half the time of the default for files of 5 % more."""


class Png(OnePage):
    """A PNG image for each page."""

    name = "png"
    title = "PNG picture"
    endings = (".png",)
    transparent = True

    def draw(self, page: Page) -> QImage:
        return page_image(page)

    def encode(self, drawn: QImage) -> bytes:
        return encode_png(drawn)


def encode_png(image: QImage) -> bytes:
    """Return an image as PNG.

    Raises
    ------
    OSError
        If Qt cannot encode it.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # PySide's annotation wants bytes; the call wants text.
    if not image.save(buffer, "PNG", _QUALITY):  # type: ignore[call-overload]
        raise OSError("Qt could not encode the picture as PNG")
    return bytes(buffer.data().data())


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
