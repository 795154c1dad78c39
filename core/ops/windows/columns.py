"""Lay images out so that sliding a window over them becomes matrix products, one for each row of outputs.

Inside these operations an image batch (N, C, H, W) lies in memory as (H, C, W, N): neighbours along a row are
contiguous for the whole batch, and so is a run of rows. The columns of a row of outputs are then a matrix
(kh kw C) × (ow N); without dilation the matrices of neighbouring rows overlap in memory, and only kw copies of
the image are needed instead of kh kw.
"""

from collections.abc import Mapping

import numpy as np
from numpy.lib.stride_tricks import as_strided

from core.ops.base import Scratch
from core.ops.windows.geometry import Geometry, WindowAxis
from core.values import Array, Shape

_AXES = (2, 1, 3, 0)


def rows_first(array: Array) -> Array:
    """Return a (N, C, H, W) array seen as (H, C, W, N)."""
    return array.transpose(_AXES)


def rows_last(array: Array) -> Array:
    """Return a (H, C, W, N) array seen as (N, C, H, W)."""
    return array.transpose(3, 1, 0, 2)


def rows_first_shape(shape: Shape) -> Shape:
    """Return (H, C, W, N) for (N, C, H, W)."""
    return tuple(shape[axis] for axis in _AXES)


def empty_images(shape: Shape, dtype: "np.dtype[np.floating]") -> Array:
    """Return an uninitialised (N, C, H, W) array that lies in memory as (H, C, W, N)."""
    return rows_last(np.empty(rows_first_shape(shape), dtype))


def packed(array: Array, name: str, scratch: Scratch) -> Array:
    """Return a (N, C, H, W) array as a contiguous (H, C, W, N) one, copied into scratch only where needed."""
    view = rows_first(array)
    if view.flags.c_contiguous:
        return view
    np.copyto(scratch[name], view)
    return scratch[name]


def name_of(purpose: str, shape: Shape) -> str:
    """Return the name of a work array: what it is for, and its shape."""
    return f"{purpose}:{shape}"


def named(purpose: str, shape: Shape) -> Mapping[str, Shape]:
    """Return one entry of ``scratch_shapes``."""
    return {name_of(purpose, shape): shape}


def column_shapes(x: Shape, geometry: Geometry) -> Mapping[str, Shape]:
    """Return the work arrays of ``columns``: the padded image, and the image once for every tap along a row."""
    samples, channels, *_ = x
    height, width = geometry.padded_size
    (rows, across), (down, _) = geometry.output_size, geometry.window
    copies = (height,) if geometry.rows.dilation == 1 else (rows, down)
    return {
        _image_name(geometry): (height, channels, width, samples),
        _columns_name(geometry): (*copies, geometry.columns.window, channels, across, samples),
    }


def columns(x: Array, geometry: Geometry, scratch: Scratch) -> Array:
    """Gather what every window sees.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
        The images.
    geometry : Geometry
        The window.
    scratch : Scratch
        Holds ``column_shapes``; columns that it holds already are not gathered again.

    Returns
    -------
    ndarray of shape (oh, kh kw C, ow N)
        For each row of outputs, a column for each window in it, samples fastest. Read-only: rows may overlap.
    """
    name = _columns_name(geometry)
    gathered = scratch[name]
    if name not in scratch.filled:
        image = _padded(x, geometry, scratch)
        np.copyto(gathered, _windows(image, geometry, gathered.shape))
        scratch.filled.add(name)
    *_, across, channels, outputs, samples = gathered.shape
    rows, down = geometry.output_size[0], geometry.window[0]
    inner, run = across * channels, outputs * samples
    item = gathered.itemsize
    between = geometry.rows.stride if geometry.rows.dilation == 1 else down
    return as_strided(
        gathered,
        (rows, down * inner, run),
        (between * inner * run * item, run * item, item),
        writeable=False,
    )


def gap_shapes(delta: Shape, kernel: Shape, geometry: Geometry) -> Mapping[str, Shape]:
    """Return the work arrays of ``rows_with_gaps`` and ``flipped_with_gaps``."""
    samples, filters, _, across = delta
    span = geometry.rows.span
    spaced = (geometry.rows.padded + span - 1, filters, across, samples)
    flipped = (kernel[3], kernel[1], span, filters)
    return {f"spaced:{spaced}": spaced, f"flipped:{flipped}": flipped}


def rows_with_gaps(delta: Array, geometry: Geometry, scratch: Scratch) -> Array:
    """Put rows of zeros between the rows of delta, as many as the stride skips, and around them.

    Returns
    -------
    ndarray of shape (H, span F, ow N)
        For each row of the image the deltas of all windows that could cover it. Read-only: rows overlap.
    """
    rows, span = geometry.rows, geometry.rows.span
    samples, filters, _, across = delta.shape
    shape = (rows.padded + span - 1, filters, across, samples)
    spaced = scratch[f"spaced:{shape}"]
    spaced[...] = 0
    spaced[span - 1 : span + (rows.count - 1) * rows.stride : rows.stride] = rows_first(delta)
    run = across * samples
    row, item = filters * run * spaced.itemsize, spaced.itemsize
    return as_strided(spaced[rows.before :], (rows.size, span * filters, run), (row, run * item, item), writeable=False)


def flipped_with_gaps(kernel: Array, geometry: Geometry, scratch: Scratch) -> Array:
    """Turn kernels upside down, with rows of zeros between their rows for the dilation, (kw C, span F)."""
    filters, channels, _, across = kernel.shape
    span = geometry.rows.span
    shape = (across, channels, span, filters)
    flipped = scratch[f"flipped:{shape}"]
    flipped[...] = 0
    flipped[:, :, :: -geometry.rows.dilation] = kernel.transpose(3, 1, 2, 0)
    return flipped.reshape(across * channels, span * filters)


def spread(taps: Array, across: WindowAxis, image: Array) -> None:
    """Add up what the taps of all windows say about every cell of a row.

    Parameters
    ----------
    taps : ndarray of shape (H, kw, C, ow, N)
        What tap j of each window says about the cell under it.
    across : WindowAxis
        The window along a row.
    image : ndarray of shape (H, C, padded width, N)
        Receives the sums.
    """
    image[...] = 0
    for j in range(across.window):
        image[:, :, _slice(j, across.dilation, across.stride, across.count)] += taps[:, j]


def tap_views(images: Array, geometry: Geometry) -> list[Array]:
    """Return for each tap of the window, in raster order, the cells of (N, C, H, W) that it sees (no padding)."""
    down, across = geometry.rows, geometry.columns
    return [
        images[
            :,
            :,
            _slice(i, down.dilation, down.stride, down.count),
            _slice(j, across.dilation, across.stride, across.count),
        ]
        for i in range(down.window)
        for j in range(across.window)
    ]


def _slice(tap: int, dilation: int, stride: int, count: int) -> slice:
    start = tap * dilation
    return slice(start, start + stride * (count - 1) + 1, stride)


def _padded(x: Array, geometry: Geometry, scratch: Scratch) -> Array:
    name = _image_name(geometry)
    if geometry.padded_size == geometry.size:
        return packed(x, name, scratch)
    image = scratch[name]
    image[...] = 0
    top, _, left, _ = geometry.padding
    height, width = geometry.size
    image[top : top + height, :, left : left + width] = rows_first(x)
    return image


def _windows(image: Array, geometry: Geometry, shape: Shape) -> Array:
    """Return a view of the padded image in the shape of the gathered columns."""
    row, channel, column, sample = image.strides
    down, across = geometry.rows, geometry.columns
    lead = (row,) if down.dilation == 1 else (row * down.stride, row * down.dilation)
    strides = (*lead, column * across.dilation, channel, column * across.stride, sample)
    return as_strided(image, shape, strides, writeable=False)


def _image_name(geometry: Geometry) -> str:
    return f"image:{geometry.padding}"


def _columns_name(geometry: Geometry) -> str:
    return f"columns:{geometry.window}:{geometry.stride}:{geometry.padding}:{geometry.dilation}"
