"""Which formats of images are read, and how large an image of each may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_SIDE = 32_767
"""Pixels along a side."""
KEPT_PIXELS = 16_000_000
"""An image of more pixels is brought down while it is read."""
ENDINGS = (
    "png", "jpg", "jpeg", "jpe", "jfif", "bmp", "dib", "gif", "tif", "tiff", "webp", "avif", "ppm", "pgm", "pbm", "pnm",
    "tga", "ico", "cur", "jp2", "j2k", "pcx", "sgi", "qoi", "xbm",
)  # fmt: skip
"""How the names of their files end; what is in a file is told by how it begins."""
_BUDGET = 160_000_000
"""Bytes that the decoded image may take."""
_PIXEL_BYTES = {"1": 1, "L": 1, "P": 1, "LA": 4, "I;16": 2, "I;16B": 2, "I;16L": 2, "I;16N": 2}
"""What Pillow keeps a pixel in; 4 bytes in all other modes."""


@dataclass(frozen=True)
class Format:
    """A format of images.

    Parameters
    ----------
    name : str
        What Pillow calls it.
    title : str
        What a person calls it.
    overhead : float
        Bytes that its decoder needs for a pixel, besides the image itself.
    most : int
        Pixels that it is slow for; whatever the memory.
    whole : bool
        Whether the decoder reads the whole file first.
    """

    name: str
    title: str
    overhead: float = 0.0
    most: int = 200_000_000
    whole: bool = False

    def most_pixels(self, image: "Image") -> int:
        """Return how many pixels an image of this format may have, by what is known before it is decoded."""
        if self.name in ("JPEG", "MPO"):
            return min(self.most, _most_of_jpeg(image))
        each = _PIXEL_BYTES.get(image.mode, 4) + self.overhead
        return min(self.most, int(_BUDGET / each))

    @staticmethod
    def draft(image: "Image") -> None:
        """Let the decoder of JPEG make fewer pixels, where there are more than are kept: it is quick and small."""
        shrink = ceil(sqrt(image.width * image.height / KEPT_PIXELS))
        if shrink > 1:
            image.draft(None, (image.width // shrink, image.height // shrink))


def _most_of_jpeg(image: "Image") -> int:
    """Return how many pixels a JPEG may have: baseline is decoded smaller, progressive keeps all coefficients."""
    if not image.info.get("progressive"):
        return 250_000_000
    return _BUDGET // (2 * max(1, len(image.getbands())))


_TABLE = (
    Format("PNG", "PNG"),
    Format("JPEG", "JPEG"),
    Format("MPO", "JPEG"),
    Format("BMP", "BMP"),
    Format("DIB", "BMP"),
    Format("GIF", "GIF", 4),
    Format("TIFF", "TIFF", 1),
    Format("WEBP", "WebP", 12, whole=True),
    Format("AVIF", "AVIF", 10, whole=True),
    Format("JPEG2000", "JPEG 2000", 16, 12_000_000, whole=True),
    Format("PPM", "PPM", 1, 24_000_000),
    Format("ICO", "ICO", 4, 4_000_000),
    Format("CUR", "CUR", 4, 4_000_000),
    Format("PCX", "PCX"),
    Format("SGI", "SGI", 4, 12_000_000),
    Format("QOI", "QOI", 4, 2_000_000),
    Format("PSD", "PSD", 4),
    Format("SUN", "SUN", 4),
    Format("XPM", "XPM", 4, 1_000_000),
    Format("XBM", "XBM", 1, 4_000_000),
    Format("TGA", "TGA"),
)

FORMATS: Mapping[str, Format] = MappingProxyType({form.name: form for form in _TABLE})
"""By what Pillow calls them; none of them starts another program. TGA comes last: it has no mark at its beginning."""
