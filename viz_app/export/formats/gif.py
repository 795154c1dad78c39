"""GIF: every frame is the part that has changed, with 256 colours of its own."""

import struct
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PySide6.QtGui import QImage

from viz_app.export.formats.base import About, Format, Holds
from viz_app.export.formats.changes import Pixels, changed, pixels_of
from viz_app.export.formats.palette import COLORS, Palettes
from viz_app.export.layers import Timed, images, timed_sheets
from viz_app.export.pages import Page
from viz_app.export.raster import rgb
from viz_app.export.threads import in_thread

_HEAD = b"GIF89a"
_FOREVER = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_KEEP, _SEE_THROUGH = 1 << 2, 1
"""What a frame leaves behind: itself; and that one of its colours is none."""
_LOCAL = 0x80 | 7
"""A frame has 256 colours of its own."""
_TABLE = 3 * 256
_HUNDREDTHS = 100
_LONGEST = 65_535


class Gif(Format):
    """A GIF animation.

    References
    ----------
    "Graphics Interchange Format, Version 89a" (CompuServe, 1990).
    """

    name = "gif"
    title = "GIF animation"
    endings = (".gif",)
    holds = Holds.ALL
    timed = True
    longest = 16_383

    def write(self, pages: Iterable[Page], path: Path, about: About) -> Iterator[None]:
        def encode(frames: Iterator[Timed]) -> None:
            with path.open("wb") as stream:
                _write(stream, images(frames))

        return in_thread(encode, timed_sheets(pages))


def _write(stream: BinaryIO, frames: Iterator[tuple[QImage, float]]) -> None:
    palettes, before = Palettes(), None
    end, written = 0.0, 0
    for image, seconds in frames:
        pixels = pixels_of(image)
        if before is None:
            stream.write(_HEAD + struct.pack("<HHBBB", image.width(), image.height(), 0, 0, 0) + _FOREVER)
        end += seconds * _HUNDREDTHS
        delay = min(max(round(end) - written, 2), _LONGEST)  # readers slow down what is shown for less
        written += delay
        stream.write(_frame(image, before, pixels, palettes, delay))
        before = pixels
    stream.write(b"\x3b")


def _frame(image: QImage, before: Pixels | None, pixels: Pixels, palettes: Palettes, delay: int) -> bytes:
    """Return what has changed as a frame: its delay, its place, its colours, and its data as Pillow packs it.

    What has not changed inside the rectangle of what has is transparent: it needs no colours, and packs well.
    """
    from PIL import Image

    x, y, width, height = changed(before, pixels)
    part = np.s_[y : y + height, x : x + width]
    differs = np.ones((height, width), bool) if before is None else before[part] != pixels[part]
    places = np.full((height, width), COLORS, np.uint8)
    places[differs], palette = palettes.reduce(rgb(image.copy(x, y, width, height))[differs])
    made = Image.fromarray(places)
    made.putpalette(palette.tobytes().ljust(_TABLE, b"\0"))
    buffer = BytesIO()
    made.save(buffer, "GIF", optimize=False, interlace=0)
    table, data = _colors_and_data(buffer.getvalue())
    control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, _KEEP | _SEE_THROUGH, delay, COLORS, 0)
    return control + struct.pack("<BHHHHB", 0x2C, x, y, width, height, _LOCAL) + table + data


def _colors_and_data(gif: bytes) -> tuple[bytes, bytes]:
    """Return the colours and the packed pixels of a GIF of one frame."""
    flags = gif[10]
    place = 13
    table = b""
    if flags & 0x80:
        size = 3 << (flags & 7) + 1
        table = gif[place : place + size]
        place += size
    while gif[place] == 0x21:
        place = _after_blocks(gif, place + 2)
    if gif[place + 9] & 0x80:
        size = 3 << (gif[place + 9] & 7) + 1
        table = gif[place + 10 : place + 10 + size]
        place += size
    start = place + 10
    return table.ljust(_TABLE, b"\0"), gif[start : _after_blocks(gif, start + 1)]


def _after_blocks(gif: bytes, place: int) -> int:
    """Return where a chain of blocks ends."""
    while gif[place]:
        place += gif[place] + 1
    return place + 1
