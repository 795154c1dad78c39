"""Place arrays that are not needed at the same time in the same memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.values import Array

_LINE = 64
"""Bytes of a cache line: every array starts on one."""


@dataclass(frozen=True)
class Room:
    """How many cells an array has, and the first and the last moment at which it is needed."""

    key: str
    size: int
    first: int
    last: int


def allocate(rooms: Iterable[Room], dtype: "np.dtype[np.floating]") -> Mapping[str, Array]:
    """Return a run of cells for every room; rooms that are never needed at the same moment may share theirs.

    Parameters
    ----------
    rooms : iterable of Room
        What is asked for; keys are unique.
    dtype : dtype
        What the cells hold.

    Returns
    -------
    mapping of str to ndarray of shape (size,)
        Uninitialised, each on a cache line of its own.

    References
    ----------
    Y. Pisarchyk and J. Lee, "Efficient Memory Management for Deep Neural Net Inference" (2020), greedy by size.
    """
    line, ordered = _LINE // dtype.itemsize, sorted(rooms, key=_largest_first)
    placed = np.empty((4, len(ordered)), np.int64)  # by their starts: start, end, first and last moment
    starts: dict[str, int] = {}
    for count, room in enumerate(ordered):
        begins, ends, firsts, lasts = placed[:, :count]
        met = np.flatnonzero((firsts <= room.last) & (lasts >= room.first))
        start = starts[room.key] = _first_gap(begins[met], ends[met], room.size)
        place = int(np.searchsorted(begins, start, "right"))
        placed[:, place + 1 : count + 1] = placed[:, place:count].copy()
        placed[:, place] = start, -(-(start + room.size) // line) * line, room.first, room.last
    cells = _aligned(max((starts[room.key] + room.size for room in ordered), default=0), dtype)
    return {room.key: cells[starts[room.key] : starts[room.key] + room.size] for room in ordered}


def _first_gap(starts: NDArray[np.int64], ends: NDArray[np.int64], size: int) -> int:
    """Return where there is room for so many cells between or behind what is taken, which is sorted by its starts."""
    if not len(starts):
        return 0
    reached = np.maximum.accumulate(ends)
    free = np.concatenate([[0], reached[:-1]])
    fits = free + size <= starts
    gap = int(np.argmax(fits))
    return int(free[gap] if fits[gap] else reached[-1])


def _largest_first(room: Room) -> tuple[int, int, str]:
    return -room.size, room.first, room.key


def _aligned(size: int, dtype: "np.dtype[np.floating]") -> Array:
    """Return new cells, the first on a cache line."""
    cells = np.empty(size + _LINE // dtype.itemsize, dtype)
    offset = -cells.ctypes.data % _LINE // dtype.itemsize
    return cells[offset : offset + size]
