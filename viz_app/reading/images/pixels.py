"""Turn a decoded image of any mode into grey or colour numbers, a band of rows at a time."""

from collections.abc import Callable, Iterator
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.images.photo import PhotoError, Pixels
from core.images.scaling import block_means
from viz_app.reading.images.formats import KEPT_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

_BAND_PIXELS = 1_000_000
_ORIENTATION = 0x0112
"""The EXIF tag."""
_WORD = 65535
_16_BIT = ("I;16", "I;16B", "I;16L", "I;16N")
_TURNS: tuple[Callable[[Pixels], Pixels], ...] = (
    lambda p: p,
    lambda p: p[:, ::-1],
    lambda p: p[::-1, ::-1],
    lambda p: p[::-1],
    lambda p: p.swapaxes(0, 1),
    lambda p: p[::-1].swapaxes(0, 1),
    lambda p: p[::-1, ::-1].swapaxes(0, 1),
    lambda p: p[:, ::-1].swapaxes(0, 1),
)
"""What makes an image upright, by its EXIF orientation 1 to 8 (CIPA DC-008, Exif 2.32, section 4.6.4)."""


def pixels_of(image: "Image", whole: tuple[int, int]) -> tuple[Pixels, tuple[str, ...]]:
    """Decode an image; return it upright, in grey or colour, and what was done to it.

    Parameters
    ----------
    image : Image
        As Pillow opened it.
    whole : tuple of int
        Its width and height before the decoder was asked for fewer pixels.

    Raises
    ------
    PhotoError
        If its numbers are no image; the message is what stands after the name in a sentence.
    """
    turned_before = _orientation(image)
    wide = _is_wide(image)
    image.load()
    notes = list(_converted(image, wide))
    factor = max(1, ceil(sqrt(image.width * image.height / KEPT_PIXELS)))
    pixels = _joined(image, factor)
    if whole != (pixels.shape[1], pixels.shape[0]):
        notes.append(f"Brought down from {whole[1]:,} × {whole[0]:,} pixels.")
    orientation = _orientation(image)
    if orientation > 1 or turned_before > 1:
        notes.append("Turned upright, as the camera noted.")
    return _TURNS[orientation - 1](pixels).copy(), tuple(notes)


def _orientation(image: "Image") -> int:
    """Return the EXIF orientation; 1, upright, where there is none or it cannot be read."""
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001  # the image is as good without
        return 1
    return orientation if orientation in range(1, 9) else 1


def _is_wide(image: "Image") -> bool:
    """Tell whether the file has colours of 16 bit, of which Pillow keeps the upper 8."""
    tile = next(iter(getattr(image, "tile", ())), None)
    if tile is None:
        return False
    raw = tile[3][0] if isinstance(tile[3], tuple) and tile[3] else tile[3]
    return str(raw).startswith(("RGB", "CMYK")) and ";16" in str(raw)


def _converted(image: "Image", wide: bool) -> Iterator[str]:
    if "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBA", "RGBa"):
        yield "Transparency is laid on white paper."
    if image.mode in ("P", "PA"):
        yield "The colours of its palette are written out."
    if image.mode in ("CMYK", "YCbCr", "LAB", "HSV"):
        yield f"{image.mode} is converted to red, green and blue."
    if wide:
        yield "Its 16-bit colours are read as 8-bit."
    if image.mode in ("I", "F") and not _is_word(image):
        yield "Its numbers are scaled from the smallest, black, to the largest, white."


def _is_word(image: "Image") -> bool:
    """Tell whether an image of wide numbers holds 16-bit ones."""
    low, high = image.getextrema()
    return image.mode == "I" and low >= 0 and high <= _WORD  # type: ignore[operator]


def _joined(image: "Image", factor: int) -> Pixels:
    """Return the whole image, in bands so that little is held twice."""
    convert = _converter(image)
    rows = max(1, _BAND_PIXELS // image.width // factor) * factor
    bands = (convert(image.crop((0, top, image.width, min(top + rows, image.height))))
             for top in range(0, image.height, rows))  # fmt: skip
    if factor == 1:
        return _stacked(bands, image.height)
    return _stacked((_shrunk(band, factor) for band in bands),
                    ceil(image.height / factor))  # fmt: skip


def _shrunk(band: Pixels, factor: int) -> Pixels:
    means = np.rint(block_means(band, factor))
    return means.astype(np.uint8) if band.dtype == np.uint8 else means.astype(np.uint16)


def _stacked(bands: Iterator[Pixels], height: int) -> Pixels:
    first = next(bands)
    pixels = np.empty((height, *first.shape[1:]), first.dtype)
    pixels[: len(first)] = first
    row = len(first)
    for band in bands:
        pixels[row : row + len(band)] = band
        row += len(band)
    return pixels


def _converter(image: "Image") -> Callable[["Image"], Pixels]:
    """Return what makes numbers of a band of an image, by the mode of all of it."""
    if image.mode in ("I", "F"):
        return _scaled_by(image)
    if image.mode in _16_BIT:
        return _words
    if "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBA", "RGBa"):
        grey = image.mode in ("L", "LA", "La", "1") or _grey_palette(image)
        return _on_white_grey if grey else _on_white
    if image.mode in ("1", "L") or _grey_palette(image):
        return _grey
    if image.mode == "LAB":
        return _lab
    return _colour


def _grey_palette(image: "Image") -> bool:
    """Tell whether all colours of a palette are grey."""
    if image.mode not in ("P", "PA"):
        return False
    colours = np.array(image.getpalette("RGB") or [], np.uint8).reshape(-1, 3)
    return bool((colours == colours[:, :1]).all())


def _grey(band: "Image") -> Pixels:
    return np.asarray(band.convert("L" if band.mode != "P" else "RGB"), np.uint8).reshape(band.height, band.width, -1)[
        ..., 0
    ]


def _colour(band: "Image") -> Pixels:
    return np.asarray(band.convert("RGB"), np.uint8)


def _lab(band: "Image") -> Pixels:
    from PIL import ImageCms

    lab, rgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return np.asarray(ImageCms.profileToProfile(band, lab, rgb, outputMode="RGB"), np.uint8)


def _on_white(band: "Image") -> Pixels:
    from PIL import Image

    see_through = band.convert("RGBA")
    paper = Image.new("RGB", band.size, "white")
    paper.paste(see_through, mask=see_through)
    return np.asarray(paper, np.uint8)


def _on_white_grey(band: "Image") -> Pixels:
    return _on_white(band)[..., 0]


def _words(band: "Image") -> Pixels:
    return np.asarray(band).astype(np.uint16)


def _scaled_by(image: "Image") -> Callable[["Image"], Pixels]:
    """Return what makes 16-bit numbers of wider ones: as they are where they fit, else scaled."""
    if _is_word(image):
        return _words
    low, high = (float(number) for number in image.getextrema())  # type: ignore[arg-type]
    if not (np.isfinite(low) and np.isfinite(high)):
        raise PhotoError("has numbers that are not finite; expected an image.")
    if image.mode == "F" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    span = (high - low) or 1.0

    def scaled(band: "Image") -> NDArray[np.uint16]:
        numbers = np.nan_to_num(np.asarray(band, np.float64))
        return np.rint(np.clip((numbers - low) / span, 0, 1) * _WORD).astype(np.uint16)

    return scaled
