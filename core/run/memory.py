"""Place arrays that are not needed at the same time in the same memory."""

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

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

    def meets(self, other: "Room") -> bool:
        """Tell whether both are needed at the same moment."""
        return self.first <= other.last and other.first <= self.last


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
    step = _LINE // dtype.itemsize
    placed: list[tuple[int, Room]] = []
    for room in sorted(rooms, key=_largest_first):
        start = 0
        for other_start, other in placed:
            if room.meets(other) and start + room.size > other_start:
                start = max(start, -(-(other_start + other.size) // step) * step)
        insort(placed, (start, room), key=_by_start)
    cells = _aligned(max((start + room.size for start, room in placed), default=0), dtype)
    return {room.key: cells[start : start + room.size] for start, room in placed}


def _largest_first(room: Room) -> tuple[int, int, str]:
    return -room.size, room.first, room.key


def _by_start(placed: tuple[int, Room]) -> int:
    return placed[0]


def _aligned(size: int, dtype: "np.dtype[np.floating]") -> Array:
    """Return new cells, the first on a cache line."""
    cells = np.empty(size + _LINE // dtype.itemsize, dtype)
    offset = -cells.ctypes.data % _LINE // dtype.itemsize
    return cells[offset : offset + size]
