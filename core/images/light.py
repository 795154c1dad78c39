"""Tell light paper from dark, and even out the light that falls on it."""

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.images.scaling import block_means, resize

Grey = NDArray[np.float32]

_SMALL_SIDE = 96
"""The background is smooth: it is found on an image of this longest side."""
_DARKEST = 0.02
"""Nothing is divided by less."""
_FAINT, _STROKE = 0.02, 0.2
"""What lies so far from the paper, and by this share of the strongest strokes, is a stroke."""
_EDGE = 0.08
"""What share of the sides the margin takes that is looked at to tell the paper."""


def paper_is_light(grey: Grey) -> bool:
    """Tell whether dark ink stands on light paper: whether most of the image, and of its margin, is nearer to white.

    Judged against the light around each place, so that a shadow over half of the paper does not count as ink.
    """
    small = _small(grey)
    window = _window(small, 0.5)
    high, low = _filtered(small, window, ["max"]), _filtered(small, window, ["min"])
    middle = (high + low) / 2
    clear = high - low > 0.3 * float(np.max(high - low))
    lighter = (small > middle)[clear] if clear.any() else small > 0.5
    margin = _margin(small.shape)
    at_margin = (small > middle)[clear & margin]
    votes = [float(np.mean(lighter))] + ([float(np.mean(at_margin))] if at_margin.size else [])
    return sum(votes) / len(votes) >= 0.5


def background(grey: Grey, light: bool, share: float) -> Grey:
    """Return the paper without its ink: what is left when strokes thinner than a window are filled.

    A morphological closing (light paper) or opening (dark paper) tells where strokes are; below them the paper is the
    mean of the paper around, so that the edge of a shadow goes on below a stroke.

    Parameters
    ----------
    grey : ndarray of shape (h, w)
        From 0 to 1.
    light : bool
        Whether the paper is light.
    share : float
        The side of the window, as a share of the image's longer side.

    References
    ----------
    R. C. Gonzalez and R. E. Woods, "Digital Image Processing", section 9.6: top-hat transformations even out light.
    """
    small = _small(grey)
    window = _window(small, share)
    closed = _filtered(small, window, ["max", "min"] if light else ["min", "max"])
    whole = _bridged(small, closed, window)
    # Smoothed no wider than the window, so that the edge of a shadow stays where it is.
    return resize(_smoothed(whole, max(3, window // 4 | 1)), grey.shape)


def evened(image: Grey, paper: Grey, light: bool) -> Grey:
    """Return an image as if the light on its paper were even: white where the paper is light, black where it is dark.

    Light multiplies what the paper reflects, so light paper is divided by; on dark paper, where that would divide by
    nearly 0, the paper is subtracted.

    Parameters
    ----------
    image : ndarray of shape (h, w) or (h, w, 3)
        From 0 to 1.
    paper : ndarray of shape (h, w)
        As of ``background``.
    light : bool
        Whether the paper is light.
    """
    paper = paper[..., None] if image.ndim == 3 else paper
    even = image / np.maximum(paper, np.float32(_DARKEST)) if light else image - paper
    return np.clip(even, 0, 1)


def _bridged(small: Grey, closed: Grey, window: int) -> Grey:
    """Return the paper with what is below its strokes filled in from around them."""
    depth = np.abs(closed - small) / np.maximum(closed, np.float32(_DARKEST)).max()
    ink = depth > max(_FAINT, _STROKE * float(np.quantile(depth, 0.99)))
    ink = _filtered(ink.astype(np.float32), 3, ["max"]) > 0
    known = (~ink).astype(np.float32)
    weights = _smoothed(_smoothed(known, window), window)
    around = _smoothed(_smoothed(closed * known, window), window) / np.maximum(weights, 1e-6)
    return np.where(ink & (weights > 1e-3), around, closed)


def _small(grey: Grey) -> Grey:
    return block_means(grey, ceil(max(grey.shape) / _SMALL_SIDE))


def _window(small: Grey, share: float) -> int:
    """Return the side of a window in pixels of a small image, odd."""
    return max(3, int(share * max(small.shape)) | 1)


def _filtered(image: Grey, window: int, kinds: Sequence[str]) -> Grey:
    """Return the largest (``"max"``) or smallest numbers within a window around each pixel, one filter after the other.

    Beyond its edges the image goes on as steeply as it ends, so that light which falls from one side does so there.
    """
    margin = window // 2 * len(kinds)
    image = np.clip(np.pad(image, margin, mode="reflect", reflect_type="odd"), 0, 1)
    for kind in kinds:
        for axis in (0, 1):
            views = sliding_window_view(image, window, axis)
            image = views.max(axis=-1) if kind == "max" else views.min(axis=-1)
    return image


def _smoothed(image: Grey, window: int) -> Grey:
    for axis in (0, 1):
        padding = [(0, 0), (0, 0)]
        padding[axis] = (window // 2, window // 2)
        image = sliding_window_view(np.pad(image, padding, mode="edge"), window, axis).mean(axis=-1, dtype=np.float32)
    return image


def _margin(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    margin = np.ones(shape, bool)
    rows, columns = (max(1, round(_EDGE * side)) for side in shape)
    margin[rows:-rows, columns:-columns] = False
    return margin
