"""Find the colours of a picture that a GIF can hold."""

import numpy as np
from numpy.typing import NDArray

COLORS = 255
"""One more place is for what has not changed."""
_NEAR = 2
"""Colours that differ by no more than that, of 255, in red, green and blue may become one."""
_MOST = 20_000
"""Of more colours the rarest are not asked which are near them."""


class Palettes:
    """Reduce pictures to 255 colours.

    The most frequent are kept to within 2 of 255; the others, those of the edges of letters, become the nearest.
    """

    def __init__(self) -> None:
        self._places = np.zeros(1 << 24, np.uint8)
        """For every colour its place in the palette; kept, because it is large."""

    def reduce(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return for each pixel its place in the palette, and the palette.

        Parameters
        ----------
        pixels : ndarray of shape (K, 3)
            Red, green and blue.

        Returns
        -------
        tuple of ndarray
            Of shape (K,), and of shape (255, 3).
        """
        packed = pixels @ np.array([1 << 16, 1 << 8, 1], np.uint32)
        colors, counts = np.unique(packed, return_counts=True)
        colors = colors[np.argsort(-counts, kind="stable")]
        rgb = np.stack([colors >> 16, colors >> 8 & 255, colors & 255], axis=-1).astype(np.int16)
        palette = np.zeros((COLORS, 3), np.uint8)
        kept = rgb[_representatives(rgb, COLORS)]
        palette[: len(kept)] = kept
        self._places[colors] = _nearest(rgb, kept)
        return self._places[packed], palette


def _nearest(rgb: NDArray[np.int16], palette: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Return for each colour the place of the nearest of a palette."""
    best = np.full(len(rgb), COLORS, np.int16)
    places = np.zeros(len(rgb), np.uint8)
    for place, color in enumerate(palette):
        distance = np.abs(rgb - color).max(axis=1)
        nearer = distance < best
        best[nearer] = distance[nearer]
        places[nearer] = place
    return places


def _representatives(rgb: NDArray[np.int16], most: int) -> list[int]:
    """Return which colours are kept, of those that come most often first."""
    if len(rgb) <= most:
        return list(range(len(rgb)))
    left = np.arange(min(len(rgb), _MOST))
    kept: list[int] = []
    while len(left) and len(kept) < most:
        kept.append(int(left[0]))
        left = left[np.abs(rgb[left] - rgb[left[0]]).max(axis=1) > _NEAR]
    return kept
