"""Say which sample comes when: in order or shuffled anew in every epoch, without those that are held back for tests."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np


@dataclass(frozen=True)
class Order:
    """The order in which training visits samples, from the seed alone.

    Parameters
    ----------
    count : int
        How many samples there are to train on.
    seed : int or None
        Shuffles them, each epoch anew; ``None`` leaves them in order.
    """

    count: int
    seed: int | None = None

    def take(self, position: int, number: int) -> tuple[int, ...]:
        """Return so many samples from a position of the run on, counted from 0 over all epochs."""
        samples: list[int] = []
        while len(samples) < number:
            epoch, place = divmod(position + len(samples), self.count)
            end = min(place + number - len(samples), self.count)
            samples += range(place, end) if self.seed is None else _shuffled(self.count, self.seed, epoch)[place:end]
        return tuple(samples)


@lru_cache(maxsize=8)
def _shuffled(count: int, seed: int, epoch: int) -> list[int]:
    shuffled: list[int] = np.random.default_rng((seed, epoch)).permutation(count).tolist()
    return shuffled
