"""Lay the cells of an array out as a picture of rows and columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.values import Array, Index, Shape

_Cell = TypeVar("_Cell", bound=np.generic)

Box = tuple[int, int, int, int]
"""A rectangle of cells: first row, first column, rows, columns."""


@dataclass(frozen=True)
class Grid:
    """Which part of an array is drawn, and where each of its cells lies.

    Parameters
    ----------
    shape : tuple of int
        The array's shape.
    pick : tuple of int or None
        For each axis one position, or ``None`` for all of it; two axes are drawn, or three where there are ``tiles``.
    fold : tuple of int or None
        The rows and columns that a single drawn axis is folded into: a row of 64 as 8 × 8.
    flip : bool
        Draw the transpose.
    tiles : tuple of int or None
        Lay the matrices along the first drawn axis out as this many rows and columns of tiles.
    spread : tuple of int
        Draw cells this many rows and columns apart, with gaps between them: delta under a stride.
    rows, columns : tuple of int or None
        An excerpt: only these rows and columns of the whole picture are drawn, in rising order; ``None`` is all.
    """

    shape: Shape
    pick: tuple[int | None, ...]
    fold: Shape | None = None
    flip: bool = False
    tiles: Shape | None = None
    spread: tuple[int, int] = (1, 1)
    rows: tuple[int, ...] | None = None
    columns: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        """Check that every axis is picked from."""
        if len(self.pick) != len(self.shape):
            raise ValueError(f"expected a pick for each axis of {self.shape}; got {self.pick}")

    @cached_property
    def axes(self) -> tuple[int, ...]:
        """The axes that are drawn."""
        return tuple(axis for axis, position in enumerate(self.pick) if position is None)

    @cached_property
    def size(self) -> tuple[int, int]:
        """The rows and columns of the picture."""
        rows, columns = self.full_size
        return rows if self.rows is None else len(self.rows), columns if self.columns is None else len(self.columns)

    @cached_property
    def full_size(self) -> tuple[int, int]:
        """The rows and columns of the whole picture, of which an excerpt may be drawn."""
        if self.tiles:
            rows, columns = (count * size for count, size in zip(self.tiles, self.tile_size, strict=True))
        elif self.fold:
            rows, columns = self.fold
        else:
            sizes = [self.shape[axis] for axis in self.axes]
            rows, columns = (1,) * (2 - len(sizes)) + tuple(sizes)
        rows, columns = (rows - 1) * self.spread[0] + 1, (columns - 1) * self.spread[1] + 1
        return (columns, rows) if self.flip else (rows, columns)

    @property
    def tile_size(self) -> tuple[int, int]:
        """The rows and columns of one tile; the whole picture where there are no tiles."""
        if not self.tiles:
            return self.full_size
        rows, columns = self.axes[1:]
        return self.shape[rows], self.shape[columns]

    def picture(self, array: Array) -> Array:
        """Return the cells as a matrix; a view of the array wherever NumPy can make one."""
        return self._excerpt(self._whole(array))

    def _excerpt(self, picture: NDArray[_Cell]) -> NDArray[_Cell]:
        """Return the drawn rows and columns of a whole picture."""
        picture = picture if self.rows is None else picture[list(self.rows)]
        return picture if self.columns is None else picture[:, list(self.columns)]

    def _whole(self, array: Array) -> Array:
        part = array[tuple(slice(None) if position is None else position for position in self.pick)]
        if self.tiles:
            part = part.reshape(*self.tiles, *self.tile_size).swapaxes(1, 2)
        if self.spread != (1, 1):
            spread = np.zeros(self.full_size, array.dtype)
            spread[:: self.spread[0], :: self.spread[1]] = part
            return spread
        rows, columns = self.full_size[::-1] if self.flip else self.full_size
        matrix = part.reshape(rows, columns)
        return matrix.T if self.flip else matrix

    @property
    def gaps(self) -> NDArray[np.bool_] | None:
        """Where the picture has no cell, of its size; ``None`` where it has one everywhere."""
        if self.spread == (1, 1):
            return None
        gaps = np.ones(self.full_size, dtype=bool)
        gaps[:: self.spread[0], :: self.spread[1]] = False
        return self._excerpt(gaps)

    def places(self, indices: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the (row, column) of those cells, (K, ndim), that are drawn."""
        places = self._whole_places(indices)
        for axis, lines in enumerate((self.rows, self.columns)):
            if lines is not None:
                drawn_as = np.full(self.full_size[axis], -1, dtype=np.intp)
                drawn_as[list(lines)] = np.arange(len(lines))
                places[:, axis] = drawn_as[places[:, axis]]
                places = places[places[:, axis] >= 0]
        return places

    def _whole_places(self, indices: NDArray[np.intp]) -> NDArray[np.intp]:
        indices = np.asarray(indices)
        if not self.shape:
            return np.zeros((len(indices), 2), dtype=np.intp)
        for axis, position in enumerate(self.pick):
            if position is not None:
                indices = indices[indices[:, axis] == position]
        drawn = indices[:, list(self.axes)]
        if self.tiles:
            tile_rows, tile_columns = np.divmod(drawn[:, 0], self.tiles[1])
            rows = tile_rows * self.tile_size[0] + drawn[:, 1]
            columns = tile_columns * self.tile_size[1] + drawn[:, 2]
        elif self.fold:
            rows, columns = np.divmod(drawn[:, 0], self.fold[1])
        else:
            padded = np.zeros((len(drawn), 2), dtype=np.intp)
            padded[:, 2 - drawn.shape[1] :] = drawn
            rows, columns = (padded * self.spread).T
        return np.stack([columns, rows] if self.flip else [rows, columns], axis=-1)

    def index_at(self, row: int, column: int) -> Index | None:
        """Return the cell that is drawn at a row and column, or ``None`` outside the picture."""
        rows, columns = self.size
        if not (0 <= row < rows and 0 <= column < columns):
            return None
        row = row if self.rows is None else self.rows[row]
        column = column if self.columns is None else self.columns[column]
        if row % self.spread[0] or column % self.spread[1]:
            return None
        row, column = row // self.spread[0], column // self.spread[1]
        if self.flip:
            row, column = column, row
        position = iter(self._drawn_at(row, column))
        return tuple(next(position) if fixed is None else fixed for fixed in self.pick)

    def number_at(self, axis: int, position: int) -> int | None:
        """Return the number of a row (axis 0) or column (axis 1) in its matrix; ``None`` where there is a gap."""
        number, gap = divmod(position, self.spread[axis])
        if gap:
            return None
        return number % self.tile_size[1 - axis if self.flip else axis] if self.tiles else number

    def _drawn_at(self, row: int, column: int) -> list[int]:
        """Return the positions along the drawn axes."""
        if self.tiles:
            height, width = self.tile_size
            return [row // height * self.tiles[1] + column // width, row % height, column % width]
        if self.fold:
            return [row * self.fold[1] + column]
        return [row, column][2 - len(self.axes) :]

    def boxes(self, indices: NDArray[np.intp]) -> tuple[Box, ...]:
        """Return the cells as rectangles: as high as runs within rows stay the same from row to row."""
        places = self.places(indices)
        if not len(places):
            return ()
        top, left = (int(i) for i in places.min(axis=0))
        rows, columns = (int(i) + 1 for i in places.max(axis=0) - (top, left))
        taken = np.zeros((rows, columns + 2), dtype=np.int8)  # an empty column on each side
        taken[places[:, 0] - top, places[:, 1] - left + 1] = 1
        if taken.sum() == rows * columns:
            return ((top, left, rows, columns),)
        edges = np.diff(taken, axis=1)
        starts, ends = np.argwhere(edges > 0).tolist(), np.argwhere(edges < 0).tolist()
        open_: dict[tuple[int, int], Box] = {}
        closed: list[Box] = []
        for (row, a), (_, b) in zip(starts, ends, strict=True):
            box = open_.get((a, b), (0, 0, 0, 0))
            if box[0] + box[2] == top + row and box[2]:
                open_[a, b] = (box[0], left + a, box[2] + 1, b - a)
                continue
            closed += [box] if box[2] else []
            open_[a, b] = (top + row, left + a, 1, b - a)
        return (*closed, *open_.values())


@dataclass(frozen=True)
class Listed(Grid):
    """Single cells of an array beside each other, in any order: the largest terms of a sum.

    Parameters
    ----------
    cells : tuple of tuple of int
        Their indices; none stands there twice.
    """

    cells: tuple[Index, ...] = ()

    @cached_property
    def full_size(self) -> tuple[int, int]:
        """One row."""
        return 1, len(self.cells)

    def _whole(self, array: Array) -> Array:
        return np.array([[array[cell] for cell in self.cells]], dtype=array.dtype)

    def _whole_places(self, indices: NDArray[np.intp]) -> NDArray[np.intp]:
        found = [self.cells.index(cell) for cell in map(tuple, np.asarray(indices).tolist()) if cell in self.cells]
        return np.array([(0, place) for place in found], dtype=np.intp).reshape(-1, 2)

    def index_at(self, row: int, column: int) -> Index | None:
        """Return the cell that stands in a column, or ``None`` outside the picture."""
        return self.cells[column] if row == 0 and 0 <= column < len(self.cells) else None


def listed(shape: Shape, cells: Sequence[Index]) -> Listed:
    """Return the grid of single cells beside each other."""
    return Listed(shape, (None,) * len(shape), cells=tuple(cells))


def whole(shape: Shape, *, flip: bool = False) -> Grid:
    """Return the grid of a scalar, a row, or a matrix; of more axes, the first slice."""
    lead = max(len(shape) - 2, 0)
    return Grid(shape, (0,) * lead + (None,) * (len(shape) - lead), flip=flip)


def slice_of(shape: Shape, lead: Index, *, flip: bool = False) -> Grid:
    """Return the grid of one matrix of a stack."""
    return Grid(shape, (*lead, *(None,) * (len(shape) - len(lead))), flip=flip)


def line_as_image(shape: Shape, axis: int, position: int, image: Shape) -> Grid:
    """Return the grid of one row (axis 0) or column (axis 1) of a matrix, folded into an image."""
    pick = (position, None) if axis == 0 else (None, position)
    return Grid(shape, pick, fold=image)


def row_as_image(shape: Shape, row: int, image: Shape) -> Grid:
    """Return the grid of a row, folded into an image; of more axes than two, of the first position of the others."""
    return Grid(shape, (*(row, *(0,) * len(shape))[: len(shape) - 1], None), fold=image)


def montage(shape: Shape, lead: Index) -> Grid:
    """Return the grid of a stack of matrices laid out as tiles, as square as their number allows."""
    pick = (*lead, *(None,) * (len(shape) - len(lead)))
    return Grid(shape, pick, tiles=tile_layout(shape[len(lead)]))


def tile_layout(count: int) -> Shape:
    """Return the rows and columns of ``count`` tiles: 8 as 2 × 4, 16 as 4 × 4, 7 in a row."""
    rows = max(rows for rows in range(1, int(count**0.5) + 1) if count % rows == 0)
    return rows, count // rows
