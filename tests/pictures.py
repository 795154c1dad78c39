"""Make images of paper with a digit on it, and files of them in every format."""

from collections.abc import Callable, Mapping
from io import BytesIO

import numpy as np
from PIL import Image

from core.data.digits import digits
from core.images.scaling import resize
from core.values import Array


def digit(number: int = 3, side: int = 160) -> Array:
    """Return the ink of a shipped digit, enlarged, with a margin: (side, side) from 0 to 1."""
    dataset = digits()
    sample = int(np.flatnonzero(dataset.labels == number)[0])
    margin = side // 6
    inner = side - 2 * margin
    return np.pad(resize(dataset.inputs[sample].reshape(8, 8), (inner, inner)), margin)


def paper(ink: Array, light: Array | float = 1.0) -> Array:
    """Return 8-bit pixels of dark ink on light paper, in a light."""
    return np.rint(255 * np.clip((0.92 - 0.75 * ink) * light, 0, 1)).astype(np.uint8)


def coloured(side: int = 96) -> Array:
    """Return an image of many colours, (side, side, 3), 8 bit."""
    rows, columns = np.mgrid[0:side, 0:side] / side
    waves = [np.sin(6 * rows + 3 * columns), np.cos(9 * columns), np.sin(5 * rows * columns + 1)]
    return np.rint(127.5 + 127.5 * np.stack(waves, -1)).astype(np.uint8)


def written(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return what is in the file of an image."""
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


LOSSLESS: Mapping[str, Callable[[Image.Image], bytes]] = {
    "png": lambda image: written(image, "PNG"),
    "bmp": lambda image: written(image, "BMP"),
    "gif": lambda image: written(image, "GIF"),
    "tiff": lambda image: written(image, "TIFF"),
    "tiff-lzw": lambda image: written(image, "TIFF", compression="tiff_lzw"),
    "tiff-deflate": lambda image: written(image, "TIFF", compression="tiff_adobe_deflate"),
    "webp": lambda image: written(image, "WEBP", lossless=True, exact=True),
    "ppm": lambda image: written(image, "PPM"),
    "tga": lambda image: written(image, "TGA"),
    "tga-rle": lambda image: written(image, "TGA", compression="tga_rle"),
    "ico": lambda image: written(image, "ICO", sizes=[image.size]),
    "jpeg-2000": lambda image: written(image, "JPEG2000"),
    "pcx": lambda image: written(image, "PCX"),
    "sgi": lambda image: written(image, "SGI"),
    "qoi": lambda image: written(image.convert("RGB"), "QOI"),
    "png-colour": lambda image: written(image.convert("RGB"), "PNG"),
    "png-opaque": lambda image: written(image.convert("RGBA"), "PNG"),
    "png-palette": lambda image: written(image.convert("P"), "PNG"),
    "png-16": lambda image: written(Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257), "PNG"),
}
"""Writers of grey images that lose nothing."""

LOSSY: Mapping[str, Callable[[Image.Image], bytes]] = {
    "jpeg": lambda image: written(image, "JPEG", quality=85),
    "jpeg-progressive": lambda image: written(image, "JPEG", quality=85, progressive=True),
    "jpeg-cmyk": lambda image: written(image.convert("CMYK"), "JPEG", quality=90),
    "webp-lossy": lambda image: written(image, "WEBP", quality=85),
    "avif": lambda image: written(image, "AVIF", quality=85),
    "jpeg-2000-lossy": lambda image: written(image, "JPEG2000", irreversible=True, quality_layers=[20]),
}
"""Writers that lose a little."""
