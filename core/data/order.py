"""Say which sample comes when: in order or shuffled anew in every epoch, without those that are held back for tests."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


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

    def at(self, position: int) -> int:
        """Return the sample at a position of the run, counted from 0 over all epochs."""
        epoch, place = divmod(position, self.count)
        return place if self.seed is None else int(_shuffled(self.count, self.seed, epoch)[place])


@lru_cache(maxsize=8)
def _shuffled(count: int, seed: int, epoch: int) -> NDArray[np.intp]:
    return np.random.default_rng((seed, epoch)).permutation(count)
