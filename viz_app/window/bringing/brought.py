"""Tell what has been dropped or pasted: a file, the pixels of an image, an address, or nothing of the kind."""

import struct
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QImage

_RAW = ("image/png", "image/jpeg", "image/tiff", "image/webp", "image/bmp", "image/gif", "image/avif")
"""Kinds of which the bytes are taken as they are: Pillow decodes them, not Qt."""
_ADDRESSES = ("http", "https", "data")
_LONGEST_NAME = 60
_MOST_TGA = 65_535
"""Pixels along a side."""


@dataclass(frozen=True)
class Brought:
    """What a person has brought; exactly one of the fields but ``name`` is there.

    Parameters
    ----------
    name : str
        What it is called.
    path : Path or None
        A file or a folder.
    data : bytes or None
        What would be in the file of an image.
    address : str
        Where a browser has it from.
    refusal : str
        Why it is nothing that is taken, in one sentence.
    """

    name: str
    path: Path | None = None
    data: bytes | None = None
    address: str = ""
    refusal: str = ""


def brought_in(mime: QMimeData | None, how: str) -> Brought:
    """Return what is offered.

    A browser offers an image in several ways: its pixels are taken before its address, so that nothing is fetched.

    Parameters
    ----------
    mime : QMimeData or None
        What is dropped, or on the clipboard.
    how : str
        ``"Dropped"`` or ``"Pasted"``.
    """
    name = f"{how} image"
    if mime is None:
        return _nothing(how)
    files = [url for url in mime.urls() if url.isLocalFile()]
    if len(files) > 1:
        return Brought(name, refusal=f"{how}: {len(files):,} files; bring one of them, or a folder that holds them.")
    if files:
        path = Path(files[0].toLocalFile())
        return Brought(path.name or str(path), path=path)
    for kind in _RAW:
        if mime.hasFormat(kind) and (data := bytes(mime.data(kind).data())):
            return Brought(name, data=data)
    if mime.hasFormat("image/svg+xml") and not mime.hasImage():
        return Brought(name, refusal=f"{how}: an SVG drawing, which has no pixels; save it as PNG, and open that.")
    if mime.hasImage() and (data := _encoded(mime.imageData())):
        return Brought(name, data=data)
    address = next((url for url in _addresses(mime) if url.scheme().lower() in _ADDRESSES), None)
    if address is not None:
        return Brought(_called(address, name), address=address.toString(QUrl.ComponentFormattingOption.FullyEncoded))
    if mime.hasText():
        return Brought(name, refusal=f"{how}: text, which is no image; copy an image itself, or a file of one.")
    return _nothing(how)


def may_be_taken(mime: QMimeData | None) -> bool:
    """Tell, while it is still dragged, whether it may be something that is taken."""
    if mime is None:
        return False
    return mime.hasUrls() or mime.hasImage() or any(map(mime.hasFormat, _RAW)) or bool(_addresses(mime))


def _nothing(how: str) -> Brought:
    empty = "The clipboard is empty" if how == "Pasted" else "Nothing was dropped that can be read"
    return Brought(f"{how} image", refusal=f"{empty}; expected an image or a file of one.")


def _addresses(mime: QMimeData) -> list[QUrl]:
    """Return the addresses that are offered, as such or as text."""
    if mime.hasUrls():
        return mime.urls()
    text = mime.text().strip() if mime.hasText() else ""
    known = text[:8].lower().startswith(("http://", "https://", "data:"))
    return [QUrl(text)] if known and not any(map(str.isspace, text)) else []


def _called(address: QUrl, name: str) -> str:
    """Return what a person calls an address: the name of the file that it ends with."""
    if address.scheme().lower() == "data":
        return name
    return address.fileName()[:_LONGEST_NAME] or address.host() or name


def _encoded(image: object) -> bytes:
    """Return an image as the bytes of a file, quickly: not compressed."""
    pixels = image if isinstance(image, QImage) else getattr(image, "toImage", QImage)()
    if pixels.isNull():
        return b""
    if pixels.hasAlphaChannel():
        return _as_tga(pixels.convertToFormat(QImage.Format.Format_ARGB32))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixels.save(buffer, "BMP")  # type: ignore[call-overload]
    return bytes(data.data())


def _as_tga(image: QImage) -> bytes:
    """Return an image with transparency as a TGA file, pixels as Qt has them: a PNG takes ten times as long.

    References
    ----------
    Truevision TGA File Format Specification, version 2.0 (1991): 18 bytes, then blue, green, red and alpha.
    """
    if max(image.width(), image.height()) > _MOST_TGA:
        return b""
    head = struct.pack("<3B5x4H2B", 0, 0, 2, 0, 0, image.width(), image.height(), 32, 0x28)
    return head + bytes(image.constBits()) + bytes(8) + b"TRUEVISION-XFILE.\0"
