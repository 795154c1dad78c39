"""A recurrent network that remembers one letter of a sequence, and forgets the others."""

from core.data.letters import FEATURES, POSITIONS, capital_letters
from core.experiment import Experiment
from core.layers import LSTM, Dense
from core.network import Network
from core.options import Options, Rates
from core.preset import Preset, network_experiment
from core.values import Range

_CELLS = 3
"""Few enough to read every number of every gate; with trained weights they find every sample."""


def _lstm(options: Options) -> Experiment:
    """Name the last capital letter: write at a capital letter, hold at a small one."""
    dataset = capital_letters()
    layers = LSTM(_CELLS), Dense(len(dataset.targets[0]), "softmax", output_names=dataset.class_names)
    names = POSITIONS, FEATURES
    network = Network(dataset.sample_shape, layers, input_range=Range.PROBABILITY, axis_names=names)
    return network_experiment("lstm", network, dataset, options, loss="cross_entropy", rates=Rates(0.5, 0.02))


RECURRENT_PRESETS = (
    Preset(
        "lstm",
        "LSTM that remembers a letter",
        "Six letters, and the question which was the last capital one. A capital letter closes the forget gates and "
        "opens the input gates; at a small one the cells hold what they have. Opens with trained weights.",
        _lstm,
        Options(start="trained"),
    ),
)
