"""Animated PNG, exact: every frame is a PNG of the part that has changed, its data taken over as it is."""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PySide6.QtGui import QImage

from viz_app.export.formats.bands import SIGNATURE, chunk
from viz_app.export.formats.base import About, Format, Holds
from viz_app.export.formats.changes import Pixels, changed, pixels_of
from viz_app.export.formats.png import encode_png
from viz_app.export.layers import Timed, images, timed_sheets
from viz_app.export.pages import Page
from viz_app.export.threads import in_thread

_MILLISECONDS = 1000
_LONGEST_MS = 65_535


class Apng(Format):
    """A PNG image that moves, and shows its first page where a reader knows nothing of that.

    References
    ----------
    "Portable Network Graphics (PNG) Specification (Third Edition)" (W3C, 2025), sections 11.3.6.
    """

    name = "apng"
    title = "animated PNG"
    endings = (".apng",)
    holds = Holds.ALL
    timed = True
    transparent = True

    def write(self, pages: Iterable[Page], path: Path, about: About) -> Iterator[None]:
        def encode(frames: Iterator[Timed]) -> None:
            with path.open("w+b") as stream:
                _write(stream, images(frames))

        return in_thread(encode, timed_sheets(pages))


def _write(stream: BinaryIO, frames: Iterator[tuple[QImage, float]]) -> None:
    """Write frames; how many there were is written into the head at the end."""
    before: Pixels | None = None
    number = count = 0
    control = 0
    for image, seconds in frames:
        pixels = pixels_of(image)
        x, y, width, height = changed(before, pixels)
        over = before is not None and not image.hasAlphaChannel()
        part = _only_changes(before, pixels, (x, y, width, height)) if over else image.copy(x, y, width, height)
        chunks = _chunks_of(encode_png(part.convertToFormat(QImage.Format.Format_ARGB32)))
        if before is None:
            stream.write(SIGNATURE + chunk(b"IHDR", chunks[b"IHDR"]))
            control = stream.tell()
            stream.write(chunk(b"acTL", struct.pack(">II", 1, 0)))
        duration = min(round(seconds * _MILLISECONDS), _LONGEST_MS)
        place = struct.pack(">IIIII", number, width, height, x, y)
        stream.write(chunk(b"fcTL", place + struct.pack(">HHBB", duration, _MILLISECONDS, 0, over)))
        number += 1
        if before is None:
            stream.write(chunk(b"IDAT", chunks[b"IDAT"]))
        else:
            stream.write(chunk(b"fdAT", struct.pack(">I", number) + chunks[b"IDAT"]))
            number += 1
        before = pixels
        count += 1
    stream.write(chunk(b"IEND", b""))
    stream.seek(control)
    stream.write(chunk(b"acTL", struct.pack(">II", count, 0)))


def _only_changes(before: Pixels | None, after: Pixels, box: tuple[int, int, int, int]) -> QImage:
    """Return the part of an opaque image in which what has not changed is transparent: it packs well."""
    assert before is not None
    x, y, width, height = box
    part = np.s_[y : y + height, x : x + width]
    shown = np.ascontiguousarray(np.where(before[part] == after[part], 0, after[part]))
    return QImage(shown.data, width, height, 4 * width, QImage.Format.Format_ARGB32).copy()


def _chunks_of(png: bytes) -> dict[bytes, bytes]:
    """Return the chunks of a PNG by their kind; those of the same kind are joined."""
    chunks: dict[bytes, bytes] = {}
    place = len(SIGNATURE)
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        chunks[kind] = chunks.get(kind, b"") + png[place + 8 : place + 8 + length]
        place += 12 + length
    return chunks
