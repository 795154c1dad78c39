"""Prepare images as arrays: bring them to a size, and put them in a frame."""

import numpy as np

from core.values import Array, Shape, is_whole


def resize(images: Array, size: Shape) -> Array:
    """Bring images to another size with a triangle filter, one axis after the other.

    Growing is bilinear interpolation between pixel centres; shrinking averages over all pixels that a new one covers.

    Parameters
    ----------
    images : ndarray of shape (..., h, w)
        Images of one channel, or channels before the last two axes.
    size : tuple of int
        The new height and width, each at least 1.

    Returns
    -------
    ndarray of shape (..., height, width)
        In the dtype of the original, between its smallest and its largest number.

    Raises
    ------
    ValueError
        If a size is not positive, or there are fewer than two axes.

    References
    ----------
    R. C. Gonzalez and R. E. Woods, "Digital Image Processing", section 2.4.
    """
    _check(images, size)
    rows = _weights(images.shape[-2], size[0])
    columns = _weights(images.shape[-1], size[1])
    resized = rows @ images @ columns.T
    if np.issubdtype(images.dtype, np.integer):
        resized = np.rint(resized)
    # Rounding may pass the limits by the last bit.
    return np.asarray(np.clip(resized, images.min(), images.max()), dtype=images.dtype)


def fit(images: Array, size: Shape) -> Array:
    """Bring images to a size with their aspect kept: as large as fits, centred, padded with zeros.

    Parameters
    ----------
    images : ndarray of shape (..., h, w)
        Images of one channel, or channels before the last two axes.
    size : tuple of int
        The height and width of the frame, each at least 1.

    Returns
    -------
    ndarray of shape (..., height, width)
        Where a margin is odd, the extra row or column comes last.

    Raises
    ------
    ValueError
        If a size is not positive, or there are fewer than two axes.
    """
    _check(images, size)
    scale = min(size[0] / images.shape[-2], size[1] / images.shape[-1])
    inner = [max(1, round(length * scale)) for length in images.shape[-2:]]
    margins = [whole - part for whole, part in zip(size, inner, strict=True)]
    padding = [(0, 0)] * (images.ndim - 2) + [(margin // 2, margin - margin // 2) for margin in margins]
    return np.pad(resize(images, tuple(inner)), padding)


def _check(images: Array, size: Shape) -> None:
    if images.ndim < 2 or 0 in images.shape:
        raise ValueError(f"expected images of at least one pixel (..., height, width); got shape {images.shape}")
    if len(size) != 2 or not all(map(is_whole, size)) or min(size) < 1:
        raise ValueError(f"expected a height and a width of at least 1; got {size}")


def _weights(old: int, new: int) -> Array:
    """Return how much of each old pixel goes into each new one, (new, old); every row sums to 1."""
    scale = old / new
    centers = (np.arange(new)[:, None] + 0.5) * scale - 0.5
    distance = np.abs(centers - np.arange(old)) / max(scale, 1.0)
    triangle = np.maximum(0.0, 1.0 - distance)
    return np.asarray(triangle / triangle.sum(axis=1, keepdims=True))
