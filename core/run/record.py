"""Remember a number of every iteration, for as many iterations as there are."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import overload

import numpy as np
from numpy.typing import NDArray

_FIRST_ROOM = 64


class Judged(StrEnum):
    """What is told of how good a network is, on the samples that it is trained on and on those held back."""

    TRAIN_LOSS = "training loss"
    TRAIN_ACCURACY = "training accuracy"
    TEST_LOSS = "test loss"
    TEST_ACCURACY = "test accuracy"


class Series(Sequence[tuple[int, float]]):
    """Numbers of iterations, in order: pairs that never change, however the record goes on.

    Parameters
    ----------
    iterations : ndarray of int, shape (n,)
        Which iterations, in order.
    numbers : ndarray of float, shape (n,)
        Their numbers.
    """

    def __init__(self, iterations: NDArray[np.int64], numbers: NDArray[np.float64]) -> None:
        self.iterations, self.numbers = iterations.view(), numbers.view()
        for array in (self.iterations, self.numbers):
            array.flags.writeable = False

    @classmethod
    def of(cls, pairs: Sequence[tuple[int, float]]) -> "Series":
        """Return pairs of an iteration and a number as a series."""
        if isinstance(pairs, Series):
            return pairs
        return cls(np.array([pair[0] for pair in pairs], np.int64), np.array([pair[1] for pair in pairs], np.float64))

    def __len__(self) -> int:
        return len(self.iterations)

    @overload
    def __getitem__(self, index: int) -> tuple[int, float]: ...
    @overload
    def __getitem__(self, index: slice) -> "Series": ...
    def __getitem__(self, index: int | slice) -> "tuple[int, float] | Series":
        if isinstance(index, slice):
            return Series(self.iterations[index], self.numbers[index])
        return int(self.iterations[index]), float(self.numbers[index])

    def __iter__(self) -> Iterator[tuple[int, float]]:
        return zip(self.iterations.tolist(), self.numbers.tolist(), strict=True)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Series):
            return tuple(self) == other
        if len(self) != len(other):
            return False
        if self._place == other._place:  # the same memory, which nobody writes to again
            return True
        same = np.array_equal(self.iterations, other.iterations)
        return same and np.array_equal(self.numbers, other.numbers, equal_nan=True)

    __hash__ = None  # type: ignore[assignment]

    @property
    def _place(self) -> tuple[int, int]:
        return self.iterations.ctypes.data, self.numbers.ctypes.data


class Record:
    """The numbers of iterations as they become known; asking for those up to an iteration copies nothing."""

    def __init__(self) -> None:
        self._iterations, self._numbers = np.empty(_FIRST_ROOM, np.int64), np.empty(_FIRST_ROOM, np.float64)
        self._count = 0

    @classmethod
    def of(cls, series: Series) -> "Record":
        """Return the record that begins with a series.

        Raises
        ------
        ValueError
            If its iterations are not in order.
        """
        record, count = cls(), len(series)
        if count and (series.iterations[0] < 0 or np.any(np.diff(series.iterations) <= 0)):
            raise ValueError("expected iterations from 0 on, in order; got others")
        room = max(count, _FIRST_ROOM)
        record._iterations, record._numbers = np.empty(room, np.int64), np.empty(room, np.float64)
        record._iterations[:count], record._numbers[:count] = series.iterations, series.numbers
        record._count = count
        return record

    def __setitem__(self, iteration: int, number: float) -> None:
        """Take the number of an iteration; nearly always the one after the last."""
        place = self._before(iteration)
        if place < self._count and self._iterations[place] == iteration:
            if not np.array_equal(self._numbers[place], number, equal_nan=True):
                self._numbers = self._numbers.copy()  # whoever has a series keeps it as it was
                self._numbers[place] = number
            return
        if place < self._count:
            self._iterations = np.insert(self._iterations, place, iteration)
            self._numbers = np.insert(self._numbers, place, number)
        else:
            self._make_room()
            self._iterations[place], self._numbers[place] = iteration, number
        self._count += 1

    def __getitem__(self, iteration: int) -> float:
        number = self.get(iteration)
        if number is None:
            raise KeyError(iteration)
        return number

    def __contains__(self, iteration: object) -> bool:
        return isinstance(iteration, int) and self.get(iteration) is not None

    def get(self, iteration: int) -> float | None:
        """Return the number of an iteration, or ``None`` where it is not known."""
        place = self._before(iteration)
        known = place < self._count and self._iterations[place] == iteration
        return float(self._numbers[place]) if known else None

    def until(self, iteration: int) -> Series:
        """Return what is known of the iterations before this one."""
        end = self._before(iteration)
        return Series(self._iterations[:end], self._numbers[:end])

    @property
    def all(self) -> Series:
        """All that is known."""
        return Series(self._iterations[: self._count], self._numbers[: self._count])

    def forget(self, iteration: int) -> None:
        """Forget this iteration and all after it."""
        end = self._before(iteration)
        if end < self._count:
            self._iterations, self._numbers = self._iterations[:end].copy(), self._numbers[:end].copy()
            self._count = end

    def _before(self, iteration: int) -> int:
        """Return how many iterations before this one are known."""
        if self._count and self._iterations[self._count - 1] < iteration:
            return self._count
        return int(np.searchsorted(self._iterations[: self._count], iteration))

    def _make_room(self) -> None:
        if self._count == len(self._iterations):
            more = np.empty(max(self._count, _FIRST_ROOM), np.int64)
            self._iterations = np.concatenate([self._iterations, more])
            self._numbers = np.concatenate([self._numbers, more.astype(np.float64)])
