"""A small network on points of the plane, whose every answer can be drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.data.toy import CLASS_NAMES, COORDINATES, TOYS, Points, point_dataset, toy_points
from core.experiment import Experiment, Settings
from core.layers import Dense, Feature, Features, Layer
from core.network import Network
from core.options import OptionError, Options, Rates
from core.preset import Preset, network_experiment
from core.values import Array, is_whole
from core.wording import sentence, suggestion

MOST_LAYERS, MOST_UNITS = 6, 12
ACTIVATION_TITLES = {"tanh": "Tanh", "relu": "ReLU", "sigmoid": "Sigmoid", "linear": "Linear"}
"""What a person chooses among for the hidden layers."""
_RATES = Rates(0.03, 0.01)
_COORDINATES = (Feature.X1, Feature.X2)


@dataclass(frozen=True)
class PlaygroundSettings:
    """What can be changed about the points and the network.

    Parameters
    ----------
    data : str
        A name of ``TOYS``.
    count : int
        How many points; the last of them may be held back from training (see ``Options``).
    noise : float
        The standard deviation of what is added to their coordinates.
    data_seed : int
        Draws the points.
    points : tuple of (float, float, float), or None
        Points of the user's own, with their targets, taken before those that are drawn.
    features : tuple of Feature
        What the network is given of each point, in the order of ``Feature``.
    units : tuple of int
        The numbers of neurons of the hidden layers.
    activation : str
        ``tanh``, ``relu``, ``sigmoid`` or ``linear``, in every hidden layer.
    """

    data: str = "circles"
    count: int = 200
    noise: float = 0.3
    data_seed: int = 0
    points: Points | None = None
    features: tuple[Feature, ...] = _COORDINATES
    units: tuple[int, ...] = (8, 4)
    activation: str = "tanh"

    def open(self, options: Options) -> Experiment:
        """Return the experiment.

        Raises
        ------
        OptionError
            If a setting is none that there is, or there are too few points for the options.
        """
        self._check()
        try:
            dataset = point_dataset(TOYS[self.data].title, self.drawn(), graded=self.graded)
        except ValueError as error:
            raise OptionError(sentence(error)) from None
        loss = "squared_error" if self.graded else "cross_entropy"
        network = Network((2,), self._layers(), axis_names=(COORDINATES,))
        return network_experiment("playground", network, dataset, options, loss=loss, rates=_RATES, settings=self)

    def keeps_run(self, other: Settings) -> bool:
        """Tell whether only points have been added, moved or removed by hand: the network goes on from where it is."""
        return isinstance(other, PlaygroundSettings) and other.points is not None and self._like(other)

    def _like(self, other: "PlaygroundSettings") -> bool:
        return replace(self, points=other.points) == other

    @property
    def graded(self) -> bool:
        """Whether a point asks for a height, and not for one of two classes."""
        return TOYS[self.data].graded

    def drawn(self) -> Points:
        """Return the points as they are: the user's own, or those that are drawn."""
        return toy_points(self.data, self.count, self.noise, self.data_seed) if self.points is None else self.points

    def with_targets(self, targets: Mapping[int, Array]) -> Points:
        """Return the points, some of them with other targets: by number, ndarray of shape (1,) or one-hot."""
        points = list(self.drawn())
        for number, target in targets.items():
            asked = float(target[0]) if self.graded else int(target.argmax())
            points[number] = (*points[number][:2], asked)
        return tuple(points)

    def _layers(self) -> tuple[Layer, ...]:
        chosen = frozenset(map(Feature, self.features))
        first = () if chosen == set(_COORDINATES) else (Features(chosen),)
        activation = None if self.activation == "linear" else self.activation
        hidden = (Dense(units, activation) for units in self.units)
        last = Dense(1, None) if self.graded else Dense(len(CLASS_NAMES), "softmax", output_names=CLASS_NAMES)
        return (*first, *hidden, last)

    def _check(self) -> None:
        if self.data not in TOYS:
            raise OptionError(
                f"Expected points among {', '.join(TOYS)}; got {self.data!r}{suggestion(self.data, TOYS)}."
            )
        if self.activation not in ACTIVATION_TITLES:
            raise OptionError(f"Expected an activation among {', '.join(ACTIVATION_TITLES)}; got {self.activation!r}.")
        if not self.features:
            raise OptionError("Expected at least one input; got none.")
        if unknown := [name for name in self.features if name not in tuple(Feature)]:
            raise OptionError(f"Expected inputs among {', '.join(Feature)}; got {unknown[0]!r}.")
        if len(self.units) > MOST_LAYERS:
            raise OptionError(f"Expected at most {MOST_LAYERS} hidden layers; got {len(self.units)}.")
        if wrong := [number for number in self.units if not is_whole(number) or not 1 <= number <= MOST_UNITS]:
            raise OptionError(f"Expected from 1 to {MOST_UNITS} neurons in a layer; got {wrong[0]!r}.")


PLAYGROUND_PRESETS = (
    Preset(
        "playground",
        "Playground",
        "A small network tells two kinds of points apart, and its decision boundary is painted as it moves; choose the "
        "points, or move them, and the inputs.",
        PlaygroundSettings().open,
        Options(batch_size=10, held_back=60),
    ),
)
