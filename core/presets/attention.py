"""Self-attention that looks for the object that a question asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.data.objects import FEATURES, POSITIONS, coloured_objects
from core.experiment import Experiment
from core.layers import Dense, LastToken, SelfAttention
from core.network import Network
from core.options import OptionError, Options, Rates
from core.preset import Preset, network_experiment
from core.values import Array, Range

_WARM_UP = Options(batch_size=32)
_WARM_UP_RATES = Rates(1.0)
LONGEST_WARM_UP = 500


@dataclass(frozen=True)
class AttentionSettings:
    """What can be changed about the attention experiment.

    Parameters
    ----------
    heads : int
        How many heads; it divides ``width``.
    width : int
        The width of Q, K and V.
    causal : bool
        Whether a token sees only itself and what came before it.
    warm_up : int
        How many iterations, each with 32 sequences, have been trained before the first one that is shown. Untrained
        attention is even everywhere; after 60 it looks at the right object, and is not yet done. 0 starts at random.
    """

    heads: int = 2
    width: int = 8
    causal: bool = True
    warm_up: int = 60

    def open(self, options: Options) -> Experiment:
        """Return the experiment.

        Raises
        ------
        OptionError
            If the warm-up is negative or too long, or the data have not what the options ask for.
        ShapeError
            If the heads do not divide the width.
        """
        if not 0 <= self.warm_up <= LONGEST_WARM_UP:
            raise OptionError(f"Expected a warm-up from 0 to {LONGEST_WARM_UP} iterations; got {self.warm_up}.")
        network = self._network()
        warm = Options(batch_size=_WARM_UP.batch_size, seed=options.seed, dtype=options.dtype)
        first = _experiment(network, warm, _WARM_UP_RATES, None, self)
        return _experiment(network, options, Rates(0.3, 0.01), _trained(first, self.warm_up), self)

    def _network(self) -> Network:
        dataset = coloured_objects()
        layers = (
            SelfAttention(self.heads, self.width, self.causal),
            LastToken(),
            Dense(len(dataset.targets[0]), "softmax", output_names=dataset.class_names),
        )
        return Network(dataset.sample_shape, layers, input_range=Range.PROBABILITY, axis_names=(POSITIONS, FEATURES))


def _experiment(
    network: Network,
    options: Options,
    rates: Rates,
    parameters: Mapping[str, Array] | None,
    settings: AttentionSettings,
) -> Experiment:
    return network_experiment(
        "attention",
        network,
        coloured_objects(),
        options,
        loss="cross_entropy",
        rates=rates,
        parameters=parameters,
        settings=settings,
    )


def _trained(experiment: Experiment, iterations: int) -> Mapping[str, Array]:
    return experiment.trace().run.state(iterations)


ATTENTION_PRESETS = (
    Preset(
        "attention",
        "Attention to coloured objects",
        "Four coloured objects and a question: self-attention looks for the object with the shape that is asked for.",
        AttentionSettings().open,
    ),
)
