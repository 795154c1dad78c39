"""What is told of the layers of a run: their numbers now, and how they came about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.values import Array
from viz_app.frame.told.layer_history import Axis, Histogram, Norms, some_of
from viz_app.frame.told.layer_stats import LayerKeys, LayerStats

_SAMPLED = 32_768
"""So many cells are put into bins in one iteration, of all layers together."""
_LEAST, _MOST = 512, 4_096
"""The same for one histogram."""


class What(StrEnum):
    """What a histogram is of."""

    WEIGHTS = "weights"
    OUTPUTS = "outputs"
    GRADIENTS = "gradients"


_AXES: Mapping[What, Axis] = {What.WEIGHTS: Axis.LINEAR, What.OUTPUTS: Axis.LINEAR, What.GRADIENTS: Axis.SIZE}


class LayerHistory:
    """How one layer has changed over the iterations that were seen.

    Parameters
    ----------
    keys : LayerKeys
        Where its values are.
    """

    def __init__(self, keys: LayerKeys) -> None:
        self._outputs = () if keys.output is None else (keys.output,)
        self._keys = {What.WEIGHTS: keys.weights, What.OUTPUTS: self._outputs, What.GRADIENTS: keys.weight_gradients}
        self.gradients = Norms()
        self.histograms: Mapping[What, Histogram] = {what: Histogram(_AXES[what]) for what in What}

    def take(self, iteration: int, stats: LayerStats, known: Mapping[str, Array], most: int) -> None:
        """Take what is known of an iteration; of each histogram so many cells."""
        if stats.gradient is not None:
            self.gradients.take(iteration, stats.gradient)
        for what, keys in self._keys.items():
            if keys and all(key in known for key in keys) and iteration > self.histograms[what].last:
                self.histograms[what].take(iteration, some_of([known[key] for key in keys], most))

    def forget(self, iteration: int) -> None:
        """Forget this iteration and all after it."""
        self.gradients.forget(iteration)
        for histogram in self.histograms.values():
            histogram.forget(iteration)


@dataclass(frozen=True, eq=False)
class Measured:
    """The layers of a network in an iteration.

    Parameters
    ----------
    iteration : int
        The iteration.
    layers : tuple of LayerStats
        Their numbers.
    histories : tuple of LayerHistory
        For each the iterations that were seen; they go on.
    """

    iteration: int
    layers: tuple[LayerStats, ...]
    histories: tuple[LayerHistory, ...]


def sampled(layers: Sequence[LayerKeys]) -> int:
    """Return how many cells a histogram takes where there are so many layers."""
    return min(max(_SAMPLED // max(len(What) * len(layers), 1), _LEAST), _MOST)
