"""Pack images as PNG by bands of lines: what is as in the image before is not packed again.

Each band is packed by itself, so that its bytes depend on its pixels alone: an image has the same bytes whether it
comes alone, after another one, or in another thread.
"""

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from viz_app.export.sheets import Sheet

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EFFORT = 1
"""How hard zlib tries."""
_BITS, _RGB, _RGBA = 8, 2, 6
"""Of a channel, and the kinds of pixels, as PNG numbers them."""
_LINES = 24
"""The lines of a band: fewer are packed worse, of more fewer stay as they are."""
_HEAD = b"\x78\x01"
_END = b"\x03\x00"
"""Of a stream that zlib unpacks: what it begins with, and an empty last block."""
_ADLER = 65521

Pixels = NDArray[np.uint32]


@dataclass(frozen=True)
class _Band:
    """A band as it stands in a file, and what is needed for the checksum of all of them."""

    chunk: bytes
    sum: int
    length: int


class Bands:
    """Pack images of one size, one after the other, in any thread."""

    def __init__(self) -> None:
        self._last: tuple[Sheet, list[_Band]] | None = None

    def encode(self, sheet: Sheet) -> bytes:
        """Return an image as PNG, without filters and quickly packed: pictures have few colours and large areas.

        Raises
        ------
        OSError
            If there is no image.
        """
        image = sheet.image
        if image.isNull():
            raise OSError("there was no picture to encode as PNG")
        clear = image.hasAlphaChannel()
        last = self._last  # of another thread perhaps; what is taken over from it is the same
        tops = range(0, image.height(), _LINES)
        if last is None or (last[0].image.size(), last[0].image.format()) != (image.size(), image.format()):
            bands = [_pack(image, top, clear=clear) for top in tops]
        else:
            same = ~np.logical_or.reduceat((_pixels(last[0].image) != _pixels(image)).any(axis=1), tops)
            bands = [last[1][k] if same[k] else _pack(image, top, clear=clear) for k, top in enumerate(tops)]
        self._last = sheet, bands
        head = struct.pack(">IIBBBBB", image.width(), image.height(), _BITS, _RGBA if clear else _RGB, 0, 0, 0)
        parts = [SIGNATURE, chunk(b"IHDR", head), chunk(b"IDAT", _HEAD), *(band.chunk for band in bands)]
        return b"".join((*parts, chunk(b"IDAT", _END + struct.pack(">I", _checksum(bands))), chunk(b"IEND", b"")))


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(content, zlib.crc32(kind)))


def _pixels(image: QImage) -> Pixels:
    """Return the pixels of an image, each as one number; they are the image's own."""
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())


def _pack(image: QImage, top: int, *, clear: bool) -> _Band:
    height, depth = min(_LINES, image.height() - top), 4 if clear else 3
    wide = depth * image.width()
    kind = QImage.Format.Format_RGBA8888 if clear else QImage.Format.Format_RGB888
    part = image.copy(0, top, image.width(), height).convertToFormat(kind)
    pixels = np.frombuffer(part.constBits(), np.uint8).reshape(height, part.bytesPerLine())
    lines = np.zeros((height, 1 + wide), np.uint8)  # each line begins with its filter: none
    lines[:, 1:] = pixels[:, :wide]
    packer = zlib.compressobj(_EFFORT, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(lines.data) + packer.flush(zlib.Z_SYNC_FLUSH)
    return _Band(chunk(b"IDAT", packed), zlib.adler32(lines.data), lines.size)


def _checksum(bands: list[_Band]) -> int:
    """Return the Adler checksum of all bands together, from those of each."""
    low, high = 1, 0
    for band in bands:
        low_one, high_one = band.sum & 0xFFFF, band.sum >> 16
        high = (high + high_one + band.length * (low - 1)) % _ADLER
        low = (low + low_one - 1) % _ADLER
    return high << 16 | low
