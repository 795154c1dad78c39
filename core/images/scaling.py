"""Prepare images as arrays: bring them to a size, and put them in a frame."""

import numpy as np
from numpy.typing import NDArray

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


def area(image: Array, size: Shape) -> Array:
    """Bring an image to a size: where it shrinks, each new pixel is the mean of the area that it covers.

    An image that was enlarged a whole number of times comes back to the last bit but rounding. Along an axis that
    grows it is interpolated, as by ``resize``.

    Parameters
    ----------
    image : ndarray of shape (h, w) or (h, w, channels)
        Numbers.
    size : tuple of int
        The new height and width, each at least 1.

    Returns
    -------
    ndarray of shape (height, width) or (height, width, channels)
        In the dtype of the original, between its smallest and its largest number.

    Raises
    ------
    ValueError
        If a size is not positive.
    """
    planes = image[None] if image.ndim == 2 else np.moveaxis(image, -1, 0)
    _check(planes, size)
    rows, columns = (_shares(old, new).astype(image.dtype) for old, new in zip(planes.shape[1:], size, strict=True))
    scaled = np.clip(rows @ planes @ columns.T, image.min(), image.max()).astype(image.dtype)
    return np.ascontiguousarray(scaled[0] if image.ndim == 2 else np.moveaxis(scaled, 0, -1))


def block_means(pixels: NDArray[np.generic], factor: int) -> NDArray[np.float32]:
    """Return the mean of each block of ``factor`` rows and columns; those at the lower and right edge are smaller.

    Quick, and modest in memory, for photos of many million pixels.
    """
    means = np.empty((-(-pixels.shape[0] // factor), -(-pixels.shape[1] // factor), *pixels.shape[2:]), np.float32)
    starts = np.arange(0, pixels.shape[1], factor)
    widths = np.diff(np.append(starts, pixels.shape[1])).astype(np.float32)
    widths = widths.reshape(-1, *[1] * (pixels.ndim - 2))
    for row in range(len(means)):
        band = pixels[row * factor : (row + 1) * factor]
        lines = band.sum(axis=0, dtype=np.uint32 if np.issubdtype(pixels.dtype, np.integer) else np.float32)
        means[row] = np.add.reduceat(lines, starts, axis=0) / widths / np.float32(len(band))
    return means


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


def _shares(old: int, new: int) -> Array:
    """Return what share of each new pixel each old one covers, (new, old); every row sums to 1."""
    if new >= old:
        return _weights(old, new)
    edges = np.arange(new + 1)[:, None] * (old / new)
    covered = np.clip(edges - np.arange(old), 0.0, 1.0)
    shares = np.diff(covered, axis=0)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
