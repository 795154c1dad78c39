"""Make images of arrays: a pixel for each cell, or for each block of cells where there are more cells than pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from core.values import Array
from viz_app.frame.levels import Levels
from viz_app.paint.cache import BoundedCache
from viz_app.paint.colors import COVERED, EMPTY, HIDDEN, INFINITE, NAN, codes, table
from viz_app.paint.theme import Theme
from viz_app.picture.grid import Grid

CACHE_BYTES = 64_000_000


@dataclass(frozen=True, eq=False)
class Raster:
    """The image of an array.

    Parameters
    ----------
    image : QImage
        A pixel for each cell or block of cells; transparent where they are not computed.
    broken : ndarray of shape (K, 2)
        The row and column in the image of every pixel that holds a NaN or an infinity.
    """

    image: QImage
    broken: NDArray[np.intp]


_rasters: BoundedCache[Raster] = BoundedCache(CACHE_BYTES)


def raster(
    array: Array,
    grid: Grid,
    levels: Levels,
    theme: Theme,
    room: tuple[int, int],
    computed: int | None = None,
    hidden: NDArray[np.bool_] | None = None,
    covered: NDArray[np.bool_] | None = None,
) -> Raster:
    """Return the image of an array; kept while the array is there, so that asking again costs nothing.

    Parameters
    ----------
    array : ndarray
        A value of a trace: written once, so that its identity says what it holds.
    grid : Grid
        Which of its cells are drawn, and where.
    levels : Levels
        Which numbers the two ends of the colour map stand for.
    theme : Theme
        Whose colours.
    room : tuple of int
        The rows and columns of device pixels that there are; an image is never larger.
    computed : int or None
        How many cells, in raster order, are known; ``None`` is all.
    hidden : ndarray or None
        Which cells of the last two axes a mask has hidden; they are grey.
    covered : ndarray or None
        Which cells a quiz covers; the array, made for it, has no number there.
    """
    rows, columns = (min(have, pixels) for have, pixels in zip(grid.size, room, strict=True))
    key = (id(array), grid, levels, theme.name, theme.colors, rows, columns, computed)
    size = rows, columns
    return _rasters.get(
        key, lambda: _make(array, grid, levels, theme, size, computed, hidden, covered), _bytes_of, (array,)
    )


def _bytes_of(made: Raster) -> int:
    return made.image.sizeInBytes() + made.broken.nbytes


def _make(
    array: Array,
    grid: Grid,
    levels: Levels,
    theme: Theme,
    size: tuple[int, int],
    computed: int | None,
    hidden: NDArray[np.bool_] | None,
    covered: NDArray[np.bool_] | None,
) -> Raster:
    cells = grid.picture(array if hidden is None else np.where(hidden, np.zeros_like(array), array))
    places = codes(reduced(cells, size), levels)
    if grid.gaps is not None and places.shape == grid.size:
        places[grid.gaps] = EMPTY
    if hidden is not None:
        grey = grid.picture(np.broadcast_to(hidden, array.shape).astype(np.float32))
        places[reduced(grey, size) > 0.5] = HIDDEN
    if covered is not None:
        places[reduced(grid.picture(covered.astype(np.float32)), size) > 0] = COVERED
    broken = np.argwhere((places == NAN) | (places == INFINITE)) if (places >= NAN).any() else np.empty((0, 2), np.intp)
    if computed is not None and computed < array.size:
        later = unknown(grid, size, computed)
        places[later] = EMPTY
        broken = broken[~later[broken[:, 0], broken[:, 1]]]
    return Raster(_image(places, table(theme, levels.kind)), broken)


def _image(places: NDArray[np.uint8], colors: NDArray[np.uint32]) -> QImage:
    places = np.ascontiguousarray(places)
    rows, columns = places.shape
    image = QImage(places.data, columns, rows, columns, QImage.Format.Format_Indexed8)
    image.setColorTable(colors.tolist())
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def reduced(cells: Array, size: tuple[int, int]) -> Array:
    """Return the means of blocks of cells, so many rows and columns of them.

    Every cell is in exactly one block, blocks differ by at most one row and column, and a NaN or an infinity makes its
    block one, so that it cannot hide.

    Parameters
    ----------
    cells : ndarray of shape (R, C)
        Numbers.
    size : tuple of int
        (r, c), at most (R, C).

    Returns
    -------
    ndarray of shape (r, c)
        The means; ``cells`` themselves where nothing is to be reduced.
    """
    if size == cells.shape:
        return cells
    if not cells.flags.c_contiguous and cells.T.flags.c_contiguous:
        return reduced(cells.T, size[::-1]).T
    by_rows, row_counts = _block_sums(cells, size[0])
    by_both, column_counts = _block_sums(np.ascontiguousarray(by_rows.T), size[1])
    by_both /= column_counts[:, None]
    by_both /= row_counts
    return by_both.T


def block_starts(length: int, count: int) -> NDArray[np.intp]:
    """Return where each of so many blocks begins along an axis."""
    return np.arange(count) * length // count


def _block_sums(cells: Array, count: int) -> tuple[Array, Array]:
    """Return the sum of every block of rows, and how many rows it has; ten times as fast as ``np.add.reduceat``."""
    starts = block_starts(len(cells), count)
    counts = np.diff(starts, append=len(cells))
    sums = cells[starts]
    with np.errstate(all="ignore"):
        for offset in range(1, int(counts.max())):
            long = counts > offset
            if long.all():
                sums += cells[starts + offset]
            else:
                sums[long] += cells[starts[long] + offset]
    return sums, counts.astype(cells.dtype)


def unknown(grid: Grid, size: tuple[int, int], computed: int) -> NDArray[np.bool_]:
    """Return the blocks with a cell that is not computed yet, of shape ``size``.

    The raster number grows along both axes of every grid, so the last cell of a block decides.
    """
    rows, columns = (np.append(block_starts(have, want)[1:], have) - 1
                     for have, want in zip(grid.size, size, strict=True))  # fmt: skip
    number = np.arange(int(np.prod(grid.shape, dtype=np.int64)), dtype=np.int32).reshape(grid.shape)
    picture: NDArray[np.int32] = grid.picture(number)  # type: ignore[arg-type, assignment]
    hidden: NDArray[np.bool_] = picture[np.ix_(rows, columns)] >= computed
    return hidden
