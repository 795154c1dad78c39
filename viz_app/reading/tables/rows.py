"""Hold the rows of a table as numbers: text as codes, and worked out as one column a word when it is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.mapped import release
from core.data.rows import Chosen, LazyRows
from core.values import Array
from viz_app.reading.files import printable

MOST_WORDS = 1000


@dataclass(frozen=True)
class Feature:
    """A column that enters the network: its place in the table, its name, and its words, where it is text."""

    place: int
    name: str
    words: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What its columns of the network's input are called."""
        return tuple(f"{self.name} = {printable(word)}" for word in self.words) or (self.name,)


def order_of(words: Sequence[str]) -> NDArray[np.intp]:
    """Return the place of every word among the words in order."""
    places = {word: place for place, word in enumerate(sorted(words))}
    return np.array([places[word] for word in words], np.intp)


class TableRows(LazyRows):
    """The columns of a table that enter the network, float64; a text is 1 in the column of its word, 0 elsewhere.

    Parameters
    ----------
    stored : ndarray of shape (n, columns)
        The numbers of the table, and the codes of words.
    features : sequence of Feature
        Which columns, in order.
    order : mapping of int to ndarray
        For each column of text the place of a word by its code.
    scale : float
        What numbers are divided by.
    """

    def __init__(
        self,
        stored: NDArray[Any],
        features: Sequence[Feature],
        order: Mapping[int, NDArray[np.intp]],
        scale: float = 1,
    ) -> None:
        super().__init__((len(stored), sum(len(feature.names) for feature in features)), np.float64)
        self._stored, self._features, self._order, self._scale = stored, tuple(features), order, scale
        self._numbers = np.array([feature.place for feature in features if not feature.words], np.intp)
        self._plain = len(self._numbers) == len(features)

    def release(self) -> None:
        release(self._stored)

    def take(self, chosen: Chosen) -> Array:
        rows = self._stored[chosen]
        if self._plain:
            taken: Array = rows[:, self._numbers]
            return taken if self._scale == 1 else taken / self._scale
        taken, start = np.zeros((len(chosen), self.shape[1])), 0
        for feature in self._features:
            if feature.words:
                places = self._order[feature.place][rows[:, feature.place].astype(np.intp)]
                taken[np.arange(len(chosen)), start + places] = 1
            else:
                taken[:, start] = rows[:, feature.place] / self._scale
            start += len(feature.names)
        return taken
