"""Load the sample images that are shipped with the program: drawn by ``resources.make_images``, and so our own."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np

from core.values import Array

PICTURES: Mapping[str, str] = MappingProxyType(
    {
        "heart": "Heart, 16 × 16",
        "shapes": "Shapes, 64 × 64",
        "lettering": "Lettering, 64 × 64",
        "landscape": "Landscape, 96 × 96, colour",
        "marbles": "Marbles, 64 × 64, colour",
    }
)
"""What a person calls each image."""


@cache
def picture(name: str) -> Array:
    """Return a sample image, (C, H, W), float32 from 0 to 1; one channel is grey, three are red, green and blue.

    Raises
    ------
    KeyError
        If there is no image of that name.
    """
    if name not in PICTURES:
        raise KeyError(f"expected an image among {', '.join(PICTURES)}; got {name!r}")
    with (files("resources") / "images.npz").open("rb") as stream, np.load(stream) as stored:
        pixels = stored[name].astype(np.float32) / 255
    channels = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    result = np.ascontiguousarray(channels)
    result.flags.writeable = False
    return result
