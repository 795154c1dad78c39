"""Read images that people bring, whatever is in the file, with Pillow.

Everything that can be judged is judged from the header, before a pixel is decoded; every refusal is one sentence that
names the file.
"""

import logging
import warnings
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING

from core.images.photo import Photo, PhotoError
from viz_app.reading.images.formats import FORMATS, LARGEST_SIDE, Format
from viz_app.reading.images.pixels import pixels_of
from viz_app.reading.regular import ReadError, open_regular

if TYPE_CHECKING:
    from PIL.Image import Image

_LARGEST_FILE = 200_000_000
"""Bytes."""
_LARGEST_WHOLE = 50_000_000
"""Bytes of a file that its decoder reads whole before it begins."""
_HEAD = 32
_TGA_FOOT = b"TRUEVISION-XFILE.\0"
_TGA_ENDINGS = (".tga", ".icb", ".vda", ".vst")

_reading = Lock()
"""Only one image is decoded at a time: the memory of one is bounded."""


def read_photo(source: Path | bytes, name: str) -> Photo:
    """Read an image: its first frame, upright, without transparency, in grey or in red, green and blue.

    Parameters
    ----------
    source : Path or bytes
        A file, or what is in one.
    name : str
        What a person calls it.

    Raises
    ------
    PhotoError
        If it cannot be read, for whatever reason; the message names it and says why, in one sentence.
    """
    try:
        with _reading, closing(_stream(source)) as stream, _silence():
            return _read(stream, name)
    except (ReadError, PhotoError) as error:
        raise PhotoError(f"{name} {error}") from None
    except MemoryError as error:
        raise PhotoError(f"{name} needs more memory than there is.") from error
    except Exception as error:  # a decoder of a damaged file raises anything at all
        raise PhotoError(f"{name} is cut short, damaged or of an unusual kind: {_reason(error)}.") from error


@contextmanager
def _silence() -> Iterator[None]:
    """Let Pillow neither warn nor log: what matters is said in the error or in the notes."""
    logging.getLogger("PIL").addHandler(logging.NullHandler())  # added once, however often
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _stream(source: Path | bytes) -> IO[bytes]:
    if isinstance(source, bytes):
        return BytesIO(source)
    return open_regular(source, _LARGEST_FILE)


def _read(stream: IO[bytes], name: str) -> Photo:
    form, image = _open(stream, name)
    with closing(image):
        _check_size(stream, image, form)
        whole = image.width, image.height
        if form.name in ("JPEG", "MPO"):
            form.draft(image)
        notes = [*_moving(image)]
        pixels, done = pixels_of(image, whole)
        return Photo(pixels, name, (*notes, *done))


def _open(stream: IO[bytes], name: str) -> tuple[Format, "Image"]:
    """Open an image without decoding it."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the limits are ours: by the memory that a format needs
    head = stream.read(_HEAD)
    if not head:
        raise PhotoError("is empty: it has 0 bytes.")
    Image.init()
    kinds = [kind for kind in FORMATS if kind in Image.OPEN and (kind != "TGA" or _is_tga(stream, name))]
    stream.seek(0)
    try:
        image = Image.open(stream, formats=kinds)
    except UnidentifiedImageError:
        if begun := [FORMATS[kind].title for kind in kinds if (accept := Image.OPEN[kind][1]) and accept(head) is True]:
            raise PhotoError(f"begins like a {begun[0]} image, and is cut short or damaged.") from None
        raise PhotoError(f"is {_guess(head)}; expected {_KNOWN}.") from None
    return FORMATS[image.format or ""], image


def _is_tga(stream: IO[bytes], name: str) -> bool:
    """Tell whether a file may be a TGA image, which begins with no mark of its own."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - len(_TGA_FOOT)))
    return stream.read() == _TGA_FOOT or name.lower().endswith(_TGA_ENDINGS)


def _check_size(stream: IO[bytes], image: "Image", form: Format) -> None:
    width, height = image.size
    if width < 1 or height < 1:
        raise PhotoError(f"has no pixels: {width} × {height}.")
    if max(width, height) > LARGEST_SIDE:
        raise PhotoError(f"has {width:,} × {height:,} pixels; expected at most {LARGEST_SIDE:,} along a side.")
    most = form.most_pixels(image)
    if width * height > most:
        raise PhotoError(
            f"has {width:,} × {height:,} pixels; expected at most {most / 1e6:.0f} million in a {form.title} image."
        )
    if form.whole and stream.seek(0, 2) > _LARGEST_WHOLE:
        raise PhotoError(f"is larger than {_LARGEST_WHOLE / 1e6:.0f} MB, the most for a {form.title} image.")


def _moving(image: "Image") -> Iterator[str]:
    try:
        several = bool(getattr(image, "is_animated", False))
    except Exception:  # noqa: BLE001  # a damaged second frame; the first one may still be whole
        several = True
    if several:
        image.seek(0)
        yield "The first of several frames."


@dataclass(frozen=True)
class _Mark:
    """How files of a kind begin."""

    bytes: bytes
    title: str
    at: int = 0


_MARKS = (
    _Mark(b"%PDF", "a PDF document"),
    _Mark(b"%!PS", "a PostScript file"),
    _Mark(b"\xc5\xd0\xd3\xc6", "a PostScript file"),
    _Mark(b"PK\x03\x04", "a ZIP archive"),
    _Mark(b"\x1f\x8b", "a gzip archive"),
    _Mark(b"ftyphei", "a HEIC photo (save it as JPEG, or set the camera to the most compatible format)", 4),
    _Mark(b"ftypmif1", "a HEIF photo (save it as JPEG)", 4),
    _Mark(b"ftyp", "a film", 4),
    _Mark(b"<svg", "an SVG drawing (save it as PNG)"),
    _Mark(b"<?xml", "an XML file"),
    _Mark(b"<!doctype html", "a web page"),
    _Mark(b"<html", "a web page"),
)
_NO_IMAGE = "no image"
_WRITTEN = b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"P7", b"#define", b"/* XPM"
"""How images begin that begin with letters."""
_KNOWN = "an image such as PNG, JPEG, GIF, BMP, TIFF, WebP or AVIF"


def _guess(head: bytes) -> str:
    """Return what a file seems to be, by how it begins."""
    head = head.lower()
    return next((mark.title for mark in _MARKS if head[mark.at :].startswith(mark.bytes.lower())), _NO_IMAGE)


def other_kind(path: Path) -> str:
    """Return what a file is that begins as no image does, such as ``a PDF document``; nothing where it may be one."""
    try:
        with open_regular(path, _LARGEST_FILE) as stream:
            head = stream.read(_HEAD)
    except (ReadError, OSError):
        return ""  # reading it says why
    guess = _guess(head.removeprefix(BOM_UTF8).lstrip())
    if guess != _NO_IMAGE:
        return guess
    return "text" if head.isascii() and head.decode().split() and _is_printed(head) else ""


def _is_printed(head: bytes) -> bool:
    """Tell whether a file begins as text does, and as no image that is written in letters."""
    return not head.startswith(_WRITTEN) and all(32 <= code < 127 or code in b"\t\r\n" for code in head)


def _reason(error: Exception) -> str:
    """Return what a decoder said, as the end of a sentence."""
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    said = " ".join(told.split()).rstrip(".")
    return said[:120] if said else type(error).__name__
