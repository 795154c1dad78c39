"""Hold samples that need not be in memory: rows that become numbers when they are taken."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import accumulate
from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.data.mapped import check_whole, mapping_of, release
from core.values import Array, Shape

Chosen = NDArray[np.intp]
_NUMBERS_AT_ONCE = 2**20


class Rows(Protocol):
    """What holds one sample, or one target, a row: an array of floats does, and so does ``LazyRows``."""

    @property
    def shape(self) -> Shape:
        """The number of rows, and the shape of one."""

    @property
    def ndim(self) -> int:
        """The number of axes, that of the rows among them."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """What its numbers are when they are taken."""

    def __len__(self) -> int: ...

    def __getitem__(self, chosen: Any, /) -> Any:
        """Return one row, the rows of a slice, or those of some numbers in their order."""


class LazyRows(ABC):
    """Rows that become floats when they are taken; where they lie is left to the kinds of it.

    Parameters
    ----------
    shape : tuple of int
        The number of rows, and the shape of one.
    dtype : str or dtype
        What the numbers are when they are taken.
    below : sequence of Rows
        The rows that these are made of, with the same numbers.
    """

    def __init__(self, shape: Shape, dtype: Any = np.float32, below: "Sequence[Array | Rows]" = ()) -> None:
        self.shape, self.dtype, self._below = shape, np.dtype(dtype), tuple(below)

    @abstractmethod
    def take(self, chosen: Chosen) -> Array:
        """Return the rows of some numbers, from 0 to the last, as a new array."""

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def signed(self) -> bool:
        """Whether a number may be negative: where that is not known otherwise, all are looked at."""
        return any(map(is_signed, self._below)) if self._below else extremes(self)[0] < 0

    def release(self) -> None:
        """Let go of the memory that mapped files have taken by being looked at; nothing is lost."""
        for rows in self._below:
            release_rows(rows)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, chosen: Any) -> Any:
        if isinstance(chosen, slice):
            return self.take(np.arange(*chosen.indices(len(self)), dtype=np.intp))
        numbers = np.asarray(chosen)
        if numbers.dtype == bool:
            numbers = np.flatnonzero(numbers)
        if numbers.size and numbers.dtype.kind not in "iu":
            raise IndexError(f"expected whole numbers of rows; got {chosen}")
        numbers = numbers.astype(np.intp)
        if numbers.size and not -len(self) <= numbers.min() <= numbers.max() < len(self):
            raise IndexError(f"expected rows from 0 to {len(self) - 1}; got {chosen}")
        numbers = np.where(numbers < 0, numbers + len(self), numbers)
        return self.take(numbers) if numbers.ndim else self.take(numbers[None])[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Return all rows; they are in memory then."""
        if copy is False:
            raise ValueError("expected to be allowed a copy: these rows are not in memory")
        rows: Array = self[:]
        return rows if dtype is None else rows.astype(dtype)


class ScaledRows(LazyRows):
    """Numbers of any type, divided by a scale when they are taken: the grey levels of images from 0 to 1.

    Parameters
    ----------
    stored : ndarray of shape (n, *sample_shape)
        Where the numbers lie: in memory or mapped from a file.
    scale : float
        What they are divided by.
    dtype : str
        What they become first.

    Raises
    ------
    OSError
        When rows are taken and the file in which they lie has been made shorter.
    """

    def __init__(self, stored: NDArray[Any], scale: float = 1, dtype: Any = np.float32) -> None:
        super().__init__(stored.shape, dtype)
        self.stored, self.scale, self._mapping = stored, scale, mapping_of(stored)

    def release(self) -> None:
        release(self.stored)

    @property
    def signed(self) -> bool:
        return self.stored.dtype.kind not in "bu" and super().signed

    def take(self, chosen: Chosen) -> Array:
        if self._mapping is not None:
            check_whole(self._mapping)
        taken = self.stored[chosen].astype(self.dtype)
        if self.scale != 1:
            taken /= self.dtype.type(self.scale)
        return np.ascontiguousarray(taken)


class OneHotRows(LazyRows):
    """Targets of labels: 1 in the column of the label, 0 elsewhere; (n, classes) without the memory for it.

    Raises
    ------
    ValueError
        If a label is not in 0 .. classes - 1.
    """

    def __init__(self, labels: NDArray[np.intp], classes: int) -> None:
        if labels.size and not 0 <= labels.min() <= labels.max() < classes:
            raise ValueError(f"expected labels from 0 to {classes - 1}; got {labels.min()} to {labels.max()}")
        super().__init__((len(labels), classes))
        self.labels = labels

    def take(self, chosen: Chosen) -> Array:
        targets = np.zeros((len(chosen), self.shape[1]), np.float32)
        targets[np.arange(len(chosen)), self.labels[chosen]] = 1
        return targets


class ShapedRows(LazyRows):
    """Rows in another shape of as many numbers.

    Raises
    ------
    ValueError
        If a row has another number of numbers.
    """

    def __init__(self, rows: Rows, shape: Shape) -> None:
        if np.prod(shape) != np.prod(rows.shape[1:]):
            raise ValueError(f"expected a shape of as many numbers as {rows.shape[1:]}; got {shape}")
        super().__init__((len(rows), *shape), rows.dtype, (rows,))
        self.rows = rows

    def take(self, chosen: Chosen) -> Array:
        return _taken(self.rows, chosen).reshape(len(chosen), *self.shape[1:])


class JoinedRows(LazyRows):
    """The rows of several parts after each other; each part has rows of the same shape."""

    def __init__(self, parts: Sequence[Rows]) -> None:
        if len({part.shape[1:] for part in parts}) != 1:
            raise ValueError(f"expected parts of the same shape; got {', '.join(str(part.shape) for part in parts)}")
        super().__init__((sum(map(len, parts)), *parts[0].shape[1:]), parts[0].dtype, parts)
        self.parts = tuple(parts)
        self._ends = np.array(list(accumulate(map(len, parts))))

    def take(self, chosen: Chosen) -> Array:
        where = np.searchsorted(self._ends, chosen, side="right")
        if where.size and where.min() == where.max():  # a batch to train on is not of the test part
            part = self.parts[where[0]]
            return _taken(part, chosen - (self._ends[where[0]] - len(part)))
        taken = np.empty((len(chosen), *self.shape[1:]), self.dtype)
        for number, part in enumerate(self.parts):
            own = where == number
            if own.any():
                taken[own] = _taken(part, chosen[own] - (self._ends[number] - len(part)))
        return taken


class OrderedRows(LazyRows):
    """Rows in another order, or some of them."""

    def __init__(self, rows: Rows, order: Chosen) -> None:
        super().__init__((len(order), *rows.shape[1:]), rows.dtype, (rows,))
        self.rows, self.order = rows, order

    def take(self, chosen: Chosen) -> Array:
        return _taken(self.rows, self.order[chosen])


def _taken(rows: "Array | Rows", chosen: Chosen) -> Array:
    """Return rows by numbers that have been checked."""
    return rows.take(chosen) if isinstance(rows, LazyRows) else np.asarray(rows[chosen])


def release_rows(rows: "Array | Rows") -> None:
    """Let go of the memory that mapped files have taken by being looked at."""
    if isinstance(rows, LazyRows):
        rows.release()


def extremes(rows: "Array | Rows") -> tuple[float, float]:
    """Return the smallest and the largest number of some rows; some are in memory at a time."""
    if isinstance(rows, OneHotRows):
        return 0.0, 1.0
    if isinstance(rows, np.ndarray):
        return float(rows.min()), float(rows.max())
    step = max(1, _NUMBERS_AT_ONCE // max(1, prod(rows.shape[1:])))
    least, most = float("inf"), float("-inf")
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        least, most = min(least, float(part.min())), max(most, float(part.max()))
        release_rows(rows)
    return least, most


def is_signed(rows: "Array | Rows") -> bool:
    """Tell whether a number of some rows may be negative."""
    return rows.signed if isinstance(rows, LazyRows) else bool(np.min(np.asarray(rows)) < 0)
